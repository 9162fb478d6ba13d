//! Replacing a derived table: write the new files, then swap them in in one commit.
//!
//! In: sorted batches. Out: a version of the table that holds only them. Readers see the old table until the
//! commit and the new one after it, so a recomputation that dies midway leaves nothing half done. Batches
//! gather in files of bounded size; where one bucket ends and the next begins, so does a file.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use deltalake_core::kernel::Add;
use tokio::runtime::Runtime;

use crate::bucket::Bucket;
use crate::error::LakeError;
use crate::file::{FileBuilder, Press, ROW_GROUP_ROWS};
use crate::run_mark::RunMark;
use crate::table::DeltaTable;

/// Rows of a file, which grows in memory: some 50 MB of stays.
const FILE_ROWS: usize = 16 * ROW_GROUP_ROWS;

/// A replacement under way.
pub struct Replacement {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) table: DeltaTable,
    /// Files that are complete.
    pub(crate) adds: Vec<Add>,
    /// The file that grows, and its rows.
    pub(crate) growing: Option<(FileBuilder, usize)>,
    /// Of which bucket the rows are.
    pub(crate) bucket: Bucket,
    /// Of which partition, where the table has partitions.
    pub(crate) partition: Option<String>,
    /// Files of the table that stay, by path below the lake's root.
    pub(crate) kept: BTreeSet<String>,
}

/// A file that a replacement has completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Path below the lake's root.
    pub path: String,
    /// Size, bytes.
    pub size_bytes: u64,
}

impl Replacement {
    pub(crate) fn new(runtime: &Arc<Runtime>, table: DeltaTable) -> Self {
        let runtime = Arc::clone(runtime);
        Self {
            runtime,
            table,
            adds: Vec::new(),
            growing: None,
            bucket: Bucket::WHOLE,
            partition: None,
            kept: BTreeSet::new(),
        }
    }

    /// Says that the rows which follow are of a bucket, and of no other until this is called again.
    ///
    /// # Errors
    /// [`LakeError`] when the file before cannot be written.
    pub fn begin(&mut self, bucket: Bucket) -> Result<(), LakeError> {
        self.end_file()?;
        self.bucket = bucket;
        Ok(())
    }

    /// Says that the rows which follow are of a partition, and of no other until this is called again.
    ///
    /// # Errors
    /// [`LakeError`] when the file before cannot be written.
    pub fn begin_partition(&mut self, value: &str) -> Result<(), LakeError> {
        self.end_file()?;
        self.partition = Some(value.to_owned());
        Ok(())
    }

    /// Keeps the files of the table's partition as they are, instead of new ones.
    ///
    /// # Errors
    /// [`LakeError`] when the log cannot be read.
    pub fn keep_partition(&mut self, value: &str) -> Result<(), LakeError> {
        let files = self.runtime.block_on(self.table.files())?;
        let kept = files.into_iter().filter(|file| file.partition_value.as_deref() == Some(value));
        self.kept.extend(kept.map(|file| file.path));
        Ok(())
    }

    /// Adds rows, which come in the table's order.
    ///
    /// # Errors
    /// [`LakeError`] when a file cannot be written.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        let mut rest = batch.clone();
        while rest.num_rows() > 0 {
            let (file, rows) = match &mut self.growing {
                Some(growing) => growing,
                None => {
                    let file = FileBuilder::new(self.table.description, rest.schema(), Press::Light)?;
                    self.growing.insert((file.of(self.bucket), 0))
                }
            };
            let fits = rest.num_rows().min(FILE_ROWS - *rows);
            file.write(&rest.slice(0, fits))?;
            *rows += fits;
            rest = rest.slice(fits, rest.num_rows() - fits);
            if *rows == FILE_ROWS {
                self.end_file()?;
            }
        }
        Ok(())
    }

    /// Keeps a file of the table as it is.
    pub fn keep(&mut self, path: &str) {
        self.kept.insert(path.to_owned());
    }

    /// The files that are complete, in the order in which they were.
    pub fn files(&self) -> Vec<NewFile> {
        let folder = self.table.description.path;
        let file = |add: &Add| NewFile {
            path: format!("{folder}/{}", add.path),
            size_bytes: add.size.max(0) as u64,
        };
        self.adds.iter().map(file).collect()
    }

    /// Version of the table that is replaced.
    pub fn version(&self) -> u64 {
        self.table.version()
    }

    /// Completes the file that grows, if there is one.
    ///
    /// # Errors
    /// [`LakeError`] when it cannot be written.
    pub fn end_file(&mut self) -> Result<(), LakeError> {
        if let Some((file, _)) = self.growing.take() {
            self.adds.push(self.table.finish_file(file, self.partition.as_deref())?);
        }
        Ok(())
    }

    /// Swaps the new files in. `mark` says which run made them. Returns the table's version.
    ///
    /// # Errors
    /// [`LakeError`] when the commit fails; the old table then stays.
    pub fn commit(mut self, mark: Option<RunMark>) -> Result<u64, LakeError> {
        self.end_file()?;
        let adds = std::mem::take(&mut self.adds);
        self.runtime.block_on(self.table.replace(adds, &self.kept, mark))?;
        Ok(self.table.version())
    }
}
