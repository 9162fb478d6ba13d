//! Replacing a derived table: write the new files piece by piece, then swap in one commit.
//!
//! In: sorted batches. Out: a version of the table that holds only them. Readers see the old table until the
//! commit and the new one after it, so a recomputation that dies midway leaves nothing half done.

use std::sync::Arc;

use arrow::array::RecordBatch;
use deltalake_core::kernel::Add;
use tokio::runtime::Runtime;

use crate::error::LakeError;
use crate::table::DeltaTable;

/// A replacement under way.
#[derive(Debug)]
pub struct Replacement {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) table: DeltaTable,
    pub(crate) adds: Vec<Add>,
    pub(crate) row_count: u64,
}

impl Replacement {
    /// Writes one file of the new table. An empty batch writes none.
    ///
    /// # Errors
    /// [`LakeError`] when the file cannot be written.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        if batch.num_rows() > 0 {
            self.adds.push(self.table.write_file(batch, None)?);
            self.row_count += batch.num_rows() as u64;
        }
        Ok(())
    }

    /// Swaps the new files in. Returns the rows written by this process.
    ///
    /// # Errors
    /// [`LakeError`] when the commit fails; the old table then stays.
    pub fn commit(mut self) -> Result<u64, LakeError> {
        let adds = std::mem::take(&mut self.adds);
        self.runtime.block_on(self.table.replace(adds))?;
        Ok(self.row_count)
    }
}
