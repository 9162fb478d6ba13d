//! A lake from before `pings` had some of its columns: read, filled, compacted, swept, forgotten in.

use std::path::Path;
use std::sync::{Arc, Barrier, LazyLock};

use arrow::array::{ArrayRef, AsArray, Float32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::array::{TimestampMicrosecondArray, new_null_array};
use arrow::datatypes::{Float32Type, Int64Type};
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::tables::InternalTable;

use super::*;
use crate::lake::Lake;
use crate::sweep::Sweep;

const DAY: &str = "2026-03-01";
const COLUMNS: [&str; 3] = ["speed_m_s", "device_id", "accuracy_m"];

/// `pings` as a version of Kayoi described it that did not know the column.
static OLD: LazyLock<&'static Table> = LazyLock::new(|| {
    let now = InternalTable::Pings.table();
    let columns: Vec<Column> =
        now.columns.iter().filter(|column| !now.may_lack(column.name)).copied().collect();
    assert_eq!(columns.len() + 3, now.columns.len());
    Box::leak(Box::new(Table { columns: columns.leak(), ..*now }))
});

/// Device and speed. The instant is the number in its file.
type Fix = (i64, Option<f32>);

fn batch(table: &DeltaTable, fixes: &[Fix]) -> RecordBatch {
    let schema = table.file_schema();
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        match field.name().as_str() {
            "device_id" => Arc::new(Int64Array::from_iter_values(fixes.iter().map(|fix| fix.0))),
            "timestamp" => Arc::new(
                TimestampMicrosecondArray::from_iter_values(0..fixes.len() as i64).with_timezone("UTC"),
            ),
            "latitude_e7" | "longitude_e7" => Arc::new(Int32Array::from(vec![1; fixes.len()])),
            "cell" => Arc::new(Int64Array::from(vec![1; fixes.len()])),
            "speed_m_s" => Arc::new(Float32Array::from_iter(fixes.iter().map(|fix| fix.1))),
            "partner" => Arc::new(StringArray::from(vec!["p"; fixes.len()])),
            _ => new_null_array(field.data_type(), fixes.len()),
        }
    });
    RecordBatch::try_new(Arc::clone(&schema), columns.collect()).unwrap()
}

fn append(lake: &Lake, table: &mut DeltaTable, fixes: &[Fix]) -> Result<(), LakeError> {
    let add = table.write_file(&batch(table, fixes), Some(DAY)).unwrap();
    lake.block_on(table.append(vec![add], &[], None))
}

/// A lake that the version before wrote, with its handle on the table.
fn old_lake(folder: &Path, fixes: &[Fix]) -> (Lake, DeltaTable) {
    let lake = Lake::open(folder).unwrap();
    let mut old = lake.block_on(DeltaTable::open_or_create(*OLD, lake.location())).unwrap();
    append(&lake, &mut old, fixes).unwrap();
    (lake, old)
}

fn taken(batch: &RecordBatch, fixes: &mut Vec<Fix>) {
    let devices = batch.column(1).as_primitive::<Int64Type>();
    fixes.extend(devices.values().iter().copied().zip(batch.column(0).as_primitive::<Float32Type>().iter()));
    assert_eq!(batch.schema().field(2).name(), COLUMNS[2]);
}

/// All rows, read as a whole, and swept in two ranges, which must be the same.
fn rows(lake: &Lake) -> Vec<Fix> {
    let mut whole = Vec::new();
    lake.rows(InternalTable::Pings, &COLUMNS).unwrap().iter().for_each(|batch| taken(batch, &mut whole));
    whole.sort_by_key(|fix| fix.0);
    let files = lake.files(InternalTable::Pings).unwrap();
    let mut sweep = Sweep::new(InternalTable::Pings.table(), &files, &COLUMNS);
    let mut swept: Vec<Fix> = [0..=2, 3..=i64::MAX]
        .iter()
        .flat_map(|range| sweep.rows(range, taken).unwrap().into_iter().flatten().collect::<Vec<_>>())
        .collect();
    swept.sort_by_key(|fix| fix.0);
    assert_eq!(whole, swept);
    whole
}

/// Whether the log of the newest version has the column.
fn has_column(lake: &Lake) -> bool {
    let table = lake.table(InternalTable::Pings).unwrap();
    let state = table.state().unwrap();
    state.schema().fields().any(|field| field.name() == "speed_m_s")
}

#[test]
fn a_table_of_before_is_read_as_it_is_and_takes_the_column_with_the_next_files() {
    let folder = tempfile::tempdir().unwrap();
    let (lake, _) = old_lake(folder.path(), &[(1, None), (4, None)]);
    assert_eq!(rows(&lake), [(1, None), (4, None)]);
    let mut table = lake.table(InternalTable::Pings).unwrap();
    // A commit without files has no need of it.
    let position = crate::commit::Position { source_id: "s".to_owned(), from: None, next: 1 };
    lake.block_on(table.append(Vec::new(), &[position], None)).unwrap();
    assert!(!has_column(&lake));

    append(&lake, &mut table, &[(2, Some(1.4)), (3, None)]).unwrap();
    assert!(has_column(&lake));
    assert_eq!(rows(&lake), [(1, None), (2, Some(1.4)), (3, None), (4, None)]);
    let commits = lake.block_on(table.commits_since(0)).unwrap().unwrap();
    let changed = commits.last().unwrap().changed_partitions("event_date");
    assert_eq!(changed, [Some(DAY.to_owned())].into(), "no other day is counted again for it");
    append(&lake, &mut table, &[(5, None)]).unwrap();
    assert_eq!(metadata_commits(&lake), 2, "the table was described when it was made, and once more");
}

fn metadata_commits(lake: &Lake) -> usize {
    let log = lake.location().path("pings/_delta_log").unwrap();
    let entries = log.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let entries = entries.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    entries.filter(|path| std::fs::read_to_string(path).unwrap().contains("\"metaData\"")).count()
}

/// The bytes of the table's files.
fn bytes(folder: &Path, lake: &Lake) -> Vec<Vec<u8>> {
    let files = lake.files(InternalTable::Pings).unwrap();
    files.iter().map(|file| std::fs::read(folder.join(&file.path)).unwrap()).collect()
}

#[test]
fn old_and_new_files_are_compacted_to_the_bytes_of_a_lake_that_always_had_the_column() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (grown, _) = old_lake(folders[0].path(), &[(1, None), (4, None)]);
    let whole = Lake::open(folders[1].path()).unwrap();
    let mut table = whole.table(InternalTable::Pings).unwrap();
    append(&whole, &mut table, &[(1, None), (4, None)]).unwrap();
    let compacted = [(&grown, folders[0].path()), (&whole, folders[1].path())].map(|(lake, folder)| {
        let mut table = lake.table(InternalTable::Pings).unwrap();
        append(lake, &mut table, &[(1, Some(2.5)), (3, Some(0.0))]).unwrap();
        let done = table.compact(lake, &mut |_| {}).unwrap();
        assert_eq!(done.copies, 1);
        bytes(folder, lake)
    });
    assert!(compacted[0] == compacted[1]);
    // The fix that was sent again with a speed has one now.
    assert_eq!(rows(&grown), [(1, Some(2.5)), (3, Some(0.0)), (4, None)]);
}

#[test]
fn compacting_a_table_of_before_brings_the_column() {
    let folder = tempfile::tempdir().unwrap();
    let (lake, mut old) = old_lake(folder.path(), &[(1, None)]);
    append(&lake, &mut old, &[(2, None)]).unwrap();
    let mut table = lake.table(InternalTable::Pings).unwrap();
    table.compact(&lake, &mut |_| {}).unwrap();
    assert!(has_column(&lake));
    assert_eq!(rows(&lake), [(1, None), (2, None)]);
    assert_eq!(lake.files(InternalTable::Pings).unwrap().len(), 1);
}

#[test]
fn a_device_is_forgotten_in_files_of_before_and_of_after() {
    let folder = tempfile::tempdir().unwrap();
    let (lake, _) = old_lake(folder.path(), &[(1, None), (4, None)]);
    let forget = |device: i64| lake.forget(&[DeviceId::from_column(device)].into()).unwrap();
    assert_eq!(forget(4).into_iter().collect::<Vec<_>>(), [("pings", 1)]);
    assert!(has_column(&lake));
    assert_eq!(rows(&lake), [(1, None)]);
    let mut table = lake.table(InternalTable::Pings).unwrap();
    append(&lake, &mut table, &[(1, Some(3.0)), (2, Some(1.4))]).unwrap();
    assert_eq!(forget(1).into_iter().collect::<Vec<_>>(), [("pings", 2)]);
    assert_eq!(rows(&lake), [(2, Some(1.4))]);
}

#[test]
fn a_process_that_does_not_know_the_column_is_refused_and_takes_nothing_away() {
    let folder = tempfile::tempdir().unwrap();
    let (lake, mut old) = old_lake(folder.path(), &[(1, None)]);
    let mut table = lake.table(InternalTable::Pings).unwrap();
    append(&lake, &mut table, &[(2, Some(1.4))]).unwrap();
    let error = append(&lake, &mut old, &[(3, None)]).unwrap_err();
    assert!(matches!(error, LakeError::OtherSchema { table: "pings", .. }), "{error}");
    assert!(has_column(&lake));
    assert_eq!(rows(&lake), [(1, None), (2, Some(1.4))]);
}

#[test]
fn of_many_processes_that_bring_the_column_at_once_none_loses_a_row() {
    const PROCESSES: i64 = 4;
    let folder = tempfile::tempdir().unwrap();
    let (lake, _) = old_lake(folder.path(), &[(0, None)]);
    let start = Barrier::new(PROCESSES as usize);
    std::thread::scope(|scope| {
        for device in 1..=PROCESSES {
            let (folder, start) = (folder.path(), &start);
            scope.spawn(move || {
                let lake = Lake::open(folder).unwrap();
                let mut table = lake.table(InternalTable::Pings).unwrap();
                start.wait();
                append(&lake, &mut table, &[(device, Some(device as f32))]).unwrap();
            });
        }
    });
    let of_all = (1..=PROCESSES).map(|device| (device, Some(device as f32)));
    assert_eq!(rows(&lake), [(0, None)].into_iter().chain(of_all).collect::<Vec<_>>());
    assert_eq!(metadata_commits(&lake), 2);
}
