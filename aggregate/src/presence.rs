//! Fixes and stays → presence: minutes of a local day spent in each municipality.
//!
//! In: fixes and stays of one device. Out: per (day, municipality) the minutes there, the minutes within
//! commuter hours, and the longest time in one place within telework hours. Who strolls through a town is
//! present without standing still: the time between two fixes in one municipality counts as well, when the gap
//! is one that a stay would bridge by day. A span that crosses 04:00 is shared out between its days; nothing is
//! cut at midnight.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::{Cell, MunicipalityCode};
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, MINUTE_MS, UtcMillis};

use crate::fixes::Fix;
use crate::stays::Stay;

/// What a device did in a municipality on a local day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Presence {
    /// Minutes there.
    pub minutes: f64,
    /// Minutes within commuter hours.
    pub commuter_minutes: f64,
    /// Most minutes in one cell within telework hours.
    pub telework_minutes: f64,
}

/// Presence by day and municipality.
pub type PresenceByDay = BTreeMap<(Day, MunicipalityCode), Presence>;

/// Minutes that two spans share.
pub fn overlap_minutes(a: (UtcMillis, UtcMillis), b: (UtcMillis, UtcMillis)) -> f64 {
    (a.1.0.min(b.1.0) - a.0.0.max(b.0.0)).max(0) as f64 / MINUTE_MS as f64
}

/// A span of time in one municipality.
type Span = (UtcMillis, UtcMillis, MunicipalityCode);

/// Stays, and between them the time from fix to fix within one municipality.
fn spans(fixes: &[Fix], stays: &[Stay], thresholds: &Thresholds) -> Vec<Span> {
    let gap_ms = (thresholds.stay_gap_day_minutes * MINUTE_MS as f64) as i64;
    let of_stay = |stay: &Stay| Some((stay.arrival, stay.departure, stay.municipality?));
    let mut spans: Vec<Span> = stays.iter().filter_map(of_stay).collect();
    let mut next_stay = 0;
    for pair in fixes.windows(2) {
        let (from, to) = (pair[0].instant, pair[1].instant);
        while stays.get(next_stay).is_some_and(|stay| stay.departure <= from) {
            next_stay += 1;
        }
        let in_stay = stays.get(next_stay).is_some_and(|stay| stay.arrival < to);
        if let (Some(code), false) = (pair[0].municipality, in_stay)
            && pair[1].municipality == Some(code)
            && to.0 - from.0 <= gap_ms
        {
            spans.push((from, to, code));
        }
    }
    spans
}

/// The presence of one device. `cell_of` gives the cell of a stay.
pub fn presence(
    fixes: &[Fix],
    stays: &[Stay],
    cell_of: &dyn Fn(&Stay) -> Cell,
    thresholds: &Thresholds,
    rule: DayRule,
) -> PresenceByDay {
    let mut presence = PresenceByDay::new();
    for (from, to, municipality) in spans(fixes, stays, thresholds) {
        for day in days(from, to, rule) {
            let of_day = (rule.day_start(day), rule.day_start(day.plus(1)));
            let commuter = hours(day, thresholds.commuter_start_hour, thresholds.commuter_end_hour, rule);
            let entry = presence.entry((day, municipality)).or_default();
            entry.minutes += overlap_minutes((from, to), of_day);
            entry.commuter_minutes += overlap_minutes((from, to), commuter);
        }
    }
    let mut telework: BTreeMap<(Day, MunicipalityCode, Cell), f64> = BTreeMap::new();
    for stay in stays {
        let Some(municipality) = stay.municipality else { continue };
        for day in days(stay.arrival, stay.departure, rule) {
            let window = hours(day, thresholds.telework_start_hour, thresholds.telework_end_hour, rule);
            let minutes = overlap_minutes((stay.arrival, stay.departure), window);
            if minutes > 0.0 {
                *telework.entry((day, municipality, cell_of(stay))).or_default() += minutes;
            }
        }
    }
    for ((day, municipality, _), minutes) in telework {
        let entry = presence.entry((day, municipality)).or_default();
        entry.telework_minutes = entry.telework_minutes.max(minutes);
    }
    presence
}

/// The local days that a span touches.
fn days(from: UtcMillis, to: UtcMillis, rule: DayRule) -> impl Iterator<Item = Day> {
    let last_moment = UtcMillis((to.0 - 1).max(from.0));
    (rule.day(from).0..=rule.day(last_moment).0).map(Day)
}

fn hours(day: Day, from: f64, to: f64, rule: DayRule) -> (UtcMillis, UtcMillis) {
    (rule.instant(day, from), rule.instant(day, to))
}

/// The span of a night: its window, and the core hours that count twice.
pub fn night_window(night: Day, thresholds: &Thresholds, rule: DayRule) -> [(UtcMillis, UtcMillis); 2] {
    let next_day = |hour: f64| UtcMillis(rule.instant(night, hour).0 + 24 * HOUR_MS);
    [
        (rule.instant(night, thresholds.night_start_hour), next_day(thresholds.night_end_hour)),
        (next_day(thresholds.night_core_start_hour), next_day(thresholds.night_core_end_hour)),
    ]
}

#[cfg(test)]
#[path = "presence_tests.rs"]
mod tests;
