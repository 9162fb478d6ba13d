//! One value of a record, whatever the format → its place in the ping.
//!
//! In: a `Value`, which is all that the five formats have in common, and the partner's `Spelling`. Out:
//! what the contract makes of it, or a `Refusal`. Every format asks here and nowhere else, so that they
//! cannot disagree on what `1.75e12`, `NULL` or `2025-06-15 15:06:40 UTC` means. Which spellings are read
//! stands in `schemas/src/spelling.rs`, as data; a test feeds each of them to all formats.

pub mod zone;
pub(crate) mod words;
mod unit;
pub(crate) mod spelling;
pub(super) mod refusal;
pub(super) mod scale;
mod calendar;
mod instant;
mod number;
mod person;
mod text;

use std::borrow::Cow;

pub(super) use self::instant::timestamp;
pub(super) use self::number::{accuracy, coordinate, speed};
pub(super) use self::person::{age, sex};
pub(super) use self::text::{consent, device_id, source};

/// A value as a format gives it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    /// Null, or a default that says the same.
    Missing,
    /// A text: of JSON, a cell of CSV, a string of Avro, Protobuf or a column.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A whole number above the largest `i64`.
    Unsigned(u64),
    /// A number of double precision.
    Float(f64),
    /// A number of single precision, which tells about seven digits apart.
    Single(f32),
    /// True or false.
    Boolean(bool),
    /// An instant by its type, milliseconds since the epoch.
    Instant(i64),
    /// A date and time that by its type have no zone, as milliseconds since the same time in 1970.
    Local(i64),
    /// A value that stands for no field of the contract, such as a list.
    Other,
}

impl Value<'_> {
    /// A whole number without a sign.
    #[inline]
    pub(super) fn of_unsigned(number: u64) -> Self {
        i64::try_from(number).map_or(Self::Unsigned(number), Self::Integer)
    }

    /// The number that it is, if its type is one.
    #[inline]
    fn as_number(&self) -> Option<f64> {
        match *self {
            Self::Integer(number) => Some(number as f64),
            Self::Unsigned(number) => Some(number as f64),
            Self::Float(number) => Some(number),
            Self::Single(number) => Some(f64::from(number)),
            _ => None,
        }
    }
}
