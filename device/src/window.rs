//! The hours of a night.
//!
//! In: an evening's date and the definition's night hours. Out: spans of time.

use kayoi_schemas::definition::{Hour, Thresholds};
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, Span, UtcMillis};

/// The span of a night: its window, and the core hours that count twice.
pub fn night_window(night: Day, thresholds: &Thresholds, rule: DayRule) -> [Span; 2] {
    let next_day = |hour: Hour| UtcMillis(rule.instant(night, f64::from(hour)).0 + 24 * HOUR_MS);
    let evening = rule.instant(night, f64::from(thresholds.night_start_hour));
    let (core_start, core_end) = (thresholds.night_core_start_hour, thresholds.night_core_end_hour);
    [
        Span { from: evening, to: next_day(thresholds.night_end_hour) },
        Span { from: next_day(core_start), to: next_day(core_end) },
    ]
}
