//! The command line.
//!
//! In: arguments and environment. Out: typed options. `-h` is short, `--help` has examples.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kayoi_geography::place::{DEFAULT_COAST_METRES, LARGEST_COAST_METRES};

/// Measures 関係人口, the connected population of Japan's municipalities.
#[derive(Debug, Parser)]
#[command(
    name = "kayoi",
    version,
    about = "Measures 関係人口, the connected population of Japan's municipalities, from location pings",
    after_long_help = "Examples:
  kayoi demo                                   the whole walk on a simulated feed, then a server
  kayoi ingest --file pings/ --lake lake       pings from files
  kayoi ingest --kafka localhost:9092 --topic pings --lake lake
  kayoi aggregate --lake lake                  stays, nights, residences, ties, release
  kayoi query --lake lake \"SELECT * FROM connected_monthly LIMIT 5\"
  kayoi serve --lake lake                      psql -h 127.0.0.1 -p 5433, http://127.0.0.1:8080

Logs go to stderr; KAYOI_LOG=info shows more of them."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print every table and column, the ping contract, or the reject reasons
    Schema(SchemaOptions),
    /// Print the thresholds that define the connected population, with their precedents
    Definitions(DefinitionsOptions),
    /// Import official N03 boundaries, look at them, or place a point
    Boundaries(BoundariesOptions),
    /// Municipality codes through time: changes, conversion between code dates, the hierarchy
    Codes(CodesOptions),
    /// Grid square codes (JIS X 0410) of a point, and the meshes that H3 cells share
    Mesh(MeshOptions),
    /// Simulate a feed whose truth is known, or score a lake against it
    Simulate(SimulateOptions),
    /// Read pings from files or Kafka into the lake, each exactly once
    Ingest(IngestOptions),
    /// Turn pings into stays, nights, residences, ties, and release suppressed figures
    Aggregate(AggregateOptions),
    /// Ask the released figures a question in SQL
    Query(QueryOptions),
    /// Serve the released figures over the Postgres wire and HTTP
    Serve(ServeOptions),
    /// Simulate, ingest, aggregate, release, ask five questions, serve
    Demo(DemoOptions),
}

#[derive(Debug, Args)]
pub struct LakeOption {
    /// Folder of the lake; made when it is not there
    #[arg(long, env = "KAYOI_LAKE", default_value = "kayoi-lake", value_name = "DIR")]
    pub lake: PathBuf,
}

#[derive(Debug, Args)]
pub struct GeographyOption {
    /// Boundary file made by `kayoi boundaries import`; without it a sketch of Japan is used
    #[arg(long, env = "KAYOI_BOUNDARIES", value_name = "FILE")]
    pub boundaries: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct CoastOption {
    /// How far from the coast a point still counts for the nearest municipality, 0 to 5000 m; 0: never
    #[arg(long = "coast-m", default_value_t = DEFAULT_COAST_METRES, value_name = "METRES", value_parser = coast_metres)]
    pub metres: f64,
}

fn coast_metres(text: &str) -> Result<f64, String> {
    let metres = text.parse().ok().filter(|metres| (0.0..=LARGEST_COAST_METRES).contains(metres));
    metres.ok_or_else(|| format!("metres are in 0..={LARGEST_COAST_METRES}"))
}

#[derive(Debug, Args)]
pub struct KeyOption {
    /// Secret key for pseudonyms, made on first use [default: the lake's folder name + .key, beside the lake]
    #[arg(long, env = "KAYOI_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SchemaOptions {
    /// Print the fields that a partner's record has
    #[arg(long, conflicts_with = "rejects")]
    pub contract: bool,
    /// Print the reasons for which a record is rejected
    #[arg(long)]
    pub rejects: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct DefinitionsOptions {
    /// Another definition than the shipped connected-2026
    #[arg(long, value_name = "FILE")]
    pub definition: Option<PathBuf>,
    /// Print the TOML file, to start one's own from
    #[arg(long, conflicts_with = "json")]
    pub toml: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct BoundariesOptions {
    #[command(subcommand)]
    pub command: BoundariesCommand,
}

#[derive(Debug, Subcommand)]
pub enum BoundariesCommand {
    /// Read N03 as downloaded (zip, Shapefile, GeoJSON), or any GeoJSON or GeoParquet with a column of codes, into
    /// one indexed boundary file
    Import {
        /// The download
        file: PathBuf,
        /// Boundary file to write
        #[arg(long, default_value = "boundaries.kayoi", value_name = "FILE")]
        out: PathBuf,
        /// Edition to print with every figure, with the date of its codes, as "N03 2025-01-01" [default: read
        /// from the file name]
        #[arg(long)]
        edition: Option<String>,
        /// Column of the five-digit codes [default: N03_007, else code]
        #[arg(long, value_name = "NAME")]
        code_column: Option<String>,
        /// Credit that the licence asks for [default: N03's, or none with --code-column]
        #[arg(long, value_name = "TEXT")]
        credit: Option<String>,
        /// Boundary file to compare with [default: the one that is replaced]
        #[arg(long, value_name = "FILE")]
        previous: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what a boundary file holds
    Info {
        /// The boundary file [default: KAYOI_BOUNDARIES, else the sketch]
        #[arg(env = "KAYOI_BOUNDARIES")]
        file: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say in which cell and municipality a point lies
    Place {
        /// Degrees, WGS 84
        #[arg(allow_negative_numbers = true)]
        latitude: f64,
        /// Degrees, WGS 84
        #[arg(allow_negative_numbers = true)]
        longitude: f64,
        #[command(flatten)]
        geography: GeographyOption,
        #[command(flatten)]
        coast: CoastOption,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub struct CodesOptions {
    #[command(subcommand)]
    pub command: CodesCommand,
}

#[derive(Debug, Args)]
pub struct DatesOption {
    /// Code date of the figures, as 2023-12-31
    #[arg(long, value_name = "DATE", default_value = "2013-12-31")]
    pub from: String,
    /// Code date that is wanted
    #[arg(long, value_name = "DATE", default_value = "2026-09-01")]
    pub to: String,
}

#[derive(Debug, Subcommand)]
pub enum CodesCommand {
    /// List the changes between two dates
    Changes {
        #[command(flatten)]
        dates: DatesOption,
    },
    /// Say which codes hold a code's people on another date, with shares
    Convert {
        /// Five digits, or six with the check digit
        code: String,
        #[command(flatten)]
        dates: DatesOption,
        /// People of a part, as in 22138=40000, where no official source gives the shares; once for each part
        #[arg(long = "weight", value_name = "CODE=PEOPLE")]
        weights: Vec<String>,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Print the conversion of every code as CSV: from_code, to_code, date, share
    Table {
        #[command(flatten)]
        dates: DatesOption,
    },
    /// Print what a code lies in: city, prefecture, 地方ブロック, nation
    Chain {
        /// Five digits, or six with the check digit
        code: String,
        /// Date of the names
        #[arg(long, value_name = "DATE", default_value = "2026-09-01")]
        on: String,
        /// Put 東京都区部 between the special wards and Tokyo
        #[arg(long)]
        tokyo_as_one: bool,
    },
}

#[derive(Debug, Args)]
pub struct MeshOptions {
    #[command(subcommand)]
    pub command: MeshCommand,
}

#[derive(Debug, Subcommand)]
pub enum MeshCommand {
    /// Print the codes of a point at every level
    At {
        /// Degrees, WGS 84
        #[arg(allow_negative_numbers = true)]
        latitude: f64,
        /// Degrees, WGS 84
        #[arg(allow_negative_numbers = true)]
        longitude: f64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print which part of each cell's area lies in which mesh, as CSV: for exports of cells in mesh
    Shares {
        /// H3 cells, as in 882f5aadc7fffff
        #[arg(required = true)]
        cells: Vec<String>,
        /// Level, by its nominal side: 80000, 10000, 5000, 2000, 1000, 500, 250 or 125
        #[arg(long, default_value_t = 1_000)]
        metres: u32,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FileFormat {
    Auto,
    Ndjson,
    Csv,
    Parquet,
    Avro,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SimulateFormat {
    Ndjson,
    Avro,
    Parquet,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PresetName {
    Easy,
    Hard,
}

#[derive(Debug, Args)]
pub struct SimulateOptions {
    /// People, one device each
    #[arg(long, default_value_t = 1000)]
    pub devices: u32,
    /// Local days
    #[arg(long, default_value_t = 396)]
    pub days: u32,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// First local day
    #[arg(long, default_value = "2025-04-01", value_name = "DATE")]
    pub first_day: String,
    /// How unkind phones and delivery are
    #[arg(long, value_enum, default_value = "easy")]
    pub preset: PresetName,
    /// Mean pings of a device and day [default: a mixture of 5 to 200]
    #[arg(long, value_name = "N")]
    pub pings_per_day: Option<f64>,
    /// Where visitors go: prefectures (20) or municipalities (20321), comma-separated [default: everywhere]
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    pub region: Vec<String>,
    /// Folder for pings/ and truth/
    #[arg(long, value_name = "DIR", required_unless_present_any = ["kafka", "score"])]
    pub out: Option<PathBuf>,
    /// How pings are written
    #[arg(long, value_enum, default_value = "ndjson")]
    pub format: SimulateFormat,
    /// Send the pings to Kafka instead, as JSON
    #[arg(long, value_name = "BROKERS", requires = "topic", conflicts_with = "out")]
    pub kafka: Option<String>,
    /// The topic
    #[arg(long)]
    pub topic: Option<String>,
    /// Compare a lake with the truth
    #[arg(long, requires = "truth", conflicts_with_all = ["out", "kafka"])]
    pub score: bool,
    /// Folder of the truth: with --score the one to compare with, with --kafka where to write it
    #[arg(long, value_name = "DIR")]
    pub truth: Option<PathBuf>,
    /// Month to score [default: the last full one]
    #[arg(long, value_name = "YYYY-MM")]
    pub month: Option<String>,
    #[command(flatten)]
    pub lake: LakeOption,
    #[command(flatten)]
    pub geography: GeographyOption,
    #[command(flatten)]
    pub key: KeyOption,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum UnitName {
    /// Milliseconds since the epoch
    Ms,
    /// Seconds since the epoch
    S,
    /// ISO 8601 text
    Iso,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi ingest --file pings.ndjson.zst
  zcat pings.csv.gz | kayoi ingest --file - --format csv
  kayoi ingest --file feed/ --map lat=latitude --map lon=longitude --map ad_id=device_id \\
      --map utc_timestamp=timestamp --timestamp-unit s
  kayoi ingest --kafka localhost:9092 --topic pings --until-end")]
pub struct IngestOptions {
    /// File or folder to read, `-` for standard input (gzip and zstd are recognised)
    #[arg(long, value_name = "PATH", required_unless_present = "kafka", conflicts_with = "kafka")]
    pub file: Option<PathBuf>,
    /// How records are written
    #[arg(long, value_enum, default_value = "auto")]
    pub format: FileFormat,
    /// Kafka brokers to read from, host:port, comma-separated
    #[arg(long, value_name = "BROKERS", requires = "topic")]
    pub kafka: Option<String>,
    /// The topic (JSON records)
    #[arg(long)]
    pub topic: Option<String>,
    /// Stop at the end of the topic instead of waiting for more
    #[arg(long, requires = "kafka")]
    pub until_end: bool,
    /// Who delivers
    #[arg(long, default_value = "default")]
    pub partner: String,
    /// Name of this ingest; positions are kept per job
    #[arg(long, default_value = "ingest")]
    pub job: String,
    /// The partner's name for a field of the contract (see `kayoi schema --contract`)
    #[arg(long, value_name = "THEIRS=OURS")]
    pub map: Vec<String>,
    /// How the partner writes timestamps
    #[arg(long, value_enum, default_value = "ms")]
    pub timestamp_unit: UnitName,
    /// Reject records without consent
    #[arg(long)]
    pub require_consent: bool,
    /// Reject fixes with a worse accuracy, metres
    #[arg(long, default_value_t = 200.0, value_name = "METRES")]
    pub max_accuracy_m: f64,
    /// Reject larger records
    #[arg(long, default_value_t = 1_048_576, value_name = "BYTES")]
    pub max_record_bytes: usize,
    /// Rows that make a commit
    #[arg(long, default_value_t = 1_000_000, value_name = "ROWS")]
    pub commit_rows: usize,
    /// Age of the oldest waiting row that makes a commit
    #[arg(long, default_value_t = 30.0, value_name = "SECONDS")]
    pub commit_seconds: f64,
    #[command(flatten)]
    pub lake: LakeOption,
    #[command(flatten)]
    pub geography: GeographyOption,
    #[command(flatten)]
    pub coast: CoastOption,
    #[command(flatten)]
    pub key: KeyOption,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ExpansionName {
    /// A device is a person: figures describe the panel
    None,
    /// The panel's residents of a prefecture stand for its 2020 census population
    Census,
}

#[derive(Debug, Args)]
pub struct AggregateOptions {
    #[command(flatten)]
    pub lake: LakeOption,
    #[command(flatten)]
    pub geography: GeographyOption,
    /// Another definition than the shipped connected-2026
    #[arg(long, value_name = "FILE")]
    pub definition: Option<PathBuf>,
    /// How devices become people
    #[arg(long, value_enum, default_value = "none")]
    pub expansion: ExpansionName,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AnswerFormat {
    Table,
    Csv,
    Json,
    Parquet,
}

#[derive(Debug, Args)]
pub struct QueryOptions {
    /// One SELECT
    #[arg(required_unless_present = "functions")]
    pub sql: Option<String>,
    #[command(flatten)]
    pub lake: LakeOption,
    #[command(flatten)]
    pub geography: GeographyOption,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    pub format: AnswerFormat,
    /// File to write the answer to [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// List the SQL functions for cells and municipalities
    #[arg(long)]
    pub functions: bool,
}

#[derive(Debug, Args)]
pub struct DoorOptions {
    /// Address to listen on; everybody who reaches it may ask
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// Port of the Postgres wire; 0 takes a free one
    #[arg(long, default_value_t = 5433)]
    pub pg_port: u16,
    /// Port of HTTP; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub http_port: u16,
}

#[derive(Debug, Args)]
pub struct ServeOptions {
    #[command(flatten)]
    pub lake: LakeOption,
    #[command(flatten)]
    pub geography: GeographyOption,
    #[command(flatten)]
    pub door: DoorOptions,
}

#[derive(Debug, Args)]
pub struct DemoOptions {
    /// Folder for everything the demo makes; what an earlier demo left there is replaced
    #[arg(long, default_value = "kayoi-demo", value_name = "DIR")]
    pub dir: PathBuf,
    /// Simulated people
    #[arg(long, default_value_t = 1500)]
    pub devices: u32,
    /// Simulated days
    #[arg(long, default_value_t = 396)]
    pub days: u32,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Stop after the answers
    #[arg(long)]
    pub no_serve: bool,
    #[command(flatten)]
    pub geography: GeographyOption,
    #[command(flatten)]
    pub door: DoorOptions,
}
