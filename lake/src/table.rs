//! One Delta table: open or create it, know its files and the positions committed with them.
//!
//! In: a [`Table`] description and a lake's place. Out: [`DeltaTable`], a handle on a snapshot. A table whose
//! columns are not those of this Kayoi is refused, because a column read as something else gives a wrong
//! figure. A table that lacks a column which was added in place ([`Table::may_lack`]) is read as it is, and
//! takes it with the next commit that adds files.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use deltalake_core::kernel::transaction::CommitProperties;
use deltalake_core::kernel::{Action, DataType, MetadataExt, PrimitiveType, Remove, StructField, StructType};
use deltalake_core::logstore::LogStoreRef;
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::table::state::DeltaTableState;
use deltalake_core::{DeltaTableError, TableProperty};
use futures::TryStreamExt;
use kayoi_schemas::tables::{Column, ColumnType, Table};

use crate::bucket::{Bucket, Buckets};
use crate::error::LakeError;
use crate::location::Location;

/// A data file of a snapshot.
#[derive(Debug, Clone)]
pub struct DataFile {
    pub(crate) location: Location,
    /// Path below the lake's root.
    pub path: String,
    /// Size of the file, bytes.
    pub size_bytes: u64,
    /// Rows, from the file's statistics.
    pub row_count: u64,
    /// Value of the partition column, if the table has one.
    pub partition_value: Option<String>,
    /// Whether compaction made it.
    pub(crate) is_compacted: bool,
    /// The bucket that holds all of its devices.
    pub(crate) bucket: Bucket,
    pub(crate) remove: Remove,
}

impl DataFile {
    /// A file that no snapshot names.
    pub(crate) fn outside(location: &Location, path: String, size_bytes: u64) -> Self {
        let remove = Remove { path: path.clone(), ..Remove::default() };
        let (is_compacted, bucket) = named(&path);
        let location = location.clone();
        Self { location, path, size_bytes, row_count: 0, partition_value: None, is_compacted, bucket, remove }
    }

    /// Whether compaction made it for so many buckets.
    pub fn is_cut(&self, buckets: Buckets) -> bool {
        self.is_compacted && self.bucket.of() == buckets
    }
}

/// A handle on a table at one version.
#[derive(Debug)]
pub struct DeltaTable {
    pub(crate) description: &'static Table,
    pub(crate) location: Location,
    pub(crate) inner: deltalake_core::DeltaTable,
    /// Positions that were asked for, as of this snapshot.
    positions: Mutex<HashMap<String, Option<i64>>>,
}

/// Names of files that compaction made begin so.
pub(crate) const COMPACTED: &str = "sorted-";
/// Names of other files begin so.
pub(crate) const PART: &str = "part-";

/// What a file's name says: whether compaction made it, and the bucket of its devices.
fn named(path: &str) -> (bool, Bucket) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_compacted = name.starts_with(COMPACTED);
    (is_compacted, Bucket::labelled(name, if is_compacted { COMPACTED } else { PART }))
}

impl DeltaTable {
    /// Opens a table at its newest version; `None` when there is none yet.
    ///
    /// # Errors
    /// [`LakeError`] when the place cannot be read or holds another schema.
    pub async fn open(description: &'static Table, location: &Location) -> Result<Option<Self>, LakeError> {
        let table = Self::open_as_it_is(description, location).await?;
        if let Some(table) = &table {
            table.check_schema()?;
        }
        Ok(table)
    }

    /// Opens a table whatever its columns are: for upkeep, which reads no row, and for whoever replaces all
    /// of it. After an upgrade a derived table has the columns of the version before until it is made anew.
    ///
    /// # Errors
    /// [`LakeError`] when the place cannot be read.
    pub async fn open_as_it_is(
        description: &'static Table,
        location: &Location,
    ) -> Result<Option<Self>, LakeError> {
        let log_store = location.log_store(description)?;
        let mut patience = location.patience();
        let inner = loop {
            match load(&log_store).await {
                Ok(Some(inner)) => break inner,
                Ok(None) => return Ok(None),
                Err(error) if !patience.waits().await => {
                    return Err(LakeError::delta("open", description.name)(error));
                }
                Err(_) => {}
            }
        };
        Ok(Some(Self::new(description, location, inner)))
    }

    fn new(description: &'static Table, location: &Location, inner: deltalake_core::DeltaTable) -> Self {
        Self { description, location: location.clone(), inner, positions: Mutex::default() }
    }

    /// Opens a table, creating it when it is not there.
    ///
    /// # Errors
    /// [`LakeError`] as for [`DeltaTable::open`], or when it cannot be created.
    pub(crate) async fn open_or_create(
        description: &'static Table,
        location: &Location,
    ) -> Result<Self, LakeError> {
        let table = Self::open_to_replace(description, location).await?;
        table.check_schema()?;
        Ok(table)
    }

    /// Opens a table to replace all of it, creating it when it is not there. A table that another version of
    /// Kayoi wrote may have other columns until then.
    ///
    /// # Errors
    /// [`LakeError`] when it cannot be read or created.
    pub(crate) async fn open_to_replace(
        description: &'static Table,
        location: &Location,
    ) -> Result<Self, LakeError> {
        if let Some(table) = Self::open_as_it_is(description, location).await? {
            return Ok(table);
        }
        let created = CreateBuilder::new()
            .with_log_store(location.log_store(description)?)
            .with_table_name(description.name)
            .with_comment(description.doc)
            .with_columns(description.columns.iter().map(delta_field))
            .with_partition_columns(description.partition)
            .with_configuration_property(TableProperty::CheckpointInterval, Some("20"))
            // Listing the whole log is maintenance's work, not that of a commit that happens to be the 20th.
            .with_configuration_property(TableProperty::EnableExpiredLogCleanup, Some("false"))
            // Without this, a process that loses the race to create describes the table a second time, and
            // every append under way fails.
            .with_commit_properties(CommitProperties::default().with_max_retries(0))
            .await;
        match created {
            Ok(inner) => Ok(Self::new(description, location, inner)),
            // Another process was faster: its table is as good as ours.
            Err(error) => match Self::open(description, location).await? {
                Some(table) => Ok(table),
                None => Err(LakeError::delta("create", description.name)(error)),
            },
        }
    }

    /// Moves the handle to the newest version.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the log cannot be read.
    pub async fn refresh(&mut self) -> Result<(), LakeError> {
        let before = self.version();
        let mut patience = self.location.patience();
        while let Err(error) = self.inner.update_state().await {
            if !patience.waits().await {
                return Err(LakeError::delta("refresh", self.description.name)(error));
            }
        }
        if self.version() == before {
            return Ok(());
        }
        let commits = self.commits_since(before).await?;
        let mut positions = self.positions.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(commits) = commits else {
            positions.clear();
            return Ok(());
        };
        for action in commits.into_iter().flat_map(|commit| commit.actions) {
            if let Action::Txn(transaction) = action {
                positions.insert(transaction.app_id, Some(transaction.version));
            }
        }
        Ok(())
    }

    /// Moves the handle back to a version.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the log no longer has it.
    pub(crate) async fn go_to(&mut self, version: u64) -> Result<(), LakeError> {
        let moved = self.inner.load_version(version).await;
        moved.map_err(LakeError::delta("go back to an earlier version of", self.description.name))
    }

    /// Version of the snapshot.
    pub fn version(&self) -> u64 {
        self.inner.version().unwrap_or_default()
    }

    pub(crate) fn state(&self) -> Result<&DeltaTableState, LakeError> {
        self.inner.snapshot().map_err(LakeError::delta("read", self.description.name))
    }

    /// The position of a source in this snapshot: the number of its records, or the Kafka offset, from which
    /// to go on. `None` when nothing of it was ever committed.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the log cannot be read.
    pub async fn position(&self, source_id: &str) -> Result<Option<i64>, LakeError> {
        if let Some(known) = self.positions.lock().unwrap_or_else(PoisonError::into_inner).get(source_id) {
            return Ok(*known);
        }
        let log_store = self.inner.log_store();
        let position = self.state()?.transaction_version(log_store.as_ref(), source_id).await;
        let position = position.map_err(LakeError::delta("read the positions of", self.description.name))?;
        let mut positions = self.positions.lock().unwrap_or_else(PoisonError::into_inner);
        positions.insert(source_id.to_owned(), position);
        Ok(position)
    }

    /// The files of this snapshot, sorted by path.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the log cannot be read.
    pub async fn files(&self) -> Result<Vec<DataFile>, LakeError> {
        let log_store = self.inner.log_store();
        let views = self.state()?.snapshot().file_views(log_store.as_ref(), None);
        let views: Vec<_> =
            views.try_collect().await.map_err(LakeError::delta("list", self.description.name))?;
        let partition = self.description.partition;
        let mut files: Vec<DataFile> = views
            .iter()
            .map(|view| {
                let path = format!("{}/{}", self.description.path, view.object_store_path());
                let (is_compacted, bucket) = named(&path);
                DataFile {
                    location: self.location.clone(),
                    path,
                    size_bytes: view.size().max(0) as u64,
                    row_count: view.num_records().unwrap_or_default() as u64,
                    partition_value: partition
                        .and_then(|column| view.partition_values_map().remove(column).flatten()),
                    is_compacted,
                    bucket,
                    remove: view.remove_action(true),
                }
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// The columns as the log has them, and as this Kayoi needs them: name and type of each.
    fn columns(&self) -> Result<[Vec<(String, String)>; 2], LakeError> {
        let schema = self.state()?.schema();
        let found = schema.fields().map(|f| (f.name().clone(), f.data_type().to_string())).collect();
        let needed = self.description.columns.iter();
        let needed = needed.map(|c| (c.name.to_owned(), delta_field(c).data_type().to_string())).collect();
        Ok([found, needed])
    }

    pub(crate) fn check_schema(&self) -> Result<(), LakeError> {
        let [found, needed] = self.columns()?;
        let is_there =
            |column: &&(String, String)| found.contains(column) || !self.description.may_lack(&column.0);
        if found.iter().eq(needed.iter().filter(is_there)) {
            return Ok(());
        }
        let list = |columns: &[(String, String)]| {
            columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect::<Vec<_>>().join(", ")
        };
        let (found, needed) = (list(&found), list(&needed));
        Err(LakeError::OtherSchema { table: self.description.name, found, needed })
    }

    /// The action that gives a table its new columns, when it has others: part of the commit that replaces
    /// its rows, or adds files that have them, so that no reader sees rows of one version under columns of
    /// another.
    pub(crate) fn new_columns(&self) -> Result<Option<Action>, LakeError> {
        let [found, needed] = self.columns()?;
        if found == needed {
            return Ok(None);
        }
        let refused = || LakeError::delta("change the columns of", self.description.name);
        let schema = StructType::try_new(self.description.columns.iter().map(delta_field));
        let schema = schema.map_err(|error| refused()(DeltaTableError::generic(error.to_string())))?;
        let metadata = self.state()?.metadata().clone().with_schema(&schema);
        let metadata = metadata.map_err(|error| refused()(error.into()))?;
        // The library has no way to say by which column a table is split from now on; its form in the log does.
        let json = |error: serde_json::Error| refused()(DeltaTableError::generic(error.to_string()));
        let mut entry = serde_json::to_value(&metadata).map_err(json)?;
        entry["partitionColumns"] =
            serde_json::json!(self.description.partition.into_iter().collect::<Vec<_>>());
        Ok(Some(Action::Metadata(serde_json::from_value(entry).map_err(json)?)))
    }
}

/// The table at its newest version; `None` when there is none.
async fn load(log_store: &LogStoreRef) -> Result<Option<deltalake_core::DeltaTable>, DeltaTableError> {
    if !log_store.is_delta_table_location().await? {
        return Ok(None);
    }
    let mut inner = deltalake_core::DeltaTable::new(log_store.clone());
    inner.load().await?;
    Ok(Some(inner))
}

fn delta_field(column: &Column) -> StructField {
    let kind = match column.kind {
        ColumnType::Long => PrimitiveType::Long,
        ColumnType::Int => PrimitiveType::Integer,
        ColumnType::Short => PrimitiveType::Short,
        ColumnType::Double => PrimitiveType::Double,
        ColumnType::Float => PrimitiveType::Float,
        ColumnType::Text => PrimitiveType::String,
        ColumnType::Boolean => PrimitiveType::Boolean,
        ColumnType::Timestamp => PrimitiveType::Timestamp,
        ColumnType::Date => PrimitiveType::Date,
    };
    let field = StructField::new(column.name, DataType::Primitive(kind), column.nullable);
    field.with_metadata([("comment", column.doc)])
}

#[cfg(test)]
#[path = "added_column_tests.rs"]
mod tests;
