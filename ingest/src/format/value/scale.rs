//! A number of some unit → milliseconds since the epoch.
//!
//! In: a number and its [`Scale`]. Out: milliseconds, rounded down, so that an instant keeps its order and its
//! day; `None` when no instant can be made.

use super::unit::TimestampUnit;

/// What one unit of a timestamp is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Scale {
    /// A whole second.
    Seconds,
    /// A thousandth of a second.
    Milliseconds,
    /// A millionth of a second.
    Microseconds,
    /// A billionth of a second.
    Nanoseconds,
}

impl Scale {
    /// The scale of numbers under a unit; `None` when timestamps are texts.
    pub(super) fn of(unit: TimestampUnit) -> Option<Self> {
        match unit {
            TimestampUnit::Milliseconds => Some(Self::Milliseconds),
            TimestampUnit::Seconds => Some(Self::Seconds),
            TimestampUnit::Iso => None,
        }
    }

    /// Milliseconds of a whole number, rounded down; `None` beyond an `i64`.
    #[inline]
    pub(in crate::format) fn of_integer(self, number: i64) -> Option<i64> {
        match self {
            Self::Milliseconds => Some(number),
            Self::Seconds => number.checked_mul(1000),
            Self::Microseconds => Some(number.div_euclid(1_000)),
            Self::Nanoseconds => Some(number.div_euclid(1_000_000)),
        }
    }

    /// Milliseconds of a number with a fraction. A fraction of a millisecond cannot be a timestamp.
    pub(super) fn of_number(self, number: f64) -> Option<i64> {
        match self {
            Self::Milliseconds => (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64),
            Self::Seconds => (number.abs() < 9e12).then(|| (number * 1000.0).round() as i64),
            Self::Microseconds | Self::Nanoseconds => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_a_millisecond_before_1970_is_rounded_down_too() {
        assert_eq!(Scale::Microseconds.of_integer(-1), Some(-1));
        assert_eq!(Scale::Nanoseconds.of_integer(1_999_999), Some(1));
    }

    #[test]
    fn seconds_beyond_64_bits_are_no_timestamp() {
        assert_eq!(Scale::Seconds.of_integer(i64::MAX), None);
        assert_eq!(Scale::Seconds.of_number(f64::NAN), None);
    }
}
