//! A Parquet file in a folder, read at any place.
//!
//! In: a path. Out: what the Parquet reader asks for, page by page. Nothing is held open between two pages,
//! so a merge over thousands of files needs no more file handles than it has threads; a page is tens of
//! kilobytes, beside which opening a file is nothing.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::traffic::Meter;

/// What is read at once where the length is not known beforehand: the header of a page, of 60 to 100 bytes. Its
/// body is read as a whole, past this buffer; what is read too much here counts where files are small.
const HEADER_BYTES: usize = 128;

/// A file of a lake in a folder. Its size comes from the log.
#[derive(Debug)]
pub(crate) struct StoredFile {
    pub(crate) path: PathBuf,
    pub(crate) size_bytes: u64,
    pub(crate) meter: Arc<Meter>,
}

/// A file that counts what is read of it.
pub(crate) struct Metered {
    file: File,
    meter: Arc<Meter>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.meter.read_more(read as u64);
        Ok(read)
    }
}

impl StoredFile {
    fn at(&self, start: u64) -> Result<Metered> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(start))?;
        self.meter.read(0);
        Ok(Metered { file, meter: Arc::clone(&self.meter) })
    }
}

impl Length for StoredFile {
    fn len(&self) -> u64 {
        self.size_bytes
    }
}

impl ChunkReader for StoredFile {
    type T = BufReader<Metered>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::with_capacity(HEADER_BYTES, self.at(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let mut bytes = Vec::with_capacity(length);
        self.at(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF(format!("{} of {length} bytes from {start}", bytes.len())));
        }
        Ok(bytes.into())
    }
}
