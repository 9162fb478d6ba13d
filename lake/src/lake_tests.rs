use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use kayoi_schemas::tables::InternalTable;

use super::*;
use crate::commit::Position;
use crate::scan::read_device_range;

fn rejects(offsets: &[i64]) -> RecordBatch {
    let text = |word: &str| Arc::new(StringArray::from(vec![word; offsets.len()])) as ArrayRef;
    let columns = vec![
        text("p"),
        text("topic"),
        Arc::new(Int32Array::from(vec![0; offsets.len()])),
        Arc::new(Int64Array::from(offsets.to_vec())),
        text("malformed"),
        text("no JSON"),
    ];
    RecordBatch::try_new(InternalTable::Rejects.table().arrow_schema(), columns).unwrap()
}

fn offsets(lake: &Lake) -> Vec<i64> {
    let mut all = Vec::new();
    for batch in lake.rows(InternalTable::Rejects, &["record_offset"]).unwrap() {
        let column: &Int64Array = batch.column(0).as_any().downcast_ref().unwrap();
        all.extend(column.values());
    }
    all.sort_unstable();
    all
}

fn append(
    lake: &Lake,
    table: &mut DeltaTable,
    rows: &[i64],
    from: Option<i64>,
    next: i64,
) -> Result<(), LakeError> {
    let add = table.write_file(&rejects(rows), None)?;
    let position = Position { source_id: "ingest/topic/0".to_owned(), from, next };
    lake.block_on(table.append(vec![add], &[position], None))
}

#[test]
fn rows_and_positions_land_together_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut table = lake.table(InternalTable::Rejects).unwrap();
    append(&lake, &mut table, &[0, 1], None, 2).unwrap();
    append(&lake, &mut table, &[2], Some(2), 3).unwrap();

    // A second process that still believes the source stands at 2 is fenced, even after it refreshed.
    let mut late = lake.table(InternalTable::Rejects).unwrap();
    let error = append(&lake, &mut late, &[2], Some(2), 3).unwrap_err();
    assert!(matches!(error, LakeError::Fenced { found: Some(3), expected: Some(2), .. }), "{error}");
    assert_eq!(offsets(&lake), [0, 1, 2]);
    let reopened = lake.table(InternalTable::Rejects).unwrap();
    assert_eq!(lake.block_on(reopened.position("ingest/topic/0")).unwrap(), Some(3));
}

#[test]
fn a_replacement_shows_old_rows_until_it_commits() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut first = lake.replace(InternalTable::Rejects).unwrap();
    first.write(&rejects(&[1, 2])).unwrap();
    first.commit(None).unwrap();
    let mut second = lake.replace(InternalTable::Rejects).unwrap();
    second.write(&rejects(&[7])).unwrap();
    assert_eq!(offsets(&lake), [1, 2]);
    second.commit(None).unwrap();
    assert_eq!(offsets(&lake), [7]);
}

#[test]
fn the_notes_of_a_job_are_named_without_those_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let journal = lake.journal("ab12");
    assert!(lake.block_on(journal.names()).unwrap().is_empty());
    for (job, name) in
        [("ab12", "run.json"), ("ab12", "b0of2.json"), ("ab1", "b1of2.json"), ("ab123", "b1of2.json")]
    {
        assert!(lake.journal(job).write(&lake, name, "{}".to_owned()).unwrap());
    }
    let mut names = lake.block_on(journal.names()).unwrap();
    names.sort_unstable();
    assert_eq!(names, ["b0of2.json", "run.json"]);
}

/// Whoever takes a store that fails for one without the file deletes a note, and measures for hours again.
#[test]
fn a_file_that_is_gone_is_measured_again_and_a_store_that_fails_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut first = lake.replace(InternalTable::Rejects).unwrap();
    first.write(&rejects(&[1, 2])).unwrap();
    first.end_file().unwrap();
    let note = first.files_since(0).unwrap();
    let path = first.adds[0].path.clone();

    let mut second = lake.replace(InternalTable::Rejects).unwrap();
    let gone = note.replace(&path, "gone.parquet");
    assert!(!second.restore(&lake, &gone).unwrap());
    // What lies behind a file is not absent: the folder cannot be looked into.
    let unreadable = note.replace(&path, &format!("{path}/behind.parquet"));
    assert!(second.restore(&lake, &unreadable).is_err());
    assert_eq!(second.file_count(), 0);
    assert!(second.restore(&lake, &note).unwrap());
    assert_eq!(second.file_count(), 1);
}

#[test]
fn a_device_range_reads_only_its_devices() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = InternalTable::Nights.table();
    let schema = table.arrow_schema();
    let devices: Vec<i64> = (0..300_000).collect();
    let rows = devices.len();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(devices)),
        Arc::new(arrow::array::Date32Array::from(vec![0; rows])),
        Arc::new(StringArray::from(vec![None::<&str>; rows])),
        Arc::new(StringArray::from(vec!["observed"; rows])),
        Arc::new(arrow::array::Float32Array::from(vec![0.0; rows])),
        Arc::new(arrow::array::Float32Array::from(vec![1.0; rows])),
    ];
    let mut replacement = lake.replace(InternalTable::Nights).unwrap();
    replacement.write(&RecordBatch::try_new(schema, columns).unwrap()).unwrap();
    replacement.commit(None).unwrap();
    let file = &lake.files(InternalTable::Nights).unwrap()[0];
    assert_eq!(file.row_count, 300_000);
    let batches = read_device_range(table, file, &["status", "device_id"], &(131_000..=131_099)).unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 100);
    assert_eq!(batches[0].schema().field(0).name(), "status");
}

#[test]
fn a_newer_lake_and_another_key_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    lake.check_key("aaaa").unwrap();
    lake.check_key("aaaa").unwrap();
    let error = lake.check_key("bbbb").unwrap_err().to_string();
    assert!(error.contains("`bbbb`") && error.contains("`aaaa`") && error.contains("hint:"), "{error}");

    let old = tempfile::tempdir().unwrap();
    std::fs::write(old.path().join(MARKER), r#"{"format":1,"key_fingerprint":"cccc"}"#).unwrap();
    let lake = Lake::open(old.path()).unwrap();
    lake.check_key("cccc").unwrap();
    assert!(matches!(lake.check_key("dddd"), Err(LakeError::OtherKey { .. })));

    std::fs::write(folder.path().join(MARKER), r#"{"format": 99}"#).unwrap();
    let error = Lake::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("format 99") && error.contains("hint:"), "{error}");
    std::fs::write(folder.path().join(MARKER), "not json").unwrap();
    assert!(matches!(Lake::open(folder.path()), Err(LakeError::NoLake { .. })));
}

#[test]
fn a_table_of_another_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    lake.table(InternalTable::Rejects).unwrap();
    std::fs::rename(folder.path().join("rejects"), folder.path().join("nights")).unwrap();
    let error = lake.table(InternalTable::Nights).unwrap_err();
    assert!(matches!(error, LakeError::OtherSchema { table: "nights", .. }), "{error}");
}

/// `workplaces` as a version of Kayoi wrote it that knew one column only.
static OLD_WORKPLACES: Table = Table {
    name: "workplaces",
    path: "workplaces",
    doc: "where devices work",
    columns: &[kayoi_schemas::tables::Column {
        name: "device_id",
        kind: kayoi_schemas::tables::ColumnType::Long,
        nullable: false,
        doc: "the device",
    }],
    partition: None,
    sorted_by: &["device_id"],
};

#[test]
fn a_table_of_another_version_is_refused_until_it_is_replaced_and_takes_its_new_columns_with_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut old = lake.block_on(DeltaTable::open_or_create(&OLD_WORKPLACES, &lake.location)).unwrap();
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let batch = RecordBatch::try_new(OLD_WORKPLACES.arrow_schema(), vec![ids]).unwrap();
    let add = old.write_file(&batch, None).unwrap();
    lake.block_on(old.replace(vec![add], &Default::default(), None)).unwrap();
    let refused = lake.files(InternalTable::Workplaces).unwrap_err();
    assert!(matches!(refused, LakeError::OtherSchema { table: "workplaces", .. }), "{refused}");

    // A replacement that is given up leaves rows and columns as they were.
    drop(lake.replace(InternalTable::Workplaces).unwrap());
    assert!(lake.files(InternalTable::Workplaces).is_err());
    lake.replace(InternalTable::Workplaces).unwrap().commit(None).unwrap();
    assert_eq!(lake.files(InternalTable::Workplaces).unwrap().len(), 0);
    // The version that wrote it is now the one that is refused.
    let error = lake.block_on(DeltaTable::open(&OLD_WORKPLACES, &lake.location)).unwrap_err();
    assert!(error.to_string().contains("device_id"), "{error}");
}
