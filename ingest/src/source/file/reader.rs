//! The content of one file → its records, a piece at a time.
//!
//! In: a path and its [`FileFormat`]. Out: [`Piece`]s, whose sizes are what the format gives: so many lines
//! or rows, one block, one batch. Lines and rows before the point at which to resume are read and left out,
//! because their formats have no index to jump by.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use csv::ByteRecord;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};

use super::encoding::{self, Foreign, Text, TextOptions};
use super::format::FileFormat;
use super::guard::guarded;
use super::lines::read_line;
use super::packed;
use super::rows::Rows;
use super::unreadable::Unreadable;
use super::values::{self, Values};
use crate::chunk::{BadRow, Payload};
use crate::feed::Feed;
use crate::format::avro::Program;
use crate::format::avro::container::{Block, Container, ContainerError};
use crate::record::{RecordEnd, Records};
use crate::source::error::SourceError;

/// Bytes of lines that make a piece.
const PIECE_BYTES: usize = 16 << 20;

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

/// An open file that can be read on.
pub(super) enum FileReader {
    Lines(Text),
    /// JSON that is not one record a line.
    Values(Text, Values),
    Delimited {
        rows: Box<Rows>,
        header: Arc<Vec<String>>,
    },
    Avro {
        blocks: Box<Container<Text>>,
        program: Arc<Program>,
    },
    Columns {
        batches: Batches,
        left: i64,
    },
    /// A file without a byte, or of empty lines: it has no header, and no record that would need one.
    Empty,
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
        feed: &Feed,
    ) -> Result<Self, SourceError> {
        let text = || packed::open(path, format).map_err(|unreadable| unreadable.at(path));
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
                let opened = Rows::open(decoded()?, feed.max_record_bytes, options.delimiter);
                let opened = opened.map_err(|error| Unreadable::Read(error).at(path))?;
                let (rows, header) = opened.map_err(|bad| Unreadable::Header(bad).at(path))?;
                if header.is_empty() {
                    return Ok(Self::Empty);
                }
                let words: Result<Vec<String>, _> =
                    header.iter().map(|word| String::from_utf8(word.to_vec())).collect();
                let header = Arc::new(words.map_err(|_| Unreadable::NotUtf8.at(path))?);
                Ok(Self::Delimited { rows: Box::new(rows), header })
            }
            FileFormat::Parquet => {
                let refused =
                    |error: parquet::errors::ParquetError| Unreadable::Parquet(error.into()).at(path);
                let file = File::open(path).map_err(|error| Unreadable::Read(error).at(path))?;
                if let Some(what) = packed::kind(&file).map_err(|error| Unreadable::Read(error).at(path))? {
                    return Err(Unreadable::Foreign(what).at(path));
                }
                let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new(file));
                let builder = builder.ok_or_else(|| unfit().at(path))?.map_err(refused)?;
                let left = agreed_rows(builder.metadata()).ok_or_else(|| contradiction().at(path))?;
                let batches = guarded(|| builder.with_batch_size(chunk_records).build());
                let batches = batches.ok_or_else(|| unfit().at(path))?.map_err(refused)?;
                Ok(Self::Columns { batches: Box::new(batches), left })
            }
            FileFormat::Avro => {
                let blocks =
                    Container::open(text()?).map_err(|error| Unreadable::Container(error).at(path))?;
                let program = Program::compile(blocks.schema(), &feed.mapping)
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
                let (mut read, is_last) = read_rows(rows, wanted.records).map_err(Unreadable::Read)?;
                let count = read.len();
                read.drain(..left_out(count));
                Ok(Piece {
                    payload: Payload::Delimited { header: header.clone(), rows: read },
                    count,
                    is_last,
                })
            }
            Self::Empty => Ok(Piece::end()),
            Self::Avro { blocks, program } => {
                let Some(block) = blocks.next().transpose().map_err(Unreadable::Container)? else {
                    return Ok(Piece::end());
                };
                let count = block.records as usize;
                let mut records = records_of(block, program, wanted.first).map_err(Unreadable::Container)?;
                records.skip(left_out(count));
                Ok(Piece { payload: Payload::Avro(records, Arc::clone(program)), count, is_last: false })
            }
            Self::Columns { batches, left } => {
                let batch = guarded(|| batches.next()).ok_or_else(unfit)?;
                let Some(batch) = batch.transpose().map_err(Unreadable::Parquet)? else {
                    return if *left == 0 { Ok(Piece::end()) } else { Err(contradiction()) };
                };
                *left -= batch.num_rows() as i64;
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

/// Rows of a Parquet file, when all parts of its footer agree on them.
fn agreed_rows(metadata: &ParquetMetaData) -> Option<i64> {
    let rows = metadata.file_metadata().num_rows();
    let is_flat = |column: &ColumnChunkMetaData| column.column_descr().max_rep_level() == 0;
    let agrees = |group: &RowGroupMetaData| {
        group.columns().iter().all(|column| !is_flat(column) || column.num_values() == group.num_rows())
    };
    let groups = metadata.row_groups();
    let sum = groups.iter().try_fold(0_i64, |sum, group| sum.checked_add(group.num_rows()));
    (groups.iter().all(agrees) && sum == Some(rows)).then_some(rows)
}

/// A Parquet file whose pages lack what others of its parts should hold.
fn unfit() -> Unreadable {
    Unreadable::Parquet(ArrowError::ParquetError("its parts do not fit together".to_owned()))
}

/// A Parquet file whose parts say different numbers of rows.
fn contradiction() -> Unreadable {
    Unreadable::Parquet(ArrowError::ParquetError("its parts do not agree on the number of rows".to_owned()))
}

/// The records of a block, numbered from `first`.
fn records_of(block: Block, program: &Program, first: i64) -> Result<Records, ContainerError> {
    let (ends, left) = program.split(&block.bytes, block.records);
    if left > 0 {
        return Err(ContainerError::Uncounted { block: block.number, records: block.records });
    }
    let ends = ends.into_iter().zip(first..).map(|(end, offset)| RecordEnd {
        offset,
        end,
        too_large: false,
        is_tombstone: false,
    });
    Ok(Records { ends: ends.collect(), bytes: block.bytes })
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

/// Rows, and whether they are the last ones.
fn read_rows(rows: &mut Rows, most: usize) -> std::io::Result<(Vec<Result<ByteRecord, BadRow>>, bool)> {
    let (mut read, mut bytes) = (Vec::new(), 0);
    while read.len() < most && bytes < PIECE_BYTES {
        let Some(row) = rows.next()? else { return Ok((read, true)) };
        bytes += row.as_ref().map_or(0, |row| row.as_slice().len());
        read.push(row);
    }
    Ok((read, false))
}
