//! Placed pings, late pings and rejects → the lake, with the offsets they bring the streams to.
//!
//! In: what chunks of several streams gave. Out: one commit to `rejects` and one to `late_pings` when there
//! are any, then one to `pings`. The position of `pings` is the truth. The two others have their own: after a
//! crash between the commits the records are read again, and rows that are already there are not written
//! twice.
//!
//! What waits is kept by stream, so that a partition that another process took over can be left out.

mod error;
mod waiting;
mod columns;
mod buckets;
mod order;
mod batch;
mod counts;
mod side;
pub(crate) mod quality;

use std::collections::BTreeMap;
use std::sync::Arc;

use kayoi_lake::{DeltaTable, Lake, LakeError, Position, fault};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Clock;
use rayon::prelude::*;

use self::side::{SideRow, SideTable};
use self::waiting::Waiting;
use crate::chunk::{Chunk, Stream, complete_id};
use crate::summary::Summary;

pub use self::error::StoreError;
pub(crate) use self::waiting::Outcome;

/// The streams that a commit brought forward, and to where.
type Reached = Vec<(Arc<Stream>, i64)>;

/// What a flush did.
#[derive(Debug, Default)]
pub(crate) struct Flushed {
    /// Counts of what was committed.
    pub(crate) summary: Summary,
    /// Streams and the offsets they were brought to.
    pub(crate) reached: Reached,
    /// Streams that another process moved meanwhile; what waited of them was dropped.
    pub(crate) moved: Vec<Arc<Stream>>,
}

/// What waits for the next commit, and the tables it goes to.
#[derive(Debug)]
pub(crate) struct Store<'a> {
    lake: &'a Lake,
    pings: DeltaTable,
    late: SideTable,
    rejects: SideTable,
    waiting: BTreeMap<String, Waiting>,
    reached: BTreeMap<String, (Arc<Stream>, i64)>,
    waiting_rows: usize,
}

impl<'a> Store<'a> {
    /// Opens the tables.
    ///
    /// # Errors
    /// [`StoreError::Lake`] when they cannot be opened.
    pub(crate) fn open(lake: &'a Lake) -> Result<Self, StoreError> {
        Ok(Self {
            lake,
            pings: lake.table(InternalTable::Pings)?,
            late: SideTable::open(lake, InternalTable::LatePings)?,
            rejects: SideTable::open(lake, InternalTable::Rejects)?,
            waiting: BTreeMap::new(),
            reached: BTreeMap::new(),
            waiting_rows: 0,
        })
    }

    /// The table whose positions count.
    pub(crate) fn positions_table(&self) -> &DeltaTable {
        &self.pings
    }

    /// Rows that wait.
    pub(crate) fn waiting_rows(&self) -> usize {
        self.waiting_rows
    }

    /// Whether nothing waits, not even a position.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes what a chunk gave; nothing of a stream that is lost.
    pub(crate) fn add(&mut self, chunk: &Chunk, read: u64, outcome: Outcome) {
        let stream = &chunk.stream;
        if stream.is_lost() {
            return;
        }
        let id = &stream.source_id;
        if self.waiting.get(id).is_some_and(|waiting| !Arc::ptr_eq(&waiting.stream, stream)) {
            self.forget(id);
        }
        self.waiting_rows += outcome.rows();
        let waiting = self.waiting.entry(id.clone()).or_insert_with(|| Waiting {
            stream: Arc::clone(stream),
            from: match self.reached.get(id) {
                Some((reached, next)) if Arc::ptr_eq(reached, stream) => Some(*next),
                _ => stream.began_at,
            },
            next: chunk.first_offset,
            is_complete: false,
            outcome: Outcome::default(),
            read: 0,
            is_repeated: false,
        });
        waiting.next = chunk.next_offset;
        waiting.is_complete |= chunk.is_last;
        waiting.read += read;
        waiting.outcome.append(outcome);
    }

    /// Commits what waits.
    ///
    /// # Errors
    /// [`StoreError::Lake`] when a commit fails; [`StoreError::Broken`] when records were lost on the way, in
    /// which case nothing is committed.
    pub(crate) fn flush(&mut self) -> Result<Flushed, StoreError> {
        let mut flushed = Flushed::default();
        // Every turn takes one stream out at least, or ends.
        loop {
            self.leave_out_moved(&mut flushed)?;
            if self.waiting.is_empty() {
                break;
            }
            match self.commit() {
                Ok((summary, reached)) => {
                    flushed.summary.add(&summary);
                    flushed.reached = reached;
                    break;
                }
                // Between the look and the commit another process was faster: look again.
                Err(StoreError::Lake(LakeError::Fenced { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(flushed)
    }

    /// Drops what waits of streams that stand elsewhere in the lake than where this process began, or are
    /// lost.
    fn leave_out_moved(&mut self, flushed: &mut Flushed) -> Result<(), StoreError> {
        self.lake.block_on(self.pings.refresh())?;
        let mut gone = Vec::new();
        for (id, waiting) in &self.waiting {
            let found = self.lake.block_on(self.pings.position(id))?;
            if found != waiting.from || waiting.stream.is_lost() {
                tracing::warn!(source = id, ?found, expected = ?waiting.from, "left out: another process owns it");
                gone.push(id.clone());
            }
        }
        for id in gone {
            flushed.moved.extend(self.forget(&id));
        }
        Ok(())
    }

    /// Drops what waits of a stream.
    pub(crate) fn leave_out(&mut self, stream: &Arc<Stream>) {
        let is_its = |waiting: &Waiting| Arc::ptr_eq(&waiting.stream, stream);
        if self.waiting.get(&stream.source_id).is_some_and(is_its) {
            self.forget(&stream.source_id);
        }
    }

    fn forget(&mut self, id: &str) -> Option<Arc<Stream>> {
        let waiting = self.waiting.remove(id)?;
        self.waiting_rows -= waiting.outcome.rows();
        waiting.stream.lose();
        Some(waiting.stream)
    }

    fn commit(&mut self) -> Result<(Summary, Reached), StoreError> {
        let now = Clock::System.now();
        // The counts are checked before a byte is written: what does not add up must not be committed.
        let (rows, mut summary) = order::gather(self.waiting.values())?;
        summary.partners = counts::by_partner(&rows, self.waiting.values(), now);
        fault::point("before-rejects")?;
        let repeated = self.rejects.commit(self.lake, &self.waiting, SideRow::rejects, batch::rejects)?;
        for (id, waiting) in &mut self.waiting {
            waiting.is_repeated = waiting.is_fruitless() && repeated.contains(id);
        }
        let info = quality::of_commit(&rows, self.waiting.values(), now);
        fault::point("before-late")?;
        self.late.commit(self.lake, &self.waiting, SideRow::late, batch::late)?;
        fault::point("before-files")?;
        let partners = order::partners(self.waiting.values());
        let pings = &self.pings;
        let adds: Result<Vec<_>, LakeError> = rows
            .into_par_iter()
            .map(|(day, rows)| pings.write_file(&batch::pings(rows, &partners)?, Some(&day.to_string())))
            .collect();
        fault::point("before-commit")?;
        let mut positions = Vec::new();
        // Positions move for streams without a row too, or their rejected records would be read for ever.
        for (id, waiting) in self.waiting.iter().filter(|(_, waiting)| !waiting.is_fruitless()) {
            positions.push(Position { source_id: id.clone(), from: waiting.from, next: waiting.next });
            if waiting.is_complete {
                let (source_id, from) = (complete_id(id), waiting.stream.was_complete);
                positions.push(Position { source_id, from, next: waiting.next });
            }
            if !self.reached.get(id).is_some_and(|(reached, _)| Arc::ptr_eq(reached, &waiting.stream)) {
                positions.extend(waiting.stream.topic_position());
            }
        }
        let adds = adds?;
        summary.commits = u64::from(!(adds.is_empty() && positions.is_empty() && info.is_none()));
        self.lake.block_on(self.pings.append(adds, &positions, info))?;
        fault::point("after-commit")?;
        self.waiting_rows = 0;
        let mut reached = Vec::new();
        for (id, waiting) in std::mem::take(&mut self.waiting) {
            if waiting.is_fruitless() {
                continue;
            }
            reached.push((Arc::clone(&waiting.stream), waiting.next));
            self.reached.insert(id, (waiting.stream, waiting.next));
        }
        Ok((summary, reached))
    }
}
