//! The name of a file → how its records are written.
//!
//! In: a path. Out: a [`FileFormat`], and how the file is packed, as far as the name tells.

use std::path::Path;

/// How the records of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileFormat {
    /// One JSON object per line.
    Ndjson,
    /// Comma-separated with a header.
    Csv,
    /// Columns of Apache Parquet.
    Parquet,
    /// Avro object container file.
    Avro,
}

impl FileFormat {
    /// Reads the format off a file name, compression suffixes aside.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
        match name.rsplit_once('.')?.1 {
            "ndjson" | "json" | "jsonl" => Some(Self::Ndjson),
            "csv" | "txt" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "avro" => Some(Self::Avro),
            _ => None,
        }
    }
}

/// What a file name promises about packing.
pub(super) fn packing(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let ends = [(".gz", "gzip"), (".zst", "zstd")];
    ends.into_iter().find(|(end, _)| name.ends_with(end)).map(|(_, packing)| packing)
}
