//! Time: instants in UTC, days and nights in Japan.
//!
//! In: milliseconds since the epoch. Out: local days that start at 04:00, nights that belong to the evening's
//! date, months, ISO weeks with their year. Japan has kept one offset, UTC+9 without daylight saving, for the
//! whole time location data exists, so a fixed offset is exact. The only place that reads a clock is
//! [`Clock`].
//!
//! One file for each word, each of which knows the earlier ones only. What a day means to people, whether
//! they work on it, is in [`crate::calendar`].

mod instant;
mod span;
mod day;
mod month;
mod rule;
mod clock;
mod covered;

pub use clock::Clock;
pub use covered::{Covered, WINDOW_MONTHS};
pub use day::Day;
pub use instant::{DAY_MS, HOUR_MS, MINUTE_MS, UtcMillis};
pub use month::Month;
pub use rule::DayRule;
pub use span::Span;

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
