//! What each date of the data is, looked up instead of computed for every device.
//!
//! In: the first and last date. Out: its month and whether it is a working day. Dates outside are computed.

use kayoi_schemas::time::{Day, Month};

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
