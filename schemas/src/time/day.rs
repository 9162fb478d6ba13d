//! Civil dates.
//!
//! In: a year, a month and a day, or their text. Out: [`Day`], a number of days, so that neighbours, spans
//! and weekdays are arithmetic; chrono knows the calendar.

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};

/// A civil date as days since 1970-01-01; what a Delta `date` column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a civil date; `None` when there is no such date.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from_date)
    }

    /// Parses `2026-03-01`; `None` when the text is not a date.
    pub fn parse(text: &str) -> Option<Self> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::from_date)
    }

    fn from_date(date: NaiveDate) -> Self {
        Self(date.signed_duration_since(NaiveDate::default()).num_days() as i32)
    }

    pub(super) fn date(self) -> NaiveDate {
        NaiveDate::default() + chrono::TimeDelta::days(i64::from(self.0))
    }

    /// Year, month 1..=12 and day of month 1..=31.
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// ISO 8601 year and week: the first days of January may belong to the last week of the year before.
    pub fn iso_week(self) -> (i32, u32) {
        let week = self.date().iso_week();
        (week.year(), week.week())
    }

    /// Days after Monday, 0 to 6.
    pub fn days_after_monday(self) -> u32 {
        // Day 0 was a Thursday.
        ((self.0.rem_euclid(7) + 3) % 7) as u32
    }

    /// Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.date().weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// Some days later (or earlier).
    pub fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}
