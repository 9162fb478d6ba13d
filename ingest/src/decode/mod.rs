//! Records → [`Ping`]s: what the partner sent, in our words.
//!
//! In: a [`Chunk`]. Out: for each record, in order, a ping or the reason why it is none. Decoding borrows from
//! the chunk and never fails as a whole: what one record is costs only that record.

mod json;
mod columns;
mod delimited;

pub use columns::ColumnReader;

use std::ops::Range;

use kayoi_schemas::ping::{Ping, RejectReason};

use crate::error::IngestError;
use crate::source::{Chunk, Mapping, Payload};

/// Why a record is no ping: the reason, and the value with what is allowed (never an identifier).
pub type Rejection = (RejectReason, String);

/// A chunk that can be decoded record by record, from several threads.
#[derive(Debug)]
pub struct Decoder<'a> {
    chunk: &'a Chunk,
    mapping: &'a Mapping,
    reader: Reader<'a>,
}

#[derive(Debug)]
enum Reader<'a> {
    Json,
    Delimited(Vec<Option<&'static str>>),
    Columns(Box<ColumnReader<'a>>),
}

impl<'a> Decoder<'a> {
    /// Prepares a chunk: finds its columns once.
    ///
    /// # Errors
    /// [`IngestError::MissingColumn`] when a column file lacks a required field.
    pub fn new(chunk: &'a Chunk, mapping: &'a Mapping) -> Result<Self, IngestError> {
        let reader = match &chunk.payload {
            Payload::Json(_) => Reader::Json,
            Payload::Delimited { header, .. } => {
                let fields: Vec<_> = header.iter().map(|name| mapping.field(name)).collect();
                columns::require(&fields, header, chunk)?;
                Reader::Delimited(fields)
            }
            Payload::Columns(batch) => Reader::Columns(Box::new(ColumnReader::new(batch, mapping, chunk)?)),
        };
        Ok(Self { chunk, mapping, reader })
    }

    /// Records in the chunk.
    pub fn len(&self) -> usize {
        match &self.chunk.payload {
            Payload::Json(json) => json.records.len(),
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
            Payload::Json(json) => json.records[index].offset,
            _ => self.chunk.first_offset + index as i64,
        }
    }

    /// Decodes one record.
    ///
    /// # Errors
    /// A [`Rejection`] when the record is no ping.
    pub fn decode(&self, index: usize) -> Result<Ping<'_>, Rejection> {
        match (&self.chunk.payload, &self.reader) {
            (Payload::Json(json), _) => {
                let record = json.records[index];
                let start = if index == 0 { 0 } else { json.records[index - 1].end };
                if record.too_large {
                    return Err((
                        RejectReason::TooLarge,
                        "the record is over the limit of --max-record-bytes".to_owned(),
                    ));
                }
                json::decode(bytes_of(&json.bytes, start..record.end), self.mapping)
            }
            (Payload::Delimited { rows, .. }, Reader::Delimited(fields)) => match &rows[index] {
                Some(row) => delimited::decode(row, fields, self.mapping),
                None => Err((RejectReason::Malformed, "no CSV row".to_owned())),
            },
            (_, Reader::Columns(reader)) => reader.decode(index),
            _ => Err((RejectReason::Malformed, "no record".to_owned())),
        }
    }
}

fn bytes_of(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
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
#[path = "decode_tests.rs"]
mod tests;
