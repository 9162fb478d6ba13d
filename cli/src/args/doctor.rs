//! The options of `doctor`.
//!
//! In: arguments and environment. Out: typed options.

use std::path::PathBuf;

use clap::Args;

use super::{GeographyOption, KeyOption, LakeOption};

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi doctor --config ingest.toml            everything that this ingest needs
  kayoi doctor --kafka localhost:9092 --topic pings --lake lake
  kayoi doctor --lake s3://bucket/lake --key-file kayoi.key --json

Nothing is changed: a probe file is written to the lake and deleted, no consumer group is joined, no record is
read. Exit code 1 when there is a problem.")]
pub(crate) struct DoctorOptions {
    /// Configuration of a Kafka ingest, instead of the options here
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kafka", "topic", "registry", "job"])]
    pub(crate) config: Option<PathBuf>,
    /// Kafka brokers, host:port, comma-separated
    #[arg(long, value_name = "BROKERS", requires = "topic")]
    pub(crate) kafka: Option<String>,
    /// A topic; once for each
    #[arg(long, requires = "kafka")]
    pub(crate) topic: Vec<String>,
    /// Schema registry with Confluent's API
    #[arg(long, value_name = "URL")]
    pub(crate) registry: Option<String>,
    /// Name of the ingest whose positions are compared with Kafka's
    #[arg(long, default_value = "ingest")]
    pub(crate) job: String,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
    #[command(flatten)]
    pub(crate) key: KeyOption,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
