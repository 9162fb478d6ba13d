//! Device records → the files of the derived tables, bucket by bucket, and one commit a table at the end.
//!
//! In: the records of a bucket, piece by piece, or the note of one that was written before. Out: replaced tables. Until the
//! commit nobody sees the new files.

use arrow::array::RecordBatch;
use kayoi_device::DeviceRecord;
use kayoi_lake::{Bucket, Lake, Replacement, RunMark, fault};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::tables::InternalTable;

use crate::error::AggregateError;
use crate::tables;

/// The derived tables, in the order in which they are committed.
const DERIVED: [InternalTable; 7] = [
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
    InternalTable::People,
    InternalTable::Panel,
    InternalTable::Workplaces,
    InternalTable::Ties,
];

/// The derived tables being written, as [`DERIVED`] names them.
pub(crate) struct Outputs(Vec<Replacement>);

impl Outputs {
    /// Starts to replace each of them.
    pub(crate) fn open(lake: &Lake) -> Result<Self, AggregateError> {
        let tables: Result<Vec<Replacement>, _> = DERIVED.iter().map(|table| lake.replace(*table)).collect();
        Ok(Self(tables?))
    }

    /// How many files each table has so far.
    pub(crate) fn file_counts(&self) -> Vec<usize> {
        self.0.iter().map(Replacement::file_count).collect()
    }

    /// Takes up the files of a bucket that was measured before; false when one of them is gone.
    pub(crate) fn restore(&mut self, lake: &Lake, notes: &[String]) -> Result<bool, AggregateError> {
        let before = self.file_counts();
        if notes.len() != before.len() {
            return Ok(false);
        }
        let mut all = true;
        for (table, note) in self.0.iter_mut().zip(notes) {
            all = all && table.restore(lake, note)?;
        }
        // All or nothing: the bucket is measured again, and would be there twice in the tables already taken
        // up.
        if !all {
            self.undo(&before);
        }
        Ok(all)
    }

    /// Begins a bucket. Returns how many files each table has before it.
    pub(crate) fn begin(&mut self, bucket: Bucket) -> Result<Vec<usize>, AggregateError> {
        for table in &mut self.0 {
            table.begin(bucket)?;
        }
        Ok(self.file_counts())
    }

    /// Writes the rows of a piece.
    pub(crate) fn write(
        &mut self,
        records: &[DeviceRecord],
        definition: &Definition,
    ) -> Result<(), AggregateError> {
        let batches: [RecordBatch; DERIVED.len()] = [
            tables::stays::rows(records)?,
            tables::nights::rows(records)?,
            tables::residences::rows(records)?,
            tables::people::rows(records)?,
            tables::panel::rows(records)?,
            tables::workplaces::rows(records)?,
            tables::ties::rows(records, definition)?,
        ];
        for (table, batch) in self.0.iter_mut().zip(&batches) {
            table.write(batch)?;
        }
        Ok(())
    }

    /// Ends a bucket that began with so many files. Returns a note of its own for each table.
    pub(crate) fn end(&mut self, before: &[usize]) -> Result<Vec<String>, AggregateError> {
        for table in &mut self.0 {
            table.end_file()?;
        }
        let notes: Result<Vec<String>, _> =
            self.0.iter().zip(before).map(|(table, count)| table.files_since(*count)).collect();
        Ok(notes?)
    }

    /// Forgets the files of the bucket that began with so many.
    pub(crate) fn undo(&mut self, before: &[usize]) {
        self.0.iter_mut().zip(before).for_each(|(table, count)| table.truncate(*count));
    }

    /// Swaps each in, one commit a table, as long as `may_go_on`.
    pub(crate) fn commit(
        self,
        mark: RunMark,
        may_go_on: &dyn Fn() -> Result<(), AggregateError>,
    ) -> Result<(), AggregateError> {
        for table in self.0 {
            may_go_on()?;
            table.commit(Some(mark))?;
            fault::point("between-derived-commits")?;
        }
        Ok(())
    }
}
