//! Which months a run is about.
//!
//! In: the first and last day with data. Out: the months whose residences are measured, the months whose ties
//! are, and the dates between, looked up once instead of for every device.

use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::time::{Day, DayRule, Month};

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
}

impl Period {
    /// The months from the first day's to the last day's.
    pub fn new(first: Day, last: Day, tie_months: Vec<Month>, rule: DayRule) -> Self {
        let months = (first.month().0..=last.month().0).map(Month).collect();
        let almanac = Almanac::new(first.month().first_day(), last.month().last_day());
        Self { months, tie_months, rule, almanac }
    }
}
