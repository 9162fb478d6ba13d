//! The options of `ingest`.
//!
//! In: arguments and environment. Out: typed options.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CoastOption, GeographyOption, KeyOption, LakeOption};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecordFormatName {
    /// As file names say; in a topic, framed with a schema id when there is a registry, else JSON
    Auto,
    /// One JSON object per line or record
    #[value(alias = "ndjson")]
    Json,
    /// Comma-separated with a header (files)
    Csv,
    /// Apache Parquet (files)
    Parquet,
    /// Apache Avro: object container files, or records of a topic
    Avro,
    /// Protocol Buffers (topics)
    Protobuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum UnitName {
    /// Milliseconds since the epoch
    Ms,
    /// Seconds since the epoch
    S,
    /// Text with date and time, ISO 8601 or like it
    Iso,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi ingest --file pings.ndjson.zst
  zcat pings.csv.gz | kayoi ingest --file - --format csv
  kayoi ingest --file feed/ --map lat=latitude --map lon=longitude --map ad_id=device_id \\
      --map utc_timestamp=timestamp --timestamp-unit s
  kayoi ingest --kafka localhost:9092 --topic pings --until-end
  kayoi ingest --kafka localhost:9092 --topic pings --registry http://localhost:8081 --lake s3://bucket/lake \\
      --key-file kayoi.key
  kayoi ingest --print-config > ingest.toml     every key with its default and its meaning
  kayoi ingest --config ingest.toml             several partners, TLS and SASL, metrics

Any number of processes with the same --job share the partitions of a topic.")]
pub(crate) struct IngestOptions {
    /// File or folder to read, with the folders in it, `-` for standard input (gzip and zstd are recognised)
    #[arg(long, value_name = "PATH", required_unless_present_any = ["kafka", "config", "print_config"], conflicts_with = "kafka")]
    pub(crate) file: Option<PathBuf>,
    /// Read files again that were ingested before; fixes that are there already are counted once
    #[arg(long, conflicts_with_all = ["kafka", "config"])]
    pub(crate) again: bool,
    /// How records are written
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) format: RecordFormatName,
    /// Kafka brokers to read from, host:port, comma-separated
    #[arg(long, value_name = "BROKERS", requires = "topic")]
    pub(crate) kafka: Option<String>,
    /// The topic
    #[arg(long)]
    pub(crate) topic: Option<String>,
    /// Schema of Avro or Protobuf records that carry no schema id: an .avsc or .proto file
    #[arg(long, value_name = "FILE", requires = "kafka")]
    pub(crate) schema_file: Option<PathBuf>,
    /// Schema registry with Confluent's API, for records that carry a schema id
    #[arg(long, value_name = "URL", requires = "kafka")]
    pub(crate) registry: Option<String>,
    /// Stop at the end of the topic instead of waiting for more
    #[arg(long)]
    pub(crate) until_end: bool,
    /// Configuration of a Kafka ingest, instead of the options here; lake, boundaries and key are the file's
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "kafka", "topic", "format", "schema_file",
        "registry", "partner", "job", "map", "timestamp_unit", "timestamp_zone", "empty_word", "placeholder_id", "delimiter",
        "encoding", "require_consent", "max_accuracy_m", "sensitive_places",
        "max_record_bytes", "allowed_lateness", "commit_rows", "commit_seconds", "metres"])]
    pub(crate) config: Option<PathBuf>,
    /// Print the configuration of --config as it is understood, or the reference, and end
    #[arg(long)]
    pub(crate) print_config: bool,
    /// Who delivers
    #[arg(long, default_value = "default")]
    pub(crate) partner: String,
    /// Name of this ingest; positions are kept per job
    #[arg(long, default_value = "ingest")]
    pub(crate) job: String,
    /// The partner's name for a field of the contract (see `kayoi schema --contract`), or a path as location.lat
    #[arg(long, value_name = "THEIRS=OURS")]
    pub(crate) map: Vec<String>,
    /// How the partner writes timestamps
    #[arg(long, value_enum, default_value = "ms")]
    pub(crate) timestamp_unit: UnitName,
    /// Where the partner's clocks are, for timestamps that name no zone, as Asia/Tokyo or +09:00 [default: those
    /// are refused]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub(crate) timestamp_zone: Option<String>,
    /// A further word that stands for no value, beside NULL, NaN and the others of `kayoi schema --contract`
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    pub(crate) empty_word: Vec<String>,
    /// A word that the partner writes for no device id, beside those of `kayoi schema --placeholders`
    #[arg(long, value_name = "WORD")]
    pub(crate) placeholder_id: Vec<String>,
    /// Separator of the columns of CSV files: a sign, or tab
    #[arg(long, value_name = "SIGN", default_value = ",", conflicts_with = "kafka")]
    pub(crate) delimiter: String,
    /// Encoding of CSV and JSON files, as shift_jis, euc-jp or utf-16
    #[arg(long, value_name = "NAME", default_value = "utf-8", conflicts_with = "kafka")]
    pub(crate) encoding: String,
    /// Reject records without consent
    #[arg(long)]
    pub(crate) require_consent: bool,
    /// Reject fixes with a worse accuracy, metres
    #[arg(long, default_value_t = 200.0, value_name = "METRES")]
    pub(crate) max_accuracy_m: f64,
    /// Places whose pings are dropped before storage and counted, .csv or .geojson as for `kayoi aggregate --offices`
    #[arg(long, value_name = "FILE")]
    pub(crate) sensitive_places: Option<PathBuf>,
    /// Keep fixes apart that are older than this when they arrive, as 45d [default: nothing is too late]
    #[arg(long, value_name = "DURATION")]
    pub(crate) allowed_lateness: Option<String>,
    /// Reject larger records
    #[arg(long, default_value = "1MiB", value_name = "BYTES")]
    pub(crate) max_record_bytes: String,
    /// End with exit code 1 when more of the records are rejected, as 0.05 or 5%
    #[arg(long, value_name = "SHARE")]
    pub(crate) max_rejects: Option<String>,
    /// Rows that make a commit
    #[arg(long, default_value_t = 1_000_000, value_name = "ROWS")]
    pub(crate) commit_rows: usize,
    /// Age of the oldest waiting row that makes a commit
    #[arg(long, default_value_t = 30.0, value_name = "SECONDS")]
    pub(crate) commit_seconds: f64,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
    #[command(flatten)]
    pub(crate) coast: CoastOption,
    #[command(flatten)]
    pub(crate) key: KeyOption,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
