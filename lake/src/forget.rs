//! Forgetting devices: no row of them stays in any table.
//!
//! In: pseudonyms. Out: counts per table. Files that hold a row of them are written again without it, in one
//! commit per table; then every file that is not in the table any more and holds one of them is deleted at
//! once, also those that a compaction replaced before, because a file that only the log has forgotten can
//! still be read. Statistics in the log name no device, see [`crate::file`].

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int64Type;
use deltalake_core::kernel::Action;
use deltalake_core::protocol::DeltaOperation;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::{Clock, HOUR_MS};

use crate::batches::{BATCH_ROWS, Batches, Groups};
use crate::commit::Proposal;
use crate::error::LakeError;
use crate::file::{FileBuilder, Press};
use crate::lake::Lake;
use crate::log::FORGET;
use crate::scan::reorder;
use crate::table::{DataFile, DeltaTable};

/// Tables with a row per device.
const TABLES: [InternalTable; 9] = [
    InternalTable::Pings,
    InternalTable::LatePings,
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
    InternalTable::People,
    InternalTable::Panel,
    InternalTable::Workplaces,
    InternalTable::Ties,
];

/// How often a table is planned again when another rewrite came between.
const ATTEMPTS: usize = 5;

/// A file that no commit names is taken for one under way for this long.
pub(crate) const YOUNG_MS: i64 = 6 * HOUR_MS;

/// Rows removed, by table name; tables without such rows are not in it.
pub type Forgotten = BTreeMap<&'static str, u64>;

impl Lake {
    /// Removes every row of the devices. Needs the lease.
    ///
    /// # Errors
    /// [`LakeError`] when a table cannot be rewritten; run it again then, what is done stays done.
    pub fn forget(&self, devices: &BTreeSet<DeviceId>) -> Result<Forgotten, LakeError> {
        // All are opened before any is rewritten: a table with other columns is refused while nothing is
        // deleted, or the rows of one table would be gone and nobody could prove it.
        let mut tables = Vec::new();
        for table in TABLES {
            tables.extend(self.table_if_there(table)?.map(|delta| (table.table().name, delta)));
        }
        // A run under way may have measured them already; without its notes it cannot commit, and one that begins
        // before the rows are gone finds in the log that they went.
        self.clear_journal()?;
        let mut forgotten = Forgotten::new();
        for (name, mut delta) in tables {
            let rows = delta.forget(self, devices)?;
            if rows > 0 {
                forgotten.insert(name, rows);
            }
        }
        Ok(forgotten)
    }
}

impl DeltaTable {
    fn forget(&mut self, lake: &Lake, devices: &BTreeSet<DeviceId>) -> Result<u64, LakeError> {
        for attempt in 1.. {
            match self.try_forget(lake, devices) {
                Err(LakeError::Fenced { .. }) if attempt < ATTEMPTS => {}
                result => return result,
            }
        }
        Ok(0)
    }

    fn try_forget(&mut self, lake: &Lake, devices: &BTreeSet<DeviceId>) -> Result<u64, LakeError> {
        lake.block_on(self.refresh())?;
        let position = lake.block_on(self.maintenance_position())?;
        let (mut actions, mut rows) = (Vec::new(), 0);
        for file in lake.block_on(self.files())? {
            let found = self.rows_of(&file, devices)?;
            if found == 0 {
                continue;
            }
            rows += found;
            actions.push(Action::Remove(file.remove.clone()));
            actions.extend(self.without(&file, devices)?.map(Action::Add));
        }
        if rows > 0 {
            // The predicate stands in the log for ever: it names no device.
            let operation = DeltaOperation::Delete { predicate: None };
            let (positions, note) = (vec![position], Some((FORGET.to_owned(), true.into())));
            lake.block_on(self.commit(Proposal { actions, positions, mark: None, operation, note }))?;
        }
        self.delete_old_files(lake, devices)?;
        Ok(rows)
    }

    /// Deletes files that the table gave up and that hold a row of the devices. A file that no commit ever
    /// named may be one that ingest is about to commit; it is left when it is young.
    fn delete_old_files(&self, lake: &Lake, devices: &BTreeSet<DeviceId>) -> Result<(), LakeError> {
        let live = lake.block_on(self.files())?;
        let mut given_up = BTreeSet::new();
        for action in
            lake.block_on(self.commits_since(0))?.unwrap_or_default().into_iter().flat_map(|c| c.actions)
        {
            if let Action::Remove(remove) = action {
                given_up.insert(format!("{}/{}", self.description.path, remove.path));
            }
        }
        let old = Clock::System.now().0 - YOUNG_MS;
        // Files of a run that was stopped wait for its notes, and those are gone.
        let of_ingest = [InternalTable::Pings, InternalTable::LatePings];
        let is_derived = of_ingest.iter().all(|table| table.table().name != self.description.name);
        for found in lake.block_on(self.location.list(self.description.path))? {
            let is_data = found.path.ends_with(".parquet") && !found.path.contains("/_delta_log/");
            let is_live = live.iter().any(|file| file.path == found.path);
            let is_over = is_derived || given_up.contains(&found.path) || found.modified.0 < old;
            if !is_data || is_live || !is_over {
                continue;
            }
            let file = DataFile::outside(&self.location, found.path, found.size_bytes);
            if self.rows_of(&file, devices)? > 0 {
                lake.block_on(self.location.delete(&file.path))?;
            }
        }
        Ok(())
    }

    /// Rows of the devices in a file; only row groups that can hold one are read.
    fn rows_of(&self, file: &DataFile, devices: &BTreeSet<DeviceId>) -> Result<u64, LakeError> {
        let mut rows = 0;
        // A file of another bucket is not even opened.
        let held =
            devices.iter().map(|device| device.column_value()).filter(|device| file.bucket.holds(*device));
        for value in held {
            let range = value..=value;
            for batch in
                Batches::open(self.description, file, &["device_id"], BATCH_ROWS, Groups::Holding(&range))?
            {
                let batch = batch?;
                let column = batch.column(0).as_primitive::<Int64Type>();
                rows += column.values().iter().filter(|found| **found == value).count() as u64;
            }
        }
        Ok(rows)
    }

    /// The file without rows of the devices; `None` when nothing is left.
    fn without(
        &self,
        file: &DataFile,
        devices: &BTreeSet<DeviceId>,
    ) -> Result<Option<deltalake_core::kernel::Add>, LakeError> {
        let schema = self.file_schema();
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let press = if file.is_compacted { Press::Firm } else { Press::Light };
        let mut left = FileBuilder::new(self.description, schema.clone(), press)?.of(file.bucket);
        let mut rows = 0;
        for batch in Batches::open(self.description, file, &columns, BATCH_ROWS, Groups::All)? {
            let batch = reorder(self.description, &batch?, &columns)?;
            let batch = keep_others(&batch, devices).map_err(LakeError::arrow(self.description.name))?;
            rows += batch.num_rows();
            left.write(&batch)?;
        }
        if rows == 0 {
            return Ok(None);
        }
        self.finish_file(left, file.partition_value.as_deref()).map(Some)
    }
}

fn keep_others(
    batch: &RecordBatch,
    devices: &BTreeSet<DeviceId>,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let index = batch.schema().index_of("device_id")?;
    let column = batch.column(index).as_primitive::<Int64Type>();
    let is_other = |device: Option<i64>| device.map(|d| !devices.contains(&DeviceId::from_column(d)));
    filter_record_batch(batch, &BooleanArray::from_iter(column.iter().map(is_other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Or somebody would be forgotten in most tables, and told that it was in all.
    #[test]
    fn every_table_with_a_row_per_device_forgets() {
        for table in InternalTable::ALL {
            let has_devices = table.table().columns.iter().any(|column| column.name == "device_id");
            assert_eq!(TABLES.contains(&table), has_devices, "{}", table.table().name);
        }
    }
}
