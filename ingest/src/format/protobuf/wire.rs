//! Bytes of a message → its fields, as they are on the wire.
//!
//! In: a cursor. Out: a number and a [`Raw`] value per field. A field says how long it is, so what is unknown
//! is passed over without a schema; groups, the one exception, are followed to their end, at most [`DEEPEST`]
//! into each other.

use crate::format::value::Value;
use crate::format::wire::{Cursor, Fault, unzigzag};

/// Groups inside groups that are followed.
const DEEPEST: usize = 64;

/// A value as it is on the wire.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    /// Not there: the default of its type. Only inside a wrapper, where absence means it.
    Absent,
    Integer(u64),
    Eight([u8; 8]),
    Bytes(&'a [u8]),
    Group,
    Four([u8; 4]),
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Double,
    Float,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Sint32,
    Sint64,
    Fixed32,
    Fixed64,
    Sfixed32,
    Sfixed64,
}

/// Reads a field: its number and value. `None` at the end of the message.
#[inline]
pub(super) fn field<'a>(cursor: &mut Cursor<'a>) -> Result<Option<(u32, Raw<'a>)>, Fault> {
    if cursor.rest().is_empty() {
        return Ok(None);
    }
    let (number, wire_type) = tag(cursor)?;
    raw(number, wire_type, cursor, 0).map(|raw| Some((number, raw)))
}

#[inline]
fn tag(cursor: &mut Cursor<'_>) -> Result<(u32, u32), Fault> {
    let tag = u32::try_from(cursor.integer()?).map_err(|_| Fault::Tag)?;
    match tag >> 3 {
        0 => Err(Fault::Tag),
        number => Ok((number, tag & 7)),
    }
}

#[inline]
fn raw<'a>(number: u32, wire_type: u32, cursor: &mut Cursor<'a>, depth: usize) -> Result<Raw<'a>, Fault> {
    match wire_type {
        0 => cursor.integer().map(Raw::Integer),
        1 => cursor.array().map(Raw::Eight),
        2 => {
            // A length that does not fit a usize is longer than any record.
            let length = usize::try_from(cursor.integer()?).map_err(|_| Fault::Truncated)?;
            cursor.take(length).map(Raw::Bytes)
        }
        3 => group(number, cursor, depth).map(|()| Raw::Group),
        4 => Err(Fault::Group),
        5 => cursor.array().map(Raw::Four),
        _ => Err(Fault::Tag),
    }
}

#[cold]
fn group(number: u32, cursor: &mut Cursor<'_>, depth: usize) -> Result<(), Fault> {
    if depth == DEEPEST {
        return Err(Fault::Depth);
    }
    loop {
        let (inner, wire_type) = tag(cursor)?;
        if wire_type == 4 {
            return if inner == number { Ok(()) } else { Err(Fault::Group) };
        }
        raw(inner, wire_type, cursor, depth + 1)?;
    }
}

impl Scalar {
    /// The number; `None` when the wire has another type than the schema.
    #[inline]
    pub(super) fn value<'a>(self, raw: Raw<'_>) -> Option<Value<'a>> {
        match (self, raw) {
            (Self::Double, Raw::Absent) => Some(Value::Float(0.0)),
            (Self::Float, Raw::Absent) => Some(Value::Single(0.0)),
            (Self::Double, Raw::Eight(bytes)) => Some(Value::Float(f64::from_le_bytes(bytes))),
            (Self::Float, Raw::Four(bytes)) => Some(Value::Single(f32::from_le_bytes(bytes))),
            (Self::Uint64, Raw::Integer(number)) => Some(Value::of_unsigned(number)),
            (Self::Fixed64, Raw::Eight(bytes)) => Some(Value::of_unsigned(u64::from_le_bytes(bytes))),
            _ => self.integer(raw).map(Value::Integer),
        }
    }

    /// The whole number; `None` when the wire has another type, or a number beyond an `i64`.
    #[inline]
    pub(super) fn integer(self, raw: Raw<'_>) -> Option<i64> {
        match (self, raw) {
            (_, Raw::Absent) => Some(0),
            // Of an integer that is longer than its type, protobuf keeps the low bits.
            (Self::Int32, Raw::Integer(number)) => Some(i64::from(number as i32)),
            (Self::Int64, Raw::Integer(number)) => Some(number as i64),
            (Self::Uint32, Raw::Integer(number)) => Some(i64::from(number as u32)),
            (Self::Uint64, Raw::Integer(number)) => i64::try_from(number).ok(),
            (Self::Sint32, Raw::Integer(number)) => Some(unzigzag(u64::from(number as u32))),
            (Self::Sint64, Raw::Integer(number)) => Some(unzigzag(number)),
            (Self::Fixed32, Raw::Four(bytes)) => Some(i64::from(u32::from_le_bytes(bytes))),
            (Self::Sfixed32, Raw::Four(bytes)) => Some(i64::from(i32::from_le_bytes(bytes))),
            (Self::Fixed64, Raw::Eight(bytes)) => i64::try_from(u64::from_le_bytes(bytes)).ok(),
            (Self::Sfixed64, Raw::Eight(bytes)) => Some(i64::from_le_bytes(bytes)),
            _ => None,
        }
    }
}

impl<'a> Raw<'a> {
    /// The bytes of a text.
    #[inline]
    pub(super) fn text(self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Absent => Some(&[]),
            _ => None,
        }
    }

    /// The value inside a wrapper such as `google.protobuf.DoubleValue`; `None` when this is not a message.
    pub(super) fn unwrap_value(self) -> Result<Option<Self>, Fault> {
        let Self::Bytes(bytes) = self else { return Ok(None) };
        let mut cursor = Cursor::new(bytes);
        let mut value = Self::Absent;
        while let Some((number, raw)) = field(&mut cursor)? {
            if number == 1 {
                value = raw;
            }
        }
        Ok(Some(value))
    }

    /// Milliseconds of a `google.protobuf.Timestamp`, rounded down; `None` when this is not one.
    pub(super) fn timestamp(self) -> Result<Option<i64>, Fault> {
        let Self::Bytes(bytes) = self else { return Ok(None) };
        let mut cursor = Cursor::new(bytes);
        let (mut seconds, mut nanoseconds) = (Self::Absent, Self::Absent);
        while let Some((number, raw)) = field(&mut cursor)? {
            match number {
                1 => seconds = raw,
                2 => nanoseconds = raw,
                _ => {}
            }
        }
        let milliseconds = Scalar::Int64.integer(seconds).and_then(|seconds| seconds.checked_mul(1000));
        let rest = Scalar::Int32.integer(nanoseconds).filter(|rest| (0..1_000_000_000).contains(rest));
        Ok(milliseconds.zip(rest).and_then(|(whole, rest)| whole.checked_add(rest / 1_000_000)))
    }
}
