//! The content of one file → its records, a piece at a time.
//!
//! In: a path and its [`FileFormat`]. Out: [`Piece`]s, whose sizes are what the format gives: so many lines
//! or rows, one block, one batch. Lines and rows before the point at which to resume are read and left out,
//! because their formats have no index to jump by.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::encoding::{self, Foreign, Text, TextOptions};
use super::format::FileFormat;
use super::lines::read_line;
use super::values::{self, Values};
use crate::chunk::Payload;
use crate::format::avro::Program;
use crate::format::avro::container::{Block, Container, ContainerError};
use crate::format::mapping::Mapping;
use crate::record::{RecordEnd, Records};
use crate::source::error::SourceError;

/// Bytes of lines that make a piece.
const PIECE_BYTES: usize = 16 << 20;

/// An open file that can be read on.
pub(super) enum FileReader {
    Lines(Text),
    /// JSON that is not one record a line.
    Values(Text, Values),
    Delimited {
        rows: Box<csv::Reader<Text>>,
        header: Arc<Vec<String>>,
    },
    Avro {
        blocks: Box<Container<Text>>,
        program: Arc<Program>,
    },
    Columns(Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>),
}

/// Which records are wanted next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Offset of the next record of the file.
    pub(super) first: i64,
    /// Records before this offset were committed by an earlier run.
    pub(super) resume_at: i64,
    /// Most records of a piece, where the format leaves a choice.
    pub(super) records: usize,
    /// Larger records are not kept, bytes.
    pub(super) max_record_bytes: usize,
}

/// Records that were read at once.
pub(super) struct Piece {
    /// The records, without those that an earlier run committed.
    pub(super) payload: Payload,
    /// How many were read, with those that were left out.
    pub(super) count: usize,
    /// Whether the file ends here.
    pub(super) is_last: bool,
}

impl Piece {
    /// The end of a file whose last record stood in the piece before.
    fn end() -> Self {
        Self { payload: Payload::End, count: 0, is_last: true }
    }
}

/// Why a file cannot be read on. Whoever knows its path makes the error of it.
pub(super) enum Unreadable {
    Read(std::io::Error),
    Parquet(ArrowError),
    Container(ContainerError),
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
            Self::Encoding(encoding) => SourceError::Encoding { path, encoding },
            Self::NotUtf8 => SourceError::NotUtf8 { path },
        }
    }
}

impl FileReader {
    /// Opens a file and reads what stands before its records: a header, a schema.
    ///
    /// # Errors
    /// [`SourceError`] when it cannot be read as a file of this format.
    pub(super) fn open(
        path: &Path,
        format: FileFormat,
        chunk_records: usize,
        options: TextOptions,
        mapping: &Mapping,
    ) -> Result<Self, SourceError> {
        let text = || open_text(path).map_err(|error| Unreadable::Read(error).at(path));
        let decoded = || -> Result<Text, SourceError> {
            let decoded = encoding::decoded(text()?, options.encoding);
            let decoded = decoded.map_err(|error| Unreadable::Read(error).at(path))?;
            decoded.map_err(|Foreign(encoding)| Unreadable::Encoding(encoding).at(path))
        };
        match format {
            FileFormat::Ndjson => {
                let mut text = decoded()?;
                let is_spread = values::is_spread(text.as_mut());
                if is_spread.map_err(|error| Unreadable::Read(error).at(path))? {
                    return Ok(Self::Values(text, Values::default()));
                }
                Ok(Self::Lines(text))
            }
            FileFormat::Csv => {
                // A row of another length is read too: its rejection then says how many cells it has.
                let mut builder = csv::ReaderBuilder::new();
                let mut rows = builder.flexible(true).delimiter(options.delimiter).from_reader(decoded()?);
                let header = rows.byte_headers().map_err(|error| Unreadable::Read(error.into()).at(path))?;
                let words: Result<Vec<String>, _> =
                    header.iter().map(|word| String::from_utf8(word.to_vec())).collect();
                let header = Arc::new(words.map_err(|_| Unreadable::NotUtf8.at(path))?);
                Ok(Self::Delimited { rows: Box::new(rows), header })
            }
            FileFormat::Parquet => {
                let refused =
                    |error: parquet::errors::ParquetError| Unreadable::Parquet(error.into()).at(path);
                let file = File::open(path).map_err(|error| Unreadable::Read(error).at(path))?;
                let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(refused)?;
                let batches = builder.with_batch_size(chunk_records).build().map_err(refused)?;
                Ok(Self::Columns(Box::new(batches)))
            }
            FileFormat::Avro => {
                let blocks =
                    Container::open(text()?).map_err(|error| Unreadable::Container(error).at(path))?;
                let program = Program::compile(blocks.schema(), mapping)
                    .map_err(|source| SourceError::Schema { path: path.to_owned(), source })?;
                Ok(Self::Avro { blocks: Box::new(blocks), program: Arc::new(program) })
            }
        }
    }

    /// Reads on.
    ///
    /// # Errors
    /// [`Unreadable`] when the file cannot be read, or is damaged.
    pub(super) fn read(&mut self, wanted: Wanted) -> Result<Piece, Unreadable> {
        let left_out = |count: usize| (wanted.resume_at - wanted.first).clamp(0, count as i64) as usize;
        match self {
            Self::Lines(input) => {
                let next = |bytes: &mut Vec<u8>| read_line(input.as_mut(), bytes, wanted.max_record_bytes);
                read_records(next, wanted).map_err(Unreadable::Read)
            }
            Self::Values(input, values) => {
                let next = |bytes: &mut Vec<u8>| values.next(input.as_mut(), bytes, wanted.max_record_bytes);
                read_records(next, wanted).map_err(Unreadable::Read)
            }
            Self::Delimited { rows, header } => {
                let (mut read, is_last) = read_rows(rows, wanted.records);
                let count = read.len();
                read.drain(..left_out(count));
                Ok(Piece {
                    payload: Payload::Delimited { header: header.clone(), rows: read },
                    count,
                    is_last,
                })
            }
            Self::Avro { blocks, program } => {
                let Some(block) = blocks.next().transpose().map_err(Unreadable::Container)? else {
                    return Ok(Piece::end());
                };
                let count = block.records as usize;
                let mut records = records_of(block, program, wanted.first);
                records.skip(left_out(count));
                Ok(Piece { payload: Payload::Avro(records, Arc::clone(program)), count, is_last: false })
            }
            Self::Columns(batches) => {
                let Some(batch) = batches.next().transpose().map_err(Unreadable::Parquet)? else {
                    return Ok(Piece::end());
                };
                let (count, from) = (batch.num_rows(), left_out(batch.num_rows()));
                Ok(Piece {
                    payload: Payload::Columns(batch.slice(from, count - from)),
                    count,
                    is_last: false,
                })
            }
        }
    }
}

/// The records of a block, numbered from `first`.
fn records_of(block: Block, program: &Program, first: i64) -> Records {
    let ends = program.record_ends(&block.bytes, block.records);
    let ends = ends.into_iter().zip(first..).map(|(end, offset)| RecordEnd {
        offset,
        end,
        too_large: false,
        is_tombstone: false,
    });
    Records { ends: ends.collect(), bytes: block.bytes }
}

/// Records that were committed before are counted and not kept. `next` appends one, as [`read_line`] does.
fn read_records(
    mut next: impl FnMut(&mut Vec<u8>) -> std::io::Result<Option<bool>>,
    wanted: Wanted,
) -> std::io::Result<Piece> {
    let mut lines = Records::default();
    let mut count = 0;
    let mut is_last = false;
    while count < wanted.records && lines.bytes.len() < PIECE_BYTES {
        let before = lines.bytes.len();
        let Some(fits) = next(&mut lines.bytes)? else {
            is_last = true;
            break;
        };
        let offset = wanted.first + count as i64;
        count += 1;
        if offset < wanted.resume_at {
            lines.bytes.truncate(before);
        } else {
            lines.ends.push(RecordEnd {
                offset,
                end: lines.bytes.len(),
                too_large: !fits,
                is_tombstone: false,
            });
        }
    }
    Ok(Piece { payload: Payload::Records(lines), count, is_last })
}

/// Rows, and whether they are the last ones. A line from which no row can be read is `None`, and costs only
/// itself.
fn read_rows(reader: &mut csv::Reader<Text>, most: usize) -> (Vec<Option<csv::ByteRecord>>, bool) {
    let mut rows = Vec::new();
    while rows.len() < most {
        let mut row = csv::ByteRecord::new();
        match reader.read_byte_record(&mut row) {
            Ok(true) => rows.push(Some(row)),
            Ok(false) => return (rows, true),
            Err(_) => rows.push(None),
        }
    }
    (rows, false)
}

/// Opens a text stream; gzip and zstd are recognised by their first bytes, whatever the name says.
fn open_text(path: &Path) -> std::io::Result<Text> {
    let raw: Box<dyn Read + Send> =
        if path == Path::new("-") { Box::new(std::io::stdin()) } else { Box::new(File::open(path)?) };
    let mut input = BufReader::with_capacity(1 << 18, raw);
    let start = input.fill_buf()?;
    if start.starts_with(&[0x1f, 0x8b]) {
        let plain = flate2::bufread::MultiGzDecoder::new(input);
        return Ok(Box::new(BufReader::with_capacity(1 << 18, plain)));
    }
    if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let plain = zstd::stream::read::Decoder::with_buffer(input)?;
        return Ok(Box::new(BufReader::with_capacity(1 << 18, plain)));
    }
    Ok(Box::new(input))
}
