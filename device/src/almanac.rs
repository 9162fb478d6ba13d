//! What each date of the data is, looked up instead of computed for every device.
//!
//! In: the first and last date. Out: its month and whether it is a working day. Dates outside are computed.

use std::ops::Range;

use kayoi_schemas::definition::Hour;
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, Month, UtcMillis};

/// The local day of an instant, and its slot: the hours since the day's start, 0 to 23.
pub fn day_and_slot(instant: UtcMillis, rule: DayRule) -> (Day, u8) {
    let day = rule.day(instant);
    (day, ((instant.0 - rule.day_start(day).0) / HOUR_MS).clamp(0, 23) as u8)
}

/// The slots between two local hours of a definition.
pub fn slots(from: Hour, to: Hour) -> Range<u8> {
    let slot = |hour: Hour| (i32::from(hour.get()) - DayRule::JAPAN.day_start_hour).clamp(0, 24) as u8;
    slot(from)..slot(to)
}

/// Dates with their month and kind.
#[derive(Debug, Clone)]
pub struct Almanac {
    first: Day,
    days: Vec<(Month, bool)>,
}

impl Almanac {
    /// The dates of `first..=last`.
    pub fn new(first: Day, last: Day) -> Self {
        let days = (first.0..=last.0).map(|day| (Day(day).month(), Day(day).is_working_day())).collect();
        Self { first, days }
    }

    fn get(&self, day: Day) -> Option<(Month, bool)> {
        self.days.get(usize::try_from(day.0 - self.first.0).ok()?).copied()
    }

    /// The month of a date.
    pub fn month(&self, day: Day) -> Month {
        self.get(day).map_or_else(|| day.month(), |(month, _)| month)
    }

    /// 平日.
    pub fn is_working_day(&self, day: Day) -> bool {
        self.get(day).map_or_else(|| day.is_working_day(), |(_, works)| works)
    }
}

#[cfg(test)]
#[path = "almanac_tests.rs"]
mod tests;
