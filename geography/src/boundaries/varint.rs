//! Whole numbers in as few bytes as they need.
//!
//! In: integers, mostly small. Out: LEB128 bytes, seven bits each; signed ones zigzag first, so that -1 is
//! as short as 1. Neighbouring vertices differ by little, so most differences take two bytes of eight.

/// Appends a number.
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends a signed number.
pub(super) fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, ((number << 1) ^ (number >> 63)) as u64);
}

/// Reads from the front of a slice.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next number; `None` when the bytes end or it is longer than 64 bits.
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for (position, &byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * position);
            if byte < 0x80 {
                self.0 = &self.0[position + 1..];
                return Some(number);
            }
        }
        None
    }

    /// The next signed number.
    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// A count that the remaining bytes can hold, one byte an item at least, so that damage cannot ask for
    /// unbounded memory.
    pub(super) fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|&count| count <= self.0.len())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
