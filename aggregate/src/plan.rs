//! Cutting the work: ranges of devices that fit in memory.
//!
//! In: how many pings there are. Out: ranges of the 63-bit device space that do not overlap and leave nothing
//! out. Pseudonyms are hashes, so equal ranges hold equally many devices. A piece is independent of the
//! others, which is what lets the same code run on one machine and on many.

use std::ops::RangeInclusive;

/// How many pings a piece should hold: about 100 MB in memory.
pub const PIECE_PINGS: u64 = 2_000_000;

/// The ranges of device ids, in order.
pub fn pieces(ping_count: u64, piece_pings: u64) -> Vec<RangeInclusive<i64>> {
    let count = i128::from(ping_count.div_ceil(piece_pings.max(1)).max(1));
    // In 128 bits, because a bound times the number of pieces overflows 64.
    let space = i128::from(i64::MAX) + 1;
    (0..count)
        .map(|index| {
            let first = index * space / count;
            let last = (index + 1) * space / count - 1;
            first as i64..=last as i64
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_every_device_once() {
        for ping_count in [0, 1, 2_000_000, 2_000_001, 123_456_789] {
            let pieces = pieces(ping_count, PIECE_PINGS);
            assert_eq!((*pieces[0].start(), *pieces[pieces.len() - 1].end()), (0, i64::MAX));
            assert!(pieces.windows(2).all(|pair| pair[0].end() + 1 == *pair[1].start()));
            assert_eq!(pieces.len() as u64, ping_count.div_ceil(PIECE_PINGS).max(1));
        }
    }
}
