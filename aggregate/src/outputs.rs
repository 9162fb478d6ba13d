//! Device records → the files of the derived tables, piece by piece, and one commit a table at the end.
//!
//! In: the records of a piece, or the note of one that was written before. Out: replaced tables. Until the
//! commit nobody sees the new files.

use arrow::array::RecordBatch;
use kayoi_device::DeviceRecord;
use kayoi_lake::{Lake, Replacement};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::tables::InternalTable;

use crate::error::AggregateError;
use crate::tables;

/// The derived tables, in the order in which they are committed.
const DERIVED: [InternalTable; 5] = [
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
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
    fn file_counts(&self) -> Vec<usize> {
        self.0.iter().map(Replacement::file_count).collect()
    }

    /// Takes up the files of a piece that was measured before; false when one of them is gone.
    pub(crate) fn restore(&mut self, lake: &Lake, notes: &[String]) -> bool {
        let before = self.file_counts();
        let all = notes.len() == before.len()
            && self.0.iter_mut().zip(notes).all(|(table, note)| table.restore(lake, note));
        // All or nothing: the piece is measured again, and would be there twice in the tables already taken
        // up.
        if !all {
            self.0.iter_mut().zip(before).for_each(|(table, count)| table.truncate(count));
        }
        all
    }

    /// Writes a piece. Returns a note of its files for each table.
    pub(crate) fn write(
        &mut self,
        records: &[DeviceRecord],
        definition: &Definition,
    ) -> Result<Vec<String>, AggregateError> {
        let before = self.file_counts();
        let batches: [RecordBatch; DERIVED.len()] = [
            tables::stays::rows(records)?,
            tables::nights::rows(records)?,
            tables::residences::rows(records)?,
            tables::workplaces::rows(records)?,
            tables::ties::rows(records, definition)?,
        ];
        for (table, batch) in self.0.iter_mut().zip(&batches) {
            table.write(batch)?;
        }
        let notes: Result<Vec<String>, _> =
            self.0.iter().zip(before).map(|(table, count)| table.files_since(count)).collect();
        Ok(notes?)
    }

    /// Swaps each in, one commit a table.
    pub(crate) fn commit(self) -> Result<(), AggregateError> {
        for table in self.0 {
            table.commit()?;
        }
        Ok(())
    }
}
