//! How right Kayoi's tables are, against the truth.
//!
//! In: the folder of a truth, and a lake that was filled with its pings. Out: [`Score`] for one month.
//! `truth` and `diary` read the truth of ids, `people` that of people with what is seen of them, `seen` reads the lake
//! and is the only one that knows it, `compare` counts, `print` shows.

use std::path::Path;

use kayoi_lake::Lake;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::time::Month;

use crate::error::SimulateError;

mod compare;
mod diary;
mod people;
mod print;
mod share;
mod report;
mod rows;
mod seen;
mod truth;

pub use people::{Estimated, KindOfPerson, Pairs, People, Shown};
pub use report::{
    Classes, Confusion, Detection, DualCounts, Kinds, NightStatus, Nights, Primary, Score, Stays, Work,
};

/// Scores a month: the one that is named, or the last one of the truth.
///
/// `device_of` gives the pseudonym that ingest made of a partner's device id.
///
/// # Errors
/// [`SimulateError`] when the truth or the lake cannot be read, or when the truth does not have the month.
pub fn score(
    truth_dir: &Path,
    lake: &Lake,
    month: Option<Month>,
    device_of: &dyn Fn(&str) -> DeviceId,
) -> Result<Score, SimulateError> {
    // Nights of one run held against ties of another would be scored as errors of the method.
    lake.one_run()?;
    let known = truth::read(truth_dir, month, device_of)?;
    let seen = seen::read(lake, &known)?;
    let people = people::score(truth_dir, lake, known.month, device_of)?;
    Ok(Score { people, ..compare::compare(&known, &seen) })
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
