//! The lake: a folder or bucket with one Delta table each for what [`kayoi_schemas::tables`] describes.
//!
//! In: its place. Out: handles on its tables. Two small files beside the tables hold the format and the
//! fingerprint of the pseudonym key, so that a newer lake and another key are refused instead of misread.
//!
//! Calls here block: ingest and aggregate are threads, not tasks. The query side never holds a [`Lake`]: it
//! is handed a [`ReleaseReader`], which opens release tables only and is asynchronous.

use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use bytes::Bytes;
use kayoi_schemas::tables::{InternalTable, ReleaseTable, Table};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

use crate::bucket::Buckets;
use crate::error::LakeError;
use crate::location::Location;
use crate::release::ReleaseReader;
use crate::replace::Replacement;
use crate::scan::read_columns;
use crate::table::{DataFile, DeltaTable};

const FORMAT: u32 = 2;
const MARKER: &str = "kayoi-lake.json";
const KEY_MARK: &str = "kayoi-key-fingerprint";

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Marker {
    format: u32,
    /// How many buckets its compacted files are cut into; one where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    buckets: Option<u32>,
    /// Where format 1 kept it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_fingerprint: Option<String>,
}

/// A lake. Clones share one runtime.
#[derive(Debug, Clone)]
pub struct Lake {
    location: Location,
    runtime: Arc<Runtime>,
}

impl Lake {
    /// Opens a lake, a folder or `s3://bucket/prefix`, making it when it is not there.
    ///
    /// # Errors
    /// [`LakeError::NewerFormat`], [`LakeError::NoLake`], [`LakeError::Place`], [`LakeError::Store`] or
    /// [`LakeError::Io`].
    pub fn open(place: &Path) -> Result<Self, LakeError> {
        let lake = Self::connect(place)?;
        if lake.marker()?.is_none() {
            let text = lake.marker_text(&Marker { format: FORMAT, ..Marker::default() })?;
            lake.block_on(lake.location.create(MARKER, text))?;
        }
        lake.format()?;
        Ok(lake)
    }

    /// A handle on a place, whether there is a lake or not. Makes a folder, but no lake.
    ///
    /// # Errors
    /// [`LakeError::Place`] or [`LakeError::Io`].
    pub fn connect(place: &Path) -> Result<Self, LakeError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(LakeError::io(place))?;
        let location = Location::parse(place, runtime.handle())?;
        Ok(Self { location, runtime: Arc::new(runtime) })
    }

    /// Format of the lake; `None` when there is none at this place.
    ///
    /// # Errors
    /// [`LakeError::NewerFormat`], [`LakeError::NoLake`] or [`LakeError::Store`].
    pub fn format(&self) -> Result<Option<u32>, LakeError> {
        match self.marker()? {
            Some(marker) if marker.format > FORMAT => {
                Err(LakeError::NewerFormat { path: self.url(), found: marker.format, known: FORMAT })
            }
            marker => Ok(marker.map(|marker| marker.format)),
        }
    }

    /// Into how many buckets compaction cuts its files, and by how many aggregation shares out its work.
    ///
    /// # Errors
    /// [`LakeError`] when the marker cannot be read or holds another number.
    pub fn buckets(&self) -> Result<Buckets, LakeError> {
        let count = self.marker()?.and_then(|marker| marker.buckets).unwrap_or(1);
        Buckets::new(count).ok_or(LakeError::Buckets { found: count })
    }

    /// Says into how many buckets compaction shall cut from now on. Needs the lease.
    ///
    /// # Errors
    /// [`LakeError`] when the marker cannot be read or written.
    pub fn set_buckets(&self, buckets: Buckets) -> Result<(), LakeError> {
        let marker = self.marker()?.unwrap_or(Marker { format: FORMAT, ..Marker::default() });
        let text = self.marker_text(&Marker { buckets: Some(buckets.count()), ..marker })?;
        self.block_on(self.location.overwrite(MARKER, text))
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    fn url(&self) -> String {
        self.location.url().to_string()
    }

    /// Checks the pseudonym key against the one the lake was filled with; the first key is remembered.
    ///
    /// # Errors
    /// [`LakeError::OtherKey`] when it is another one.
    pub fn check_key(&self, fingerprint: &str) -> Result<(), LakeError> {
        // A file of its own, written only where there is none: of two first processes one decides.
        let fingerprint = fingerprint.to_owned();
        if self.key_fingerprint()?.is_none() {
            self.block_on(self.location.create(KEY_MARK, fingerprint.clone().into()))?;
        }
        match self.key_fingerprint()? {
            Some(expected) if expected != fingerprint => {
                Err(LakeError::OtherKey { given: fingerprint, expected })
            }
            _ => Ok(()),
        }
    }

    /// Fingerprint of the key that the lake was filled with; `None` for a new lake.
    ///
    /// # Errors
    /// [`LakeError::Store`] when it cannot be read.
    pub fn key_fingerprint(&self) -> Result<Option<String>, LakeError> {
        match self.block_on(self.location.read(KEY_MARK))? {
            Some(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).trim().to_owned())),
            None => Ok(self.marker()?.and_then(|marker| marker.key_fingerprint)),
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
        self.block_on(DeltaTable::open_or_create(table.table(), &self.location))
    }

    /// The files of a table at its newest version; none when there is no such table.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn files(&self, table: InternalTable) -> Result<Vec<DataFile>, LakeError> {
        self.files_of(table.table())
    }

    /// The files of a table at a version, the newest one where none is named, with that version; `None` when
    /// there is no such table.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read, or no longer at that version.
    pub fn files_at(
        &self,
        table: InternalTable,
        version: Option<u64>,
    ) -> Result<Option<(u64, Vec<DataFile>)>, LakeError> {
        self.block_on(async {
            let Some(mut table) = DeltaTable::open(table.table(), &self.location).await? else {
                return Ok(None);
            };
            if let Some(version) = version {
                table.go_to(version).await?;
            }
            Ok(Some((table.version(), table.files().await?)))
        })
    }

    /// A Parquet file of pings in the lake's folder that no table names, for measuring.
    ///
    /// # Errors
    /// [`LakeError`] when there is none.
    pub fn lone_file(&self, path: &str) -> Result<DataFile, LakeError> {
        let file = self.location.path(path).unwrap_or_else(|| path.into());
        let size_bytes = std::fs::metadata(&file).map_err(LakeError::io(&file))?.len();
        let mut file = DataFile::outside(&self.location, path.to_owned(), size_bytes);
        let footer = crate::batches::footer(InternalTable::Pings.table(), &file)?;
        file.row_count = footer.metadata.file_metadata().num_rows().unsigned_abs();
        Ok(file)
    }

    /// The files of a release table at its newest version.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn release_files(&self, table: ReleaseTable) -> Result<Vec<DataFile>, LakeError> {
        match self.block_on(DeltaTable::open_as_it_is(table.table(), &self.location))? {
            Some(table) => self.block_on(table.files()),
            None => Ok(Vec::new()),
        }
    }

    /// Version of a release table; `None` before the first release.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn release_version(&self, table: ReleaseTable) -> Result<Option<u64>, LakeError> {
        Ok(self
            .block_on(DeltaTable::open_as_it_is(table.table(), &self.location))?
            .map(|table| table.version()))
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

    /// The key for who may read release tables and nothing else. It outlives the lake's handle.
    pub fn release_reader(&self) -> ReleaseReader {
        ReleaseReader::new(&self.location)
    }

    fn replacement(&self, table: &'static Table) -> Result<Replacement, LakeError> {
        let table = self.block_on(DeltaTable::open_to_replace(table, &self.location))?;
        Ok(Replacement::new(&self.runtime, table))
    }

    fn files_of(&self, table: &'static Table) -> Result<Vec<DataFile>, LakeError> {
        match self.block_on(DeltaTable::open(table, &self.location))? {
            Some(table) => self.block_on(table.files()),
            None => Ok(Vec::new()),
        }
    }

    fn marker(&self) -> Result<Option<Marker>, LakeError> {
        let Some(bytes) = self.block_on(self.location.read(MARKER))? else { return Ok(None) };
        let marker = serde_json::from_slice(&bytes);
        marker.map(Some).map_err(|source| LakeError::NoLake { path: self.url(), source })
    }

    fn marker_text(&self, marker: &Marker) -> Result<Bytes, LakeError> {
        let text = serde_json::to_vec(marker);
        text.map(Bytes::from).map_err(|source| LakeError::NoLake { path: self.url(), source })
    }
}

#[cfg(test)]
#[path = "lake_tests.rs"]
mod tests;
