//! Numbers and blocks from the front of a slice, never past its end.
//!
//! In: bytes of a boundary file, which may be damaged. Out: what was written there, or `None`. Numbers are
//! varints of crate integer-encoding (LEB128, signed ones zigzag first, so that -1 is as short as 1):
//! neighbouring vertices differ by little, so most differences take two bytes of eight.

use integer_encoding::VarInt;

/// Reads from the front of a slice.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next number, [`u64`] or [`i64`] as it was written; `None` when the bytes end or it is longer than
    /// 64 bits.
    pub(super) fn number<N: VarInt>(&mut self) -> Option<N> {
        let (number, length) = N::decode_var(self.0)?;
        self.take(length)?;
        Some(number)
    }

    /// A count that the remaining bytes can hold, one byte an item at least, so that damage cannot ask for
    /// unbounded memory.
    pub(super) fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number::<u64>()?).ok().filter(|&count| count <= self.0.len())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
