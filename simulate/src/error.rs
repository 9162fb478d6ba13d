//! What can go wrong in a simulation, each with what to do about it.

use std::path::{Path, PathBuf};

use kayoi_schemas::error_code::ErrorCode;

/// A feed that cannot be made, or a truth that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A size that makes no world.
    #[error(
        "{what} is `{value}`: it must be {allowed}\nhint: 3000 devices and 365 days make a good first world"
    )]
    Size {
        /// The option of the command line.
        what: &'static str,
        /// The value that was given.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A destination nobody knows.
    #[error(
        "unknown region `{text}`: it must be a prefecture `01` to `47` or a municipality such as `20361`\nhint: leave the region out for the whole country"
    )]
    Region {
        /// The text that was given.
        text: String,
    },
    /// A kind of people nobody knows.
    #[error("unknown kind `{text}`: it must be one of {known}\nhint: leave the kinds out for the mixture")]
    Kind {
        /// The text that was given.
        text: String,
        /// The kinds there are.
        known: String,
    },
    /// A folder that holds another world already.
    #[error("`{}` already holds pings\nhint: name an empty folder, so that two worlds do not mix", path.display())]
    NotEmpty {
        /// The folder that must be empty.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("cannot use `{}`", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Columns that do not fit their table.
    #[error("columns of `{table}` do not fit")]
    Columns {
        /// The table or file.
        table: String,
        /// The library's answer.
        source: arrow::error::ArrowError,
    },
    /// Parquet that cannot be written or read.
    #[error("cannot write or read Parquet `{file}`")]
    Parquet {
        /// The file that failed.
        file: String,
        /// The library's answer.
        source: parquet::errors::ParquetError,
    },
    /// Avro that cannot be written.
    #[error("cannot write Avro `{file}`")]
    Avro {
        /// The file that failed.
        file: String,
        /// The library's answer.
        source: arrow_avro::errors::AvroError,
    },
    /// The summary cannot be read or written.
    #[error("cannot write or read `{file}`")]
    Summary {
        /// The file that failed.
        file: String,
        /// The library's answer.
        source: serde_json::Error,
    },
    /// Kafka refused.
    #[error(
        "cannot send to topic `{topic}` at `{brokers}`\nhint: is the broker up, and does the topic exist?"
    )]
    Kafka {
        /// Bootstrap servers.
        brokers: String,
        /// The name of the topic.
        topic: String,
        /// The library's answer.
        source: rdkafka::error::KafkaError,
    },
    /// Some messages were never acknowledged.
    #[error(
        "{failed} messages to topic `{topic}` were not acknowledged\nhint: the topic's content is incomplete; delete it and send again"
    )]
    Unacknowledged {
        /// The name of the topic.
        topic: String,
        /// How many messages were not acknowledged.
        failed: u64,
    },
    /// The definition's thresholds cannot be read.
    #[error("cannot read the definition")]
    Definition(#[from] kayoi_schemas::definition::DefinitionError),
    /// The lake that is to be scored cannot be read.
    #[error("cannot read the lake")]
    Lake(#[from] kayoi_lake::LakeError),
    /// A month without truth.
    #[error(
        "no truth for month `{month}`: the folder has {known}\nhint: name one of these months, or none for the last full one"
    )]
    NoMonth {
        /// The month that was asked for, or `none`.
        month: String,
        /// The months there are.
        known: String,
    },
    /// The writing thread ended before its work was done.
    #[error("the writer of `{0}` stopped early")]
    WriterStopped(String),
}

impl SimulateError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Size { .. }
            | Self::Region { .. }
            | Self::Kind { .. }
            | Self::NotEmpty { .. }
            | Self::NoMonth { .. } => ErrorCode::Argument,
            Self::Io { .. } | Self::Parquet { .. } | Self::Avro { .. } | Self::Summary { .. } => {
                ErrorCode::File
            }
            Self::Kafka { .. } | Self::Unacknowledged { .. } => ErrorCode::Brokers,
            Self::Definition(error) => error.code(),
            Self::Lake(error) => error.code(),
            Self::Columns { .. } | Self::WriterStopped(_) => ErrorCode::Defect,
        }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn columns(table: &str) -> impl Fn(arrow::error::ArrowError) -> Self + use<> {
        let table = table.to_owned();
        move |source| Self::Columns { table: table.clone(), source }
    }

    pub(crate) fn parquet(file: &str) -> impl Fn(parquet::errors::ParquetError) -> Self + use<> {
        let file = file.to_owned();
        move |source| Self::Parquet { file: file.clone(), source }
    }

    pub(crate) fn avro(file: &str) -> impl Fn(arrow_avro::errors::AvroError) -> Self + use<> {
        let file = file.to_owned();
        move |source| Self::Avro { file: file.clone(), source }
    }
}
