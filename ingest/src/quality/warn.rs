//! Figures → what somebody should look at.
//!
//! In: figures and today's local day. Out: warnings, each by one rule. Rules only compare figures, so they
//! can be tried on a few rows. What a day that is not over yet lacks is not warned about.

use std::collections::BTreeMap;

use kayoi_schemas::ping::RejectReason;
use kayoi_schemas::time::Day;

use super::figures::{
    ACCURACY_MEDIAN, DELAY_MEAN, Figures, HOURS, Measures, PINGS, RECEIVED, RECORDS, REJECTED, REPEATED,
    SHARED,
};

/// Share of records that may be rejected.
const MOST_REJECTED: f64 = 0.05;
/// Bounds of a day's pings, in medians of the days before.
const LEAST_OF_MEDIAN: f64 = 0.5;
const MOST_OF_MEDIAN: f64 = 2.0;
/// Days before that the median is of, and how many of them must have pings.
const MEDIAN_DAYS: i32 = 7;
const LEAST_MEDIAN_DAYS: usize = 3;
/// Mean delay, seconds.
const MOST_DELAY_S: f64 = 24.0 * 3600.0;
/// Median accuracy, metres.
const WORST_ACCURACY_M: f64 = 100.0;
/// Hours of a day.
const LEAST_HOURS: f64 = 12.0;
/// Share of fixes at repeated coordinates.
const MOST_REPEATED: f64 = 0.05;
/// Devices that were at many places at once.
const MOST_SHARED: f64 = 0.0;
/// Days without a fix.
const SILENT_DAYS: i32 = 2;

/// Something to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// Who delivered it.
    pub partner: String,
    /// Of which local day.
    pub day: Day,
    /// What stands out.
    pub measure: &'static str,
    /// How much it is, in the unit of the threshold.
    pub value: f64,
    /// What it was compared with.
    pub threshold: f64,
    /// What it means, and its unit.
    pub meaning: &'static str,
}

/// Every warning about the days from `first` on, by partner and day. Earlier figures serve for comparison.
pub fn warnings(figures: &Figures, first: Day, today: Day) -> Vec<Warning> {
    let mut partners: BTreeMap<&str, BTreeMap<Day, &Measures>> = BTreeMap::new();
    for ((partner, day), measures) in figures {
        partners.entry(partner.as_str()).or_default().insert(*day, measures);
    }
    let mut warnings = Vec::new();
    for (partner, days) in partners {
        let with_pings: BTreeMap<Day, f64> =
            days.iter().filter_map(|(day, measures)| Some((*day, value(measures, PINGS)?))).collect();
        let mut found = Vec::new();
        for (day, measures) in days.range(first..) {
            found.extend(of_day(*day, measures, *day < today));
        }
        found.extend(unusual(&with_pings, first, today));
        found.extend(silent(&with_pings, today));
        found.sort_by_key(|found| found.day);
        warnings.extend(found.into_iter().map(|found| found.of(partner)));
    }
    warnings
}

/// A rule that a day breaks.
struct Found {
    day: Day,
    measure: &'static str,
    value: f64,
    threshold: f64,
    meaning: &'static str,
}

impl Found {
    fn of(self, partner: &str) -> Warning {
        let Self { day, measure, value, threshold, meaning } = self;
        Warning { partner: partner.to_owned(), day, measure, value, threshold, meaning }
    }
}

fn value(measures: &Measures, name: &str) -> Option<f64> {
    measures.get(name).copied()
}

/// Rules that need one day only.
fn of_day(day: Day, measures: &Measures, is_over: bool) -> Vec<Found> {
    // A measure that is missing was not taken: nothing is warned about then.
    let mut found = Vec::new();
    let mut at_most = |measure: &'static str, value: Option<f64>, threshold: f64, meaning: &'static str| {
        if let Some(value) = value.filter(|value| *value > threshold) {
            found.push(Found { day, measure, value, threshold, meaning });
        }
    };
    at_most(
        REJECTED,
        rejected_share(measures),
        MOST_REJECTED,
        "share of the day's records that were rejected; `kayoi schema --rejects` tells the reasons",
    );
    at_most(
        DELAY_MEAN,
        value(measures, DELAY_MEAN),
        MOST_DELAY_S,
        "mean seconds from a fix to its commit; a backfill has it too",
    );
    at_most(
        ACCURACY_MEDIAN,
        value(measures, ACCURACY_MEDIAN),
        WORST_ACCURACY_M,
        "metres, median; so coarse a fix puts people into the wrong town",
    );
    at_most(
        REPEATED,
        value(measures, REPEATED),
        MOST_REPEATED,
        "share of fixes at points that five or more devices share to 1 cm; centroids count people where nobody is",
    );
    at_most(
        SHARED,
        value(measures, SHARED),
        MOST_SHARED,
        "device ids that were at many places at once; a word for no id? `kayoi ingest --placeholder-id` rejects it",
    );
    if let Some(value) = value(measures, HOURS).filter(|hours| is_over && *hours < LEAST_HOURS) {
        let meaning = "local hours of 24 with a fix; nights are needed to know where people sleep";
        found.push(Found { day, measure: HOURS, value, threshold: LEAST_HOURS, meaning });
    }
    found
}

/// Rejected records as a share of all that arrived on the day. Lakes whose commits do not say what arrived
/// have the records of the day instead, which a backfill makes small.
fn rejected_share(measures: &Measures) -> Option<f64> {
    let all = value(measures, RECEIVED).or_else(|| value(measures, RECORDS))?;
    // What is as it should be is neither a fault nor a record that could have been accepted.
    let others = RejectReason::ALL.into_iter().filter(|reason| !reason.is_fault());
    let others: f64 = others.filter_map(|reason| value(measures, &format!("{REJECTED}:{reason}"))).sum();
    let rejected = value(measures, REJECTED).unwrap_or_default() - others;
    Some(rejected / (all - others).max(1.0))
}

/// Days with far fewer or far more pings than the days before them; a day between others without any counts
/// as 0.
fn unusual(pings: &BTreeMap<Day, f64>, first: Day, today: Day) -> Vec<Found> {
    let Some((newest, _)) = pings.last_key_value() else { return Vec::new() };
    let last = newest.0.min(today.0 - 1);
    let unusual = (first.0..=last).map(Day).filter_map(|day| {
        let mut before: Vec<f64> =
            pings.range(day.plus(-MEDIAN_DAYS)..day).map(|(_, pings)| *pings).collect();
        if before.len() < LEAST_MEDIAN_DAYS {
            return None;
        }
        let median = median(&mut before);
        let value = pings.get(&day).copied().unwrap_or_default();
        let (threshold, meaning) = if value < LEAST_OF_MEDIAN * median {
            (
                LEAST_OF_MEDIAN * median,
                "pings, less than half the median of the 7 days before; is a part of the feed missing?",
            )
        } else if value > MOST_OF_MEDIAN * median {
            (
                MOST_OF_MEDIAN * median,
                "pings, more than twice the median of the 7 days before; is something sent twice?",
            )
        } else {
            return None;
        };
        Some(Found { day, measure: PINGS, value, threshold, meaning })
    });
    unusual.collect()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { (values[middle - 1] + values[middle]) / 2.0 } else { values[middle] }
}

/// A partner from whom nothing came for days. It stands under the newest day there is.
fn silent(pings: &BTreeMap<Day, f64>, today: Day) -> Option<Found> {
    let (newest, _) = pings.last_key_value()?;
    let days = today.0 - newest.0;
    let meaning = "days since the newest day with pings; the feed, or its ingest, stands still";
    (days >= SILENT_DAYS).then(|| Found {
        day: *newest,
        measure: PINGS,
        value: f64::from(days),
        threshold: f64::from(SILENT_DAYS),
        meaning,
    })
}

#[cfg(test)]
#[path = "warn_tests.rs"]
mod tests;
