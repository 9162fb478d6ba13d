//! A size in bytes as people write it: `128MiB`.
//!
//! In: one whole number and one binary unit. Out: bytes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::unit::Units;
use crate::value::Written;

const UNITS: Units =
    Units { sizes: &[("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)], of_zero: "B" };

/// A size in bytes, read and written with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(u64);

impl ByteSize {
    /// A size of whole mebibytes.
    pub const fn from_mebibytes(mebibytes: u64) -> Self {
        Self(mebibytes << 20)
    }

    /// The size in bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// The size of a text such as `128MiB`; `None` for anything else, and for what does not fit in 63 bits.
    pub fn parse(text: &str) -> Option<Self> {
        UNITS.total(text).map(Self)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        UNITS.write(self.0, formatter)
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

#[cfg(test)]
#[path = "size_tests.rs"]
mod tests;
