//! The score as numbers.
//!
//! In: counts. Out: shares, absent when there is nothing to divide by. Precision is the share of what Kayoi
//! says that is true; recall the share of what is true that Kayoi says; F1 their harmonic mean. `print` makes
//! a table for people of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::people::People;
use super::share::share;

/// What is true → what Kayoi says → how often.
pub type Confusion = BTreeMap<String, BTreeMap<String, u64>>;

/// How right a month is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// The month that is scored.
    pub month: String,
    /// Devices that count.
    pub devices: u64,
    /// Nights of the month.
    pub nights: Nights,
    /// How right primary residences are.
    pub primary: Primary,
    /// Second residences, as (device, municipality); exchanged ranks are right where both are nearly even.
    pub dual: Detection,
    /// Devices with a second residence anywhere: right also when primary and second are exchanged.
    pub dual_devices: Detection,
    /// Second residences found, by true regime.
    pub dual_recall_by_regime: BTreeMap<String, Detection>,
    /// Wrong second residences, by persona: a mover here was taken for a dual resident.
    pub dual_false_positives: BTreeMap<String, u64>,
    /// True regime against Kayoi's word, among the second residences that were found.
    pub dual_regimes: Confusion,
    /// Dual residents of each municipality.
    pub dual_counts: DualCounts,
    /// Classes of visit days.
    pub classes: Classes,
    /// Workations, as (device, municipality).
    pub workation: Detection,
    /// Wrong workations, by persona.
    pub workation_false_positives: BTreeMap<String, u64>,
    /// Kinds of tie.
    pub kinds: Kinds,
    /// How right stays are.
    pub stays: Stays,
    /// Workplaces and telework.
    pub work: Work,
    /// Of people, the panel and everybody else; absent when the truth is of ids only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<People>,
}

/// Nights: known or not, right or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Nights {
    /// True nights in a municipality.
    pub truth: u64,
    /// Of these, given as known.
    pub given: u64,
    /// Of these, right.
    pub right: u64,
    /// `given / truth`.
    pub given_share: Option<f64>,
    /// `right / given`.
    pub right_share: Option<f64>,
    /// The given ones by status, such as `observed` and `inferred`.
    pub by_status: BTreeMap<String, NightStatus>,
}

/// Given nights of one status.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct NightStatus {
    /// True nights that were given with this status.
    pub given: u64,
    /// Of these, right.
    pub right: u64,
    /// `right / given`.
    pub right_share: Option<f64>,
}

/// Primary residences: located or not, right or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Primary {
    /// Devices with a true primary residence.
    pub truth: u64,
    /// Devices that were located.
    pub located: u64,
    /// Of these, right; where both residences are nearly even, either is.
    pub right: u64,
    /// Devices of `truth` whose two residences are nearly even.
    pub nearly_even: u64,
    /// `right / located`.
    pub precision: Option<f64>,
    /// `right / truth`.
    pub recall: Option<f64>,
    /// Right among those that were located and have a true one.
    pub right_among_located: Option<f64>,
}

/// Found, invented, missed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detection {
    /// True and found.
    pub found: u64,
    /// Found and not true.
    pub invented: u64,
    /// True and not found.
    pub missed: u64,
    /// Precision: of those found, the share that is true.
    pub precision: Option<f64>,
    /// Recall: of those that are true, the share that was found.
    pub recall: Option<f64>,
    /// F1: the harmonic mean of precision and recall.
    pub f1: Option<f64>,
}

/// Dual residents counted by the municipality of their second residence, found and invented alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DualCounts {
    /// True second residences.
    pub truth: u64,
    /// Seen second residences.
    pub seen: u64,
    /// `(seen - truth) / truth` over all municipalities.
    pub bias: Option<f64>,
    /// Municipalities with enough true ones to compare (5).
    pub municipalities: u64,
    /// Mean over these of the absolute difference, dual residents.
    pub mean_absolute_difference: Option<f64>,
}

/// Classes of visit days of visitors (without dual residents).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classes {
    /// How many ties there truly are.
    pub truth: u64,
    /// Of these, found in any class.
    pub found: u64,
    /// Of these, with the right class.
    pub equal: u64,
    /// `equal / truth`.
    pub equal_share: Option<f64>,
    /// Of these, right in the coarse classes 1, 2 to 7, 8 and more.
    pub equal_coarse: u64,
    /// `equal_coarse / truth`.
    pub equal_coarse_share: Option<f64>,
    /// Ties of three visit days or more.
    pub often: Detection,
}

/// Kinds of tie, as (device, municipality).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kinds {
    /// True kind against seen kind; `none` where there is no tie, or an excluded one.
    pub confusion: Confusion,
    /// Each kind against all others.
    pub by_kind: BTreeMap<String, Detection>,
    /// Any kind but `one_off`.
    pub repeat_or_stronger: Detection,
}

/// Stays of the month, of the people with a diary.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stays {
    /// Devices with a diary that count.
    pub devices: u64,
    /// True stays of at least ten minutes.
    pub truth: u64,
    /// How many stays Kayoi saw.
    pub seen: u64,
    /// Minutes of the true stays.
    pub truth_minutes: f64,
    /// Minutes of the seen stays.
    pub seen_minutes: f64,
    /// Minutes of seen stays within true stays at the same place (500 m).
    pub matched_minutes: f64,
    /// `matched_minutes / seen_minutes`.
    pub precision: Option<f64>,
    /// `matched_minutes / truth_minutes`.
    pub recall: Option<f64>,
    /// F1 of the minutes.
    pub f1: Option<f64>,
    /// True stays that no seen stay matches.
    pub missed: u64,
    /// Seen stays that match several true ones at different spots.
    pub merged: u64,
    /// True stays that several seen ones match.
    pub split: u64,
}

/// Workplaces and telework at home.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Work {
    /// Devices with at least eight true days at the workplace in the month.
    pub commuters: u64,
    /// Of these, with the municipality of the workplace found.
    pub found: u64,
    /// `found / commuters`.
    pub found_share: Option<f64>,
    /// Devices with a true or a seen workplace in the month.
    pub device_months: u64,
    /// True telework days.
    pub telework_days_truth: u64,
    /// Seen telework days.
    pub telework_days_seen: u64,
    /// Seen over true telework days.
    pub telework_ratio: Option<f64>,
    /// Mean absolute difference over `device_months`, days.
    pub telework_mean_absolute_error: Option<f64>,
}

impl Nights {
    pub(super) fn new(truth: u64, mut by_status: BTreeMap<String, NightStatus>) -> Self {
        by_status.values_mut().for_each(|status| status.right_share = share(status.right, status.given));
        let given = by_status.values().map(|status| status.given).sum();
        let right = by_status.values().map(|status| status.right).sum();
        let (given_share, right_share) = (share(given, truth), share(right, given));
        Self { truth, given, right, given_share, right_share, by_status }
    }
}

impl Detection {
    pub(super) fn new(found: u64, invented: u64, missed: u64) -> Self {
        let f1 = share(2 * found, 2 * found + invented + missed);
        let (precision, recall) = (share(found, found + invented), share(found, found + missed));
        Self { found, invented, missed, precision, recall, f1 }
    }
}
