//! Released tables → the lake.
//!
//! In: the counts of a lake. Out: its release tables, each replaced in one commit. The writer takes
//! [`Released`] tables and nothing else, and the key that it writes with opens no table of devices.

use kayoi_lake::{ReleaseWriter, RunMark};
use kayoi_schemas::tables::ReleaseTable;

use crate::counts::Counts;
use crate::error::ReleaseError;
use crate::options::ReleaseOptions;
use crate::rows::{Released, Rows};

/// What was released, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// How many rows the release tables have.
    pub rows: u64,
    /// How many of them have a figure; the others are suppressed.
    pub published_rows: u64,
    /// The number of this release, from 1.
    pub revision: u64,
}

/// Releases what may be seen of a lake's counts.
///
/// # Errors
/// [`ReleaseError`]; tables that were not reached stay as they were.
pub fn release(lake: &ReleaseWriter, options: &ReleaseOptions) -> Result<ReleaseSummary, ReleaseError> {
    // Asked before the counts are read: of two runs, half would be of other pings than the rest.
    let mark = lake.run()?;
    let counts = Counts::read(lake, &options.definition)?;
    // Version 0 makes the table, so the first release is revision 1.
    let revision = lake.version(ReleaseTable::ConnectedMonthly)?.map_or(1, |version| version + 1);
    let rows = Rows::new(&counts, options, revision);
    let mut summary = ReleaseSummary { revision, ..ReleaseSummary::default() };
    // The totals need to know which figures of municipalities are shown, or a sum would give a hidden one
    // back.
    let (connected, shown) = rows.connected_monthly()?;
    let mut write = |released: &Released| write(lake, released, mark, &mut summary);
    write(&connected)?;
    write(&rows.connected_totals_monthly(&shown)?)?;
    write(&rows.visitors_daily()?)?;
    Ok(summary)
}

/// Replaces one release table, and adds its rows to the summary.
fn write(
    lake: &ReleaseWriter,
    released: &Released,
    mark: Option<RunMark>,
    summary: &mut ReleaseSummary,
) -> Result<(), ReleaseError> {
    summary.rows += released.batch().num_rows() as u64;
    summary.published_rows += released.published_rows();
    let mut replacement = lake.replace(released.table())?;
    replacement.write(released.batch())?;
    Ok(replacement.commit(mark)?)
}
