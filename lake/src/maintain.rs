//! Upkeep of a table: retention, files that nobody needs, the log; and what there is.
//!
//! In: a table. Out: counts. Order of one round, by one process that holds the lease: retain, compact,
//! vacuum, log. A file is deleted only when it has been out of the table, or was never in it, for longer than
//! any reader or writer takes.

use std::collections::BTreeMap;

use deltalake_core::checkpoints::{cleanup_metadata, create_checkpoint};
use deltalake_core::kernel::Action;
use deltalake_core::operations::vacuum::VacuumMode;
use deltalake_core::protocol::DeltaOperation;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Day;

use crate::commit::Proposal;
use crate::error::LakeError;
use crate::lake::Lake;
use crate::table::{DataFile, DeltaTable};

/// Files out of the table for less than this stay: longer than the longest run that may still read or commit
/// them.
pub const LEAST_VACUUM_HOURS: u32 = 24;

/// What a table holds.
#[derive(Debug, Clone, Default)]
pub struct TableInfo {
    /// The newest version of the table.
    pub version: u64,
    /// Data files of that version.
    pub files: u64,
    /// Of them, made by compaction.
    pub compacted_files: u64,
    /// Bytes of those files.
    pub bytes: u64,
    /// Rows of those files.
    pub rows: u64,
    /// First and last partition, where there are partitions.
    pub partitions: Option<(String, String)>,
    /// Position of each source, by its id.
    pub positions: BTreeMap<String, i64>,
}

impl Lake {
    /// Opens an internal table unless it was never written.
    ///
    /// # Errors
    /// [`LakeError`] when it cannot be opened.
    pub fn table_if_there(&self, table: InternalTable) -> Result<Option<DeltaTable>, LakeError> {
        self.block_on(DeltaTable::open(table.table(), self.location()))
    }

    /// What an internal table holds; `None` when it was never written.
    ///
    /// # Errors
    /// [`LakeError`] when it cannot be read.
    pub fn info(&self, table: InternalTable) -> Result<Option<TableInfo>, LakeError> {
        let opened = self.block_on(DeltaTable::open_as_it_is(table.table(), self.location()))?;
        let Some(delta) = opened else { return Ok(None) };
        let files = self.block_on(delta.files())?;
        Ok(Some(TableInfo {
            version: delta.version(),
            files: files.len() as u64,
            compacted_files: files.iter().filter(|file| file.is_compacted).count() as u64,
            bytes: files.iter().map(|file| file.size_bytes).sum(),
            rows: files.iter().map(|file| file.row_count).sum(),
            partitions: span(&files),
            positions: delta.positions(self)?,
        }))
    }
}

fn span(files: &[DataFile]) -> Option<(String, String)> {
    let values = || files.iter().filter_map(|file| file.partition_value.clone());
    values().min().zip(values().max())
}

impl DeltaTable {
    /// Takes days before `first` out of the table. Returns their rows.
    ///
    /// # Errors
    /// [`LakeError`] when the commit fails; nothing is gone then.
    pub fn retain_from(&mut self, lake: &Lake, first: Day) -> Result<u64, LakeError> {
        lake.block_on(self.refresh())?;
        let position = lake.block_on(self.maintenance_position())?;
        let is_old = |file: &DataFile| {
            file.partition_value.as_deref().and_then(Day::parse).is_some_and(|day| day < first)
        };
        let old: Vec<DataFile> = lake.block_on(self.files())?.into_iter().filter(is_old).collect();
        if old.is_empty() {
            return Ok(0);
        }
        let rows = old.iter().map(|file| file.row_count).sum();
        let actions = old.into_iter().map(|file| Action::Remove(file.remove)).collect();
        let operation = DeltaOperation::Delete { predicate: None };
        lake.block_on(self.commit(Proposal {
            actions,
            positions: vec![position],
            mark: None,
            operation,
            note: None,
        }))?;
        Ok(rows)
    }

    /// Deletes files that have been out of the table for `hours`, or that a crash left and nobody names.
    /// Returns how many, or how many there would be.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the store refuses.
    pub async fn vacuum(&mut self, hours: u32, is_dry_run: bool) -> Result<u64, LakeError> {
        self.refresh().await?;
        let vacuum = self
            .inner
            .clone()
            .vacuum()
            .with_retention_period(chrono::Duration::hours(i64::from(hours.max(LEAST_VACUUM_HOURS))))
            .with_enforce_retention_duration(false)
            .with_mode(VacuumMode::Full)
            .with_dry_run(is_dry_run);
        let (_, metrics) = vacuum.await.map_err(LakeError::delta("vacuum", self.description.name))?;
        Ok(metrics.files_deleted.len() as u64)
    }

    /// Writes a checkpoint and deletes log entries that are older than the table's retention of 30 days.
    /// Returns how many entries.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the store refuses.
    pub async fn tidy_log(&mut self) -> Result<u64, LakeError> {
        self.refresh().await?;
        let tidy = async {
            create_checkpoint(&self.inner, None).await?;
            cleanup_metadata(&self.inner, None).await
        };
        let deleted = tidy.await.map_err(LakeError::delta("tidy the log of", self.description.name))?;
        Ok(deleted as u64)
    }
}
