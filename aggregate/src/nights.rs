//! Stays → nights: the municipality where a device slept on the evening of a date.
//!
//! In: stays and fixes of one device. Out: a night for each evening with evidence; an evening without any fix
//! or stay has no row and is unknown. The night window runs over midnight and belongs to the evening's date, so
//! a night in two pieces is one night. The municipality is the one with most minutes in the window, the core
//! hours counted twice; under the least stay it is not known.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule};

use crate::fixes::Fix;
use crate::presence::{night_window, overlap_minutes};
use crate::stays::Stay;

/// What is known of a night.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Slept {
    /// In this municipality.
    In(MunicipalityCode),
    /// In no municipality (at sea, abroad).
    Outside,
    /// Seen, for less than the least stay.
    TooShort,
    /// Seen on the move only.
    InTransit,
}

impl Slept {
    /// The word in `nights.status`.
    pub fn status(self) -> &'static str {
        match self {
            Self::In(_) => "known",
            Self::Outside => "outside",
            Self::TooShort => "too_short",
            Self::InTransit => "in_transit",
        }
    }

    /// The municipality, when it is known.
    pub fn municipality(self) -> Option<MunicipalityCode> {
        match self {
            Self::In(code) => Some(code),
            _ => None,
        }
    }
}

/// A night of one device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Night {
    /// The evening's date.
    pub night: Day,
    /// Where.
    pub slept: Slept,
    /// Minutes in the window at that place.
    pub minutes: f32,
}

/// The nights of one device, by date.
pub fn nights(stays: &[Stay], fixes: &[Fix], thresholds: &Thresholds, rule: DayRule) -> Vec<Night> {
    let mut evidence: BTreeMap<Day, BTreeMap<Option<MunicipalityCode>, (f64, f64)>> = BTreeMap::new();
    for fix in fixes {
        // Local calendar day of the fix and the one before: the two evenings whose windows could hold it.
        let day = rule.day(fix.instant);
        for night in [day.plus(-1), day] {
            let [window, _] = night_window(night, thresholds, rule);
            if (window.0..window.1).contains(&fix.instant) {
                evidence.entry(night).or_default();
            }
        }
    }
    for stay in stays {
        let span = (stay.arrival, stay.departure);
        for night in rule.day(stay.arrival).0 - 1..=rule.day(stay.departure).0 {
            let [window, core] = night_window(Day(night), thresholds, rule);
            let minutes = overlap_minutes(span, window);
            if minutes > 0.0 {
                let places = evidence.entry(Day(night)).or_default();
                let (total, weighted) = places.entry(stay.municipality).or_default();
                *total += minutes;
                *weighted += minutes + overlap_minutes(span, core);
            }
        }
    }
    evidence.into_iter().map(|(night, places)| decide(night, &places, thresholds)).collect()
}

fn decide(
    night: Day,
    places: &BTreeMap<Option<MunicipalityCode>, (f64, f64)>,
    thresholds: &Thresholds,
) -> Night {
    // Of equals the lowest code: `max_by` keeps the last, so the order is turned around.
    let best = places.iter().rev().max_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b));
    let (slept, minutes) = match best {
        None => (Slept::InTransit, 0.0),
        Some((_, (minutes, _))) if *minutes < thresholds.overnight_min_minutes => (Slept::TooShort, *minutes),
        Some((None, (minutes, _))) => (Slept::Outside, *minutes),
        Some((Some(code), (minutes, _))) => (Slept::In(*code), *minutes),
    };
    Night { night, slept, minutes: minutes as f32 }
}

#[cfg(test)]
#[path = "nights_tests.rs"]
mod tests;
