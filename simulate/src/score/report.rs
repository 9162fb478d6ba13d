//! The score as numbers and as a table for people.
//!
//! In: counts. Out: shares, absent when there is nothing to divide by. Precision is the share of what Kayoi says
//! that is true; recall the share of what is true that Kayoi says; F1 their harmonic mean.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// How right a month is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// The month.
    pub month: String,
    /// Devices that count.
    pub devices: u64,
    /// Nights of the month.
    pub nights: Nights,
    /// Primary residences.
    pub primary: Primary,
    /// Second residences, as (device, municipality).
    pub dual: Detection,
    /// Devices with a second residence anywhere: right also when primary and second are exchanged.
    pub dual_devices: Detection,
    /// Second residences found, by true regime.
    pub dual_recall_by_regime: BTreeMap<String, Detection>,
    /// Wrong second residences, by persona: a mover here was taken for a dual resident.
    pub dual_false_positives: BTreeMap<String, u64>,
    /// Classes of visit days.
    pub classes: Classes,
    /// Workations, as (device, municipality).
    pub workation: Detection,
    /// Wrong workations, by persona.
    pub workation_false_positives: BTreeMap<String, u64>,
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
}

/// Primary residences: located or not, right or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Primary {
    /// Devices with a true primary residence.
    pub truth: u64,
    /// Devices that were located.
    pub located: u64,
    /// Of these, right.
    pub right: u64,
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
    /// Precision.
    pub precision: Option<f64>,
    /// Recall.
    pub recall: Option<f64>,
    /// F1.
    pub f1: Option<f64>,
}

/// Classes of visit days of visitors (without dual residents).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classes {
    /// True ties.
    pub truth: u64,
    /// Of these, found in any class.
    pub found: u64,
    /// Of these, with the right class.
    pub equal: u64,
    /// `equal / truth`.
    pub equal_share: Option<f64>,
    /// Ties of three visit days or more.
    pub often: Detection,
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Nights {
    pub(super) fn new(truth: u64, given: u64, right: u64) -> Self {
        Self { truth, given, right, given_share: share(given, truth), right_share: share(right, given) }
    }
}

impl Primary {
    pub(super) fn new(truth: u64, located: u64, both: u64, right: u64) -> Self {
        let (precision, recall) = (share(right, located), share(right, truth));
        Self { truth, located, right, precision, recall, right_among_located: share(right, both) }
    }
}

impl Detection {
    pub(super) fn new(found: u64, invented: u64, missed: u64) -> Self {
        let f1 = share(2 * found, 2 * found + invented + missed);
        let (precision, recall) = (share(found, found + invented), share(found, found + missed));
        Self { found, invented, missed, precision, recall, f1 }
    }
}

impl Classes {
    pub(super) fn new(truth: u64, found: u64, equal: u64, often: Detection) -> Self {
        Self { truth, found, equal, equal_share: share(equal, truth), often }
    }
}

/// A share as `0.953`, or a dash.
struct Share(Option<f64>);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => write!(f, "{share:5.3}"),
            None => f.write_str("    -"),
        }
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, detection: &Detection) -> fmt::Result {
    let Detection { found, invented, missed, precision, recall, f1 } = detection;
    let (precision, recall, f1) = (Share(*precision), Share(*recall), Share(*f1));
    writeln!(f, "{name:<34}{precision}   {recall}   {f1}{found:>9}{invented:>10}{missed:>8}")
}

fn personas(f: &mut fmt::Formatter<'_>, name: &str, counts: &BTreeMap<String, u64>) -> fmt::Result {
    let list: Vec<String> = counts.iter().map(|(persona, count)| format!("{persona} {count}")).collect();
    writeln!(f, "{name:<34}{}", if list.is_empty() { "none".to_owned() } else { list.join(", ") })
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "truth against tables, {}, {} devices", self.month, self.devices)?;
        let Nights { truth, given_share, right_share, .. } = &self.nights;
        writeln!(f, "{:<34}{} of {truth}", "nights given as known", Share(*given_share))?;
        writeln!(f, "{:<34}{}", "  of these right", Share(*right_share))?;
        let Primary { truth, located, precision, recall, right_among_located, .. } = &self.primary;
        writeln!(f, "{:<34}{located} of {truth}", "primary residence located")?;
        let (precision, recall) = (Share(*precision), Share(*recall));
        writeln!(f, "{:<34}precision {precision}, recall {recall}", "  right")?;
        writeln!(f, "{:<34}{}", "  right among located", Share(*right_among_located))?;
        writeln!(f, "{:<34}{}", "visit-day class right", Share(self.classes.equal_share))?;
        writeln!(f, "{:<34}precision recall  F1      found  invented  missed", "")?;
        line(f, "visits on 3 days or more", &self.classes.often)?;
        line(f, "second residence", &self.dual)?;
        line(f, "  devices with any", &self.dual_devices)?;
        for (regime, detection) in &self.dual_recall_by_regime {
            let Detection { found, missed, recall, .. } = detection;
            writeln!(f, "  {regime:<32}        {}        {found:>9}{:>10}{missed:>8}", Share(*recall), "")?;
        }
        personas(f, "  invented for", &self.dual_false_positives)?;
        line(f, "workation", &self.workation)?;
        personas(f, "  invented for", &self.workation_false_positives)
    }
}
