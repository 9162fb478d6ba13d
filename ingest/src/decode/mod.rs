//! Records → [`Ping`]s: what the partner sent, in our words.
//!
//! In: a [`Chunk`]. Out: for each record, in order, a ping or the reason why it is none. Decoding borrows from
//! the chunk and never fails as a whole: what one record is costs only that record.

pub mod json;
mod columns;
mod delimited;
mod wire;
mod slot;
mod draft;
mod schema_error;
pub mod frame;
pub mod avro;
pub mod protobuf;
pub mod framed;

pub use columns::ColumnReader;
pub use schema_error::SchemaError;

use kayoi_schemas::ping::{Ping, RejectReason};

use crate::error::IngestError;
use crate::source::{Chunk, Mapping, Payload, Records};

/// Why a record is no ping: the reason, and the value with what is allowed (never an identifier).
pub type Rejection = (RejectReason, String);

/// How a feed writes single records.
#[derive(Debug)]
pub enum Encoding {
    /// One JSON object.
    Json,
    /// One Avro record of a schema known beforehand.
    Avro(avro::Program),
    /// One Protobuf message of a schema known beforehand.
    Protobuf(protobuf::ProtoProgram),
    /// A frame that names the schema of its record.
    Framed(framed::Schemas),
}

/// A chunk that can be decoded record by record, from several threads.
#[derive(Debug)]
pub struct Decoder<'a> {
    chunk: &'a Chunk,
    mapping: &'a Mapping,
    reader: Reader<'a>,
}

#[derive(Debug)]
enum Reader<'a> {
    Json(&'a Records),
    Avro(&'a Records, &'a avro::Program),
    Protobuf(&'a Records, &'a protobuf::ProtoProgram),
    Framed(&'a Records, framed::Table),
    Delimited(&'a [Option<csv::ByteRecord>], Vec<Option<&'static str>>),
    Columns(Box<ColumnReader<'a>>),
}

impl<'a> Decoder<'a> {
    /// Prepares a chunk: finds its columns or schemas once.
    ///
    /// # Errors
    /// [`IngestError::MissingColumn`] when a column file lacks a required field, [`IngestError::Registry`] when
    /// the schemas of framed records cannot be had.
    pub fn new(chunk: &'a Chunk) -> Result<Self, IngestError> {
        let feed = &chunk.stream.feed;
        let mapping = &feed.mapping;
        let reader = match (&chunk.payload, &feed.encoding) {
            (Payload::Avro(records, program), _) => Reader::Avro(records, program),
            (Payload::Records(records), Encoding::Json) => Reader::Json(records),
            (Payload::Records(records), Encoding::Avro(program)) => Reader::Avro(records, program),
            (Payload::Records(records), Encoding::Protobuf(program)) => Reader::Protobuf(records, program),
            (Payload::Records(records), Encoding::Framed(schemas)) => {
                Reader::Framed(records, schemas.table(records, mapping)?)
            }
            (Payload::Delimited { header, rows }, _) => {
                let fields: Vec<_> = header.iter().map(|name| mapping.field(name)).collect();
                columns::require(&fields, header, chunk)?;
                Reader::Delimited(rows, fields)
            }
            (Payload::Columns(batch), _) => {
                Reader::Columns(Box::new(ColumnReader::new(batch, mapping, chunk)?))
            }
        };
        Ok(Self { chunk, mapping, reader })
    }

    /// Records in the chunk.
    pub fn len(&self) -> usize {
        match &self.chunk.payload {
            Payload::Records(records) | Payload::Avro(records, _) => records.records.len(),
            Payload::Delimited { rows, .. } => rows.len(),
            Payload::Columns(batch) => batch.num_rows(),
        }
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Offset of a record.
    pub fn offset(&self, index: usize) -> i64 {
        match &self.chunk.payload {
            Payload::Records(records) | Payload::Avro(records, _) => records.records[index].offset,
            _ => self.chunk.first_offset + index as i64,
        }
    }

    /// Decodes one record.
    ///
    /// # Errors
    /// A [`Rejection`] when the record is no ping.
    pub fn decode(&self, index: usize) -> Result<Ping<'_>, Rejection> {
        match &self.reader {
            Reader::Json(records) => json::decode(fitting(records, index)?, self.mapping),
            Reader::Avro(records, program) => program.decode(fitting(records, index)?),
            Reader::Protobuf(records, program) => program.decode(fitting(records, index)?),
            Reader::Framed(records, table) => table.decode(fitting(records, index)?, self.mapping),
            Reader::Delimited(rows, fields) => match &rows[index] {
                Some(row) => delimited::decode(row, fields, self.mapping),
                None => Err((RejectReason::Malformed, "no CSV row".to_owned())),
            },
            Reader::Columns(reader) => reader.decode(index),
        }
    }
}

/// The bytes of a record that is not over the limit.
fn fitting(records: &Records, index: usize) -> Result<&[u8], Rejection> {
    if records.records[index].too_large {
        return Err((RejectReason::TooLarge, "the record is over the feed's limit of bytes".to_owned()));
    }
    Ok(records.bytes_of(index))
}

/// Milliseconds of an ISO 8601 text such as `2016-10-17T11:18:05+09:00`; UTC when it names no offset.
pub(crate) fn iso_milliseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(instant.timestamp_millis());
    }
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
    let local = formats.iter().find_map(|format| chrono::NaiveDateTime::parse_from_str(text, format).ok())?;
    Some(local.and_utc().timestamp_millis())
}

#[cfg(test)]
mod spec_encoder;
#[cfg(test)]
mod golden_tests;
#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
