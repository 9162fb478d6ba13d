//! A size in bytes as people write it: `128MiB`.
//!
//! In: one whole number and one binary unit. Out: bytes. `MB` is refused: half of its readers take it for 10^6
//! bytes, the other half for 2^20.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::value::{Written, number_and_unit};

/// Units with their bytes, largest first: writing takes the first that divides.
const UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// A size in bytes, read and written with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(u64);

impl ByteSize {
    /// A size of whole mebibytes.
    pub const fn from_mebibytes(mebibytes: u64) -> Self {
        Self(mebibytes << 20)
    }

    /// Bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// The size of a text such as `128MiB`; `None` for anything else, and for what does not fit in 63 bits.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, unit) = number_and_unit(text)?;
        let (_, bytes) = UNITS.iter().find(|(name, _)| *name == unit)?;
        number.checked_mul(*bytes).filter(|total| i64::try_from(*total).is_ok()).map(Self)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) = if self.0 == 0 {
            ("B", 1)
        } else {
            UNITS.into_iter().find(|(_, size)| self.0.is_multiple_of(*size)).unwrap_or(("B", 1))
        };
        write!(formatter, "{}{unit}", self.0 / size)
    }
}

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let allowed = "a whole number with a unit, `B`, `KiB`, `MiB` or `GiB`, such as `128MiB`";
        deserializer.deserialize_str(Written { allowed, read: Self::parse })
    }
}

impl Serialize for ByteSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
