//! Spans of time, and how much of them is shared.
//!
//! In: two instants. Out: [`Span`]. Stays, nights and days are compared by the minutes they have in common.

use super::instant::{MINUTE_MS, UtcMillis};

/// The time from one instant until another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// When it begins.
    pub from: UtcMillis,
    /// When it ends; this instant no longer belongs to it.
    pub to: UtcMillis,
}

impl Span {
    /// Minutes that lie in both spans; 0 when they do not meet.
    ///
    /// ```
    /// use kayoi_schemas::time::{HOUR_MS, Span, UtcMillis};
    /// let hours = |from, to| Span { from: UtcMillis(from * HOUR_MS), to: UtcMillis(to * HOUR_MS) };
    /// assert_eq!(hours(1, 4).overlap_minutes(hours(3, 9)), 60.0);
    /// assert_eq!(hours(1, 4).overlap_minutes(hours(5, 9)), 0.0);
    /// ```
    pub fn overlap_minutes(self, other: Self) -> f64 {
        let shared_ms = self.to.0.min(other.to.0) - self.from.0.max(other.from.0);
        shared_ms.max(0) as f64 / MINUTE_MS as f64
    }
}
