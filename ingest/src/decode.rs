//! Records → [`Ping`]s: what the partner sent, in our words.
//!
//! In: a [`Chunk`]. Out: for each record, in order, a ping or its [`Rejection`]. Which of the formats reads a
//! chunk is decided once; decoding then borrows from the chunk and never fails as a whole: a bad record costs
//! only itself.

use std::path::PathBuf;

use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ping::{Ping, RejectReason};

use crate::chunk::{BadRow, Chunk, Payload};
use crate::feed::{Encoding, Feed};
use crate::format::avro::Program;
use crate::format::columns::{ColumnReader, ColumnsError};
use crate::format::framed::Table;
use crate::format::header::{self, Fields, HeaderError};
use crate::format::mapping::Mapping;
use crate::format::protobuf::ProtoProgram;
use crate::format::{delimited, json};
use crate::record::Records;
use crate::registry::UnlearntSchema;
use crate::rejection::Rejection;

/// A chunk of which no record can be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The names of a file's columns do not fit the contract.
    #[error("cannot read `{}` by the names of its columns", path.display())]
    Header {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong with them.
        source: HeaderError,
    },
    /// A column has a type that its field never takes.
    #[error("cannot read `{}`: the column for `{field}` holds values of type {found}; read are {allowed}\nhint: write it as one of these, or map another column with --map THEIRS={field}", path.display())]
    ColumnType {
        /// Path of the file.
        path: PathBuf,
        /// The contract's name of the field.
        field: &'static str,
        /// What kind of type it is.
        found: &'static str,
        /// The types that are read.
        allowed: &'static str,
    },
    /// The column of timestamps holds local times, and nobody says where.
    #[error("cannot read `{}`: its timestamps are local times by their type, which names no zone\nhint: say where the partner's clocks are with --timestamp-zone Asia/Tokyo, or UTC when they are UTC", path.display())]
    NoZone {
        /// Path of the file.
        path: PathBuf,
    },
    /// The schemas that framed records name cannot be had.
    #[error(transparent)]
    Schema(#[from] UnlearntSchema),
}

impl DecodeError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Header { .. } | Self::ColumnType { .. } | Self::NoZone { .. } => ErrorCode::Contract,
            Self::Schema(error) => error.code(),
        }
    }
}

/// A chunk that can be decoded record by record, from several threads.
#[derive(Debug)]
pub(crate) struct Decoder<'a> {
    chunk: &'a Chunk,
    mapping: &'a Mapping,
    reader: RecordReader<'a>,
}

/// How the records of a chunk are read.
#[derive(Debug)]
enum RecordReader<'a> {
    Json(&'a Records),
    Avro(&'a Records, &'a Program),
    Protobuf(&'a Records, &'a ProtoProgram),
    Framed(&'a Records, Table),
    Delimited(&'a [Result<csv::ByteRecord, BadRow>], Fields),
    Columns(Box<ColumnReader<'a>>),
    Nothing,
}

impl<'a> Decoder<'a> {
    /// Prepares a chunk: finds its columns or schemas once.
    ///
    /// # Errors
    /// [`DecodeError`] when a file lacks a required column, or the schemas of framed records cannot be had.
    pub(crate) fn new(chunk: &'a Chunk) -> Result<Self, DecodeError> {
        let feed = &chunk.stream.feed;
        let mapping = &feed.mapping;
        let reader = match (&chunk.payload, &feed.encoding) {
            (Payload::Avro(records, program), _) => RecordReader::Avro(records, program),
            (Payload::Records(records), Encoding::Json) => RecordReader::Json(records),
            (Payload::Records(records), Encoding::Avro(program)) => RecordReader::Avro(records, program),
            (Payload::Records(records), Encoding::Protobuf(program)) => {
                RecordReader::Protobuf(records, program)
            }
            (Payload::Records(records), Encoding::Framed(schemas)) => {
                RecordReader::Framed(records, schemas.table(records, mapping)?)
            }
            (Payload::Delimited { header, rows }, _) => {
                let fields = header::fields(header, mapping).map_err(|error| of_file(chunk, error.into()))?;
                RecordReader::Delimited(rows, fields)
            }
            (Payload::Columns(batch), _) => {
                let reader = ColumnReader::new(batch, mapping).map_err(|error| of_file(chunk, error))?;
                RecordReader::Columns(Box::new(reader))
            }
            (Payload::End, _) => RecordReader::Nothing,
        };
        Ok(Self { chunk, mapping, reader })
    }

    /// The feed that the records belong to.
    pub(crate) fn feed(&self) -> &Feed {
        &self.chunk.stream.feed
    }

    /// Records in the chunk.
    pub(crate) fn len(&self) -> usize {
        match &self.chunk.payload {
            Payload::Records(records) | Payload::Avro(records, _) => records.len(),
            Payload::Delimited { rows, .. } => rows.len(),
            Payload::Columns(batch) => batch.num_rows(),
            Payload::End => 0,
        }
    }

    /// Offset of a record.
    pub(crate) fn offset(&self, index: usize) -> i64 {
        match &self.chunk.payload {
            Payload::Records(records) | Payload::Avro(records, _) => records.ends[index].offset,
            _ => self.chunk.first_offset + index as i64,
        }
    }

    /// Decodes one record.
    ///
    /// # Errors
    /// The [`Rejection`] of a record that does not hold a ping.
    pub(crate) fn decode(&self, index: usize) -> Result<Ping<'_>, Rejection> {
        match &self.reader {
            RecordReader::Json(records) => json::decode(fitting(records, index)?, self.mapping),
            RecordReader::Avro(records, program) => program.decode(fitting(records, index)?),
            RecordReader::Protobuf(records, program) => program.decode(fitting(records, index)?),
            RecordReader::Framed(records, table) => table.decode(fitting(records, index)?, self.mapping),
            RecordReader::Delimited(rows, fields) => match &rows[index] {
                Ok(row) => delimited::decode(row, fields, self.mapping),
                Err(BadRow::OpenQuote) => {
                    Err(Rejection::new(RejectReason::Malformed, "a quote is opened and not closed"))
                }
                Err(BadRow::TooLarge) => Err(too_large()),
            },
            RecordReader::Columns(reader) => reader.decode(index),
            RecordReader::Nothing => Err(Rejection::new(RejectReason::Malformed, "no record")),
        }
    }
}

/// The bytes of a record that has some, and is not over the limit.
fn fitting(records: &Records, index: usize) -> Result<&[u8], Rejection> {
    if records.ends[index].is_tombstone {
        let detail = "the record has no value, which says that what its key named is deleted";
        return Err(Rejection::new(RejectReason::Tombstone, detail));
    }
    if records.ends[index].too_large {
        return Err(too_large());
    }
    Ok(records.bytes_of(index))
}

fn too_large() -> Rejection {
    Rejection::new(RejectReason::TooLarge, "the record is over the feed's limit of bytes")
}

/// The error with the file it is about, which the formats do not know.
fn of_file(chunk: &Chunk, error: ColumnsError) -> DecodeError {
    let path = chunk.stream.path.clone().unwrap_or_default();
    match error {
        ColumnsError::Header(source) => DecodeError::Header { path, source },
        ColumnsError::Type { field, found, allowed } => {
            DecodeError::ColumnType { path, field, found, allowed }
        }
        ColumnsError::NoZone => DecodeError::NoZone { path },
    }
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
