//! A whole number with one unit, as people write it: `30s`, `128MiB`.
//!
//! In: text. Out: a total in the smallest unit, and back. A bare number is refused: `timeout = 30` has been
//! read as seconds by some and as milliseconds by others in every system that allowed it. Crates humantime
//! and bytesize are the nearest, and take too much: `1h 30m`, months, fractions, and `MB`, which half of its
//! readers take for 10^6 bytes and the other half for 2^20.

use std::fmt;

/// The units of one quantity.
pub(crate) struct Units {
    /// Names with what each is in the smallest unit, largest first: writing takes the first that divides.
    pub(crate) sizes: &'static [(&'static str, u64)],
    /// The unit that 0 is written in.
    pub(crate) of_zero: &'static str,
}

impl Units {
    /// The total of a text; `None` for anything else, and for what does not fit in 63 bits, because TOML has
    /// no larger numbers. No sign, no fraction, no blank.
    pub(crate) fn total(&self, text: &str) -> Option<u64> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let (_, size) = self.sizes.iter().find(|(name, _)| *name == unit)?;
        let total = number.parse::<u64>().ok()?.checked_mul(*size)?;
        i64::try_from(total).is_ok().then_some(total)
    }

    /// Writes a total in the largest unit that divides it.
    pub(crate) fn write(&self, total: u64, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let largest = self.sizes.iter().find(|(_, size)| total > 0 && total.is_multiple_of(*size));
        match largest {
            Some((unit, size)) => write!(formatter, "{}{unit}", total / size),
            None => write!(formatter, "{total}{}", self.of_zero),
        }
    }
}
