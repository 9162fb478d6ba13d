//! Cutting the work: ranges of devices that fit in memory.
//!
//! In: a range of devices and how many pieces it shall have. Out: ranges that do not overlap and leave nothing
//! out. Pseudonyms are hashes, so equal ranges hold equally many devices.

use std::ops::RangeInclusive;

/// How many pings a piece should hold: about 100 MB in memory.
pub const PIECE_PINGS: u64 = 1_000_000;

/// So many ranges of the devices of a range, in order.
pub fn pieces(devices: &RangeInclusive<i64>, count: u64) -> impl Iterator<Item = RangeInclusive<i64>> {
    // In 128 bits, because a bound times the number of pieces overflows 64.
    let (start, space) =
        (i128::from(*devices.start()), i128::from(*devices.end()) - i128::from(*devices.start()) + 1);
    let count = i128::from(count.max(1));
    (0..count).map(move |index| {
        let first = start + index * space / count;
        let last = start + (index + 1) * space / count - 1;
        first as i64..=last as i64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_every_device_once() {
        for devices in [0..=i64::MAX, 1 << 62..=i64::MAX, 0..=(1 << 51) - 1] {
            for count in [0, 1, 2, 7, 1_000_003] {
                let pieces: Vec<_> = pieces(&devices, count).collect();
                assert_eq!(
                    (pieces[0].start(), pieces[pieces.len() - 1].end()),
                    (devices.start(), devices.end())
                );
                assert!(pieces.windows(2).all(|pair| pair[0].end() + 1 == *pair[1].start()));
                assert_eq!(pieces.len() as u64, count.max(1));
            }
        }
    }
}
