//! What stops an ingest. A bad record never does: that is a `RejectReason`.

use std::path::PathBuf;

use kayoi_lake::LakeError;
use kayoi_schemas::invariant::Broken;

/// An ingest that cannot go on. Everything committed before stays, exactly once.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The input is no known format.
    #[error("cannot tell the format of `{}`\nhint: name it with --format json, csv, parquet or avro", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// A folder without one file to read.
    #[error("`{}` holds no .ndjson, .json, .jsonl, .csv, .txt, .parquet or .avro file (.gz and .zst are read too)", path.display())]
    NothingToRead {
        /// The folder.
        path: PathBuf,
    },
    /// A column file without the columns of the contract.
    #[error("`{}` has no column for `{field}`; its columns are {columns}\nhint: map the partner's name with --map THEIRS={field}", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// Field of the contract.
        field: &'static str,
        /// What there is.
        columns: String,
    },
    /// A column file that its library refuses.
    #[error("cannot read `{}` as {format}", path.display())]
    Columns {
        /// The file.
        path: PathBuf,
        /// What it was read as.
        format: &'static str,
        /// The library's answer.
        source: arrow::error::ArrowError,
    },
    /// A mapping that names no field of the contract.
    #[error(
        "cannot map `{theirs}` to `{ours}`: the contract has no such field\nhint: did you mean `{nearest}`? `kayoi schema --contract` lists them"
    )]
    UnknownField {
        /// The partner's name.
        theirs: String,
        /// What was given as ours.
        ours: String,
        /// The nearest field.
        nearest: &'static str,
    },
    /// Kafka refused.
    #[error("cannot {action} topic `{topic}` at `{brokers}`\nhint: {hint}")]
    Kafka {
        /// What was tried.
        action: &'static str,
        /// The topic.
        topic: String,
        /// The brokers.
        brokers: String,
        /// What to look at.
        hint: &'static str,
        /// librdkafka's answer.
        source: rdkafka::error::KafkaError,
    },
    /// There is no such topic.
    #[error("topic `{topic}` does not exist at `{brokers}`\nhint: create it, or check its name")]
    NoTopic {
        /// The topic.
        topic: String,
        /// The brokers.
        brokers: String,
    },
    /// Kafka no longer has what comes next.
    #[error("topic `{topic}` partition {partition} now starts at offset {low}, the lake ends at {stored}: {} records are lost\nhint: raise the topic's retention; to go on without them, set kafka.on_lost_offset = \"skip\"", low - stored)]
    OffsetGone {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
        /// Next offset by the lake.
        stored: i64,
        /// First offset the broker has.
        low: i64,
    },
    /// The lake is past the end of the topic.
    #[error(
        "topic `{topic}` partition {partition} ends at offset {high}, the lake is at {stored}\nhint: the topic was made anew, or the brokers are others; read it under another --job"
    )]
    OffsetAhead {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
        /// Next offset by the lake.
        stored: i64,
        /// Next offset by the broker.
        high: i64,
    },
    /// No thread could be started.
    #[error("cannot start a thread")]
    Thread {
        /// The system's answer.
        source: std::io::Error,
    },
    /// The key file cannot be used.
    #[error("key file `{}` is no key: it must hold 64 hexadecimal digits\nhint: let `kayoi ingest` make one, and keep a copy in a safe place", path.display())]
    Key {
        /// The file.
        path: PathBuf,
    },
    /// The schema registry does not answer.
    #[error(
        "cannot learn schema `{schema_id}`\nhint: is the registry running? nothing is lost: reading goes on from here at the next start"
    )]
    Registry {
        /// The schema's id.
        schema_id: u32,
        /// The client's answer.
        source: crate::registry::RegistryError,
    },
    /// The registry's settings are wrong.
    #[error("cannot use the schema registry")]
    RegistrySettings {
        /// The client's answer.
        source: crate::registry::RegistryError,
    },
    /// An Avro file that is none, or is damaged.
    #[error("cannot read `{}` as Avro", path.display())]
    Container {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: crate::decode::avro::container::ContainerError,
    },
    /// A schema file cannot be used.
    #[error("cannot use schema file `{}`", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: crate::decode::SchemaError,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// Records were lost or doubled: a defect.
    #[error(transparent)]
    Broken(#[from] Broken),
}
