//! Months → one release.
//!
//! In: the counts of a lake, and its last release. Out: its release tables, month by month, and the manifest that makes
//! all of them visible at once. A month that is sealed keeps the files that it had, byte for byte. Memory holds the
//! exact counts of two months, and the noised ones of twelve.

mod ahead;
mod finish;
mod output;
mod plan;
mod run;

use std::collections::BTreeMap;
use std::thread;

use kayoi_lake::ReleaseWriter;
use kayoi_schemas::time::Month;

use crate::error::ReleaseError;
use crate::options::ReleaseOptions;

use ahead::Ahead;
use plan::OfRun;
pub use plan::{DueRelease, check, due_releases};
use run::Run;

/// What was released, in numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReleaseSummary {
    /// Rows of figures, by status.
    pub rows: BTreeMap<String, u64>,
    /// The number of this release, from 1.
    pub revision: u64,
    /// `trial` or `real`.
    pub series: &'static str,
    /// First and last month that has rows in it, drawn now or before; `None` where there is none.
    pub months: Option<(String, String)>,
    /// Months that became final with it.
    pub sealed: Vec<Month>,
    /// Months of which 速報 was made.
    pub provisional: Vec<Month>,
    /// Months that stand as they were published before.
    pub kept: Vec<Month>,
    /// Months that were final and that a correction cannot publish anew, because their pings are gone.
    pub dropped: Vec<Month>,
}

impl ReleaseSummary {
    /// Rows of figures.
    pub fn row_count(&self) -> u64 {
        self.rows.values().sum()
    }

    /// Rows in which a value stands.
    pub fn value_count(&self) -> u64 {
        ["published", "provisional"].into_iter().filter_map(|status| self.rows.get(status)).sum()
    }
}

/// Releases what may be seen of a lake's counts. `progress` is called with the months done and those in all.
///
/// # Errors
/// [`ReleaseError`]; readers go on to see the last release.
pub fn release(
    lake: &ReleaseWriter,
    options: &ReleaseOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ReleaseSummary, ReleaseError> {
    release_one(lake, options, OfRun::ALONE, progress)
}

impl DueRelease {
    /// Releases it, of counts by its definition, as [`release()`] does.
    ///
    /// # Errors
    /// [`ReleaseError`]; readers go on to see the releases before.
    pub fn release(
        self,
        lake: &ReleaseWriter,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ReleaseSummary, ReleaseError> {
        release_one(lake, &self.options, self.of_run, progress)
    }
}

fn release_one(
    lake: &ReleaseWriter,
    options: &ReleaseOptions,
    of_run: OfRun,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ReleaseSummary, ReleaseError> {
    let mut run = Run::begin(lake, options, of_run)?;
    let months = run.months()?;
    thread::scope(|scope| {
        let drawn = months.iter().copied().filter(|month| run.is_drawn(*month)).collect();
        let ahead = Ahead::read(scope, lake, run.options.clone(), drawn);
        for (done, month) in months.iter().enumerate() {
            progress(done as u64, months.len() as u64);
            run.month(*month, &ahead)?;
        }
        Ok::<_, ReleaseError>(())
    })?;
    progress(months.len() as u64, months.len() as u64);
    run.finish()
}
