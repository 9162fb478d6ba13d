//! Nights → residences: where a device lives in a month, one place or several.
//!
//! In: known nights of one device. Out: for a month the primary residence and any second ones. The primary one
//! is the most frequent place of the last nights. A second one has a month's worth of nights in the year, in
//! many months or in one long run (the two operational rules of 二地域居住), far enough away, and the device
//! must have come back: a single change from one place to another is moving house. Unknown nights are missing,
//! not absent: nights are scaled by the share of nights that are known.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};

/// How a second residence is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// The primary residence.
    Primary,
    /// Nights in many months.
    Regular,
    /// One long run of nights.
    Seasonal,
}

impl Regime {
    /// The word in `residences.regime`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Regular => "regular",
            Self::Seasonal => "seasonal",
        }
    }
}

/// A place where a device lives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Residence {
    /// Where.
    pub municipality: MunicipalityCode,
    /// How.
    pub regime: Regime,
    /// Known nights there in the window of 12 months.
    pub nights_observed: u32,
    /// Nights there, scaled by coverage.
    pub nights_estimated: f64,
    /// Known nights anywhere in the window.
    pub nights_known: u32,
}

/// The window that belongs to a month: the 12 months that end with it.
pub fn window(month: Month) -> (Day, Day) {
    (month.plus(-11).first_day(), month.last_day())
}

/// The residences in a month, primary first; empty when the device cannot be located. `known` are the known
/// nights by date; `distance_km` is between municipalities.
pub fn residences(
    known: &[(Day, MunicipalityCode)],
    month: Month,
    thresholds: &Thresholds,
    distance_km: &dyn Fn(MunicipalityCode, MunicipalityCode) -> f64,
) -> Vec<Residence> {
    let (first, last) = window(month);
    let window = between(known, first, last);
    let recent = between(known, last.plus(1 - thresholds.home_window_days as i32), last);
    let Some((primary, recent_nights)) = mode(recent) else { return Vec::new() };
    if f64::from(recent_nights) < thresholds.home_min_nights {
        return Vec::new();
    }
    // Coverage over the time the device was seen, so that a device that appeared in autumn is not scaled up.
    let span_days = window[window.len() - 1].0.0 - window[0].0.0 + 1;
    let scale = f64::from(span_days) / window.len() as f64;
    let counts = count(window);
    let residence = |municipality, regime| {
        let nights_observed = counts.get(&municipality).copied().unwrap_or(0);
        Residence {
            municipality,
            regime,
            nights_observed,
            nights_estimated: f64::from(nights_observed) * scale,
            nights_known: window.len() as u32,
        }
    };
    let mut seconds: Vec<Residence> = counts
        .keys()
        .filter(|code| {
            **code != primary && distance_km(primary, **code) >= thresholds.second_residence_min_km
        })
        .filter(|code| f64::from(counts[code]) * scale >= thresholds.second_residence_min_nights)
        .filter(|code| changes(window, primary, **code) as f64 >= thresholds.second_residence_min_changes)
        .filter_map(|code| regime(window, *code, thresholds).map(|regime| residence(*code, regime)))
        .collect();
    seconds.sort_by_key(|second| (std::cmp::Reverse(second.nights_observed), second.municipality));
    let mut all = vec![residence(primary, Regime::Primary)];
    all.append(&mut seconds);
    all
}

fn between(nights: &[(Day, MunicipalityCode)], first: Day, last: Day) -> &[(Day, MunicipalityCode)] {
    let from = nights.partition_point(|(night, _)| *night < first);
    let to = nights.partition_point(|(night, _)| *night <= last);
    &nights[from..to]
}

fn count(nights: &[(Day, MunicipalityCode)]) -> BTreeMap<MunicipalityCode, u32> {
    let mut counts = BTreeMap::new();
    for (_, municipality) in nights {
        *counts.entry(*municipality).or_default() += 1;
    }
    counts
}

/// The most frequent place; of equals the lowest code.
fn mode(nights: &[(Day, MunicipalityCode)]) -> Option<(MunicipalityCode, u32)> {
    count(nights).into_iter().min_by_key(|(code, count)| (std::cmp::Reverse(*count), *code))
}

/// How often the device changed between two places, other places left out.
fn changes(nights: &[(Day, MunicipalityCode)], a: MunicipalityCode, b: MunicipalityCode) -> usize {
    let mut of_two = nights.iter().map(|(_, code)| *code).filter(|code| *code == a || *code == b);
    let Some(mut last) = of_two.next() else { return 0 };
    of_two.filter(|code| std::mem::replace(&mut last, *code) != *code).count()
}

fn regime(
    nights: &[(Day, MunicipalityCode)],
    place: MunicipalityCode,
    thresholds: &Thresholds,
) -> Option<Regime> {
    let months: BTreeSet<Month> =
        nights.iter().filter(|(_, code)| *code == place).map(|(night, _)| night.month()).collect();
    if months.len() as f64 >= thresholds.second_residence_min_months {
        return Some(Regime::Regular);
    }
    let runs = nights.chunk_by(|a, b| a.1 == b.1).filter(|run| run[0].1 == place);
    let longest = runs.map(|run| run[run.len() - 1].0.0 - run[0].0.0 + 1).max()?;
    (f64::from(longest) >= thresholds.second_residence_run_nights).then_some(Regime::Seasonal)
}

#[cfg(test)]
#[path = "residences_tests.rs"]
mod tests;
