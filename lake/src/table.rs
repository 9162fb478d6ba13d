//! One Delta table: open or create it, know its files and the positions committed with them.
//!
//! In: a [`Table`] description and a folder. Out: [`DeltaTable`], a handle on a snapshot. A table whose columns
//! are not those of this Kayoi is refused, because a column read as something else gives a wrong figure.

use std::path::{Path, PathBuf};

use deltalake_core::kernel::{DataType, PrimitiveType, StructField};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::table::state::DeltaTableState;
use deltalake_core::{DeltaTableBuilder, DeltaTableError};
use futures::TryStreamExt;
use kayoi_schemas::tables::{Column, Kind, Table};
use url::Url;

use crate::error::LakeError;

/// A data file of a snapshot.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// Where it is.
    pub path: PathBuf,
    /// Size, bytes.
    pub size_bytes: u64,
    /// Rows, from the file's statistics.
    pub row_count: u64,
    /// Value of the partition column, if the table has one.
    pub partition_value: Option<String>,
}

/// A handle on a table at one version.
#[derive(Debug)]
pub struct DeltaTable {
    pub(crate) description: &'static Table,
    pub(crate) folder: PathBuf,
    pub(crate) inner: deltalake_core::DeltaTable,
}

impl DeltaTable {
    /// Opens a table at its newest version; `None` when there is none yet.
    ///
    /// # Errors
    /// [`LakeError`] when the folder cannot be read or holds another schema.
    pub async fn open(description: &'static Table, root: &Path) -> Result<Option<Self>, LakeError> {
        let folder = root.join(description.path);
        if !folder.join("_delta_log").is_dir() {
            return Ok(None);
        }
        let open = LakeError::delta("open", description.name);
        let builder = DeltaTableBuilder::from_url(folder_url(&folder)?);
        match async { builder?.load().await }.await {
            Ok(inner) => {
                let table = Self { description, folder, inner };
                table.check_schema()?;
                Ok(Some(table))
            }
            Err(DeltaTableError::NotATable(_)) => Ok(None),
            Err(error) => Err(open(error)),
        }
    }

    /// Opens a table, creating it when it is not there.
    ///
    /// # Errors
    /// [`LakeError`] as for [`DeltaTable::open`], or when it cannot be created.
    pub async fn open_or_create(description: &'static Table, root: &Path) -> Result<Self, LakeError> {
        if let Some(table) = Self::open(description, root).await? {
            return Ok(table);
        }
        let folder = root.join(description.path);
        std::fs::create_dir_all(&folder).map_err(LakeError::io(&folder))?;
        let created = CreateBuilder::new()
            .with_location(folder_url(&folder)?.to_string())
            .with_table_name(description.name)
            .with_comment(description.doc)
            .with_columns(description.columns.iter().map(delta_field))
            .with_partition_columns(description.partition)
            .with_configuration_property(deltalake_core::TableProperty::CheckpointInterval, Some("20"))
            .await;
        match created {
            Ok(inner) => Ok(Self { description, folder, inner }),
            // Another process was faster: its table is as good as ours.
            Err(error) => match Self::open(description, root).await? {
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
        self.inner.update_state().await.map_err(LakeError::delta("refresh", self.description.name))
    }

    /// Version of the snapshot.
    pub fn version(&self) -> u64 {
        self.inner.version().unwrap_or_default()
    }

    pub(crate) fn state(&self) -> Result<&DeltaTableState, LakeError> {
        self.inner.snapshot().map_err(LakeError::delta("read", self.description.name))
    }

    /// The position of a source in this snapshot: the number of its records, or the Kafka offset, from which to
    /// go on. `None` when nothing of it was ever committed.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the log cannot be read.
    pub async fn position(&self, source_id: &str) -> Result<Option<i64>, LakeError> {
        let log_store = self.inner.log_store();
        let position = self.state()?.transaction_version(log_store.as_ref(), source_id).await;
        position.map_err(LakeError::delta("read the positions of", self.description.name))
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
        let mut files: Vec<DataFile> = views
            .iter()
            .map(|view| DataFile {
                path: self.folder.join(view.object_store_path().as_ref()),
                size_bytes: view.size().max(0) as u64,
                row_count: view.num_records().unwrap_or_default() as u64,
                partition_value: self
                    .description
                    .partition
                    .and_then(|column| view.partition_values_map().remove(column).flatten()),
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    fn check_schema(&self) -> Result<(), LakeError> {
        let schema = self.state()?.schema();
        let list = |columns: Vec<(String, String)>| {
            let words: Vec<String> =
                columns.into_iter().map(|(name, kind)| format!("{name} {kind}")).collect();
            words.join(", ")
        };
        let found = list(schema.fields().map(|f| (f.name().clone(), f.data_type().to_string())).collect());
        let needed = self.description.columns.iter();
        let needed =
            list(needed.map(|c| (c.name.to_owned(), delta_field(c).data_type().to_string())).collect());
        if found == needed {
            return Ok(());
        }
        Err(LakeError::OtherSchema { table: self.description.name, found, needed })
    }
}

fn folder_url(folder: &Path) -> Result<Url, LakeError> {
    let absolute = std::path::absolute(folder).map_err(LakeError::io(folder))?;
    Url::from_directory_path(&absolute).map_err(|()| {
        LakeError::io(folder)(std::io::Error::new(
            std::io::ErrorKind::InvalidInput,
            "the path has no URL form",
        ))
    })
}

fn delta_field(column: &Column) -> StructField {
    let kind = match column.kind {
        Kind::Long => PrimitiveType::Long,
        Kind::Int => PrimitiveType::Integer,
        Kind::Short => PrimitiveType::Short,
        Kind::Double => PrimitiveType::Double,
        Kind::Float => PrimitiveType::Float,
        Kind::Text => PrimitiveType::String,
        Kind::Boolean => PrimitiveType::Boolean,
        Kind::Timestamp => PrimitiveType::Timestamp,
        Kind::Date => PrimitiveType::Date,
    };
    let field = StructField::new(column.name, DataType::Primitive(kind), column.nullable);
    field.with_metadata([("comment", column.doc)])
}
