//! Fields of the contract → places in a [`Ping`], for decoders that know a record's layout beforehand.
//!
//! In: the contract's name of a field. Out: what kind of value it takes and where it goes. The schema is
//! looked at once, so the name is turned into a [`Slot`] once; per record there is no text to compare.

use std::borrow::Cow;

use kayoi_schemas::ping::Ping;

use super::mapping::TimestampUnit;

/// Where a contract field goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// A coordinate or an accuracy.
    Number(NumberSlot),
    /// The instant of the fix.
    Timestamp,
    /// A text that is kept as it is.
    Text(TextSlot),
    /// How the fix was made.
    Source,
    /// In the contract, but not kept.
    Unstored,
}

/// Where a number goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberSlot {
    /// Degrees north of the equator.
    Latitude,
    /// Degrees east of Greenwich.
    Longitude,
    /// Horizontal accuracy, metres.
    Accuracy,
}

/// Where a text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextSlot {
    /// The partner's identifier.
    DeviceId,
    /// Version of the consent that the person gave.
    Consent,
}

impl Slot {
    /// The place of a field of the contract.
    pub(super) fn of(field: &str) -> Self {
        match field {
            "device_id" => Self::Text(TextSlot::DeviceId),
            "timestamp" => Self::Timestamp,
            "latitude" => Self::Number(NumberSlot::Latitude),
            "longitude" => Self::Number(NumberSlot::Longitude),
            "horizontal_accuracy" => Self::Number(NumberSlot::Accuracy),
            "source" => Self::Source,
            "consent" => Self::Text(TextSlot::Consent),
            _ => Self::Unstored,
        }
    }
}

impl NumberSlot {
    /// Puts a number into its place.
    #[inline]
    pub(super) fn put(self, ping: &mut Ping<'_>, number: f64) {
        match self {
            Self::Latitude => ping.latitude = Some(number),
            Self::Longitude => ping.longitude = Some(number),
            Self::Accuracy => ping.accuracy_m = Some(number),
        }
    }
}

impl TextSlot {
    /// Puts a text into its place.
    #[inline]
    pub(super) fn put<'a>(self, ping: &mut Ping<'a>, text: Cow<'a, str>) {
        match self {
            Self::DeviceId => ping.device_id = Some(text),
            Self::Consent => ping.consent = Some(text),
        }
    }

    /// The contract's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DeviceId => "device_id",
            Self::Consent => "consent",
        }
    }
}

/// What one unit of a timestamp is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
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
    /// The scale of numbers under a mapping; `None` when timestamps are texts.
    pub(super) fn of(unit: TimestampUnit) -> Option<Self> {
        match unit {
            TimestampUnit::Milliseconds => Some(Self::Milliseconds),
            TimestampUnit::Seconds => Some(Self::Seconds),
            TimestampUnit::Iso => None,
        }
    }

    /// Milliseconds of a whole number, rounded down; `None` beyond an `i64`.
    #[inline]
    pub(super) fn of_integer(self, number: i64) -> Option<i64> {
        match self {
            Self::Milliseconds => Some(number),
            Self::Seconds => number.checked_mul(1000),
            Self::Microseconds => Some(number.div_euclid(1_000)),
            Self::Nanoseconds => Some(number.div_euclid(1_000_000)),
        }
    }

    /// Milliseconds of a number with a fraction. As in JSON, a fraction of a millisecond cannot be a
    /// timestamp.
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
    use kayoi_schemas::ping::CONTRACT;

    use super::*;

    #[test]
    fn only_four_fields_of_the_contract_are_read_and_not_kept() {
        let unstored =
            CONTRACT.iter().map(|field| field.name).filter(|name| Slot::of(name) == Slot::Unstored);
        assert_eq!(unstored.collect::<Vec<_>>(), ["speed", "os", "age_band", "sex"]);
    }

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
