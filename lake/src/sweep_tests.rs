use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Array, Int32Array, Int64Array, StringArray, TimestampMicrosecondArray};
use kayoi_schemas::tables::InternalTable;
use proptest::prelude::*;

use super::*;
use crate::bucket::Buckets;
use crate::lake::Lake;

const COLUMNS: [&str; 3] = ["timestamp", "device_id", "latitude_e7"];

/// Rows of devices as given, of which a few million would be a day of a large city.
fn batch(lake: &Lake, devices: &[i64]) -> RecordBatch {
    let rows = devices.len();
    let text = |word: &str| Arc::new(StringArray::from(vec![word; rows])) as ArrayRef;
    // Noise, so that a column has a size.
    let mix = |row: u32| (row ^ (row >> 7)).wrapping_mul(2_654_435_761);
    let spread = || (0..rows as u32).map(|row| (mix(mix(row)) >> 12) as i32);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(devices.to_vec())),
        Arc::new(TimestampMicrosecondArray::from_iter_values(0..rows as i64).with_timezone("UTC")),
        Arc::new(Int32Array::from_iter_values(spread())),
        Arc::new(Int32Array::from_iter_values(spread())),
        Arc::new(Float32Array::from_iter_values(spread().map(|value| value as f32))),
        Arc::new(Float32Array::new_null(rows)),
        text("gps"),
        Arc::new(StringArray::new_null(rows)),
        Arc::new(StringArray::new_null(rows)),
        Arc::new(Int64Array::from_iter_values(spread().map(i64::from))),
        text("20361"),
        text("p"),
    ];
    let table = lake.table(InternalTable::Pings).unwrap();
    RecordBatch::try_new(table.file_schema(), columns).unwrap()
}

fn append(lake: &Lake, day: &str, devices: &[i64]) {
    let mut table = lake.table(InternalTable::Pings).unwrap();
    let add = table.write_file(&batch(lake, devices), Some(day)).unwrap();
    lake.block_on(table.append(vec![add], &[], None)).unwrap();
}

/// Devices of the batches of each file.
fn swept(lake: &Lake, ranges: &[RangeInclusive<i64>], most_open: usize) -> Vec<Vec<Vec<i64>>> {
    let files = lake.files(InternalTable::Pings).unwrap();
    let mut sweep = Sweep::new(InternalTable::Pings.table(), &files, &COLUMNS);
    sweep.most_open = most_open;
    let take = |batch: &RecordBatch, devices: &mut Vec<i64>| {
        devices.extend(batch.column(1).as_primitive::<Int64Type>().values());
    };
    ranges.iter().map(|range| sweep.rows(range, take).unwrap()).collect()
}

/// A device somewhere in the whole space, so that buckets are hit.
fn anywhere() -> impl Strategy<Value = i64> {
    (0_i64..64, 0_i64..3).prop_map(|(high, low)| (high << 57) + low)
}

fn days() -> impl Strategy<Value = Vec<Vec<i64>>> {
    prop::collection::vec(prop::collection::vec(anywhere(), 1..40), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn ranges_that_go_upwards_give_every_row_of_theirs_once_and_in_order(
        days in days(), late in prop::collection::vec(anywhere(), 0..20),
        bounds in prop::collection::btree_set(anywhere(), 1..6), bits in 0_u32..4, has_gap in any::<bool>(),
        most_open in 0_usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        for (number, devices) in days.iter().enumerate() {
            let mut devices = devices.clone();
            devices.sort_unstable();
            append(&lake, &format!("2026-03-0{}", number + 1), &devices);
        }
        lake.set_buckets(Buckets::new(1 << bits).unwrap()).unwrap();
        lake.table(InternalTable::Pings).unwrap().compact(&lake, &mut |_| {}).unwrap();
        // A file that nobody has cut lies beside those that were.
        let mut late = late;
        late.sort_unstable();
        if !late.is_empty() {
            append(&lake, "2026-03-01", &late);
        }
        let bounds: Vec<i64> = bounds.into_iter().collect();
        let mut ranges: Vec<RangeInclusive<i64>> = Vec::new();
        let mut first = 0;
        for bound in bounds {
            ranges.push(first..=bound);
            first = bound + 1;
        }
        ranges.push(first..=i64::MAX);
        if has_gap {
            ranges.remove(0);
        }
        let mut all: Vec<i64> = days.into_iter().flatten().chain(late).collect();
        all.sort_unstable();
        for (range, files) in ranges.iter().zip(swept(&lake, &ranges, most_open)) {
            prop_assert!(files.iter().all(|devices| devices.is_sorted()));
            let mut found: Vec<i64> = files.into_iter().flatten().collect();
            found.sort_unstable();
            let expected: Vec<i64> = all.iter().copied().filter(|device| range.contains(device)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}

/// Two days of some row groups each.
fn large(folder: &Path, buckets: u32) -> Lake {
    let lake = Lake::open(folder).unwrap();
    let devices: Vec<i64> = (0..300_000_i64).map(|row| (row / 20) * (i64::MAX / 15_000)).collect();
    append(&lake, "2026-03-01", &devices);
    append(&lake, "2026-03-02", &devices);
    lake.set_buckets(Buckets::new(buckets).unwrap()).unwrap();
    lake.table(InternalTable::Pings).unwrap().compact(&lake, &mut |_| {}).unwrap();
    lake
}

#[test]
fn however_many_ranges_and_buckets_there_are_each_byte_is_read_once() {
    for buckets in [1, 4, 16] {
        let folder = tempfile::tempdir().unwrap();
        let lake = large(folder.path(), buckets);
        let files = lake.files(InternalTable::Pings).unwrap();
        for pieces in [1, 7, 100] {
            let before = lake.location().traffic().read_bytes;
            let mut sweep = Sweep::new(InternalTable::Pings.table(), &files, &COLUMNS);
            let step = i64::MAX / pieces;
            let mut rows = 0;
            for piece in 0..pieces {
                let last = if piece + 1 == pieces { i64::MAX } else { (piece + 1) * step - 1 };
                let counted = sweep.rows(&(piece * step..=last), |batch, count: &mut usize| {
                    *count += batch.num_rows();
                });
                rows += counted.unwrap().into_iter().sum::<usize>();
            }
            let read = lake.location().traffic().read_bytes - before;
            assert_eq!(rows, 600_000);
            assert!(sweep.wanted_bytes() > 1_000_000, "{}", sweep.wanted_bytes());
            assert!(read >= sweep.wanted_bytes(), "{read} of {}", sweep.wanted_bytes());
            assert!(
                read * 10 <= sweep.wanted_bytes() * 12,
                "{buckets} buckets, {pieces} pieces: {read} bytes for {} wanted",
                sweep.wanted_bytes()
            );
        }
    }
}

#[test]
fn a_file_of_another_bucket_is_never_opened() {
    let folder = tempfile::tempdir().unwrap();
    let lake = large(folder.path(), 4);
    let buckets: Vec<_> = Buckets::new(4).unwrap().all().collect();
    let files = lake.files(InternalTable::Pings).unwrap();
    for file in files.iter().filter(|file| file.bucket != buckets[2]) {
        std::fs::write(folder.path().join(&file.path), "no Parquet").unwrap();
    }
    let mut sweep = Sweep::new(InternalTable::Pings.table(), &files, &COLUMNS);
    let count = |batch: &RecordBatch, rows: &mut usize| *rows += batch.num_rows();
    let rows: usize = sweep.rows(&buckets[2].devices(), count).unwrap().into_iter().sum();
    assert_eq!(rows, 150_000);
    assert!(sweep.rows(&buckets[3].devices(), count).is_err());
}
