//! The days that a month's residences and ties look at.
//!
//! In: a month and the days on which a device id was in use. Out: [`Window`]: the part of the twelve months
//! up to the month's end in which the device could have been seen.

use kayoi_schemas::time::{Day, Month};

/// The days that count for a month.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub month: Month,
    /// The first day that counts, at most twelve months back.
    pub from: Day,
    /// The last day that counts.
    pub until: Day,
}

impl Window {
    /// The window of a device that was in use on `from..=until`; `None` when it was not in use in the month.
    pub(super) fn of(month: Month, from: Day, until: Day) -> Option<Self> {
        let is_in_use = from <= month.last_day() && until >= month.first_day();
        is_in_use.then(|| Self {
            month,
            from: from.max(month.plus(-11).first_day()),
            until: until.min(month.last_day()),
        })
    }
}
