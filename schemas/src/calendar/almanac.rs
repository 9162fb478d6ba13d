//! What each date of the data is, looked up instead of computed for every device or person.
//!
//! In: the first and last date. Out: its month, and whether it is a working day or a holiday. Dates outside
//! are computed, so that the answer never depends on how the almanac was cut.

use super::is_holiday;
use crate::time::{Day, Month};

/// Dates with their month and kind.
#[derive(Debug, Clone)]
pub struct Almanac {
    first: Day,
    dates: Vec<Date>,
}

#[derive(Debug, Clone, Copy)]
struct Date {
    month: Month,
    is_working_day: bool,
    is_holiday: bool,
}

impl Date {
    fn of(day: Day) -> Self {
        Self { month: day.month(), is_working_day: day.is_working_day(), is_holiday: is_holiday(day) }
    }
}

impl Almanac {
    /// The dates of `first..=last`.
    pub fn new(first: Day, last: Day) -> Self {
        Self { first, dates: (first.0..=last.0).map(|day| Date::of(Day(day))).collect() }
    }

    fn date(&self, day: Day) -> Date {
        let position = usize::try_from(day.0 - self.first.0).ok();
        position.and_then(|position| self.dates.get(position)).copied().unwrap_or_else(|| Date::of(day))
    }

    /// The month of a date.
    pub fn month(&self, day: Day) -> Month {
        self.date(day).month
    }

    /// 平日: neither a weekend nor a national holiday.
    pub fn is_working_day(&self, day: Day) -> bool {
        self.date(day).is_working_day
    }

    /// A national holiday.
    pub fn is_holiday(&self, day: Day) -> bool {
        self.date(day).is_holiday
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_same_whether_it_was_looked_up_or_computed() {
        let first = Day::parse("2026-04-25").unwrap();
        let almanac = Almanac::new(first, first.plus(15));
        for day in (-30..60).map(|days| first.plus(days)) {
            assert_eq!(almanac.month(day), day.month());
            assert_eq!(almanac.is_working_day(day), day.is_working_day(), "{day}");
            assert_eq!(almanac.is_holiday(day), is_holiday(day), "{day}");
        }
    }
}
