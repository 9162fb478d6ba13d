//! How single values are read, with what is allowed said in words.
//!
//! In: one value of the file. Out: what its key holds. A struct names these functions in `deserialize_with`.
//! serde's own texts name Rust's types ("expected usize"); these name what a person may write.

use std::fmt;
use std::net::SocketAddr;

use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// A value that is written as text.
pub(crate) struct Written<T> {
    /// What may be written, after "it must be".
    pub(crate) allowed: &'static str,
    /// The value of a text, or `None` for a wrong one.
    pub(crate) read: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for Written<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.allowed)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Reads a number of rows: whole, 1 or more.
pub fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    deserializer.deserialize_u64(Count)
}

struct Count;

impl Visitor<'_> for Count {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number of 1 or more")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<usize, E> {
        let count = usize::try_from(number).ok().filter(|count| *count > 0);
        count.ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<usize, E> {
        let count = usize::try_from(number).ok().filter(|count| *count > 0);
        count.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }
}

/// Reads metres: finite, 0 or more. `500` is as good as `500.0`.
pub fn metres<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    deserializer.deserialize_f64(Metres)
}

struct Metres;

impl Visitor<'_> for Metres {
    type Value = f64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("metres, a number of 0 or more")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
        let is_metres = number.is_finite() && number >= 0.0;
        is_metres.then_some(number).ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
        self.visit_f64(number as f64)
    }
}

/// Reads the address of a listener.
pub fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let allowed = "an IP address and a port, such as `127.0.0.1:9095`";
    deserializer.deserialize_str(Written { allowed, read: |text| text.parse().ok() }).map(Some)
}
