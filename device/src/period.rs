//! Which months a run is about.
//!
//! In: the first and last day with data. Out: the months whose residences are measured, the months whose ties
//! are, and the dates between, looked up once instead of for every device.

use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::time::{Covered, Day, DayRule, Month, WINDOW_MONTHS};

/// The months that a run computes, and what is known about their dates.
#[derive(Debug, Clone)]
pub struct Period {
    /// Every month with data, for residences.
    pub months: Vec<Month>,
    /// The months whose ties are published: those with twelve months of data before their end.
    pub tie_months: Vec<Month>,
    /// When a local day starts.
    pub rule: DayRule,
    /// Working days and months of all dates in the period, looked up once.
    pub almanac: Almanac,
    /// The first day and the last day with data.
    days: (Day, Day),
}

/// Days of a month that the data cover, from which somebody can be seen on enough of them.
const COVERED_DAYS: i32 = 10;

impl Period {
    /// The months from the first day's to the last day's.
    pub fn new(first: Day, last: Day, tie_months: Vec<Month>, rule: DayRule) -> Self {
        let months = (first.month().0..=last.month().0).map(Month).collect();
        let almanac = Almanac::new(first.month().first_day(), last.month().last_day());
        Self { months, tie_months, rule, almanac, days: (first, last) }
    }

    /// The first day and the last day with data.
    pub(crate) fn days(&self) -> (Day, Day) {
        self.days
    }

    /// How many of the twelve months that end with a month the data cover.
    pub fn covered_months(&self, month: Month) -> u32 {
        let (first, last) = self.days;
        let is_covered = |month: &Month| {
            let (from, until) = (month.first_day().max(first), month.last_day().min(last));
            until.0 - from.0 + 1 >= COVERED_DAYS
        };
        (month.0 + 1 - WINDOW_MONTHS as i32..=month.0).map(Month).filter(is_covered).count() as u32
    }

    /// The part of the year that ends with a month that the data cover: from 0 to 1.
    pub fn covered_part(&self, month: Month) -> f64 {
        f64::from(self.covered_months(month)) / f64::from(WINDOW_MONTHS)
    }

    /// How much of a month, and of the year that ends with it, the data cover.
    pub fn covered(&self, month: Month) -> Covered {
        let (first, last) = self.days;
        let is_whole_month = first <= month.first_day() && month.last_day() <= last;
        Covered { window_months: self.covered_months(month), is_whole_month }
    }
}
