//! A release table while it is written.
//!
//! In: rows, month by month. Out: the table's new files, each with its month, beside those of earlier releases that stay.

use kayoi_lake::manifest::columns_hash;
use kayoi_lake::{LakeError, ManifestFile, ManifestTable, ReleaseWriter, Replacement, RunMark};
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Month;

use crate::error::ReleaseError;
use crate::sign::sha256;

/// A table that is being written.
pub(super) struct Output {
    table: ReleaseTable,
    pub(super) replacement: Replacement,
    /// The month of each new file.
    months: Vec<Option<Month>>,
    pub(super) kept: Vec<ManifestFile>,
}

impl Output {
    pub(super) fn open(lake: &ReleaseWriter, table: ReleaseTable) -> Result<Self, ReleaseError> {
        let replacement = lake.replace(table)?;
        Ok(Self { table, replacement, months: Vec::new(), kept: Vec::new() })
    }

    /// Ends the files of a month.
    pub(super) fn end(&mut self, month: Option<Month>) -> Result<(), LakeError> {
        self.replacement.end_file()?;
        self.months.resize(self.replacement.files().len(), month);
        Ok(())
    }

    /// Swaps the table in, unseen until the manifest is written. Returns what the manifest says of it.
    pub(super) fn commit(
        mut self,
        lake: &ReleaseWriter,
        mark: Option<RunMark>,
    ) -> Result<ManifestTable, ReleaseError> {
        self.end(None)?;
        let new = self.replacement.files();
        let version = self.replacement.commit(mark)?;
        let mut files = self.kept;
        for (file, month) in new.into_iter().zip(self.months) {
            // Read back: what the checksum is of is what readers will find.
            let bytes = lake.file(&file.path)?.unwrap_or_default();
            files.push(ManifestFile {
                sha256: sha256(&bytes),
                path: file.path,
                bytes: file.size_bytes,
                month: month.map(|month| month.to_string()),
            });
        }
        files.sort_by(|a, b| a.month.cmp(&b.month));
        Ok(ManifestTable { version, columns: columns_hash(self.table.table()), files })
    }
}
