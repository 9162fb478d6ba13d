//! The name of a file → how its records are written, and which files of a folder are read.
//!
//! In: a path. Out: a [`FileFormat`], or all the files below a folder that have one, in the order of their
//! names.

use std::path::{Path, PathBuf};

use crate::source::error::SourceError;

/// How the records of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// The file itself, or the files below a folder: those of one format when it is given, else of any. `-` is
/// standard input.
///
/// # Errors
/// [`SourceError::Read`] when a folder cannot be read, [`SourceError::NothingToRead`] when it holds no such
/// file.
pub(super) fn files(path: &Path, format: Option<FileFormat>) -> Result<Vec<PathBuf>, SourceError> {
    let mut files = Vec::new();
    if path == Path::new("-") {
        files.push(path.to_owned());
    } else {
        collect(path, format, &mut files)?;
    }
    if files.is_empty() {
        return Err(SourceError::NothingToRead { path: path.to_owned() });
    }
    files.sort();
    Ok(files)
}

fn collect(path: &Path, format: Option<FileFormat>, files: &mut Vec<PathBuf>) -> Result<(), SourceError> {
    let read = |source| SourceError::Read { path: path.to_owned(), source };
    if !path.metadata().map_err(read)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in path.read_dir().map_err(read)? {
        let entry = entry.map_err(read)?.path();
        if entry.is_dir() {
            collect(&entry, format, files)?;
        } else if FileFormat::of(&entry).is_some_and(|found| format.is_none_or(|wanted| wanted == found)) {
            files.push(entry);
        }
    }
    Ok(())
}
