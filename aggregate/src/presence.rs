//! Stays → presence: minutes of a local day spent in each municipality.
//!
//! In: stays of one device. Out: per (day, municipality) the minutes there, the minutes within commuter hours,
//! and the longest time in one place within telework hours. A stay that crosses 04:00 is shared out between its
//! days; nothing is cut at midnight.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::{Cell, MunicipalityCode};
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, MINUTE_MS, UtcMillis};

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

/// The presence of one device. `cell_of` gives the cell of a stay.
pub fn presence(
    stays: &[Stay],
    cell_of: &dyn Fn(&Stay) -> Cell,
    thresholds: &Thresholds,
    rule: DayRule,
) -> PresenceByDay {
    let mut presence = PresenceByDay::new();
    let mut telework: BTreeMap<(Day, MunicipalityCode, Cell), f64> = BTreeMap::new();
    for stay in stays {
        let Some(municipality) = stay.municipality else { continue };
        let span = (stay.arrival, stay.departure);
        let last_moment = UtcMillis((stay.departure.0 - 1).max(stay.arrival.0));
        for day in rule.day(stay.arrival).0..=rule.day(last_moment).0 {
            let day = Day(day);
            let of_day = (rule.day_start(day), rule.day_start(day.plus(1)));
            let hours = |from: f64, to: f64| (rule.instant(day, from), rule.instant(day, to));
            let entry = presence.entry((day, municipality)).or_default();
            entry.minutes += overlap_minutes(span, of_day);
            let commuter = hours(thresholds.commuter_start_hour, thresholds.commuter_end_hour);
            entry.commuter_minutes += overlap_minutes(span, commuter);
            let minutes =
                overlap_minutes(span, hours(thresholds.telework_start_hour, thresholds.telework_end_hour));
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

/// The span of a night: its window, and the core hours that count twice.
pub fn night_window(night: Day, thresholds: &Thresholds, rule: DayRule) -> [(UtcMillis, UtcMillis); 2] {
    let next_day = |hour: f64| UtcMillis(rule.instant(night, hour).0 + 24 * HOUR_MS);
    [
        (rule.instant(night, thresholds.night_start_hour), next_day(thresholds.night_end_hour)),
        (next_day(thresholds.night_core_start_hour), next_day(thresholds.night_core_end_hour)),
    ]
}
