//! The lake: a folder with one Delta table each for what [`kayoi_schemas::tables`] describes.
//!
//! In: a folder. Out: handles on its tables. A marker file, `kayoi-lake.json`, holds the format and the
//! fingerprint of the pseudonym key, so that a newer lake and another key are refused instead of misread.
//!
//! Calls here block: ingest and aggregate are threads, not tasks. The query side uses only
//! [`Lake::release_provider`], whose scans are asynchronous.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::catalog::TableProvider;
use kayoi_schemas::tables::{InternalTable, ReleaseTable, Table};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

use crate::error::LakeError;
use crate::provider::ReleaseProvider;
use crate::replace::Replacement;
use crate::scan::read_columns;
use crate::table::{DataFile, DeltaTable};

const FORMAT: u32 = 1;
const MARKER: &str = "kayoi-lake.json";

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Marker {
    format: u32,
    key_fingerprint: Option<String>,
}

/// A lake. Clones share one runtime.
#[derive(Debug, Clone)]
pub struct Lake {
    root: PathBuf,
    runtime: Arc<Runtime>,
}

impl Lake {
    /// Opens a lake folder, making it when it is not there.
    ///
    /// # Errors
    /// [`LakeError::NewerFormat`], [`LakeError::NoLake`], or [`LakeError::Io`].
    pub fn open(root: &Path) -> Result<Self, LakeError> {
        std::fs::create_dir_all(root).map_err(LakeError::io(root))?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(LakeError::io(root))?;
        let lake = Self { root: root.to_owned(), runtime: Arc::new(runtime) };
        match lake.marker()? {
            Some(marker) if marker.format > FORMAT => {
                Err(LakeError::NewerFormat { path: lake.root, found: marker.format, known: FORMAT })
            }
            Some(_) => Ok(lake),
            None => {
                lake.write_marker(&Marker { format: FORMAT, key_fingerprint: None })?;
                Ok(lake)
            }
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Checks the pseudonym key against the one the lake was filled with; the first key is remembered.
    ///
    /// # Errors
    /// [`LakeError::OtherKey`] when it is another one.
    pub fn check_key(&self, fingerprint: &str) -> Result<(), LakeError> {
        let marker = self.marker()?.unwrap_or(Marker { format: FORMAT, key_fingerprint: None });
        match marker.key_fingerprint {
            Some(expected) if expected != fingerprint => {
                Err(LakeError::OtherKey { given: fingerprint.to_owned(), expected })
            }
            Some(_) => Ok(()),
            None => self.write_marker(&Marker { key_fingerprint: Some(fingerprint.to_owned()), ..marker }),
        }
    }

    /// Runs an asynchronous table operation to its end.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Opens an internal table, creating it when it is not there.
    ///
    /// # Errors
    /// [`LakeError`] when it cannot be opened.
    pub fn table(&self, table: InternalTable) -> Result<DeltaTable, LakeError> {
        self.block_on(DeltaTable::open_or_create(table.table(), &self.root))
    }

    /// The files of a table at its newest version; none when there is no such table.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn files(&self, table: InternalTable) -> Result<Vec<DataFile>, LakeError> {
        self.files_of(table.table())
    }

    /// The files of a release table at its newest version.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn release_files(&self, table: ReleaseTable) -> Result<Vec<DataFile>, LakeError> {
        self.files_of(table.table())
    }

    /// Version of a release table; `None` before the first release.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn release_version(&self, table: ReleaseTable) -> Result<Option<u64>, LakeError> {
        Ok(self.block_on(DeltaTable::open(table.table(), &self.root))?.map(|table| table.version()))
    }

    /// Reads whole columns of an internal table. For scoring and tests: it holds the columns in memory.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn rows(&self, table: InternalTable, columns: &[&str]) -> Result<Vec<RecordBatch>, LakeError> {
        let mut batches = Vec::new();
        for file in self.files(table)? {
            batches.extend(read_columns(table.table(), &file, columns)?);
        }
        Ok(batches)
    }

    /// Starts to replace an internal table.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be opened.
    pub fn replace(&self, table: InternalTable) -> Result<Replacement, LakeError> {
        self.replacement(table.table())
    }

    /// Starts to replace a release table.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be opened.
    pub fn replace_release(&self, table: ReleaseTable) -> Result<Replacement, LakeError> {
        self.replacement(table.table())
    }

    /// A release table for DataFusion.
    pub fn release_provider(&self, table: ReleaseTable) -> Arc<dyn TableProvider> {
        Arc::new(ReleaseProvider { root: self.root.clone(), table })
    }

    fn replacement(&self, table: &'static Table) -> Result<Replacement, LakeError> {
        let table = self.block_on(DeltaTable::open_or_create(table, &self.root))?;
        Ok(Replacement { runtime: self.runtime.clone(), table, adds: Vec::new(), row_count: 0 })
    }

    fn files_of(&self, table: &'static Table) -> Result<Vec<DataFile>, LakeError> {
        match self.block_on(DeltaTable::open(table, &self.root))? {
            Some(table) => self.block_on(table.files()),
            None => Ok(Vec::new()),
        }
    }

    fn marker(&self) -> Result<Option<Marker>, LakeError> {
        let path = self.root.join(MARKER);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|source| LakeError::NoLake { path: self.root.clone(), source }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(LakeError::io(&path)(error)),
        }
    }

    /// Writes beside and renames, so that a crash leaves the old marker or the new one.
    fn write_marker(&self, marker: &Marker) -> Result<(), LakeError> {
        let path = self.root.join(MARKER);
        let beside = self.root.join(format!(".{MARKER}.{}", std::process::id()));
        let text = serde_json::to_vec(marker)
            .map_err(|source| LakeError::NoLake { path: self.root.clone(), source })?;
        std::fs::write(&beside, text).map_err(LakeError::io(&beside))?;
        std::fs::rename(&beside, &path).map_err(LakeError::io(&path))
    }
}

#[cfg(test)]
#[path = "lake_tests.rs"]
mod tests;
