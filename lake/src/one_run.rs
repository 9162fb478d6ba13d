//! Whether the tables that lie side by side were made by one run.
//!
//! In: a lake. Out: the mark that they all carry, or an error. A run replaces several tables in as many commits; a
//! crash between two of them leaves tables of two runs, and whoever joins those would join two truths.

use kayoi_schemas::tables::{InternalTable, ReleaseTable, Table};

use crate::error::LakeError;
use crate::lake::Lake;
use crate::log::{PINGS_VERSION, RUN};
use crate::run_mark::{RunId, RunMark};
use crate::table::DeltaTable;

/// The tables that one run makes, in the order in which they are committed.
const OF_A_RUN: [InternalTable; 7] = [
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
    InternalTable::Panel,
    InternalTable::Workplaces,
    InternalTable::Ties,
    InternalTable::Indicators,
];

impl DeltaTable {
    /// The run that made this snapshot; `None` when a Kayoi did that marked none.
    pub(crate) async fn run_mark(&self) -> Result<Option<RunMark>, LakeError> {
        let (run, version) = (self.position(RUN).await?, self.position(PINGS_VERSION).await?);
        let mark = |(run, version): (i64, i64)| RunMark { run: RunId(run), pings_version: version as u64 };
        Ok(run.zip(version).map(mark))
    }
}

impl Lake {
    /// The run that made the derived tables and the counts: one for all of them. `None` when there are none,
    /// or when a Kayoi made them that marked no run.
    ///
    /// # Errors
    /// [`LakeError::MixedRuns`] when they are of several, [`LakeError`] when a log cannot be read.
    pub fn one_run(&self) -> Result<Option<RunMark>, LakeError> {
        let (mut runs, mut last) = (Vec::new(), None);
        for table in OF_A_RUN {
            // Version 0 makes a table; one that was never filled is of no run.
            let run = match self.as_it_is(table.table())? {
                Some(delta) if delta.version() > 0 => {
                    let run = self.block_on(delta.position(RUN))?;
                    last = Some(delta);
                    Some(run)
                }
                _ => None,
            };
            runs.push((table.table().name, run));
        }
        let (first, run) = runs[0];
        if let Some((other, _)) = runs.iter().find(|(_, other)| *other != run) {
            return Err(LakeError::MixedRuns { first, other });
        }
        last.map_or(Ok(None), |delta| self.block_on(delta.run_mark()))
    }

    /// The run that made an internal table; `None` when it was never filled, or by a Kayoi that marked none.
    ///
    /// # Errors
    /// [`LakeError`] when the log cannot be read.
    pub fn run_of(&self, table: InternalTable) -> Result<Option<RunMark>, LakeError> {
        self.mark_of(table.table())
    }

    /// The run that a released table was made of; `None` before the first release.
    ///
    /// # Errors
    /// [`LakeError`] when the log cannot be read.
    pub fn release_run(&self, table: ReleaseTable) -> Result<Option<RunMark>, LakeError> {
        self.mark_of(table.table())
    }

    fn mark_of(&self, table: &'static Table) -> Result<Option<RunMark>, LakeError> {
        match self.as_it_is(table)? {
            Some(delta) => self.block_on(delta.run_mark()),
            None => Ok(None),
        }
    }

    fn as_it_is(&self, table: &'static Table) -> Result<Option<DeltaTable>, LakeError> {
        self.block_on(DeltaTable::open_as_it_is(table, self.location()))
    }
}

#[cfg(test)]
#[path = "one_run_tests.rs"]
mod tests;
