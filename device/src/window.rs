//! The hours of a night, and how much of them a stay covers.
//!
//! In: an evening's date and the definition's night hours. Out: spans of time and the minutes that two spans share. Both
//! nights and presence need them, so they stand below the two.

use kayoi_schemas::definition::{Hour, Thresholds};
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, MINUTE_MS, UtcMillis};

/// The span of a night: its window, and the core hours that count twice.
pub fn night_window(night: Day, thresholds: &Thresholds, rule: DayRule) -> [(UtcMillis, UtcMillis); 2] {
    let next_day = |hour: Hour| UtcMillis(rule.instant(night, f64::from(hour)).0 + 24 * HOUR_MS);
    [
        (rule.instant(night, f64::from(thresholds.night_start_hour)), next_day(thresholds.night_end_hour)),
        (next_day(thresholds.night_core_start_hour), next_day(thresholds.night_core_end_hour)),
    ]
}

/// Minutes that two spans share.
pub fn overlap_minutes(a: (UtcMillis, UtcMillis), b: (UtcMillis, UtcMillis)) -> f64 {
    (a.1.0.min(b.1.0) - a.0.0.max(b.0.0)).max(0) as f64 / MINUTE_MS as f64
}
