//! Instants, and the lengths that they are counted in.
//!
//! In: milliseconds since the epoch, as partners send them. Out: [`UtcMillis`]. Milliseconds in 64 bits hold
//! every date a partner could send without rounding, and sort as integers.

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMillis(pub i64);
