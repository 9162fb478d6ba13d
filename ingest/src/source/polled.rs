//! What every source can do and say.
//!
//! In: the pipeline's questions, and where the lake stands ([`Positions`]). Out: [`Polled`], one thing at a
//! time. A source holds no position of its own that outlives the process: the lake alone knows what was
//! committed.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use kayoi_lake::{DeltaTable, Lake, LakeError};

use super::error::SourceError;
use crate::chunk::{Chunk, Stream, complete_id};

/// What a source has to say.
#[derive(Debug)]
pub(crate) enum Polled {
    /// Records to decode and store.
    Chunk(Chunk),
    /// A file that was ingested before.
    Skipped,
    /// A file of a folder that cannot be read on: what waits of it is to be dropped, the others come next.
    Unreadable {
        /// What was read of it so far belongs to this; `None`: nothing was.
        stream: Option<Arc<Stream>>,
        /// Why.
        error: SourceError,
    },
    /// These streams go to another process: what was read of them is to be committed now, then `done` told.
    Handover {
        /// The streams that go.
        streams: Vec<Arc<Stream>>,
        /// Waits for the commit.
        done: SyncSender<()>,
    },
    /// Nothing now, perhaps something later.
    Idle,
    /// Nothing more, ever.
    End,
}

/// A source of records.
pub(crate) trait Source {
    /// Reads on. New streams ask `positions` where to start.
    ///
    /// # Errors
    /// [`SourceError`] when the source cannot be read.
    fn poll(&mut self, positions: &Positions<'_>) -> Result<Polled, SourceError>;

    /// Share of the input that was read, 0 to 1, when it is known.
    fn progress(&self) -> Option<f64>;

    /// Rows up to these offsets are in the lake: news for whoever watches the source from outside.
    fn committed(&mut self, _reached: &[(Arc<Stream>, i64)]) {}

    /// Goes on without a stream whose records cannot be decoded. `false` when there is nothing else to read,
    /// or when it must not be passed over.
    fn give_up(&mut self, _stream: &Arc<Stream>) -> bool {
        false
    }

    /// What there is beside what is read, as people know it.
    fn unread(&self) -> Vec<String> {
        Vec::new()
    }

    /// Reads a lost stream again from where the lake stands, if this process still owns it. `false` when the
    /// source cannot: then two processes read the same input, and this one stops.
    fn rewind(&mut self, _stream: &Arc<Stream>) -> bool {
        false
    }
}

/// Where the lake stands, by stream.
#[derive(Debug)]
pub(crate) struct Positions<'a> {
    /// The lake that is asked.
    pub(crate) lake: &'a Lake,
    /// The table whose positions count.
    pub(crate) table: &'a DeltaTable,
}

impl Positions<'_> {
    /// The next record of a stream, or `None` when nothing of it was ever committed.
    ///
    /// # Errors
    /// [`LakeError`] when the log cannot be read.
    pub(crate) fn next_offset(&self, source_id: &str) -> Result<Option<i64>, LakeError> {
        self.lake.block_on(self.table.position(source_id))
    }

    /// The mark of a file that was ingested to its end.
    ///
    /// # Errors
    /// [`LakeError`] when the log cannot be read.
    pub(crate) fn complete(&self, source_id: &str) -> Result<Option<i64>, LakeError> {
        self.next_offset(&complete_id(source_id))
    }
}
