//! Civil months.
//!
//! In: a day, or the text of a month. Out: [`Month`], a number of months, so that windows of months are
//! arithmetic.

use std::fmt;

use super::day::Day;

/// A civil month: months since January of year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Day {
    /// The month the day lies in.
    pub fn month(self) -> Month {
        let (year, month, _) = self.ymd();
        Month(year * 12 + month as i32 - 1)
    }
}

impl Month {
    /// The first day.
    pub fn first_day(self) -> Day {
        // Only years beyond those of chrono, 262,000 from now, have no first day.
        Day::from_ymd(self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1, 1).unwrap_or(Day(0))
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

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The fiscal year (年度), which begins in April and has the name of the year that it begins in.
    pub fn fiscal_year(self) -> i32 {
        self.plus(-3).year()
    }

    /// The calendar quarter as text, `2026-Q4`.
    pub fn quarter_text(self) -> String {
        format!("{:04}-Q{}", self.year(), self.quarter().rem_euclid(4) + 1)
    }

    /// Parses `2026-03`; `None` when the text is not a month.
    pub fn parse(text: &str) -> Option<Self> {
        Day::parse(&format!("{text}-01")).map(Day::month)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.0.rem_euclid(12) + 1)
    }
}
