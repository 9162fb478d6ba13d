//! The file to import: its format, its fingerprint, its bytes.
//!
//! In: a path. Out: a [`SourceFile`] that opens as a stream, unpacked when gzip. The format is the name's, as
//! operators expect; what the bytes are is found out by reading them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::GeographyError;
use crate::boundaries::Source;

const BUFFER_BYTES: usize = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Zip,
    Shapefile,
    GeoParquet,
    GeoJson,
    NdJson,
}

impl Format {
    /// The format that a name says, and whether it is packed with gzip.
    pub(super) fn of(path: &Path) -> Option<(Self, bool)> {
        let lower = path.file_name()?.to_string_lossy().to_lowercase();
        let gzip = lower.ends_with(".gz");
        let plain = lower.strip_suffix(".gz").unwrap_or(&lower);
        let extension = plain.rsplit_once('.').map_or("", |(_, extension)| extension);
        let format = match (extension, gzip) {
            ("zip", false) => Self::Zip,
            ("shp", false) => Self::Shapefile,
            ("parquet" | "geoparquet", false) => Self::GeoParquet,
            ("geojson" | "json", _) => Self::GeoJson,
            ("ndjson" | "geojsonl" | "jsonl", _) => Self::NdJson,
            _ => return None,
        };
        Some((format, gzip))
    }
}

pub(super) struct SourceFile {
    pub(super) path: PathBuf,
    pub(super) identity: Source,
    pub(super) format: Format,
    /// Bytes, as they lie on disk.
    pub(super) length: u64,
    gzip: bool,
}

impl SourceFile {
    pub(super) fn of(path: &Path, credit: &str) -> Result<Self, GeographyError> {
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let format = Format::of(path);
        let (length, blake3) = fingerprint(path).map_err(|source| GeographyError::read(path, source))?;
        let unknown = || GeographyError::no_areas(path, None, "its name says no format that is known");
        let (format, gzip) = format.ok_or_else(unknown)?;
        Ok(Self {
            path: path.to_owned(),
            identity: Source { file_name, blake3, credit: credit.to_owned() },
            format,
            length,
            gzip,
        })
    }

    /// The bytes, unpacked.
    pub(super) fn open(&self) -> Result<CountedReader<'static>, GeographyError> {
        let file = File::open(&self.path).map_err(|source| GeographyError::read(&self.path, source))?;
        let CountedReader { reader, bytes_read } = CountedReader::of(file);
        if !self.gzip {
            return Ok(CountedReader { reader, bytes_read });
        }
        let unpacked = flate2::bufread::MultiGzDecoder::new(reader);
        Ok(CountedReader { reader: Box::new(BufReader::with_capacity(BUFFER_BYTES, unpacked)), bytes_read })
    }
}

fn fingerprint(path: &Path) -> io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    let length = io::copy(&mut BufReader::with_capacity(BUFFER_BYTES, File::open(path)?), &mut hasher)?;
    Ok((length, hasher.finalize().to_hex().to_string()))
}

/// A stream, and how many bytes of its source (packed ones, when it unpacks) have been read.
pub(super) struct CountedReader<'a> {
    pub(super) reader: Box<dyn BufRead + 'a>,
    pub(super) bytes_read: Arc<AtomicU64>,
}

impl<'a> CountedReader<'a> {
    pub(super) fn of(inner: impl Read + 'a) -> Self {
        let bytes_read = Arc::new(AtomicU64::new(0));
        let counting = Counting { inner, bytes_read: bytes_read.clone() };
        Self { reader: Box::new(BufReader::with_capacity(BUFFER_BYTES, counting)), bytes_read }
    }
}

struct Counting<R> {
    inner: R,
    bytes_read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes_read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
