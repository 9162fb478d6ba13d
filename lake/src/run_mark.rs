//! Which run made a table, and of which pings.
//!
//! In: the mark of a run. Out: the same mark, read from a table's log. A run replaces several tables in as
//! many commits; a crash between two of them leaves tables of two runs side by side, and whoever joins them
//! would join two truths. The mark stands in each commit's info, for people, and as positions, which stay
//! when old entries of the log are deleted.

use std::fmt;
use std::str::FromStr;

use kayoi_schemas::tables::{InternalTable, ReleaseTable, Table};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::commit::Position;
use crate::error::LakeError;
use crate::lake::Lake;
use crate::log::{PINGS_VERSION, RUN};
use crate::table::DeltaTable;

/// The name of a run: random, 63 bits, so that a log's position can hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RunId(i64);

impl RunId {
    /// A new one.
    pub fn new() -> Self {
        let (high, _) = uuid::Uuid::new_v4().as_u64_pair();
        Self((high >> 1) as i64)
    }
}

impl Default for RunId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for RunId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        i64::from_str_radix(text, 16).map(Self)
    }
}

impl From<RunId> for String {
    fn from(run: RunId) -> Self {
        run.to_string()
    }
}

impl TryFrom<String> for RunId {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Says which run made a table, and the version of `pings` that it was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunMark {
    /// The run.
    pub run: RunId,
    /// What it read.
    pub pings_version: u64,
}

impl RunMark {
    pub(crate) fn note(self) -> (String, Value) {
        ("run".to_owned(), json!({ "id": self.run.to_string(), "pings_version": self.pings_version }))
    }
}

/// The tables that one run makes, in the order in which they are committed.
const OF_A_RUN: [InternalTable; 6] = [
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
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

    /// The positions by which a commit carries a mark.
    pub(crate) async fn marking(&self, mark: RunMark) -> Result<[Position; 2], LakeError> {
        let position = |id: &str, from, next| Position { source_id: id.to_owned(), from, next };
        Ok([
            position(RUN, self.position(RUN).await?, mark.run.0),
            position(PINGS_VERSION, self.position(PINGS_VERSION).await?, mark.pings_version as i64),
        ])
    }
}

impl Lake {
    /// The run that made the derived tables and the counts: one for all of them. `None` when there are none,
    /// or when a Kayoi made them that marked no run.
    ///
    /// # Errors
    /// [`LakeError::MixedRuns`] when they are of several, [`LakeError`] when a log cannot be read.
    pub fn one_run(&self) -> Result<Option<RunMark>, LakeError> {
        let mut marks = Vec::new();
        for table in OF_A_RUN {
            // Version 0 makes a table; one that was never filled is of no run.
            let mark = match self.as_it_is(table.table())? {
                Some(delta) if delta.version() > 0 => Some(self.block_on(delta.run_mark())?),
                _ => None,
            };
            marks.push((table.table().name, mark));
        }
        let (first, mark) = marks[0];
        match marks.iter().find(|(_, other)| *other != mark) {
            Some((other, _)) => Err(LakeError::MixedRuns { first, other }),
            None => Ok(mark.flatten()),
        }
    }

    /// The run that a released table was made of; `None` before the first release.
    ///
    /// # Errors
    /// [`LakeError`] when the log cannot be read.
    pub fn release_run(&self, table: ReleaseTable) -> Result<Option<RunMark>, LakeError> {
        match self.as_it_is(table.table())? {
            Some(delta) => self.block_on(delta.run_mark()),
            None => Ok(None),
        }
    }

    fn as_it_is(&self, table: &'static Table) -> Result<Option<DeltaTable>, LakeError> {
        self.block_on(DeltaTable::open_as_it_is(table, self.location()))
    }
}

#[cfg(test)]
#[path = "run_mark_tests.rs"]
mod tests;
