//! Why a file cannot be read on, before its name is known.
//!
//! In: what the system, an unpacker or a format's library answers. Out: a [`SourceError`] with the path, made
//! by whoever knows it.

use std::io::{Error, ErrorKind};
use std::path::Path;

use arrow::error::ArrowError;

use crate::chunk::BadRow;
use crate::format::avro::container::ContainerError;
use crate::source::error::SourceError;

/// Why a file cannot be read on. Whoever knows its path makes the error of it.
pub(super) enum Unreadable {
    Read(std::io::Error),
    Parquet(ArrowError),
    Container(ContainerError),
    Header(BadRow),
    Foreign(&'static str),
    Encoding(&'static str),
    NotUtf8,
}

impl Unreadable {
    /// The error, with the path of the file.
    pub(super) fn at(self, path: &Path) -> SourceError {
        let path = path.to_owned();
        match self {
            Self::Read(source) => SourceError::Read { path, source },
            Self::Parquet(source) => SourceError::Parquet { path, source },
            Self::Container(source) => SourceError::Container { path, source },
            Self::Header(BadRow::OpenQuote) => SourceError::OpenHeader { path },
            Self::Header(BadRow::TooLarge) => SourceError::LargeHeader { path },
            Self::Foreign(what) => SourceError::Foreign { path, what },
            Self::Encoding(encoding) => SourceError::Encoding { path, encoding },
            Self::NotUtf8 => SourceError::NotUtf8 { path },
        }
    }
}

/// A packed text that ends early, or is not what was packed.
#[derive(Debug, thiserror::Error)]
#[error(
    "its {packing} data {} after {offset} unpacked bytes\nhint: have it sent again; it is not marked as read",
    if matches!(source.kind(), ErrorKind::UnexpectedEof) { "ends early," } else { "is damaged" }
)]
pub(super) struct Damage {
    /// How it is packed.
    pub(super) packing: &'static str,
    /// Bytes that could be unpacked.
    pub(super) offset: u64,
    /// The library's answer.
    pub(super) source: Error,
}

impl From<Damage> for Error {
    /// Not as an unexpected end: a format would take it for one of its own.
    fn from(damage: Damage) -> Self {
        Self::new(ErrorKind::InvalidData, damage)
    }
}
