//! A file's bytes → its text, unpacked.
//!
//! In: a path. Out: what was packed. Gzip and zstd are recognised by their first bytes, whatever the name
//! says; several members or frames are one text. What ends early, or is not what was packed, is an error
//! with the place up to which the text is good, never the end of the text. A file that holds something else
//! than its name says, such as a workbook saved as `.csv`, is told by its first bytes.

use std::fs::File;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Seek};
use std::path::Path;

use super::encoding::Text;
use super::format::{FileFormat, packing};
use super::unreadable::{Damage, Unreadable};

const BUFFER_BYTES: usize = 1 << 18;
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// A frame of zstd that holds no data; the last four bits of its first byte are free.
const ZSTD_SKIPPED: &[u8] = &[0x2a, 0x4d, 0x18];

/// First bytes of files that are no text, and what begins so.
const FOREIGN: [(&[u8], &str); 16] = [
    (GZIP, "as gzip, inside of its packing"),
    (ZSTD, "as zstd, inside of its packing"),
    (b"PK\x03\x04", "as a .zip, which an Excel workbook is too"),
    (b"PK\x05\x06", "as an empty .zip"),
    (b"BZh9", "as bzip2"),
    (b"\xfd7zXZ", "as xz"),
    (b"7z\xbc\xaf", "as a .7z"),
    (b"\x04\x22\x4d\x18", "as lz4"),
    (b"\xff\x06\x00\x00sNaPpY", "as framed Snappy"),
    (b"\x1f\x9d", "as compress (.Z)"),
    (b"PAR1", "as Parquet"),
    (b"Obj\x01", "as an Avro container"),
    (b"SQLite format 3", "as a SQLite database"),
    (b"\xd0\xcf\x11\xe0", "as an old Office document"),
    (b"%PDF", "as a PDF"),
    (b"<", "as HTML or XML"),
];

/// Opens a file, or standard input for `-`.
pub(super) fn open(path: &Path, format: FileFormat) -> Result<Text, Unreadable> {
    let raw: Box<dyn Read + Send> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(path).map_err(Unreadable::Read)?)
    };
    let mut input = BufReader::with_capacity(BUFFER_BYTES, raw);
    let start = input.fill_buf().map_err(Unreadable::Read)?;
    let is_cut = GZIP.starts_with(start) || ZSTD.starts_with(start);
    let is_zstd = start.starts_with(ZSTD) || start.get(1..4) == Some(ZSTD_SKIPPED);
    let mut text: Text = if start.starts_with(GZIP) {
        unpacked("gzip", flate2::bufread::MultiGzDecoder::new(input))
    } else if is_zstd {
        unpacked("zstd", zstd::stream::read::Decoder::with_buffer(input).map_err(Unreadable::Read)?)
    } else {
        // A name that promises packing may be left over from a download that was unpacked on its way.
        if let Some(packing) = packing(path).filter(|_| !is_text(start) || is_cut) {
            let kind =
                if start.len() < ZSTD.len() { ErrorKind::UnexpectedEof } else { ErrorKind::InvalidData };
            let source = Error::new(kind, "its first bytes are not those of this packing");
            return Err(Unreadable::Read(Damage { packing, offset: 0, source }.into()));
        }
        Box::new(input)
    };
    if matches!(format, FileFormat::Ndjson | FileFormat::Csv) {
        let start = text.fill_buf().map_err(Unreadable::Read)?;
        let found = FOREIGN.iter().find(|(magic, _)| start.trim_ascii_start().starts_with(magic));
        if let Some((_, what)) = found {
            return Err(Unreadable::Foreign(what));
        }
    }
    Ok(text)
}

/// How a file of a format that packs its own parts is packed as a whole, which its library cannot read.
pub(super) fn kind(mut file: &File) -> std::io::Result<Option<&'static str>> {
    let mut start = Vec::new();
    file.take(ZSTD.len() as u64).read_to_end(&mut start)?;
    file.rewind()?;
    let outer = [(GZIP, "as gzip, and not as Parquet"), (ZSTD, "as zstd, and not as Parquet")];
    Ok(outer.into_iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, what)| what))
}

/// Whether bytes look like a text: some, and none that only binary files have.
fn is_text(start: &[u8]) -> bool {
    let is_binary = |byte: &u8| matches!(byte, 0..=8 | 14..=26 | 28..=31);
    !start.is_empty() && !start.iter().take(4096).any(is_binary)
}

fn unpacked(packing: &'static str, inner: impl Read + Send + 'static) -> Text {
    Box::new(BufReader::with_capacity(BUFFER_BYTES, Unpacked { packing, offset: 0, inner }))
}

/// An unpacker whose errors say how far it came.
struct Unpacked<R> {
    packing: &'static str,
    offset: u64,
    inner: R,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        match self.inner.read(bytes) {
            Ok(read) => {
                self.offset += read as u64;
                Ok(read)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            Err(source) => Err(Damage { packing: self.packing, offset: self.offset, source }.into()),
        }
    }
}

#[cfg(test)]
#[path = "packed_tests.rs"]
mod tests;
