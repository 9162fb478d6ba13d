//! Time: instants in UTC, days and nights in Japan.
//!
//! In: milliseconds since the epoch. Out: local days that start at 04:00, nights that belong to the evening's
//! date, months, ISO weeks with their year. Japan has kept one offset, UTC+9 without daylight saving, for the
//! whole time location data exists, so a fixed offset is exact. The only place that reads a clock is [`Clock`].

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};

/// Milliseconds in a minute, an hour, a day.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMillis(pub i64);

/// A civil date as days since 1970-01-01; what a Delta `date` column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A civil month: months since January of year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

/// Where a local day starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRule {
    /// Offset of local time from UTC, minutes; 540 for Asia/Tokyo.
    pub utc_offset_minutes: i32,
    /// Local hour at which a day starts; 4 by default, so that an evening out stays in one day.
    pub day_start_hour: i32,
}

impl DayRule {
    /// Asia/Tokyo, days from 04:00.
    pub const JAPAN: Self = Self { utc_offset_minutes: 540, day_start_hour: 4 };

    /// Local wall-clock milliseconds (as if the local time were UTC).
    pub fn local_ms(self, instant: UtcMillis) -> i64 {
        instant.0 + i64::from(self.utc_offset_minutes) * MINUTE_MS
    }

    /// The instant of a local wall-clock time: `hour` hours after midnight of `day` (may exceed 24).
    pub fn instant(self, day: Day, hour: f64) -> UtcMillis {
        let local = i64::from(day.0) * DAY_MS + (hour * HOUR_MS as f64) as i64;
        UtcMillis(local - i64::from(self.utc_offset_minutes) * MINUTE_MS)
    }

    /// The local day an instant belongs to: 03:59 still belongs to the day before.
    pub fn day(self, instant: UtcMillis) -> Day {
        let shifted = self.local_ms(instant) - i64::from(self.day_start_hour) * HOUR_MS;
        Day(shifted.div_euclid(DAY_MS) as i32)
    }

    /// When a local day starts.
    pub fn day_start(self, day: Day) -> UtcMillis {
        self.instant(day, f64::from(self.day_start_hour))
    }
}

impl Day {
    /// The day of a civil date; `None` when there is no such date.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from_date)
    }

    /// Parses `2026-03-01`; `None` when it is no date.
    pub fn parse(text: &str) -> Option<Self> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::from_date)
    }

    fn from_date(date: NaiveDate) -> Self {
        Self(date.signed_duration_since(NaiveDate::default()).num_days() as i32)
    }

    fn date(self) -> NaiveDate {
        NaiveDate::default() + chrono::TimeDelta::days(i64::from(self.0))
    }

    /// The month the day lies in.
    pub fn month(self) -> Month {
        let date = self.date();
        Month(date.year() * 12 + date.month0() as i32)
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

    /// 平日: neither a weekend nor a national holiday.
    pub fn is_working_day(self) -> bool {
        !self.is_weekend() && !crate::holiday::is_holiday(self)
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

impl Month {
    /// The first day.
    pub fn first_day(self) -> Day {
        let date = NaiveDate::from_ymd_opt(self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1, 1);
        Day::from_date(date.unwrap_or_default())
    }

    /// The last day.
    pub fn last_day(self) -> Day {
        self.plus(1).first_day().plus(-1)
    }

    /// Some months later (or earlier).
    pub fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Quarters since January of year 0.
    pub fn quarter(self) -> i32 {
        self.0.div_euclid(3)
    }

    /// Parses `2026-03`; `None` when it is no month.
    pub fn parse(text: &str) -> Option<Self> {
        Day::parse(&format!("{text}-01")).map(Day::month)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// The time now. Everything that needs the present takes a `Clock`, so that a test or a replay can fix it.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this instant.
    Fixed(UtcMillis),
}

impl Clock {
    /// Reads the clock.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else takes")]
    pub fn now(self) -> UtcMillis {
        match self {
            Self::Fixed(instant) => instant,
            Self::System => {
                let since =
                    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                UtcMillis(since.as_millis() as i64)
            }
        }
    }
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
