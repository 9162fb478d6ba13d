//! The date whose municipality codes a figure uses.
//!
//! In: a date. Out: [`CodeDate`], a type of its own, so that the date of codes is never taken for the date of
//! data.

use std::fmt;

use kayoi_schemas::time::Day;

/// The date whose codes a figure uses. A change counts from the start of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeDate(pub Day);

impl CodeDate {
    /// The first date whose codes are known: the day before the first change in the table.
    pub const EARLIEST: Self = Self(Day(16_070));

    /// Until when the table is known to be complete: all codes and names were compared with a list of this
    /// month. Later dates are answered as if nothing had changed since.
    pub const COMPLETE_UNTIL: Self = Self(Day(20_697));

    /// Parses `2024-01-01`; `None` when the text is not a date.
    pub fn parse(text: &str) -> Option<Self> {
        Day::parse(text).map(Self)
    }
}

impl fmt::Display for CodeDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
