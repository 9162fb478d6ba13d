//! What the panel says of all people, against what is true of them.
//!
//! In: the truth of people of real lives, and a lake that was filled with the panel's pings. Out: [`People`] for one
//! month: dual residents and connected persons, each as pairs of a person and a municipality, so that somebody
//! who is tied to two towns is counted in both. The figures are those a survey statistician would ask for:
//!
//! - `truth_all`: pairs of everybody. What is to be known.
//! - `panel_truth`: pairs of the panel's persons who stand behind an id that counts. What the same panel would say
//!   without an error of inference; its estimate for everybody differs from the truth by the luck of the draw.
//! - `seen`: pairs of ids that count, as the tables have them. A person with two phones may be seen twice.
//! - `shown`: of every kind that a release counts, what ids that count show, and what is true of the persons behind them. A person
//!   with two phones stands on both sides twice, as she does in the weights.
//!
//! Estimates for everybody multiply what is seen of a prefecture's residents by people who live there for each one
//! located there. Prefectures without anybody located borrow the weight of all others. Which ids count is said by the
//! lake's table `panel` (those of the year's panel); a lake without one counts all.

use std::collections::BTreeMap;

use kayoi_lake::Lake;
use kayoi_schemas::time::Month;
use serde::Serialize;
use std::path::Path;

use super::truth::DeviceOf;
use crate::error::SimulateError;

mod count;
mod kinds;
mod known;
mod print;
mod seen;

/// Pairs of persons and municipalities: true, seen, wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pairs {
    /// True of everybody.
    pub truth_all: u64,
    /// True of the persons who stand behind an id that counts.
    pub panel_truth: u64,
    /// Seen of ids that count.
    pub seen: u64,
    /// Of `panel_truth`, seen by at least one id.
    pub found: u64,
    /// Seen and not true.
    pub invented: u64,
    /// Seen once more, by another id of the same person.
    pub doubled: u64,
    /// True and not seen.
    pub missed: u64,
}

/// Pairs of one sort, with estimates for everybody.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Estimated {
    /// All pairs.
    pub pairs: Pairs,
    /// Pairs of everybody, estimated from `seen`.
    pub estimate: f64,
    /// The same from `panel_truth`: the panel measured without error.
    pub estimate_without_error: f64,
    /// `estimate / truth_all - 1`.
    pub bias: Option<f64>,
    /// `estimate / estimate_without_error - 1`: what inference adds to the luck of the draw.
    pub bias_of_inference: Option<f64>,
}

/// Ties of one kind, of ids that count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// True of the persons behind them.
    pub truth: u64,
    /// As the tables have them.
    pub seen: u64,
}

/// People of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct KindOfPerson {
    /// People of the kind.
    pub people: u64,
    /// Of these, with a phone in the panel. Visitors from abroad who came in the world's days.
    pub panel: u64,
    /// Of the panel, behind an id that counts.
    pub counted: u64,
    /// Of the panel, with a primary residence in the tables; visitors from abroad in any month.
    pub located: u64,
    /// Of these, the true one, by every id of the month.
    pub primary_right: u64,
    /// Of the panel, with a second residence in the tables.
    pub with_second: u64,
    /// Of the panel, with a true second residence.
    pub with_true_second: u64,
    /// Of the panel, called a visitor from abroad in any month.
    pub called_from_abroad: u64,
    /// Second residences.
    pub dual: Pairs,
    /// Connected persons.
    pub connected: Pairs,
}

/// How right figures of everybody are.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct People {
    /// People who live in the country.
    pub people: u64,
    /// Of these, with a phone in the panel.
    pub panel: u64,
    /// Of these, behind an id that counts.
    pub counted: u64,
    /// `counted / panel`: for how many of its persons the panel can speak.
    pub counted_share: Option<f64>,
    /// Whether the lake says which ids count.
    pub has_panel_table: bool,
    /// Dual residents.
    pub dual: Estimated,
    /// Connected persons.
    pub connected: Estimated,
    /// By what a release counts of ties.
    pub shown: BTreeMap<String, Shown>,
    /// By kind of person.
    pub by_kind: BTreeMap<String, KindOfPerson>,
}

/// Scores a month; `None` when the truth has no people of it.
///
/// # Errors
/// [`SimulateError`] when the truth or the lake cannot be read.
pub(super) fn score(
    truth_dir: &Path,
    lake: &Lake,
    month: Month,
    device_of: DeviceOf<'_>,
) -> Result<Option<People>, SimulateError> {
    if !truth_dir.join("persons.parquet").exists() {
        return Ok(None);
    }
    let known = known::read(truth_dir, month, device_of)?;
    if known.primary.is_empty() {
        return Ok(None);
    }
    let seen = seen::read(lake, month)?;
    Ok(Some(count::count(&known, &seen)))
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
