//! The command line.
//!
//! In: arguments and environment. Out: typed options. `-h` is short, `--help` has examples.

mod ask;
mod cluster;
mod definitions;
mod doctor;
mod extract;
mod geography;
mod health;
mod ingest;
mod lake;
mod nation;
mod population;
mod quality;
mod release;
mod runs;
mod simulate;
mod kpi;
mod user;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kayoi_lake::Bucket;

pub(crate) use ask::{AskOptions, AskValues, LanguageName, QuestionsOptions};
pub(crate) use cluster::ClusterOptions;
#[cfg(feature = "cluster")]
pub(crate) use cluster::{ClusterCommand, ClusterTlsOptions, ExecutorCommand, SchedulerCommand};
pub(crate) use definitions::{DefinitionsCommand, DefinitionsOptions, DiffOptions};
pub(crate) use doctor::DoctorOptions;
pub(crate) use extract::{ExtractFormat, ExtractOptions};
pub(crate) use geography::{
    BoundariesCommand, BoundariesOptions, CoastOption, CodesCommand, CodesOptions, DatesOption,
    GeographyOption, MeshCommand, MeshOptions,
};
pub(crate) use health::HealthOptions;
pub(crate) use ingest::{IngestOptions, RecordFormatName, UnitName};
pub(crate) use kpi::{KpiAction, KpiAdd, KpiLevel, KpiOptions, KpiTown};
pub(crate) use lake::{DEFAULT_VACUUM_HOURS, LakeCommand, LakeCommandOptions, LakeForgetOptions};
pub(crate) use nation::NationOptions;
pub(crate) use population::{PopulationCommand, PopulationOptions};
pub(crate) use quality::QualityOptions;
pub(crate) use release::{PresetOfNoise, ReleaseCommand, ReleaseCommandOptions, SeriesOptions};
pub(crate) use runs::RecordOptions;
pub(crate) use simulate::{LivesName, PresetName, SimulateFormat, SimulateOptions};
pub(crate) use user::{UserAction, UserAdd, UserList, UserOptions, UserRole};

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
  kayoi ask repeat-rate --town 20202           a named question; `kayoi questions` lists them
  kayoi serve --lake lake                      psql -h 127.0.0.1 -p 5433, http://127.0.0.1:8080

Logs go to stderr; KAYOI_LOG=info shows more of them."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print every table and column, the ping contract, or the reject reasons
    Schema(SchemaOptions),
    /// The thresholds that define who is counted, with their precedents: list, show, compare
    Definitions(DefinitionsOptions),
    /// Import official N03 boundaries, look at them, or place a point
    Boundaries(BoundariesOptions),
    /// Municipality codes through time: changes, conversion between code dates, the hierarchy
    Codes(CodesOptions),
    /// People by municipality, which devices are weighted up to: import official tables, look at a file
    Population(PopulationOptions),
    /// Grid square codes (JIS X 0410) of a point, and the meshes that H3 cells share
    Mesh(MeshOptions),
    /// Simulate a feed whose truth is known, or score a lake against it
    Simulate(Box<SimulateOptions>),
    /// Read pings from files or Kafka into the lake, each exactly once
    Ingest(Box<IngestOptions>),
    /// What partners delivered, by day, and what stands out
    Quality(QualityOptions),
    /// Look after a lake: what it holds, compaction, vacuum, retention, forgetting people
    Lake(LakeCommandOptions),
    /// Check all that an ingest needs, and say what to mend
    Doctor(DoctorOptions),
    /// Turn pings into stays, nights, residences, ties, and release figures with noise
    Aggregate(Box<AggregateOptions>),
    /// Measure buckets on a cluster of machines: its scheduler and its executors
    Cluster(ClusterOptions),
    /// The releases of a lake: begin a real series, what it costs in privacy, list, show, verify, retire
    Release(ReleaseCommandOptions),
    /// Ask the released figures a question in SQL
    Query(QueryOptions),
    /// Ask a named question: its answer in a sentence, then the rows
    Ask(AskOptions),
    /// The named questions that `ask` knows, or one of them with its SQL
    Questions(QuestionsOptions),
    /// Write release tables as files: Parquet, CSV, and with outlines GeoParquet or GeoJSON
    Extract(ExtractOptions),
    /// Serve the released figures over the Postgres wire, HTTP and Arrow Flight
    Serve(ServeOptions),
    /// Ask a server or an ingest whether it can answer, for probes without a shell
    Health(HealthOptions),
    /// What towns aim at, and whether they have reached it
    Kpi(KpiOptions),
    /// Who may ask a server, and what they see
    User(UserOptions),
    /// What `serve` starts to work on questions
    #[command(hide = true)]
    Worker(WorkerOptions),
    /// A nation whose truth is known, the counts of a panel of it, and their release
    #[command(hide = true)]
    Nation(NationOptions),
    /// Simulate, ingest, aggregate, release, ask five questions, serve
    Demo(DemoOptions),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct LakeOption {
    /// Folder of the lake, or s3://bucket/prefix; `kayoi ingest` makes one that is not there
    #[arg(long, env = "KAYOI_LAKE", default_value = "kayoi-lake", value_name = "DIR")]
    pub(crate) lake: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct KeyOption {
    /// Secret key for pseudonyms, made on first use [default: the lake's folder name + .key, beside the lake]
    #[arg(long, env = "KAYOI_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi schema                                 every table and column
  kayoi schema --contract                      the fields of a ping
  kayoi schema --rejects --json                why records are rejected
  kayoi schema --markdown --lang ja > columns.md    the columns of release tables, as a page of the book")]
pub(crate) struct SchemaOptions {
    /// Print the fields that a partner's record has
    #[arg(long, conflicts_with = "rejects")]
    pub(crate) contract: bool,
    /// Print the reasons for which a record is rejected
    #[arg(long)]
    pub(crate) rejects: bool,
    /// Print the words that stand for no device id
    #[arg(long, conflicts_with_all = ["rejects", "contract"])]
    pub(crate) placeholders: bool,
    /// Print what the column `status` of a released figure can say, in both languages
    #[arg(long, conflicts_with_all = ["rejects", "contract", "placeholders"])]
    pub(crate) statuses: bool,
    /// Print the release tables with their keys and columns as a page in Markdown
    #[arg(long, conflicts_with_all = ["rejects", "contract", "placeholders", "statuses", "json"])]
    pub(crate) markdown: bool,
    /// Language of the page in Markdown
    #[arg(long, value_enum, default_value = "en", requires = "markdown")]
    pub(crate) lang: LanguageName,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExpansionName {
    /// A device is a person: figures describe the panel
    None,
    /// The panel's residents stand for the people who live where they do: those of 2020, or of --population
    Census,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi aggregate --lake lake
  kayoi aggregate --lake lake --definition mine.toml
  kayoi aggregate --lake lake-docomo --definition docomo-tourism
  kayoi aggregate --lake lake --definition connected-2026 --definition resas-stay    one pass, a release by each
  kayoi aggregate --lake lake --boundaries japan-2025.boundaries --expansion census
  kayoi aggregate --lake lake --trial-seed 1           a trial whose noise can be drawn again
  kayoi aggregate --lake lake --secret release.secret --signing-key release.key    after `kayoi release begin`
  kayoi aggregate --lake lake --offices offices.csv    name,latitude,longitude,radius_m (名称,緯度,経度,半径)
  kayoi aggregate --lake lake --offices offices.geojson    Point with name and radius_m; Polygon, MultiPolygon
  kayoi aggregate --lake lake --car-shares cars.csv    area_code,car_percent,source (地域コード,自動車の割合,出典)

A run shared out, after `kayoi lake buckets 8`: each bucket by a process of its own, in any order, here or on other
machines, one that died again; then one process that sums up and releases. All read the pings as they were when the
first of them began.
  kayoi aggregate --lake s3://bucket/lake --bucket 0/8     ... to 7/8: a Kubernetes Job's completion index is K
  kayoi aggregate --lake s3://bucket/lake --finish

Offices lie in Japan. A radius is in metres, above 0 and at most 5000; without one it is 100.")]
pub(crate) struct AggregateOptions {
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
    /// Another definition than connected-2026: one that ships (`kayoi definitions list`), or a file; again for several
    ///
    /// Of several, pings are read once and a release is made by each, in this order; the last is read where nobody names a definition. For trials, in one process: a real series has one definition.
    #[arg(long = "definition", value_name = "NAME|FILE")]
    pub(crate) definitions: Vec<PathBuf>,
    /// How devices become people
    #[arg(long, value_enum, default_value = "none")]
    pub(crate) expansion: ExpansionName,
    /// The people whom devices stand for, a file of `kayoi population import`; without it the census of 2020
    #[arg(long, value_name = "FILE")]
    pub(crate) population: Option<PathBuf>,
    /// Pings in memory at a time; changes no figure, and every file is read once whatever it is
    #[arg(long, value_name = "N", default_value_t = kayoi_aggregate::plan::PIECE_PINGS,
        value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) piece_pings: u64,
    /// Measure one bucket of the lake's devices, K from 0 to N - 1, and leave its files and its note
    #[arg(long, value_name = "K/N", conflicts_with_all = ["finish", "abandon"])]
    pub(crate) bucket: Option<Bucket>,
    /// Have a cluster measure the buckets, by the address of its scheduler: http://HOST:50050, or https:// with certificates
    #[arg(long, value_name = "URL", conflicts_with_all = ["bucket", "finish", "abandon"])]
    pub(crate) cluster: Option<String>,
    /// Certificate to show to the cluster, a PEM file with those that signed it after its own
    #[arg(
        long,
        value_name = "FILE",
        requires = "cluster",
        requires = "cluster_tls_key",
        requires = "cluster_tls_ca"
    )]
    pub(crate) cluster_tls_cert: Option<PathBuf>,
    /// Key of this certificate, a PEM file without a password
    #[arg(long, value_name = "FILE", requires = "cluster_tls_cert")]
    pub(crate) cluster_tls_key: Option<PathBuf>,
    /// Authority that signed the certificates of the cluster, a PEM file
    #[arg(long, value_name = "FILE", requires = "cluster_tls_cert")]
    pub(crate) cluster_tls_ca: Option<PathBuf>,
    /// Sum up what `--bucket` measured, replace the tables and release
    #[arg(long, conflicts_with = "abandon")]
    pub(crate) finish: bool,
    /// Drop what `--bucket`, or a run that was stopped, has measured
    #[arg(long)]
    pub(crate) abandon: bool,
    /// Places such as satellite offices and coworking spaces, .csv or .geojson
    #[arg(long, value_name = "FILE")]
    pub(crate) offices: Option<PathBuf>,
    /// Commuters by car of municipalities and prefectures, .csv; without it those of 2010
    #[arg(long, value_name = "FILE")]
    pub(crate) car_shares: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) series: SeriesOptions,
    #[command(flatten)]
    pub(crate) record: RecordOptions,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For reading
    Table,
    /// Comma-separated with a header, for programs
    Csv,
    /// Comma-separated, for Excel: a byte order mark, and codes as text (="01101")
    CsvExcel,
    /// One object: columns, rows, credit
    Json,
    /// One object a line, for programs that read as it comes
    Ndjson,
    /// An Arrow IPC stream, with types
    Arrow,
    /// With types, credit and terms
    Parquet,
    /// A workbook for Excel: the rows, and a sheet of notes
    Xlsx,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi query --lake lake \"SELECT * FROM connected_monthly LIMIT 5\"
  kayoi query --lake lake --format csv --out visitors.csv \"SELECT * FROM visitors_daily\"
  kayoi query --functions                      municipality_name(code text) -> text and others")]
pub(crate) struct QueryOptions {
    /// One SELECT
    #[arg(required_unless_present = "functions")]
    pub(crate) sql: Option<String>,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: AnswerFormat,
    /// File to write the answer to [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// List the SQL functions for cells and municipalities
    #[arg(long)]
    pub(crate) functions: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct DoorOptions {
    /// Address to listen on; other machines than this one are answered when there are users (`kayoi user add`)
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// Port of the Postgres wire; 0 takes a free one
    #[arg(long, default_value_t = 5433)]
    pub(crate) pg_port: u16,
    /// Port of HTTP; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub(crate) http_port: u16,
    /// Port of Arrow Flight SQL; 0 takes a free one
    #[arg(long, default_value_t = 8815)]
    pub(crate) flight_port: u16,
    /// Certificate of this server for TLS, a PEM file with those that signed it after its own
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key of the certificate, a PEM file without a password
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Let other machines see figures of a trial, which are for trying out and not for decisions
    #[arg(long)]
    pub(crate) trial_is_public: bool,
    /// Name by which HTTP may be called, besides localhost and addresses of this machine; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// Site whose pages may ask over HTTP, by scheme and host, or * for all; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_origin: Vec<String>,
    /// Folder for audit lines until they are in the lake [default: the lake's folder name + .journal, beside it]
    #[arg(long, value_name = "DIR")]
    pub(crate) journal_dir: Option<PathBuf>,
    /// Answer those who sign in only when they have said what the figures are for; it stands in the audit
    #[arg(long, conflicts_with = "without_users")]
    pub(crate) ask_purpose: bool,
    /// Address of an OpenID provider with whose tokens users sign in, bound by `kayoi user add NAME --subject`
    #[arg(long, value_name = "URL", requires = "oidc_audience", conflicts_with = "without_users")]
    pub(crate) oidc_issuer: Option<String>,
    /// For whom the provider's tokens must be: this server's id there, the claim `aud`
    #[arg(long, value_name = "ID", requires = "oidc_issuer")]
    pub(crate) oidc_audience: Option<String>,
    /// Let everybody who reaches this address ask, without signing in
    #[arg(long)]
    pub(crate) without_users: bool,
    /// Memory that all running questions together may hold, in MB; one that needs more is stopped
    #[arg(long, value_name = "MB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(64..=1_048_576))]
    pub(crate) query_memory_mb: u64,
    /// Seconds that a question may take
    #[arg(long, value_name = "S", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) query_seconds: u64,
}

#[derive(Debug, Args)]
pub(crate) struct WorkerOptions {
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi serve --lake lake                      psql -h 127.0.0.1 -p 5433 -d kayoi, http://127.0.0.1:8080
  kayoi serve --lake lake --pg-port 0 --http-port 0 --flight-port 0    free ports, printed on stderr
  kayoi serve --lake lake --tls-cert server.crt --tls-key server.key
  kayoi user add taro --lake lake && kayoi serve --lake lake --host 0.0.0.0
                                               for users on every machine that reaches this one
  kayoi serve --lake lake --oidc-issuer https://id.example.jp --oidc-audience kayoi
                                               tokens of a provider, for users with a --subject")]
pub(crate) struct ServeOptions {
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
    #[command(flatten)]
    pub(crate) door: DoorOptions,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi demo
  kayoi demo --devices 3000 --dir walk --no-serve
  kayoi demo --nation --dir nation             1,741 municipalities, three years
  kayoi demo --boundaries japan-2025.boundaries    with official borders instead of simplified ones")]
pub(crate) struct DemoOptions {
    /// Folder for everything the demo makes; what an earlier demo left there is replaced
    #[arg(long, default_value = "kayoi-demo", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Simulated people
    #[arg(long, default_value_t = 1500)]
    pub(crate) devices: u32,
    /// Simulated days
    #[arg(long, default_value_t = 396)]
    pub(crate) days: u32,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// A whole nation of simulated counts instead, without pings: what a release of it looks like
    #[arg(long)]
    pub(crate) nation: bool,
    /// Months of the nation, the last of which is not over [default: 37, or 15 where it is served beside the walk]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=120))]
    pub(crate) nation_months: Option<u32>,
    /// Stop after the answers
    #[arg(long)]
    pub(crate) no_serve: bool,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
    #[command(flatten)]
    pub(crate) door: DoorOptions,
}
