//! What thresholds are measured in.
//!
//! In: the number that a definition file states. Out: a quantity with its unit as its type, checked against
//! the range of its threshold, so that minutes are never compared with metres, and a number of visits is a
//! whole number.

use std::ops::RangeInclusive;

use super::error::DefinitionError;

/// A checked value of a threshold.
pub(super) trait Quantity: Sized {
    /// Whether fractions are refused.
    const IS_WHOLE: bool;

    /// Makes a quantity of a number that was checked.
    fn of(value: f64) -> Self;

    /// Checks a number.
    ///
    /// # Errors
    /// [`DefinitionError::Impossible`] when it is outside of `range`, or a fraction where a whole number is
    /// asked for.
    fn checked(key: &'static str, value: f64, range: RangeInclusive<f64>) -> Result<Self, DefinitionError> {
        let fits = range.contains(&value) && (!Self::IS_WHOLE || value.fract() == 0.0);
        if fits {
            return Ok(Self::of(value));
        }
        let kind = if Self::IS_WHOLE { "whole number" } else { "number" };
        Err(DefinitionError::Impossible { key, value, kind, least: *range.start(), most: *range.end() })
    }
}

macro_rules! whole {
    ($($(#[doc = $doc:literal])* $name:ident($raw:ty);)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name($raw);

        impl $name {
            /// The quantity as a whole number, in the unit that its type names.
            pub fn get(self) -> $raw {
                self.0
            }
        }

        impl From<$name> for f64 {
            fn from(quantity: $name) -> f64 {
                f64::from(quantity.0)
            }
        }

        impl Quantity for $name {
            const IS_WHOLE: bool = true;

            fn of(value: f64) -> Self {
                Self(value as $raw)
            }
        }
    )*};
}

macro_rules! measured {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// The quantity as a number, in the unit that its type names.
            pub fn get(self) -> f64 {
                self.0
            }
        }

        impl Quantity for $name {
            const IS_WHOLE: bool = false;

            fn of(value: f64) -> Self {
                Self(value)
            }
        }
    )*};
}

whole! {
    /// An hour of the local clock; 24 and more are those of the next morning where a threshold allows them.
    Hour(u8);
    /// How many: devices, people, visits, nights, months, quarters, days, municipalities.
    Count(u32);
    /// The length of a window in days.
    Days(i32);
}

measured! {
    /// A length of time in minutes.
    Minutes;
    /// A length of time in hours.
    Hours;
    /// A distance in metres.
    Metres;
    /// A distance in kilometres.
    Kilometres;
    /// A share or a probability, 0 to 1.
    Share;
    /// A factor: how many times as much.
    Factor;
    /// What a kilometre costs, in grams.
    GramsPerKm;
}

/// Whether a rule holds: 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch(bool);

impl Switch {
    /// Whether the rule holds.
    pub fn is_on(self) -> bool {
        self.0
    }
}

impl Quantity for Switch {
    const IS_WHOLE: bool = true;

    fn of(value: f64) -> Self {
        Self(value != 0.0)
    }
}

impl Minutes {
    /// The same in milliseconds, in which instants are counted.
    pub fn milliseconds(self) -> i64 {
        (self.0 * crate::time::MINUTE_MS as f64) as i64
    }
}
