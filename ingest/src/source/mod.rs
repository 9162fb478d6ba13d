//! Where records come from, behind one trait.
//!
//! In: files, folders, standard input, Kafka topics. Out: [`Chunk`]s of consecutive records of one stream, each
//! record with its offset. A stream is what has one position in the lake: a Kafka partition, or a file, which
//! is known by the hash of its content, so that a renamed copy is not ingested twice and another file of the
//! same name is not skipped.

mod mapping;
pub mod file;
pub mod kafka;
mod lines;

pub use mapping::{Mapping, TimestampUnit};

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use arrow::array::RecordBatch;
use kayoi_lake::{DeltaTable, Lake};

use crate::decode::avro::Program;
use crate::error::IngestError;
use crate::feed::Feed;

/// What has one position, as long as this process reads it. A partition that is lost and won back is another
/// stream, so that what was read before cannot be mixed with what is read after.
#[derive(Debug)]
pub struct Stream {
    /// Key of the position in the lake.
    pub source_id: String,
    /// Whose records, and how they are written.
    pub feed: Arc<Feed>,
    /// Topic or file name, for the rejects table and for people.
    pub name: String,
    /// Kafka partition, or 0.
    pub partition: i32,
    /// Where a column file is, for errors.
    pub path: Option<PathBuf>,
    /// Where the lake stood when reading began; `None`: nothing of it was ever committed.
    pub began_at: Option<i64>,
    is_lost: AtomicBool,
}

impl Stream {
    /// A stream that this process owns.
    pub fn new(source_id: String, feed: Arc<Feed>, name: String, partition: i32) -> Self {
        let is_lost = AtomicBool::new(false);
        Self { source_id, feed, name, partition, path: None, began_at: None, is_lost }
    }

    /// Says that another process may own it now: nothing of it may be committed any more.
    pub fn lose(&self) {
        self.is_lost.store(true, Ordering::SeqCst);
    }

    /// Whether another process may own it now.
    pub fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::SeqCst)
    }
}

/// Records as they came.
#[derive(Debug)]
pub enum Payload {
    /// Single records (JSON, Avro or Protobuf, as the feed says): all bytes in one buffer, and for each record
    /// its offset and where it ends.
    Records(Records),
    /// Rows of a CSV file with its header.
    Delimited {
        /// Column names.
        header: Arc<Vec<String>>,
        /// Rows; `None` for one that is no CSV row.
        rows: Vec<Option<csv::ByteRecord>>,
    },
    /// Records of an Avro file, in the schema that the file names.
    Avro(Records, Arc<Program>),
    /// Rows of a Parquet file.
    Columns(RecordBatch),
}

/// Records in one buffer.
#[derive(Debug, Default)]
pub struct Records {
    /// The bytes of all records.
    pub bytes: Vec<u8>,
    /// Offset, end in `bytes`, and whether it was cut because it is too large.
    pub records: Vec<RecordEnd>,
}

impl Records {
    /// Leaves out the first records.
    pub fn skip(&mut self, count: usize) {
        let Some(last) = count.checked_sub(1).and_then(|index| self.records.get(index)) else { return };
        let cut = last.end;
        self.bytes.drain(..cut);
        self.records.drain(..count);
        self.records.iter_mut().for_each(|record| record.end -= cut);
    }

    /// The bytes of a record.
    pub fn bytes_of(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.records[index - 1].end };
        self.bytes.get(start..self.records[index].end).unwrap_or_default()
    }
}

/// One record of [`Records`].
#[derive(Debug, Clone, Copy)]
pub struct RecordEnd {
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
    /// These streams go to another process: what was read of them is to be committed now, then `done` told.
    Handover {
        /// The streams that go.
        streams: Vec<Arc<Stream>>,
        /// Waits for the commit.
        done: SyncSender<()>,
    },
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

    /// Rows up to these offsets are in the lake: news for whoever watches the source from outside.
    fn committed(&mut self, _reached: &[(Arc<Stream>, i64)]) {}

    /// Reads a lost stream again from where the lake stands, if this process still owns it. `false` when the
    /// source cannot: then two processes read the same input, and this one stops.
    fn rewind(&mut self, _stream: &Arc<Stream>) -> bool {
        false
    }
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
