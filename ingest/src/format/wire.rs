//! Bytes → variable-length integers, lengths and slices, for the binary formats.
//!
//! In: the bytes of one record. Out: its parts, or a [`Fault`]. Avro, Protobuf and the Confluent frame share
//! the base-128 integer. Every read checks what is left, so nothing is read beyond the record. A [`Fault`] is
//! one byte and becomes a text only when a record is given up.

use kayoi_schemas::ping::RejectReason;

use crate::rejection::{Detail, Rejection};

/// Why bytes cannot be walked any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The record ends inside a value.
    Truncated,
    /// A variable-length integer is too long for its type.
    Integer,
    /// A length is negative.
    Length,
    /// A union has no such branch.
    Branch,
    /// An enum has no such symbol.
    Symbol,
    /// Values are nested too deep.
    Depth,
    /// There are bytes after the record.
    Trailing,
    /// A Protobuf tag has no field number or no known wire type.
    Tag,
    /// A Protobuf group ends that did not begin.
    Group,
}

impl Fault {
    /// The rejection of a record that is given up at a byte.
    #[cold]
    pub(super) fn rejection(self, byte: usize) -> Rejection {
        let what = match self {
            Self::Truncated => "the record ends inside a value",
            Self::Integer => "an integer is too long for its type",
            Self::Length => "a length is negative",
            Self::Branch => "a union has no such branch",
            Self::Symbol => "an enum has no such symbol",
            Self::Depth => "values are nested too deep",
            Self::Trailing => "there are bytes after the record",
            Self::Tag => "a field has no number or no known wire type",
            Self::Group => "a group ends that did not begin",
        };
        Rejection::new(RejectReason::Malformed, Detail::from(what).and(", at byte ").count(byte))
    }
}

/// The rest of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

/// Bytes of the longest 64-bit integer.
const LONGEST_INTEGER: usize = 10;

impl<'a> Cursor<'a> {
    /// Starts at the first byte.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What was not read yet.
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next `length` bytes.
    #[inline]
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// A number of double precision, lowest byte first. Not by way of [`Cursor::array`], whose result is put
    /// together in memory and waited for.
    #[inline]
    pub(super) fn double(&mut self) -> Result<f64, Fault> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(f64::from_le_bytes(*taken))
    }

    /// A number of single precision, lowest byte first.
    #[inline]
    pub(super) fn single(&mut self) -> Result<f32, Fault> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(f32::from_le_bytes(*taken))
    }

    /// A base-128 integer, least significant group first.
    #[inline]
    pub(super) fn integer(&mut self) -> Result<u64, Fault> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(u64::from(byte))
            }
            Some(_) => self.long_integer(),
            None => Err(Fault::Truncated),
        }
    }

    /// Up to eight bytes are joined without a loop: a timestamp has six, and a loop over them costs more than
    /// all other fields.
    #[inline]
    fn long_integer(&mut self) -> Result<u64, Fault> {
        let Some((chunk, _)) = self.rest.split_first_chunk::<8>() else { return self.slow_integer() };
        let word = u64::from_le_bytes(*chunk);
        let ends = !word & 0x8080_8080_8080_8080;
        if ends == 0 {
            return self.slow_integer();
        }
        // Keeps the bytes up to the first without a continuation bit.
        let kept = word & (ends ^ (ends - 1));
        let length = ends.trailing_zeros() as usize / 8 + 1;
        self.rest = &self.rest[length..];
        let pairs = (kept & 0x007f_007f_007f_007f) | ((kept & 0x7f00_7f00_7f00_7f00) >> 1);
        let fours = (pairs & 0x0000_3fff_0000_3fff) | ((pairs & 0x3fff_0000_3fff_0000) >> 2);
        Ok((fours & 0x0fff_ffff) | ((fours & 0x0fff_ffff_0000_0000) >> 4))
    }

    #[cold]
    fn slow_integer(&mut self) -> Result<u64, Fault> {
        let mut value = 0;
        for (index, &byte) in self.rest.iter().take(LONGEST_INTEGER).enumerate() {
            if index + 1 == LONGEST_INTEGER && byte > 1 {
                return Err(Fault::Integer);
            }
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                self.rest = &self.rest[index + 1..];
                return Ok(value);
            }
        }
        Err(Fault::Truncated)
    }

    /// A zigzag integer: 0, -1, 1, -2 and so on.
    #[inline]
    pub(super) fn zigzag(&mut self) -> Result<i64, Fault> {
        self.integer().map(unzigzag)
    }
}

/// The signed integer of a zigzag one.
#[inline]
pub(super) fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
