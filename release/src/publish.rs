//! Released tables → the lake.
//!
//! In: the counts of a lake. Out: its release tables, each replaced in one commit. The writer takes [`Released`] tables and nothing else, and the
//! key that it writes with opens no table of devices.

use kayoi_lake::ReleaseWriter;
use kayoi_schemas::tables::ReleaseTable;

use crate::counts::Counts;
use crate::error::ReleaseError;
use crate::options::ReleaseOptions;
use crate::rows::{Released, Rows};

/// What was released.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// Rows of the release tables.
    pub rows: u64,
    /// Rows of the release tables with a figure.
    pub published_rows: u64,
    /// Number of this release.
    pub revision: u64,
}

/// Releases what may be seen of a lake's counts.
///
/// # Errors
/// [`ReleaseError`]; tables that were not reached stay as they were.
pub fn release(lake: &ReleaseWriter, options: &ReleaseOptions) -> Result<ReleaseSummary, ReleaseError> {
    let counts = Counts::read(lake, &options.definition)?;
    // Version 0 makes the table, so the first release is revision 1.
    let revision = lake.version(ReleaseTable::ConnectedMonthly)?.map_or(1, |version| version + 1);
    let rows = Rows::new(&counts, options, revision);
    let mut summary = ReleaseSummary { revision, ..ReleaseSummary::default() };
    let (connected, shown) = rows.connected_monthly()?;
    write(lake, &connected, &mut summary)?;
    write(lake, &rows.connected_totals_monthly(&shown)?, &mut summary)?;
    write(lake, &rows.visitors_daily()?, &mut summary)?;
    Ok(summary)
}

fn write(
    lake: &ReleaseWriter,
    released: &Released,
    summary: &mut ReleaseSummary,
) -> Result<(), ReleaseError> {
    summary.rows += released.batch().num_rows() as u64;
    summary.published_rows += released.published_rows();
    let mut replacement = lake.replace(released.table())?;
    replacement.write(released.batch())?;
    replacement.commit()?;
    Ok(())
}
