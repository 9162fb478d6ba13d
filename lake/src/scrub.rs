//! Texts that an older version left in `rejects`: details that quoted a record, and bounds of them in the log.
//!
//! In: a lake. Out: rejects without such texts, how many. A detail is made of fixed words today; before, a
//! parser's own message could stand there, with what it had found. Such files are known by their entry in the
//! log, which states the least and greatest detail; today's states none. They are written again with another
//! detail, the old ones are deleted at once, and so are the log's entries that state such bounds, behind a
//! checkpoint that stands for them.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use deltalake_core::checkpoints::create_checkpoint;
use deltalake_core::kernel::Action;
use deltalake_core::protocol::DeltaOperation;
use futures::TryStreamExt;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Clock;
use serde_json::Value;

use crate::batches::{BATCH_ROWS, Batches, Groups};
use crate::commit::Proposal;
use crate::error::LakeError;
use crate::file::{FileBuilder, Press};
use crate::forget::YOUNG_MS;
use crate::lake::Lake;
use crate::table::{DataFile, DeltaTable};

/// The column whose texts are taken away.
const COLUMN: &str = "detail";
/// What stands there instead.
const REMOVED: &str = "removed: an older version wrote it";

/// What the entries of a log say.
#[derive(Default)]
struct LogEntries {
    /// Whether one states bounds of the column, of a file that is there or was.
    states_bounds: bool,
    /// Files that they took out of the table.
    given_up: BTreeSet<String>,
}

impl Lake {
    /// Takes texts away that an older version may have taken from records. Needs the lease. Returns how many
    /// rejects had one.
    ///
    /// # Errors
    /// [`LakeError`] when `rejects` cannot be rewritten; run it again then.
    pub fn scrub(&self) -> Result<u64, LakeError> {
        match self.table_if_there(InternalTable::Rejects)? {
            Some(mut rejects) => rejects.scrub(self),
            None => Ok(0),
        }
    }
}

impl DeltaTable {
    fn scrub(&mut self, lake: &Lake) -> Result<u64, LakeError> {
        lake.block_on(self.refresh())?;
        let position = lake.block_on(self.maintenance_position())?;
        let stated = lake.block_on(self.files_with_bounds())?;
        let (mut actions, mut rows) = (Vec::new(), 0);
        for file in lake.block_on(self.files())?.into_iter().filter(|file| stated.contains(&file.path)) {
            rows += file.row_count;
            actions.push(Action::Remove(file.remove.clone()));
            actions.push(Action::Add(self.without_texts(&file)?));
        }
        if !actions.is_empty() {
            let operation = DeltaOperation::Delete { predicate: None };
            let positions = vec![position];
            lake.block_on(self.commit(Proposal { actions, positions, mark: None, operation, note: None }))?;
        }
        let mut log = self.read_log(lake)?;
        if !stated.is_empty() || log.states_bounds {
            log.given_up.extend(stated);
            self.delete_given_up(lake, &log.given_up)?;
            self.delete_log(lake)?;
        }
        Ok(rows)
    }

    /// Files of this snapshot whose entry in the log states bounds of the column.
    async fn files_with_bounds(&self) -> Result<BTreeSet<String>, LakeError> {
        let log_store = self.inner.log_store();
        let views = self.state()?.snapshot().file_views(log_store.as_ref(), None);
        let views: Vec<_> =
            views.try_collect().await.map_err(LakeError::delta("list", self.description.name))?;
        let stated = views.iter().filter(|view| view.stats().is_some_and(|stats| states_bounds(&stats)));
        Ok(stated.map(|view| format!("{}/{}", self.description.path, view.object_store_path())).collect())
    }

    fn without_texts(&self, file: &DataFile) -> Result<deltalake_core::kernel::Add, LakeError> {
        let schema = self.file_schema();
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let mut left = FileBuilder::new(self.description, schema.clone(), Press::Light)?;
        for batch in Batches::open(self.description, file, &columns, BATCH_ROWS, Groups::All)? {
            let batch = batch?;
            let texts: ArrayRef = Arc::new(StringArray::from(vec![REMOVED; batch.num_rows()]));
            let found = batch.schema();
            let columns = found.fields().iter().zip(batch.columns()).map(|(field, column)| {
                if field.name() == COLUMN { Arc::clone(&texts) } else { Arc::clone(column) }
            });
            let batch = RecordBatch::try_new(Arc::clone(&found), columns.collect());
            left.write(&batch.map_err(LakeError::arrow(self.description.name))?)?;
        }
        self.finish_file(left, file.partition_value.as_deref())
    }

    fn log(&self) -> String {
        format!("{}/_delta_log", self.description.path)
    }

    /// What the log's entries say, as far back as they reach.
    fn read_log(&self, lake: &Lake) -> Result<LogEntries, LakeError> {
        let mut log = LogEntries::default();
        for found in lake.block_on(self.location.list(&self.log()))? {
            if !found.path.ends_with(".json") {
                continue;
            }
            let bytes = lake.block_on(self.location.read(&found.path))?.unwrap_or_default();
            for line in bytes.split(|byte| *byte == b'\n') {
                let entry: Value = serde_json::from_slice(line).unwrap_or_default();
                log.states_bounds |= entry["add"]["stats"].as_str().is_some_and(states_bounds);
                let path = entry["remove"]["path"].as_str();
                log.given_up.extend(path.map(|path| format!("{}/{path}", self.description.path)));
            }
        }
        Ok(log)
    }

    /// Deletes files that the table gave up, or that nobody has named for long.
    fn delete_given_up(&self, lake: &Lake, given_up: &BTreeSet<String>) -> Result<(), LakeError> {
        let live: BTreeSet<String> = lake.block_on(self.files())?.into_iter().map(|file| file.path).collect();
        let old = Clock::System.now().0 - YOUNG_MS;
        for found in lake.block_on(self.location.list(self.description.path))? {
            let is_data = found.path.ends_with(".parquet") && !found.path.contains("/_delta_log/");
            let is_over = given_up.contains(&found.path) || found.modified.0 < old;
            if is_data && is_over && !live.contains(&found.path) {
                lake.block_on(self.location.delete(&found.path))?;
            }
        }
        Ok(())
    }

    /// Writes a checkpoint and deletes what it stands for.
    fn delete_log(&mut self, lake: &Lake) -> Result<(), LakeError> {
        lake.block_on(self.refresh())?;
        let version = self.version();
        let refused = LakeError::delta("write a checkpoint of", self.description.name);
        lake.block_on(create_checkpoint(&self.inner, None)).map_err(refused)?;
        for found in lake.block_on(self.location.list(&self.log()))? {
            let name = found.path.rsplit('/').next().unwrap_or_default();
            let number = name.split('.').next().and_then(|digits| digits.parse::<u64>().ok());
            if number.is_some_and(|number| number < version) {
                lake.block_on(self.location.delete(&found.path))?;
            }
        }
        Ok(())
    }
}

/// Whether statistics of a file state bounds of the column.
fn states_bounds(stats: &str) -> bool {
    let stats: Value = serde_json::from_str(stats).unwrap_or_default();
    ["minValues", "maxValues"].iter().any(|bounds| !stats[*bounds][COLUMN].is_null())
}

#[cfg(test)]
#[path = "scrub_tests.rs"]
mod tests;
