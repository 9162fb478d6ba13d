//! The formats in which a feed is written.
//!
//! In: nothing. Out: [`Format`]. Delivery asks which broken records a format can carry, and writing how it is
//! encoded.

/// The format of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A JSON object per line, zstd.
    Ndjson,
    /// Avro object container files, zstd.
    Avro,
    /// Parquet, zstd.
    Parquet,
}

impl Format {
    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson.zst",
            Self::Avro => "avro",
            Self::Parquet => "parquet",
        }
    }
}
