//! What a source hands over at once: consecutive records of one stream.
//!
//! In: bytes, rows or columns as they were read. Out: a [`Chunk`] that `decode` can take apart, with the
//! offsets that its commit will move the stream to. A [`Stream`] is what has one position in the lake: a
//! Kafka partition, or a file, which is known by the hash of its content, so that a renamed copy is not
//! ingested twice and another file of the same name is not skipped.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;
use kayoi_lake::Position;

use crate::feed::Feed;
use crate::format::avro::Program;
use crate::record::{RecordEnd, Records};

/// What has one position, as long as this process reads it. A partition that is lost and won back is another
/// stream, so that what was read before cannot be mixed with what is read after.
#[derive(Debug)]
pub(crate) struct Stream {
    /// Key of the position in the lake.
    pub(crate) source_id: String,
    /// Whose records, and how they are written.
    pub(crate) feed: Arc<Feed>,
    /// Topic or file name, for the rejects table and for people.
    pub(crate) name: String,
    /// Kafka partition, or 0.
    pub(crate) partition: i32,
    /// Where a file is, for errors.
    pub(crate) path: Option<PathBuf>,
    /// Where the lake stood when reading began; `None`: nothing of it was ever committed.
    pub(crate) began_at: Option<i64>,
    /// Which topic it is of, when the brokers say.
    pub(crate) topic: Option<TopicMark>,
    /// The mark that an earlier run left when it had read a file to its end, and that is read again.
    pub(crate) was_complete: Option<i64>,
    is_lost: AtomicBool,
}

impl Stream {
    /// A stream that this process owns.
    pub(crate) fn new(source_id: String, feed: Arc<Feed>, name: String, partition: i32) -> Self {
        let is_lost = AtomicBool::new(false);
        Self {
            source_id,
            feed,
            name,
            partition,
            path: None,
            began_at: None,
            topic: None,
            was_complete: None,
            is_lost,
        }
    }

    /// Whether it is a file, or standard input: what can be read again from its start at any time.
    pub(crate) fn is_file(&self) -> bool {
        self.path.is_some()
    }

    /// The mark of its topic, where the lake has another one or none.
    pub(crate) fn topic_position(&self) -> Option<Position> {
        let TopicMark { known, id } = self.topic?;
        let source_id = topic_id_key(&self.source_id);
        (known != Some(id)).then_some(Position { source_id, from: known, next: id })
    }

    /// Says that another process may own it now: nothing of it may be committed any more.
    pub(crate) fn lose(&self) {
        self.is_lost.store(true, Ordering::SeqCst);
    }

    /// Whether another process may own it now.
    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::SeqCst)
    }
}

/// Key of the mark that a stream was ingested to its end, which only files have.
pub(crate) fn complete_id(source_id: &str) -> String {
    format!("{source_id}/complete")
}

/// Key of the mark that says which topic a position belongs to, which only partitions have.
pub(crate) fn topic_id_key(source_id: &str) -> String {
    format!("{source_id}/topic-id")
}

/// Which topic a partition is of, beyond its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TopicMark {
    /// As the lake has it; `None`: it was never written down.
    pub(crate) known: Option<i64>,
    /// As the brokers say it.
    pub(crate) id: i64,
}

/// Records as they came.
#[derive(Debug)]
pub(crate) enum Payload {
    /// Single records (JSON, Avro or Protobuf, as the feed says): all bytes in one buffer, and for each
    /// record its offset and where it ends.
    Records(Records),
    /// Rows of a CSV file.
    Delimited {
        /// Names of the columns, as the first line of the file has them.
        header: Arc<Vec<String>>,
        /// In order, with the lines from which no row can be read.
        rows: Vec<Result<csv::ByteRecord, BadRow>>,
    },
    /// Records of an Avro file, in the schema that the file names.
    Avro(Records, Arc<Program>),
    /// Rows of a Parquet file.
    Columns(RecordBatch),
    /// No records: the stream ended with the chunk before this one.
    End,
}

/// Why a line of a CSV file is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadRow {
    /// It opens a quote, and what follows does not close it as a row would.
    OpenQuote,
    /// It is over the feed's limit.
    TooLarge,
}

/// Consecutive records of one stream.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// Whose records they are.
    pub(crate) stream: Arc<Stream>,
    /// Offset of the first record; records of a file are numbered from it.
    pub(crate) first_offset: i64,
    /// Where to go on after this chunk.
    pub(crate) next_offset: i64,
    /// The stream has ended with this chunk.
    pub(crate) is_last: bool,
    /// The records themselves.
    pub(crate) payload: Payload,
}

impl Chunk {
    /// What a chunk of single records takes in memory, about: its bytes, and what is kept of each record
    /// beside them. Files are read when they are asked for, so theirs does not count.
    pub(crate) fn memory_bytes(&self) -> usize {
        match &self.payload {
            Payload::Records(records) => records.bytes.len() + records.len() * size_of::<RecordEnd>(),
            _ => 0,
        }
    }
}
