//! The change between two published totals.
//!
//! In: two estimates with intervals. Out: their difference with its own. Both are of the same panel: nearly everybody
//! who is counted in a trailing year is counted in the one a month later, so their errors are largely the same and
//! cancel; after a year nothing of that is sure, and they are taken as independent. The part of a figure that the
//! window of a month later shares is eleven twelfths of its time: of the errors no more is taken to be common.

use crate::estimate::Estimate;

/// The two-sided 95 % point of the normal distribution.
const Z95: f64 = 1.96;
/// Correlation of the errors of two windows that lie a month apart. Of ties that are counted in one, nine of ten are
/// in the other; noise of successive months has a correlation of two thirds, which is the less of both.
const OF_A_MONTH: f64 = 2.0 / 3.0;

/// A difference: value, lower and upper end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Change {
    pub(super) persons: (i64, i64, i64),
    pub(super) percent: (f64, f64, f64),
}

impl Change {
    pub(super) fn of(now: Estimate, then: Estimate, months: i32, base: f64) -> Self {
        let error = |of: Estimate| (of.high - of.low) as f64 / (2.0 * Z95);
        let (a, b) = (error(now), error(then));
        let correlation = if months == 1 { OF_A_MONTH } else { 0.0 };
        let half = Z95 * (a * a + b * b - 2.0 * correlation * a * b).max(0.0).sqrt();
        let value = (now.persons - then.persons) as f64;
        let (low, high) = (value - half, value + half);
        let rounded = |value: f64, round: fn(f64) -> f64| (round(value / base) * base) as i64;
        let part =
            |value: f64, round: fn(f64) -> f64| round(1000.0 * value / then.persons.max(1) as f64) / 10.0;
        Self {
            persons: (rounded(value, f64::round), rounded(low, f64::floor), rounded(high, f64::ceil)),
            percent: (part(value, f64::round), part(low, f64::floor), part(high, f64::ceil)),
        }
    }

    /// Up or down where the interval leaves 0 out.
    pub(super) fn direction(self) -> &'static str {
        match self.persons {
            (_, low, _) if low > 0 => "up",
            (_, _, high) if high < 0 => "down",
            _ => "not_certain",
        }
    }
}

#[cfg(test)]
mod tests {
    use kayoi_schemas::figure::Quality;

    use super::*;

    fn estimate(persons: i64, half: i64) -> Estimate {
        Estimate { persons, low: persons - half, high: persons + half, quality: Quality::A }
    }

    #[test]
    fn a_change_is_certain_when_its_interval_leaves_zero_out() {
        let month = Change::of(estimate(1_200, 100), estimate(1_000, 100), 1, 10.0);
        let year = Change::of(estimate(1_200, 100), estimate(1_000, 100), 12, 10.0);
        assert_eq!(month.persons.0, 200);
        assert_eq!(month.direction(), "up");
        assert!(year.persons.1 < month.persons.1, "a year apart less of the errors is common");
        assert_eq!(
            Change::of(estimate(1_050, 100), estimate(1_000, 100), 12, 10.0).direction(),
            "not_certain"
        );
        assert_eq!(Change::of(estimate(500, 50), estimate(1_000, 50), 1, 10.0).direction(), "down");
    }
}
