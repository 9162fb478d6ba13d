use std::path::Path;

use arrow::array::{AsArray, Int32Array, Int64Array};

use super::*;

/// What must not stay anywhere.
const MARKER: &str = "AD1D-of-somebody";

fn batch(table: &DeltaTable, detail: &str) -> RecordBatch {
    let text = |word: &str| -> ArrayRef { Arc::new(StringArray::from(vec![word; 2])) };
    let columns: Vec<ArrayRef> = vec![
        text("partner"),
        text("topic"),
        Arc::new(Int32Array::from(vec![0, 0])),
        Arc::new(Int64Array::from(vec![1, 2])),
        text("malformed"),
        text(detail),
    ];
    RecordBatch::try_new(table.file_schema(), columns).unwrap()
}

fn append(lake: &Lake, table: &mut DeltaTable, detail: &str, is_old: bool) {
    let mut add = table.write_file(&batch(table, detail), None).unwrap();
    if is_old {
        let mut stats: Value = serde_json::from_str(add.stats.as_deref().unwrap()).unwrap();
        stats["minValues"][COLUMN] = detail.into();
        stats["maxValues"][COLUMN] = detail.into();
        add.stats = Some(stats.to_string());
    }
    lake.block_on(table.append(vec![add], &[], None)).unwrap();
}

/// Files below a folder that hold the marker, with what Parquet packs.
fn holders(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holders(&path));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let mut texts = String::from_utf8_lossy(&bytes).into_owned();
        if path.extension().is_some_and(|extension| extension == "parquet") {
            let file = std::fs::File::open(&path).unwrap();
            let batches =
                parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            for batch in batches.build().unwrap() {
                texts.push_str(&format!("{:?}", batch.unwrap()));
            }
        }
        if texts.contains(MARKER) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn details(lake: &Lake) -> Vec<String> {
    let rows = lake.rows(InternalTable::Rejects, &[COLUMN]).unwrap();
    let texts =
        rows.iter().flat_map(|batch| batch.column(0).as_string::<i32>().iter().flatten().map(str::to_owned));
    texts.collect()
}

#[test]
fn texts_of_an_older_version_leave_rows_files_and_log_and_the_table_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut table = lake.table(InternalTable::Rejects).unwrap();
    // More commits than there are between two checkpoints.
    for number in 0..25 {
        append(&lake, &mut table, &format!("expected value near {MARKER}{number}"), true);
    }
    append(&lake, &mut table, "a quote is opened and not closed", false);
    let mut writer = lake.table(InternalTable::Rejects).unwrap();
    assert!(!holders(folder.path()).is_empty());
    assert_eq!(lake.scrub().unwrap(), 50);
    assert_eq!(holders(folder.path()), Vec::<String>::new());
    let found = details(&lake);
    assert_eq!(found.iter().filter(|detail| *detail == REMOVED).count(), 50);
    assert_eq!(found.len(), 52, "rejects stay counted");
    // Who had the table open goes on, and a second scrub finds nothing.
    append(&lake, &mut writer, "a quote is opened and not closed", false);
    assert_eq!(lake.scrub().unwrap(), 0);
    assert_eq!(details(&lake).len(), 54);
}

#[test]
fn the_log_states_no_bound_of_a_text() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = lake.table(InternalTable::Rejects).unwrap();
    let add = table.write_file(&batch(&table, MARKER), None).unwrap();
    let stats = add.stats.unwrap();
    assert!(stats.contains("\"numRecords\":2") && stats.contains("record_offset"), "{stats}");
    assert!(!stats.contains(MARKER) && !stats.contains("partner\":\""), "{stats}");
}
