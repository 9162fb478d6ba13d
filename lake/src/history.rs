//! What happened to a table since a version: which days changed, and what the commits say about themselves.
//!
//! In: a version. Out: its later commits, oldest first. Days touched let dependent results be computed again
//! and no others; compaction touches none, because it changes no row. Positions are kept current from here
//! too: the library replays the whole log for each one it is asked for.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use bytes::Bytes;
use deltalake_core::DeltaTableError;
use deltalake_core::kernel::Action;
use deltalake_core::logstore::get_actions;
use futures::{StreamExt, TryStreamExt};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::error::LakeError;
use crate::lake::Lake;
use crate::log::{FORGET, MAINTENANCE, NOTE, PINGS_VERSION, RUN};
use crate::table::DeltaTable;

/// Commits that are fetched at a time.
const CONCURRENT_READS: usize = 8;

/// One commit of a table's log.
#[derive(Debug)]
pub struct Commit {
    /// The version it made.
    pub version: u64,
    pub(crate) actions: Vec<Action>,
}

impl Commit {
    /// An entry of what the commit says about itself.
    pub fn note(&self, name: &str) -> Option<&Value> {
        self.actions.iter().find_map(|action| match action {
            Action::CommitInfo(info) => info.info.get(NOTE)?.get(name),
            _ => None,
        })
    }

    /// Partition values whose rows changed; `None` among them: some partition, it is not known which.
    pub fn changed_partitions(&self, column: &str) -> BTreeSet<Option<String>> {
        let mut changed = BTreeSet::new();
        for action in &self.actions {
            match action {
                Action::Add(add) if add.data_change => {
                    changed.insert(add.partition_values.get(column).cloned().flatten());
                }
                Action::Remove(remove) if remove.data_change => {
                    let value = remove.partition_values.as_ref().and_then(|values| values.get(column));
                    changed.insert(value.cloned().flatten());
                }
                _ => {}
            }
        }
        changed
    }
}

impl DeltaTable {
    /// The commits after version `since` up to this snapshot; `None` when the log no longer reaches back so
    /// far.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the log cannot be read.
    pub async fn commits_since(&self, since: u64) -> Result<Option<Vec<Commit>>, LakeError> {
        let log_store = self.inner.log_store();
        let read = |version| {
            let log_store = log_store.clone();
            async move {
                let Some(bytes) = log_store.read_commit_entry(version).await? else { return Ok(None) };
                Ok::<_, DeltaTableError>(Some(Commit { version, actions: get_actions(version, &bytes)? }))
            }
        };
        let mut patience = self.location.patience();
        loop {
            let commits =
                futures::stream::iter(since + 1..=self.version()).map(read).buffered(CONCURRENT_READS);
            match commits.try_collect::<Vec<Option<Commit>>>().await {
                Ok(commits) => return Ok(commits.into_iter().collect()),
                Err(error) if !patience.waits().await => {
                    return Err(LakeError::delta("read the log of", self.description.name)(error));
                }
                Err(_) => {}
            }
        }
    }

    /// Whether somebody was forgotten since a version; also when the log no longer tells.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the log cannot be read.
    pub async fn has_forgotten_since(&self, since: u64) -> Result<bool, LakeError> {
        let commits = self.commits_since(since).await?;
        Ok(commits.is_none_or(|commits| commits.iter().any(|commit| commit.note(FORGET).is_some())))
    }

    /// Whether a commit of ours is among those after version `since`.
    pub(crate) async fn has_commit(&self, since: u64, id: &str) -> Result<bool, LakeError> {
        let commits = self.commits_since(since).await?.unwrap_or_default();
        Ok(commits.iter().any(|commit| commit.note("commit").and_then(Value::as_str) == Some(id)))
    }

    /// Positions of all sources: those of the last checkpoint, moved by the commits after it. The library
    /// gives one that is asked for by name, not all.
    ///
    /// # Errors
    /// [`LakeError`] when the log cannot be read.
    pub fn positions(&self, lake: &Lake) -> Result<BTreeMap<String, i64>, LakeError> {
        let log = format!("{}/_delta_log", self.description.path);
        let last = lake.block_on(self.location.read(&format!("{log}/_last_checkpoint")))?;
        let last = last.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let (mut positions, since) = match last.as_ref().and_then(|last| last.get("version")?.as_u64()) {
            Some(version) => {
                let path = format!("{log}/{version:020}.checkpoint.parquet");
                let bytes = lake.block_on(self.location.read(&path))?;
                (bytes.map(|bytes| self.checkpointed(bytes)).transpose()?.unwrap_or_default(), version)
            }
            None => (BTreeMap::new(), 0),
        };
        for commit in lake.block_on(self.commits_since(since))?.unwrap_or_default() {
            for action in commit.actions {
                if let Action::Txn(transaction) = action {
                    positions.insert(transaction.app_id, transaction.version);
                }
            }
        }
        positions.retain(|id, _| ![MAINTENANCE, RUN, PINGS_VERSION].contains(&id.as_str()));
        Ok(positions)
    }

    fn checkpointed(&self, bytes: Bytes) -> Result<BTreeMap<String, i64>, LakeError> {
        let parquet = LakeError::parquet(self.description.name);
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(&parquet)?;
        let mask = ProjectionMask::columns(builder.parquet_schema(), ["txn.appId", "txn.version"]);
        let mut positions = BTreeMap::new();
        for batch in builder.with_projection(mask).build().map_err(&parquet)? {
            let batch = batch.map_err(LakeError::arrow(self.description.name))?;
            let Some(txn) = batch.column_by_name("txn").and_then(|column| column.as_struct_opt()) else {
                continue;
            };
            let ids = txn.column_by_name("appId").and_then(|column| column.as_string_opt::<i32>());
            let versions = txn.column_by_name("version").and_then(|c| c.as_primitive_opt::<Int64Type>());
            let (Some(ids), Some(versions)) = (ids, versions) else { continue };
            for row in (0..txn.len()).filter(|row| txn.is_valid(*row) && ids.is_valid(*row)) {
                positions.insert(ids.value(row).to_owned(), versions.value(row));
            }
        }
        Ok(positions)
    }
}
