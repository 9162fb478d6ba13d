//! Why a source cannot be read on.
//!
//! In: what the system, a file's format or the brokers answer. Out: an error that names the file or topic and
//! says what to do. A bad record is never here.

use std::io::ErrorKind;
use std::path::PathBuf;

use arrow::error::ArrowError;
use kayoi_lake::LakeError;
use kayoi_schemas::error_code::ErrorCode;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Said};

use crate::format::avro::container::ContainerError;
use crate::format::schema_error::SchemaError;

/// A source that cannot be read on. Everything committed before stays, exactly once.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The system does not give the file.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A name that does not end as any format's files do.
    #[error("cannot tell the format of `{}`\nhint: name it with --format json, csv, parquet or avro; a .tsv is --format csv --delimiter tab", path.display())]
    UnknownFormat {
        /// Path of the file.
        path: PathBuf,
    },
    /// A text in an encoding that nobody named.
    #[error("`{}` is written in {encoding}, and read are UTF-8 and what --encoding names\nhint: read UTF-16 with --encoding utf-16; convert others, as with `iconv -t utf-8`", path.display())]
    Encoding {
        /// Path of the file.
        path: PathBuf,
        /// The encoding that its first bytes tell.
        encoding: &'static str,
    },
    /// A CSV file whose first line is in an encoding that nobody named.
    #[error("the first line of `{}` is not UTF-8, or not what --encoding names\nhint: read a file of a Japanese Excel with --encoding shift_jis", path.display())]
    NotUtf8 {
        /// Path of the file.
        path: PathBuf,
    },
    /// A folder without one file to read.
    #[error("`{}` holds no .ndjson, .json, .jsonl, .csv, .txt, .parquet or .avro file (.gz and .zst are read too){others}", path.display())]
    NothingToRead {
        /// Path of the folder.
        path: PathBuf,
        /// What it holds instead.
        others: String,
    },
    /// A file that begins as those of another kind do.
    #[error("`{}` begins {what}\nhint: unpack or export it as NDJSON, CSV, Parquet or Avro; .gz and .zst are unpacked here", path.display())]
    Foreign {
        /// Path of the file.
        path: PathBuf,
        /// How it begins.
        what: &'static str,
    },
    /// A CSV file whose header has a quote that nobody closes.
    #[error("the header of `{}` opens a quote and does not close it\nhint: the first line must name the columns; close or double the quote", path.display())]
    OpenHeader {
        /// Path of the file.
        path: PathBuf,
    },
    /// A CSV file whose first line is no header by its size.
    #[error("the first line of `{}` is over the feed's limit of bytes for a record\nhint: the first line must name the columns; is it a CSV file at all?", path.display())]
    LargeHeader {
        /// Path of the file.
        path: PathBuf,
    },
    /// A Parquet file that its library refuses.
    #[error("cannot read `{}` as Parquet", path.display())]
    Parquet {
        /// Path of the file.
        path: PathBuf,
        /// The library's answer.
        source: ArrowError,
    },
    /// A file that is not an Avro container, or is damaged.
    #[error("cannot read `{}` as Avro", path.display())]
    Container {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong with it.
        source: ContainerError,
    },
    /// The schema in an Avro file cannot be used.
    #[error("cannot use schema file `{}`", path.display())]
    Schema {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong with its schema.
        source: SchemaError,
    },
    /// The brokers refused, or cannot be reached.
    #[error("cannot {action} topic `{topic}` at `{brokers}`\nhint: {hint}")]
    Kafka {
        /// What was tried.
        action: &'static str,
        /// Name of the topic, or of all.
        topic: String,
        /// The brokers that were asked.
        brokers: String,
        /// What to look at.
        hint: &'static str,
        /// What librdkafka answers.
        source: rdkafka::error::KafkaError,
    },
    /// There is no such topic.
    #[error("topic `{topic}` does not exist at `{brokers}`\nhint: create it, or check its name")]
    NoTopic {
        /// The name that was asked for.
        topic: String,
        /// The brokers that were asked.
        brokers: String,
    },
    /// Kafka no longer has what comes next.
    #[error("topic `{topic}` partition {partition} now starts at offset {low}, the lake ends at {stored}: {} records are lost\nhint: raise the topic's retention; to go on without them, set kafka.on_lost_offset = \"skip\"", low - stored)]
    OffsetGone {
        /// Name of the topic.
        topic: String,
        /// Number of the partition.
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
        /// Name of the topic.
        topic: String,
        /// Number of the partition.
        partition: i32,
        /// Next offset by the lake.
        stored: i64,
        /// Next offset by the broker.
        high: i64,
    },
    /// The topic was deleted, and another one has its name.
    #[error(
        "topic `{topic}` partition {partition} is not the topic that the lake has read up to {stored}: it was made anew\nhint: read it under another --job"
    )]
    TopicMadeAnew {
        /// Name of the topic.
        topic: String,
        /// Number of the partition.
        partition: i32,
        /// Next offset by the lake, of the topic before.
        stored: i64,
    },
    /// The thread that polls could not be started.
    #[error("cannot start a thread")]
    Thread {
        /// The system's answer.
        source: std::io::Error,
    },
    /// The lake does not tell where reading begins.
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl SourceError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            // What is packed and damaged.
            Self::Read { source, .. } if source.kind() == ErrorKind::InvalidData => ErrorCode::Delivery,
            Self::Read { .. } => ErrorCode::File,
            Self::UnknownFormat { .. }
            | Self::Encoding { .. }
            | Self::NotUtf8 { .. }
            | Self::NothingToRead { .. }
            | Self::Foreign { .. }
            | Self::OpenHeader { .. }
            | Self::LargeHeader { .. }
            | Self::Parquet { .. }
            | Self::Container { .. } => ErrorCode::Delivery,
            Self::Schema { .. } => ErrorCode::Contract,
            Self::Kafka { source, .. } => of_kafka(source),
            Self::NoTopic { .. } => ErrorCode::NoTopic,
            Self::OffsetGone { .. } => ErrorCode::RecordsLost,
            Self::OffsetAhead { .. } | Self::TopicMadeAnew { .. } => ErrorCode::OtherTopic,
            Self::Thread { .. } => ErrorCode::System,
            Self::Lake(error) => error.code(),
        }
    }
}

/// A login that is refused is mended elsewhere than a broker that is away.
fn of_kafka(error: &KafkaError) -> ErrorCode {
    match error.rdkafka_error_code() {
        Some(
            Said::Authentication
            | Said::SaslAuthenticationFailed
            | Said::SSL
            | Said::TopicAuthorizationFailed
            | Said::GroupAuthorizationFailed
            | Said::ClusterAuthorizationFailed,
        ) => ErrorCode::BrokersDenied,
        Some(
            Said::UnknownTopic | Said::UnknownTopicOrPartition | Said::UnknownPartition | Said::InvalidTopic,
        ) => ErrorCode::NoTopic,
        Some(Said::FencedInstanceId) => ErrorCode::TwoReaders,
        Some(Said::InvalidSessionTimeout) => ErrorCode::Settings,
        _ => ErrorCode::Brokers,
    }
}
