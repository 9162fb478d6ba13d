//! How a value is spelled: every format takes the same.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::array::{TimestampMicrosecondArray, types::Int64Type};
use kayoi_lake::Lake;
use kayoi_schemas::spelling::{EMPTY_WORDS, SPELLINGS};
use kayoi_schemas::tables::InternalTable;
use parquet::arrow::ArrowWriter;
use serde_json::Value;
use tempfile::TempDir;

use super::input;
use crate::kayoi::{json, refused, run, text};
use crate::repository;

/// 2025-06-15T15:06:40Z.
const INSTANT_MS: i64 = 1_750_000_000_000;

/// Ingests a file into a lake; the key is the same for all lakes of a folder.
fn ingest(folder: &Path, lake: &str, file: &Path, more: &[&str]) -> Value {
    let (lake, key) = (folder.join(lake), folder.join("key"));
    let always = ["ingest", "--json", "--file", text(file), "--lake", text(&lake), "--key-file", text(&key)];
    json(&[&always[..], more].concat())
}

/// A column of integers of all pings, in order.
fn integers(lake: &Path, column: &str) -> Vec<i64> {
    let mut found = Vec::new();
    for batch in Lake::open(lake).unwrap().rows(InternalTable::Pings, &[column]).unwrap() {
        found.extend(
            arrow::compute::cast(batch.column(0), &arrow::datatypes::DataType::Int64)
                .unwrap()
                .as_primitive::<Int64Type>()
                .values(),
        );
    }
    found.sort_unstable();
    found
}

/// How often each detail stands in the table of rejects.
fn details(lake: &Path) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for batch in Lake::open(lake).unwrap().rows(InternalTable::Rejects, &["detail"]).unwrap() {
        for detail in batch.column(0).as_string::<i32>().iter().flatten() {
            *found.entry(detail.to_owned()).or_default() += 1;
        }
    }
    found
}

fn stored(summary: &Value) -> (u64, u64) {
    (summary["stored"].as_u64().unwrap(), summary["rejected"].as_u64().unwrap())
}

#[test]
fn r30_milliseconds_that_a_table_wrote_as_floats_are_read() {
    let folder = TempDir::new().unwrap();
    assert_eq!(stored(&ingest(folder.path(), "lake", &input("R30", "floats.csv"), &[])), (4, 0));
    let instants = integers(&folder.path().join("lake"), "timestamp");
    assert_eq!(instants.len(), 4);
    assert_eq!(instants[3] - instants[0], (instants[1] - instants[0]) * 3);
}

#[test]
fn r31_a_number_as_identifier_is_its_text_in_every_format() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let map = [
        "--map",
        "deviceId=device_id",
        "--map",
        "fixTime=timestamp",
        "--map",
        "accuracy=horizontal_accuracy",
    ];
    let iso = [&map[..], &["--timestamp-unit", "iso"]].concat();
    assert_eq!(stored(&ingest(folder.path(), "json", &input("R31", "numeric-ids.ndjson"), &iso)), (3, 0));
    let ids = [9_007_199_254_740_993i64, 9_007_199_254_740_994, 9_007_199_254_740_995];
    let lines = ids.map(|id| format!("{id},{INSTANT_MS},36.0451234,138.1171234\n")).concat();
    std::fs::write(path("ids.csv"), format!("device_id,timestamp,latitude,longitude\n{lines}")).unwrap();
    ingest(folder.path(), "csv", &path("ids.csv"), &[]);
    let ids: ArrayRef = Arc::new(Int64Array::from(ids.to_vec()));
    write_parquet(&path("ids.parquet"), "device_id", &ids);
    ingest(folder.path(), "parquet", &path("ids.parquet"), &[]);
    let pseudonyms = integers(&path("json"), "device_id");
    assert_eq!(pseudonyms.len(), 3);
    assert_eq!(integers(&path("csv"), "device_id"), pseudonyms);
    assert_eq!(integers(&path("parquet"), "device_id"), pseudonyms);
}

#[test]
fn r31_an_identifier_that_lost_digits_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("ids.ndjson");
    let ids = ["0.5", "9007199254740994.0", "1e300", "\"9.00719925474099e+17\"", "true", "[1]"];
    let lines = ids.map(|id| {
        format!("{{\"device_id\":{id},\"timestamp\":{INSTANT_MS},\"latitude\":36.0451234,\"longitude\":138.1171234}}\n")
    });
    std::fs::write(&file, lines.concat()).unwrap();
    let summary = ingest(folder.path(), "lake", &file, &[]);
    assert_eq!(stored(&summary), (0, 6));
    assert_eq!(summary["rejected_by_reason"]["wrong_type"], 6);
}

#[test]
fn r32_iso_8601_and_its_cousins_are_read_or_the_detail_says_which_are() {
    let folder = TempDir::new().unwrap();
    let iso = ["--timestamp-unit", "iso"];
    assert_eq!(stored(&ingest(folder.path(), "lake", &input("R32", "iso-forms.csv"), &iso)), (8, 0));
    let file = folder.path().join("others.csv");
    let texts =
        ["15/06/2025 15:06:40Z", "2025-06-15T15:06:60Z", "2025-02-30 00:00:00Z", "2025年6月15日 15時"];
    let lines = texts.map(|time| format!("d,{time},36.0451234,138.1171234\n")).concat();
    std::fs::write(&file, format!("device_id,timestamp,latitude,longitude\n{lines}")).unwrap();
    assert_eq!(stored(&ingest(folder.path(), "others", &file, &iso)), (0, 4));
    let details = details(&folder.path().join("others"));
    assert_eq!(details.values().sum::<usize>(), 4);
    assert!(details.keys().all(|detail| detail.contains("2025-06-15 15:06:40 UTC")), "{details:?}");
}

#[test]
fn r34_local_times_are_refused_until_the_zone_is_said() {
    let folder = TempDir::new().unwrap();
    let file = input("R34", "local-time.csv");
    let iso = ["--timestamp-unit", "iso"];
    let summary = ingest(folder.path(), "refused", &file, &iso);
    assert_eq!(stored(&summary), (0, 2976));
    assert_eq!(summary["rejected_by_reason"]["no_zone"], 2976);
    let details = details(&folder.path().join("refused"));
    assert!(details.keys().all(|detail| detail.contains("--timestamp-zone Asia/Tokyo")), "{details:?}");

    for (lake, zone) in [("tokyo", "Asia/Tokyo"), ("offset", "+09:00")] {
        let zone = [&iso[..], &["--timestamp-zone", zone]].concat();
        assert_eq!(stored(&ingest(folder.path(), lake, &file, &zone)), (2976, 0));
    }
    let lake = folder.path().join("tokyo");
    assert_eq!(integers(&lake, "timestamp"), integers(&folder.path().join("offset"), "timestamp"));
    run(&["aggregate", "--lake", text(&lake)]);
    let mut nights = BTreeMap::new();
    for batch in Lake::open(&lake).unwrap().rows(InternalTable::Nights, &["municipality_code"]).unwrap() {
        for code in batch.column(0).as_string::<i32>().iter().flatten() {
            *nights.entry(code.to_owned()).or_insert(0) += 1;
        }
    }
    assert_eq!(nights.keys().collect::<Vec<_>>(), ["20206"], "{nights:?}");
    assert!(nights["20206"] > 50, "{nights:?}");
}

#[test]
fn r34_a_column_of_local_times_is_refused_before_anything_is_stored() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let tokyo_us = (INSTANT_MS + 9 * 3_600_000) * 1000;
    let naive: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![tokyo_us]));
    write_parquet(&path("naive.parquet"), "timestamp", &naive);
    let error =
        refused(&["ingest", "--file", text(&path("naive.parquet")), "--lake", text(&path("refused"))]);
    assert!(error.contains("naive.parquet") && error.contains("--timestamp-zone Asia/Tokyo"), "{error}");
    let zone = ["--timestamp-zone", "Asia/Tokyo"];
    assert_eq!(stored(&ingest(folder.path(), "lake", &path("naive.parquet"), &zone)), (1, 0));
    let stated: ArrayRef =
        Arc::new(TimestampMicrosecondArray::from(vec![INSTANT_MS * 1000]).with_timezone("UTC"));
    write_parquet(&path("stated.parquet"), "timestamp", &stated);
    assert_eq!(stored(&ingest(folder.path(), "stated", &path("stated.parquet"), &[])), (1, 0));
    assert_eq!(integers(&path("lake"), "timestamp"), integers(&path("stated"), "timestamp"));
    let error = refused(&[
        "ingest",
        "--file",
        text(&path("stated.parquet")),
        "--lake",
        text(&path("lake")),
        "--timestamp-zone",
        "Asia/Tokio",
    ]);
    assert!(error.contains("`Asia/Tokio`") && error.contains("`Asia/Tokyo`"), "{error}");
}

#[test]
fn r40_words_for_a_missing_value_are_one() {
    let folder = TempDir::new().unwrap();
    assert_eq!(stored(&ingest(folder.path(), "lake", &input("R40", "null-words.csv"), &[])), (6, 0));
    let file = folder.path().join("own.csv");
    let lines = [" null ", "#N/A", "NaT", "-999", "-999.0", "void"]
        .map(|word| format!("d,{INSTANT_MS},36.0451234,138.1171234,{word},{word},{word}\n"));
    let head = "device_id,timestamp,latitude,longitude,horizontal_accuracy,source,consent";
    std::fs::write(&file, format!("{head}\n{}", lines.concat())).unwrap();
    let own = ["--empty-word", "-999", "--empty-word", "void"];
    let summary = ingest(folder.path(), "own", &file, &own);
    assert_eq!(summary["stored"].as_u64().unwrap() + summary["duplicates"].as_u64().unwrap(), 6);
    let summary = ingest(folder.path(), "no-consent", &file, &[&own[..], &["--require-consent"]].concat());
    assert_eq!(summary["rejected_by_reason"]["no_consent"], 6);
}

#[test]
fn the_pages_for_partners_show_every_spelling_that_is_read() {
    for page in ["docs/en/src/partners.md", "docs/ja/src/partners.md"] {
        let page_text = repository::read(page);
        let examples = SPELLINGS.iter().flat_map(|spelling| spelling.examples);
        for shown in examples.chain(&EMPTY_WORDS[1..]) {
            assert!(page_text.contains(&format!("`{shown}`")), "{page} lacks `{shown}`");
        }
    }
}

/// A Parquet file of one ping a value, with one column given.
fn write_parquet(path: &Path, name: &str, column: &ArrayRef) {
    let rows = column.len();
    let mut columns: BTreeMap<&str, ArrayRef> = BTreeMap::from([
        ("device_id", Arc::new(StringArray::from(vec!["d"; rows])) as ArrayRef),
        ("timestamp", Arc::new(Int64Array::from(vec![INSTANT_MS; rows]))),
        ("latitude", Arc::new(Float64Array::from(vec![36.0451234; rows]))),
        ("longitude", Arc::new(Float64Array::from(vec![138.1171234; rows]))),
    ]);
    columns.insert(name, Arc::clone(column));
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}
