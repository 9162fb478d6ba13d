//! Tenure and residences → what a device can speak for in a month.
//!
//! In: when a device was seen, and where it lives. Out: [`PanelMonth`] for each month of its life: whether it is one
//! of the month's panel and of the year's, and if not, why it counts for nobody. What cannot be seen well enough
//! is a class of its own: counted, and published as coverage, not guessed.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::standing::Standing;
use kayoi_schemas::time::Month;

use crate::period::Period;
use crate::residences::Residence;
use crate::tenure::Tenure;

/// What a device can speak for in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelMonth {
    /// Days of the month with a fix.
    pub days_seen: u32,
    /// What is known of where it lives.
    pub standing: Standing,
    /// Located, and seen on enough days of the month: figures of a month or a day are made of these.
    pub is_of_month: bool,
    /// Located, and seen on enough days of enough months: figures of a year are made of these.
    pub is_of_year: bool,
}

/// What a device can speak for, in each month of its life.
pub(crate) fn panel(
    tenure: &Tenure,
    residences: &BTreeMap<Month, Vec<Residence>>,
    is_from_abroad: bool,
    period: &Period,
    thresholds: &Thresholds,
) -> BTreeMap<Month, PanelMonth> {
    let of_month = |(month, days_seen): (Month, u32)| {
        let is_located = residences.contains_key(&month);
        let is_new = tenure.age_days(month.last_day()) < thresholds.located_min_days.get();
        let standing = match () {
            () if is_located => Standing::Located,
            () if is_from_abroad => Standing::FromAbroad,
            () if is_new => Standing::New,
            () => Standing::NotEnoughSeen,
        };
        let covered = period.covered_months(month);
        let panel = PanelMonth {
            days_seen,
            standing,
            is_of_month: is_located && tenure.is_of_month_panel(month, thresholds),
            is_of_year: is_located && tenure.is_of_year_panel(month, covered, thresholds),
        };
        (month, panel)
    };
    tenure.months().map(of_month).collect()
}
