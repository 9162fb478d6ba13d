//! Rows that go to a table beside `pings`: late pings and rejects.
//!
//! In: rows with their offsets, by stream. Out: one commit with the table's own positions. It is made before
//! the commit to `pings`; when the process dies between the two, the records are read again, and the rows
//! whose offsets the table already passed are left out. So each row is there once, whoever wrote it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use kayoi_lake::{DeltaTable, Lake, LakeError, Position, fault};
use kayoi_schemas::tables::InternalTable;

use super::waiting::Waiting;
use crate::chunk::Stream;
use crate::place::PlacedPing;
use crate::rejection::Rejection;

/// How often the look at the positions is repeated when another process moves them in between.
const ATTEMPTS: usize = 8;

/// A table with positions of its own.
#[derive(Debug)]
pub(super) struct SideTable(DeltaTable);

/// A row for such a table.
#[derive(Debug)]
pub(super) struct SideRow<'w, T> {
    /// The stream that the record came in.
    pub(super) stream: &'w Arc<Stream>,
    /// Its place in the stream.
    pub(super) offset: i64,
    /// What became of it.
    pub(super) value: &'w T,
}

impl<'w> SideRow<'w, Rejection> {
    pub(super) fn rejects(waiting: &'w Waiting) -> Vec<Self> {
        rows(&waiting.stream, &waiting.outcome.rejects)
    }
}

impl<'w> SideRow<'w, PlacedPing> {
    pub(super) fn late(waiting: &'w Waiting) -> Vec<Self> {
        rows(&waiting.stream, &waiting.outcome.late)
    }
}

fn rows<'w, T>(stream: &'w Arc<Stream>, values: &'w [(i64, T)]) -> Vec<SideRow<'w, T>> {
    values.iter().map(|(offset, value)| SideRow { stream, offset: *offset, value }).collect()
}

impl SideTable {
    /// Opens a table, or makes it.
    pub(super) fn open(lake: &Lake, table: InternalTable) -> Result<Self, LakeError> {
        lake.table(table).map(Self)
    }

    /// Commits the rows of `waiting` that are not yet there. Returns the sources all of whose rows are.
    pub(super) fn commit<'w, T: 'w>(
        &mut self,
        lake: &Lake,
        waiting: &'w BTreeMap<String, Waiting>,
        rows_of: impl Fn(&'w Waiting) -> Vec<SideRow<'w, T>>,
        batch_of: impl Fn(&[SideRow<'w, T>]) -> Result<RecordBatch, LakeError>,
    ) -> Result<BTreeSet<String>, LakeError> {
        // The position may move between the look at it and the commit; then the look is repeated.
        let mut fenced = None;
        for _ in 0..ATTEMPTS {
            if waiting.values().all(|waiting| rows_of(waiting).is_empty()) {
                return Ok(BTreeSet::new());
            }
            lake.block_on(self.0.refresh())?;
            let (mut rows, mut positions) = (Vec::new(), Vec::new());
            let mut there = BTreeSet::new();
            for (id, waiting) in waiting {
                let from = lake.block_on(self.0.position(id))?;
                let news =
                    rows_of(waiting).into_iter().filter(|row| from.is_none_or(|from| row.offset >= from));
                let before = rows.len();
                rows.extend(news);
                if rows.len() > before {
                    positions.push(Position { source_id: id.clone(), from, next: waiting.next });
                } else if from.is_some() {
                    there.insert(id.clone());
                }
            }
            if rows.is_empty() {
                return Ok(there);
            }
            let add = self.0.write_file(&batch_of(&rows)?, None)?;
            fault::point("side-file-written")?;
            match lake.block_on(self.0.append(vec![add], &positions, None)) {
                Ok(()) => return Ok(there),
                Err(error @ LakeError::Fenced { .. }) => fenced = Some(error),
                Err(error) => return Err(error),
            }
        }
        fenced.map_or(Ok(BTreeSet::new()), Err)
    }
}
