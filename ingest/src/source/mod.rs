//! Where records come from, behind one trait.
//!
//! In: files, folders, standard input, Kafka topics. Out: [`Chunk`]s of consecutive records of one stream, each
//! record with its offset. A stream is what has one position in the lake: a Kafka partition, or a file, which
//! is known by the hash of its content, so that a renamed copy is not ingested twice and another file of the
//! same name is not skipped.

pub mod file;
pub mod kafka;
mod lines;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use kayoi_lake::{DeltaTable, Lake};

use crate::error::IngestError;

/// What has one position.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Stream {
    /// Key of the position in the lake.
    pub source_id: String,
    /// Topic or file name, for the rejects table and for people.
    pub name: String,
    /// Kafka partition, or 0.
    pub partition: i32,
    /// Where a column file is, for errors.
    pub path: Option<PathBuf>,
}

/// Records as they came.
#[derive(Debug)]
pub enum Payload {
    /// JSON texts: all bytes in one buffer, and for each record its offset and where it ends.
    Json(JsonRecords),
    /// Rows of a CSV file with its header.
    Delimited {
        /// Column names.
        header: Arc<Vec<String>>,
        /// Rows; `None` for one that is no CSV row.
        rows: Vec<Option<csv::ByteRecord>>,
    },
    /// Rows of a Parquet or Avro file.
    Columns(RecordBatch),
}

/// JSON texts in one buffer.
#[derive(Debug, Default)]
pub struct JsonRecords {
    /// The bytes of all records.
    pub bytes: Vec<u8>,
    /// Offset, end in `bytes`, and whether it was cut because it is too large.
    pub records: Vec<JsonRecord>,
}

/// One record of [`JsonRecords`].
#[derive(Debug, Clone, Copy)]
pub struct JsonRecord {
    /// Kafka offset or line number.
    pub offset: i64,
    /// End in the buffer; it starts where the one before ends.
    pub end: usize,
    /// Larger than the limit: its bytes were not kept.
    pub too_large: bool,
}

/// Consecutive records of one stream.
#[derive(Debug)]
pub struct Chunk {
    /// Whose.
    pub stream: Arc<Stream>,
    /// Offset of the first record; records of a file are numbered from it.
    pub first_offset: i64,
    /// Where to go on after this chunk.
    pub next_offset: i64,
    /// The stream has ended with this chunk.
    pub is_last: bool,
    /// The records.
    pub payload: Payload,
}

/// What a source has to say.
#[derive(Debug)]
pub enum Polled {
    /// Records.
    Chunk(Chunk),
    /// A file that was ingested before.
    Skipped(Arc<Stream>),
    /// Nothing now.
    Idle,
    /// Nothing more, ever.
    End,
}

/// A source of records.
pub trait Source {
    /// Reads on. New streams ask `positions` where to start.
    ///
    /// # Errors
    /// [`IngestError`] when the source cannot be read.
    fn poll(&mut self, positions: &Positions<'_>) -> Result<Polled, IngestError>;

    /// Share of the input that was read, 0 to 1, when it is known.
    fn progress(&self) -> Option<f64>;
}

/// Where the lake stands, by stream.
#[derive(Debug)]
pub struct Positions<'a> {
    /// The lake.
    pub lake: &'a Lake,
    /// The table whose positions count.
    pub table: &'a DeltaTable,
}

impl Positions<'_> {
    /// The next record of a stream, or `None` when nothing of it was ever committed.
    ///
    /// # Errors
    /// [`IngestError::Lake`] when the log cannot be read.
    pub fn next_offset(&self, source_id: &str) -> Result<Option<i64>, IngestError> {
        Ok(self.lake.block_on(self.table.position(source_id))?)
    }

    /// Whether a file was ingested to its end.
    ///
    /// # Errors
    /// [`IngestError::Lake`] when the log cannot be read.
    pub fn is_complete(&self, source_id: &str) -> Result<bool, IngestError> {
        Ok(self.next_offset(&complete_id(source_id))?.is_some())
    }
}

/// Key of the mark that a file was ingested to its end.
pub fn complete_id(source_id: &str) -> String {
    format!("{source_id}/complete")
}

/// The partner's names for the contract's fields, and the unit of its timestamps.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    ours: HashMap<String, &'static str>,
    /// How timestamps are written.
    pub timestamp_unit: TimestampUnit,
}

/// How a partner writes timestamps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TimestampUnit {
    /// Milliseconds since the epoch: the contract.
    #[default]
    Milliseconds,
    /// Seconds since the epoch.
    Seconds,
    /// ISO 8601 text; UTC when it names no offset.
    Iso,
}

impl Mapping {
    /// Adds `theirs=ours`.
    ///
    /// # Errors
    /// [`IngestError::UnknownField`] when the contract has no field `ours`.
    pub fn add(&mut self, theirs: &str, ours: &str) -> Result<(), IngestError> {
        let contract = kayoi_schemas::ping::CONTRACT.iter().map(|field| field.name);
        if let Some(known) = contract.clone().find(|name| *name == ours) {
            self.ours.insert(theirs.to_owned(), known);
            return Ok(());
        }
        let nearest = contract.min_by_key(|name| kayoi_schemas::definition::edit_distance(name, ours));
        let (theirs, ours) = (theirs.to_owned(), ours.to_owned());
        Err(IngestError::UnknownField { theirs, ours, nearest: nearest.unwrap_or_default() })
    }

    /// The contract's name for a partner's field; `None` for one that is not in the contract.
    pub fn field(&self, theirs: &str) -> Option<&'static str> {
        if let Some(ours) = self.ours.get(theirs) {
            return Some(ours);
        }
        let own =
            kayoi_schemas::ping::CONTRACT.iter().map(|field| field.name).find(|name| *name == theirs)?;
        // A field that is mapped from another name is taken from there only.
        (!self.ours.values().any(|mapped| *mapped == own)).then_some(own)
    }
}
