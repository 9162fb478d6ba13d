//! What records became, while they wait for the next commit.
//!
//! In: placed pings, late ones and rejections of chunks. Out: one [`Waiting`] per stream, which every file
//! that makes a part of the commit reads.

use std::sync::Arc;

use crate::chunk::Stream;
use crate::place::PlacedPing;
use crate::rejection::Rejection;

/// What the records of a chunk became.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Accepted, in time; as many at a time as came at once, so that none is copied to wait beside the others.
    pub(crate) pings: Vec<Vec<PlacedPing>>,
    /// Accepted, too late; with their offsets.
    pub(crate) late: Vec<(i64, PlacedPing)>,
    /// Not accepted; with their offsets.
    pub(crate) rejects: Vec<(i64, Rejection)>,
    /// Dropped, because they lie in sensitive places: how many, so that nothing of them can get into a row.
    pub(crate) sensitive: u64,
    /// Fields outside the contract.
    pub(crate) unknown_fields: u64,
}

/// What waits of one stream.
#[derive(Debug)]
pub(super) struct Waiting {
    /// Whose records they are.
    pub(super) stream: Arc<Stream>,
    /// Where the lake must stand for them to be committed.
    pub(super) from: Option<i64>,
    /// Where the lake stands after them.
    pub(super) next: i64,
    /// Whether the stream ends with them.
    pub(super) is_complete: bool,
    /// What became of them.
    pub(super) outcome: Outcome,
    /// How many were read.
    pub(super) read: u64,
    /// Whether an earlier run has counted its rejects.
    pub(super) is_repeated: bool,
}

impl Waiting {
    /// A file of which nothing is in the lake and nothing will be: it gets no position, and the next run reads
    /// it again, perhaps with the right options. Where pings in sensitive places were dropped, they were right.
    pub(super) fn is_fruitless(&self) -> bool {
        let stored = self.outcome.accepted() + self.outcome.late.len();
        self.stream.is_file() && self.from.is_none() && stored == 0 && self.outcome.sensitive == 0
    }
}

impl Outcome {
    /// Pings that were accepted in time.
    fn accepted(&self) -> usize {
        self.pings.iter().map(Vec::len).sum()
    }

    /// Rows of any table.
    pub(super) fn rows(&self) -> usize {
        self.accepted() + self.late.len() + self.rejects.len()
    }

    /// Appends another one.
    pub(crate) fn append(&mut self, other: Self) {
        self.pings.extend(other.pings);
        self.late.extend(other.late);
        self.rejects.extend(other.rejects);
        self.sensitive += other.sensitive;
        self.unknown_fields += other.unknown_fields;
    }
}
