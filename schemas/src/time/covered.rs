//! How much of a month's time the data of a lake cover.
//!
//! In: nothing. Out: [`Covered`], which stands beside exact counts and on released rows: a lake that is younger than
//! a year speaks of a shorter time.

/// How much of a month's time the data cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// Of the twelve months that end with it, how many have data.
    pub window_months: u32,
    /// Whether the data reach from its first day to its last.
    pub is_whole_month: bool,
}

/// Months of a full window: figures of a year look at the twelve months that end with theirs.
pub const WINDOW_MONTHS: u32 = 12;

impl Covered {
    /// All of it.
    pub const WHOLE: Self = Self { window_months: WINDOW_MONTHS, is_whole_month: true };

    /// Whether figures of the year that ends with the month speak of a whole year.
    pub fn is_whole_year(self) -> bool {
        self.is_whole_month && self.window_months >= WINDOW_MONTHS
    }
}
