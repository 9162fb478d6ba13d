//! Fixes → tenure: how long an identifier has lived, and in which months it was seen.
//!
//! In: the fixes of one device. Out: [`Tenure`]. Advertising identifiers are reset, and a person who has a new
//! one looks like somebody who never came before. Nothing here joins two identifiers; instead figures over a
//! year are made of those that were seen for most of it, the year's panel, and figures of a month of those
//! seen in it, the month's panel, below the fraction and above it alike.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::time::{Day, DayRule, Month, WINDOW_MONTHS};

use crate::fix::Fix;

/// Months that a panel of a shorter lake asks for at least.
const LEAST_MONTHS: u32 = 3;

/// When an identifier was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tenure {
    /// The first day and the last day with a fix.
    days: Option<(Day, Day)>,
    /// Days with a fix, by month.
    seen: BTreeMap<Month, u32>,
}

impl Tenure {
    /// The tenure of one device's fixes, by time.
    pub(crate) fn of(fixes: &[Fix], rule: DayRule) -> Self {
        let mut tenure = Self::default();
        for fix in fixes {
            let day = rule.day(fix.instant);
            if tenure.days.is_none_or(|(_, last)| last != day) {
                tenure.days = Some((tenure.days.map_or(day, |(first, _)| first), day));
                *tenure.seen.entry(day.month()).or_default() += 1;
            }
        }
        tenure
    }

    /// The months in which it was seen, each with the days on which it was.
    pub(crate) fn months(&self) -> impl Iterator<Item = (Month, u32)> + '_ {
        self.seen.iter().map(|(month, days)| (*month, *days))
    }

    /// Days from the first sighting to a day, or to the last sighting before it, both counted; 0 before the first.
    pub(crate) fn age_days(&self, day: Day) -> i32 {
        self.days.map_or(0, |(first, last)| (day.min(last).0 - first.0 + 1).max(0))
    }

    /// Days from the first sighting to the last, both counted.
    pub(crate) fn life_days(&self) -> i32 {
        self.days.map_or(0, |(first, last)| last.0 - first.0 + 1)
    }

    /// Whether it was seen on enough days of a month to be one of its panel.
    pub(crate) fn is_of_month_panel(&self, month: Month, thresholds: &Thresholds) -> bool {
        self.seen.get(&month).copied().unwrap_or_default() >= thresholds.panel_min_days.get()
    }

    /// Whether it is one of the panel of the twelve months that end with a month, of which the lake covers
    /// `covered`.
    pub(crate) fn is_of_year_panel(&self, month: Month, covered: u32, thresholds: &Thresholds) -> bool {
        let months = (month.0 + 1 - WINDOW_MONTHS as i32..=month.0).map(Month);
        let seen = months.filter(|month| self.is_of_month_panel(*month, thresholds)).count() as u32;
        seen >= asked_months(covered, thresholds.panel_min_months.get())
    }
}

/// The months that a lake asks for which covers only some of twelve: as large a share of them, rounded up, three
/// at least, and all where it has fewer.
pub(crate) fn asked_months(covered: u32, of_twelve: u32) -> u32 {
    let covered = covered.min(WINDOW_MONTHS);
    (covered * of_twelve).div_ceil(WINDOW_MONTHS).max(LEAST_MONTHS).min(covered.max(1))
}

#[cfg(test)]
#[path = "tenure_tests.rs"]
mod tests;
