//! A release table while it is written.
//!
//! In: rows, month by month. Out: the table's new files, each with its month, beside those of earlier releases that stay.
//!
//! Most questions about many towns, a map or a rank, ask for people of everywhere. Of ties these are one row in twelve, spread
//! over all pages of a month, so that they stand in a file of their own, and bounds tell a reader which of the two to leave.

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::{filter_record_batch, not};
use kayoi_lake::manifest::columns_hash;
use kayoi_lake::{LakeError, ManifestFile, ManifestTable, ReleaseWriter, Replacement, RunMark};
use kayoi_schemas::figure::OriginLevel;
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
    /// Rows for a file of their own, where the table has such.
    apart: Vec<RecordBatch>,
}

/// Tables that are cut by `origin_level` too: those that have far more rows by origin than without.
const CUT_BY_ORIGIN: [ReleaseTable; 2] = [ReleaseTable::ConnectedMonthly, ReleaseTable::ConnectedByPeriod];

impl Output {
    pub(super) fn open(lake: &ReleaseWriter, table: ReleaseTable) -> Result<Self, ReleaseError> {
        let replacement = lake.replace(table)?;
        Ok(Self { table, replacement, months: Vec::new(), kept: Vec::new(), apart: Vec::new() })
    }

    /// Adds rows, which come in the table's order.
    pub(super) fn write(&mut self, rows: &RecordBatch) -> Result<(), LakeError> {
        let Some(is_of_everybody) = self.of_everybody(rows) else { return self.replacement.write(rows) };
        let table = self.table.table().name;
        let failed = |source| LakeError::Arrow { table: table.to_owned(), source };
        self.apart.push(filter_record_batch(rows, &is_of_everybody).map_err(failed)?);
        let is_of_some = not(&is_of_everybody).map_err(failed)?;
        self.replacement.write(&filter_record_batch(rows, &is_of_some).map_err(failed)?)
    }

    /// Which rows are of people of everywhere; `None` where they stand among the others.
    fn of_everybody(&self, rows: &RecordBatch) -> Option<BooleanArray> {
        let levels = CUT_BY_ORIGIN.contains(&self.table).then(|| rows.column_by_name("origin_level"))??;
        let levels = levels.as_string_opt::<i32>()?.iter();
        Some(levels.map(|level| Some(level == Some(OriginLevel::All.as_str()))).collect())
    }

    /// Ends the files of a month.
    pub(super) fn end(&mut self, month: Option<Month>) -> Result<(), LakeError> {
        self.replacement.end_file()?;
        self.apart.drain(..).try_for_each(|rows| self.replacement.write(&rows))?;
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
