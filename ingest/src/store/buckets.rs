//! Rows in any order → rows sorted by device, and then as they are compared.
//!
//! In: rows, their devices, and a comparison that begins with the device. Out: the same rows, sorted. Pseudonyms
//! are hashes, spread evenly over 63 bits: their first bits part the rows into buckets of about the same size in
//! one pass, and a bucket that sits in the cache is sorted for a third of what all rows at once cost. Buckets
//! are sorted on all cores.

use std::cmp::Ordering;

use kayoi_schemas::ids::DeviceId;
use rayon::prelude::*;

/// Rows of a bucket, about.
const BUCKET_ROWS: usize = 128;
/// Most bits that part rows: more buckets than that are written to more places at once than a cache has.
const MOST_BITS: u32 = 12;
/// Bits of a pseudonym.
const DEVICE_BITS: u32 = 63;

/// Sorts rows.
pub(super) fn sort<R: Copy + Send>(
    rows: Vec<R>,
    device: impl Fn(&R) -> DeviceId,
    compare: impl Fn(&R, &R) -> Ordering + Sync,
) -> Vec<R> {
    let bits = (rows.len() / BUCKET_ROWS).checked_ilog2().unwrap_or_default().min(MOST_BITS);
    let bucket = |row: &R| (device(row).column_value() >> (DEVICE_BITS - bits)) as usize;
    let mut sorted = rows;
    if bits == 0 {
        sorted.sort_unstable_by(compare);
        return sorted;
    }
    let rows = sorted.clone();
    let mut lengths = vec![0_usize; 1 << bits];
    rows.iter().for_each(|row| lengths[bucket(row)] += 1);
    let mut next = Vec::with_capacity(lengths.len());
    let mut begin = 0;
    for length in &lengths {
        next.push(begin);
        begin += length;
    }
    for row in &rows {
        let at = &mut next[bucket(row)];
        sorted[*at] = *row;
        *at += 1;
    }
    let mut rest = sorted.as_mut_slice();
    let mut buckets = Vec::with_capacity(lengths.len());
    for length in lengths {
        let (bucket, behind) = rest.split_at_mut(length);
        buckets.push(bucket);
        rest = behind;
    }
    buckets.into_par_iter().for_each(|bucket| bucket.sort_unstable_by(&compare));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Devices of which some have many rows, and all bits differ.
    fn rows(count: u64) -> Vec<(DeviceId, u64)> {
        let device =
            |row: u64| DeviceId::from_hash((row % 97 * row % 1009).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        (0..count).map(|row| (device(row), row.wrapping_mul(2_654_435_761) % 1000)).collect()
    }

    #[test]
    fn rows_in_buckets_are_in_the_order_of_all_rows() {
        for count in [0, 1, 100, 4096, 5000, 40_000] {
            let rows = rows(count);
            let mut expected = rows.clone();
            expected.sort_unstable();
            assert_eq!(sort(rows, |row| row.0, Ord::cmp), expected, "{count}");
        }
    }
}
