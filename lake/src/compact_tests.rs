use std::path::Path;
use std::sync::Arc;

use arrow::array::TimestampMicrosecondArray;
use arrow::array::{ArrayRef, Float32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::{SortColumn, lexsort_to_indices, take_record_batch};
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::tables::InternalTable;
use proptest::prelude::*;

use super::*;
use crate::commit::Position;
use crate::lake::Lake;

/// Device, instant, point, accuracy, speed, age.
type Fix = (i64, i64, i32, Option<f32>, Option<f32>, Option<&'static str>);

fn batch(table: &DeltaTable, fixes: &[Fix]) -> RecordBatch {
    let rows = fixes.len();
    let text = |word: &str| Arc::new(StringArray::from(vec![word; rows])) as ArrayRef;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(fixes.iter().map(|fix| fix.0))),
        Arc::new(
            TimestampMicrosecondArray::from_iter_values(fixes.iter().map(|fix| fix.1)).with_timezone("UTC"),
        ),
        Arc::new(Int32Array::from_iter_values(fixes.iter().map(|fix| fix.2))),
        Arc::new(Int32Array::from_iter_values(fixes.iter().map(|fix| fix.2))),
        Arc::new(Float32Array::from_iter(fixes.iter().map(|fix| fix.3))),
        Arc::new(Float32Array::from_iter(fixes.iter().map(|fix| fix.4))),
        text("gps"),
        Arc::new(StringArray::from_iter(fixes.iter().map(|fix| fix.5))),
        Arc::new(StringArray::from_iter(fixes.iter().map(|fix| fix.5.map(|_| "male")))),
        Arc::new(Int64Array::from_iter_values(fixes.iter().map(|fix| i64::from(fix.2)))),
        text("20361"),
        text("p"),
    ];
    let batch = RecordBatch::try_new(table.file_schema(), columns).unwrap();
    let by = |index: usize| SortColumn { values: batch.column(index).clone(), options: None };
    let order = lexsort_to_indices(&[by(0), by(1)], None).unwrap();
    take_record_batch(&batch, &order).unwrap()
}

/// Writes each part in a commit of its own, compacts, and returns the bytes of the files of the day.
fn compacted(folder: &Path, parts: &[&[Fix]]) -> (Vec<Vec<u8>>, Compacted) {
    let lake = Lake::open(folder).unwrap();
    let mut table = lake.table(InternalTable::Pings).unwrap();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let add = table.write_file(&batch(&table, part), Some("2026-03-01")).unwrap();
        lake.block_on(table.append(vec![add], &[], None)).unwrap();
    }
    let done = table.compact(&lake, &mut |_| {}).unwrap();
    let files = lake.files(InternalTable::Pings).unwrap();
    (files.iter().map(|file| std::fs::read(folder.join(&file.path)).unwrap()).collect(), done)
}

fn fixes() -> impl Strategy<Value = Vec<Fix>> {
    let accuracy = prop_oneof![Just(None), Just(Some(5.0)), Just(Some(20.0))];
    let speed = prop_oneof![Just(None), Just(Some(0.0)), Just(Some(1.4))];
    let age = prop_oneof![2 => Just(None), 1 => Just(Some("5-9")), 1 => Just(Some("40-49"))];
    proptest::collection::vec((0..4_i64, 0..6_i64, 0..3_i32, accuracy, speed, age), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_order_and_repetition_gives_the_same_bytes_with_each_fix_once(
        fixes in fixes(), cut in 0..60_usize, seed in 0..1000_u64,
    ) {
        let mut shuffled = fixes.clone();
        shuffled.extend_from_slice(&fixes[..fixes.len() / 2]);
        let length = shuffled.len() as u64;
        for index in 0..shuffled.len() {
            let other = (seed.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(index as u64 * 7919) % length) as usize;
            shuffled.swap(index, other);
        }
        let (first, second) = shuffled.split_at(cut.min(shuffled.len()));
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let (whole, _) = compacted(folders[0].path(), &[&fixes]);
        let (parts, done) = compacted(folders[1].path(), &[second, first]);
        prop_assert!(whole == parts);

        let mut expected: Vec<(i64, i64, i32)> = fixes.iter().map(|fix| (fix.0, fix.1, fix.2)).collect();
        expected.sort_unstable();
        expected.dedup();
        let lake = Lake::open(folders[1].path()).unwrap();
        let rows: u64 = lake.files(InternalTable::Pings).unwrap().iter().map(|file| file.row_count).sum();
        prop_assert_eq!(rows as usize, expected.len());
        prop_assert_eq!(done.copies as usize + expected.len(), shuffled.len());
    }
}

#[test]
fn the_copy_with_the_best_accuracy_stays() {
    let folder = tempfile::tempdir().unwrap();
    compacted(
        folder.path(),
        &[
            &[(1, 1, 1, None, None, None)],
            &[(1, 1, 1, Some(30.0), None, None)],
            &[(1, 1, 1, Some(8.0), None, None)],
        ],
    );
    let lake = Lake::open(folder.path()).unwrap();
    let rows = lake.rows(InternalTable::Pings, &["accuracy_m"]).unwrap();
    let column = rows[0].column(0).as_any().downcast_ref::<Float32Array>().unwrap();
    assert_eq!(column.values().to_vec(), [8.0]);
}

#[test]
fn of_copies_that_are_as_accurate_the_one_with_the_least_speed_stays_and_one_without_none() {
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let folder = tempfile::tempdir().unwrap();
        let copies: [Fix; 3] = [
            (1, 1, 1, Some(8.0), None, None),
            (1, 1, 1, Some(8.0), Some(1.4), None),
            (1, 1, 1, Some(8.0), Some(0.5), None),
        ];
        let parts = order.map(|index| [copies[index]]);
        compacted(folder.path(), &[&parts[0], &parts[1], &parts[2]]);
        let lake = Lake::open(folder.path()).unwrap();
        let rows = lake.rows(InternalTable::Pings, &["speed_m_s"]).unwrap();
        let column = rows[0].column(0).as_any().downcast_ref::<Float32Array>().unwrap();
        assert_eq!(column.iter().collect::<Vec<_>>(), [Some(0.5)]);
    }
}

#[test]
fn of_copies_that_are_alike_the_one_with_an_age_stays() {
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let folder = tempfile::tempdir().unwrap();
        let copies: [Fix; 3] = [None, Some("5-9"), Some("40-49")].map(|age| (1, 1, 1, Some(8.0), None, age));
        let parts = order.map(|index| [copies[index]]);
        compacted(folder.path(), &[&parts[0], &parts[1], &parts[2]]);
        let lake = Lake::open(folder.path()).unwrap();
        let rows = lake.rows(InternalTable::Pings, &["age_band"]).unwrap();
        let column = rows[0].column(0).as_any().downcast_ref::<StringArray>().unwrap();
        assert_eq!(column.iter().collect::<Vec<_>>(), [Some("40-49")]);
    }
}

#[test]
fn a_compacted_table_is_left_alone_until_something_arrives() {
    let folder = tempfile::tempdir().unwrap();
    compacted(folder.path(), &[&[(1, 1, 1, None, None, None)], &[(2, 1, 1, None, None, None)]]);
    let (_, again) = compacted(folder.path(), &[]);
    assert_eq!(again, Compacted::default());
    let (files, more) = compacted(folder.path(), &[&[(3, 1, 1, None, None, None)]]);
    assert_eq!((files.len(), more.partitions, more.files_before), (1, 1, 2));
}

#[test]
fn of_two_rewrites_planned_on_one_snapshot_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut first = lake.table(InternalTable::Pings).unwrap();
    for device in 0..3 {
        let add = first
            .write_file(&batch(&first, &[(device, 1, 1, None, None, None)]), Some("2026-03-01"))
            .unwrap();
        lake.block_on(first.append(vec![add], &[], None)).unwrap();
    }
    let second = lake.table(InternalTable::Pings).unwrap();
    let files = lake.block_on(second.files()).unwrap();
    first.compact(&lake, &mut |_| {}).unwrap();
    // The second one still plans with the three old files.
    let mut late = second;
    let error = late.rewrite(&lake, Some("2026-03-01"), &files, Press::Firm, &mut Compacted::default());
    assert!(matches!(error.unwrap_err(), LakeError::Fenced { .. }));
    let rows: u64 = lake.files(InternalTable::Pings).unwrap().iter().map(|file| file.row_count).sum();
    assert_eq!(rows, 3);
}

#[test]
fn a_forgotten_device_is_in_no_row_no_file_and_no_statistics() {
    let folder = tempfile::tempdir().unwrap();
    let secret = 7_123_456_789_012_345;
    compacted(
        folder.path(),
        &[
            &[(secret, 1, 1, None, None, None), (5, 1, 1, None, None, None)],
            &[(secret, 2, 1, None, None, None)],
        ],
    );
    let lake = Lake::open(folder.path()).unwrap();
    let mut table = lake.table(InternalTable::Pings).unwrap();
    let add =
        table.write_file(&batch(&table, &[(secret, 9, 1, None, None, None)]), Some("2026-03-02")).unwrap();
    let position = Position { source_id: "s".to_owned(), from: None, next: 1 };
    lake.block_on(table.append(vec![add], &[position], None)).unwrap();

    let forgotten = lake.forget(&[DeviceId::from_column(secret)].into()).unwrap();
    assert_eq!(forgotten.into_iter().collect::<Vec<_>>(), [("pings", 3)]);
    let rows = lake.rows(InternalTable::Pings, &["device_id"]).unwrap();
    let left: Vec<i64> = rows
        .iter()
        .flat_map(|batch| batch.column(0).as_any().downcast_ref::<Int64Array>().unwrap().values().to_vec())
        .collect();
    assert_eq!(left, [5]);
    // Files that held the device are gone, and the log does not name it.
    let mut files = Vec::new();
    list(&folder.path().join("pings"), &mut files);
    assert_eq!(files.iter().filter(|path| path.extension().is_some_and(|e| e == "parquet")).count(), 1);
    for path in files.iter().filter(|path| path.extension().is_some_and(|e| e == "json")) {
        assert!(!std::fs::read_to_string(path).unwrap().contains(&secret.to_string()), "{}", path.display());
    }
    assert_eq!(lake.block_on(lake.table(InternalTable::Pings).unwrap().position("s")).unwrap(), Some(1));
}

fn list(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

/// A device of each eighth of the space, twice over.
fn everywhere() -> Vec<Fix> {
    (0..16_i64).map(|number| ((number << 59) + 1, number, 1, None, None, None)).collect()
}

#[test]
fn files_are_cut_where_buckets_meet_and_doubling_or_halving_changes_no_row() {
    let folder = tempfile::tempdir().unwrap();
    compacted(folder.path(), &[&everywhere()]);
    let lake = Lake::open(folder.path()).unwrap();
    for count in [8, 16, 4, 1, 2] {
        lake.set_buckets(Buckets::new(count).unwrap()).unwrap();
        let mut table = lake.table(InternalTable::Pings).unwrap();
        let before = table.version();
        let done = table.compact(&lake, &mut |_| {}).unwrap();
        assert_eq!((done.partitions, done.files_after), (1, u64::from(count)));
        let mut devices = Vec::new();
        for file in lake.files(InternalTable::Pings).unwrap() {
            assert!(file.is_cut(lake.buckets().unwrap()), "{}", file.path);
            for batch in
                crate::scan::read_columns(InternalTable::Pings.table(), &file, &["device_id"]).unwrap()
            {
                let column = batch.column(0).as_any().downcast_ref::<Int64Array>().unwrap();
                assert!(column.values().iter().all(|device| file.bucket.holds(*device)), "{}", file.path);
                devices.extend(column.values().to_vec());
            }
        }
        devices.sort_unstable();
        assert_eq!(devices, everywhere().iter().map(|fix| fix.0).collect::<Vec<_>>());
        let commits = lake.block_on(table.commits_since(before)).unwrap().unwrap();
        assert!(commits.iter().all(|commit| commit.changed_partitions("event_date").is_empty()));
        assert_eq!(table.compact(&lake, &mut |_| {}).unwrap(), Compacted::default(), "cut once");
    }
}

#[test]
fn a_lake_of_before_there_were_buckets_has_one_and_its_files_are_cut_for_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kayoi-lake.json"), r#"{"format":2}"#).unwrap();
    compacted(folder.path(), &[&everywhere()]);
    let lake = Lake::open(folder.path()).unwrap();
    assert_eq!(lake.buckets().unwrap(), Buckets::ONE);
    let files = lake.files(InternalTable::Pings).unwrap();
    assert!(files.iter().all(|file| file.is_cut(Buckets::ONE) && !file.is_cut(Buckets::new(2).unwrap())));
}

#[test]
fn forgetting_opens_the_files_of_one_bucket() {
    let folder = tempfile::tempdir().unwrap();
    compacted(folder.path(), &[&everywhere()]);
    let lake = Lake::open(folder.path()).unwrap();
    lake.set_buckets(Buckets::new(8).unwrap()).unwrap();
    lake.table(InternalTable::Pings).unwrap().compact(&lake, &mut |_| {}).unwrap();
    let device = everywhere()[10].0;
    for file in lake.files(InternalTable::Pings).unwrap().iter().filter(|file| !file.bucket.holds(device)) {
        std::fs::write(folder.path().join(&file.path), "no Parquet").unwrap();
    }
    // The file of all devices, which compaction replaced, is held against the device by its rows.
    let forgotten = lake.forget(&[DeviceId::from_column(device)].into()).unwrap();
    assert_eq!(forgotten.into_iter().collect::<Vec<_>>(), [("pings", 1)]);
    let left: u64 = lake.files(InternalTable::Pings).unwrap().iter().map(|file| file.row_count).sum();
    assert_eq!(left, 15);
}
