//! A duration as people write it: `30s`, `45d`.
//!
//! In: one whole number and one unit. Out: a [`Duration`].

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::unit::Units;
use crate::value::Written;

const UNITS: Units = Units {
    sizes: &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)],
    of_zero: "s",
};

/// A duration in whole milliseconds, read and written with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HumanDuration(u64);

impl HumanDuration {
    /// A duration of whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds * 1_000)
    }

    /// As the standard library counts it.
    pub const fn get(self) -> Duration {
        Duration::from_millis(self.0)
    }

    /// The duration in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The duration of a text such as `30s`; `None` for anything else, and for what does not fit in 63 bits.
    pub fn parse(text: &str) -> Option<Self> {
        UNITS.total(text).map(Self)
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        UNITS.write(self.0, formatter)
    }
}

impl<'de> Deserialize<'de> for HumanDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let allowed = "a whole number with a unit, `ms`, `s`, `m`, `h` or `d`, such as `30s`";
        deserializer.deserialize_str(Written { allowed, read: Self::parse })
    }
}

impl Serialize for HumanDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
#[path = "duration_tests.rs"]
mod tests;
