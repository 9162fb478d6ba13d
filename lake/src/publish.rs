//! The key to the release tables, for whoever makes them.
//!
//! In: a lake. Out: [`ReleaseWriter`], which reads exact counts and replaces release tables, and can open
//! nothing else: a crate that is handed only this key cannot read a ping.

use arrow::array::RecordBatch;
use kayoi_schemas::tables::{InternalTable, ReleaseTable};

use crate::error::LakeError;
use crate::lake::Lake;
use crate::replace::Replacement;
use crate::run_mark::RunMark;

/// Reads the exact counts and writes release tables.
#[derive(Debug, Clone)]
pub struct ReleaseWriter(Lake);

impl Lake {
    /// The key for the release.
    pub fn release_writer(&self) -> ReleaseWriter {
        ReleaseWriter(self.clone())
    }
}

impl ReleaseWriter {
    /// Columns of the table `indicators`, as they are named.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn exact_counts(&self, columns: &[&str]) -> Result<Vec<RecordBatch>, LakeError> {
        self.0.rows(InternalTable::Indicators, columns)
    }

    /// The run that made the exact counts and the tables beside them.
    ///
    /// # Errors
    /// [`LakeError::MixedRuns`] when they are of several.
    pub fn run(&self) -> Result<Option<RunMark>, LakeError> {
        self.0.one_run()
    }

    /// Version of a release table; `None` before the first release.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn version(&self, table: ReleaseTable) -> Result<Option<u64>, LakeError> {
        self.0.release_version(table)
    }

    /// Starts to replace a release table.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be opened.
    pub fn replace(&self, table: ReleaseTable) -> Result<Replacement, LakeError> {
        self.0.replace_release(table)
    }
}
