//! Bad input ends in a counted reject with its reason, or in a clear error with a hint; never in a crash.

use std::io::Write;

use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use tempfile::TempDir;

use crate::bad_records::{BadRecord, CSV_HEAD, bad_csv_lines, bad_records, good_record};
use crate::kayoi::{json, refused, text};

/// Reason by offset, from the table `rejects`.
fn reasons(lake: &std::path::Path) -> Vec<(i64, String, String)> {
    use arrow::array::AsArray;
    let lake = Lake::open(lake).unwrap();
    let mut found = Vec::new();
    for batch in lake.rows(InternalTable::Rejects, &["record_offset", "reason", "detail"]).unwrap() {
        let offsets = batch.column(0).as_primitive::<arrow::datatypes::Int64Type>();
        let (reasons, details) = (batch.column(1).as_string::<i32>(), batch.column(2).as_string::<i32>());
        for row in 0..batch.num_rows() {
            found.push((offsets.value(row), reasons.value(row).to_owned(), details.value(row).to_owned()));
        }
    }
    found.sort();
    found
}

fn check(records: &[BadRecord], file: &std::path::Path, first_bad: i64, good: u64) {
    let folder = TempDir::new().unwrap();
    let lake = folder.path().join("lake");
    let summary = json(&["ingest", "--json", "--file", text(file), "--lake", text(&lake)]);
    assert_eq!(summary["stored"], good);
    assert_eq!(summary["rejected"], records.len());
    assert_eq!(summary["read"], good + records.len() as u64);
    let found = reasons(&lake);
    assert_eq!(found.len(), records.len());
    for (number, (what, _, reason)) in records.iter().enumerate() {
        let (offset, stored, detail) = &found[number];
        assert_eq!((*offset, stored.as_str()), (first_bad + number as i64, *reason), "{what}: {detail}");
        assert!(!detail.contains("device-1"), "{what} shows the device: {detail}");
    }
}

#[test]
fn each_bad_json_record_is_counted_with_its_reason_and_costs_only_itself() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("bad.ndjson");
    let mut file = std::fs::File::create(&path).unwrap();
    let records = bad_records();
    file.write_all(&good_record("before", 0)).unwrap();
    for (_, bytes, _) in &records {
        file.write_all(b"\n").unwrap();
        file.write_all(bytes).unwrap();
    }
    file.write_all(b"\n").unwrap();
    file.write_all(&good_record("after", 1)).unwrap();
    check(&records, &path, 1, 2);
}

#[test]
fn each_bad_csv_line_is_counted_with_its_reason() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("bad.csv");
    let records = bad_csv_lines();
    let lines: Vec<String> =
        records.iter().map(|(_, bytes, _)| String::from_utf8(bytes.clone()).unwrap()).collect();
    std::fs::write(&path, format!("{CSV_HEAD}\n{}\n", lines.join("\n"))).unwrap();
    check(&records, &path, 0, 0);
}

#[test]
fn what_cannot_be_used_is_refused_with_its_name_and_a_hint() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("no-n03.zip"), b"not a zip").unwrap();
    std::fs::write(path("no-n03.geojson"), br#"{"type":"FeatureCollection","features":[]}"#).unwrap();
    for name in ["no-n03.zip", "no-n03.geojson"] {
        let error = refused(&["boundaries", "import", text(&path(name)), "--out", text(&path("out"))]);
        assert!(error.contains(name) && error.contains("hint:"), "{error}");
        assert!(!path("out").exists());
    }
    std::fs::write(path("damaged.kayoi"), b"KAYOI-something else").unwrap();
    let error = refused(&["boundaries", "info", text(&path("damaged.kayoi"))]);
    assert!(error.contains("damaged.kayoi") && error.contains("hint:"), "{error}");

    let newer = path("newer");
    std::fs::create_dir(&newer).unwrap();
    std::fs::write(newer.join("kayoi-lake.json"), r#"{"format":99}"#).unwrap();
    for command in
        [&["aggregate", "--lake", text(&newer)][..], &["query", "SELECT 1", "--lake", text(&newer)]]
    {
        let error = refused(command);
        assert!(error.contains("format 99") && error.contains("hint:"), "{error}");
    }

    std::fs::write(
        path("typo.toml"),
        crate::repository::read("schemas/definitions/connected-2026.toml")
            .replace("home_min_nights", "home_min_night"),
    )
    .unwrap();
    let error = refused(&["definitions", "--definition", text(&path("typo.toml"))]);
    assert!(error.contains("`home_min_night`") && error.contains("`home_min_nights`"), "{error}");

    let error = refused(&["ingest", "--file", text(&path("nowhere")), "--lake", text(&path("lake"))]);
    assert!(error.contains("nowhere"), "{error}");
    kayoi_lake::Lake::open(&path("lake")).unwrap();
    let error = refused(&["aggregate", "--lake", text(&path("lake"))]);
    assert!(error.contains("holds no pings") && error.contains("hint:"), "{error}");
    let error = refused(&["ingest", "--file", ".", "--map", "lat=latitud", "--lake", text(&path("lake"))]);
    assert!(error.contains("`latitud`") && error.contains("`latitude`"), "{error}");
    let error = refused(&["boundaries", "place", "139.7", "35.6"]);
    assert!(error.contains("139.7") && error.contains("hint:"), "{error}");
}

#[test]
fn sql_that_writes_or_asks_for_devices_is_refused() {
    let folder = TempDir::new().unwrap();
    let lake = folder.path().join("lake");
    kayoi_lake::Lake::open(&lake).unwrap();
    let target = folder.path().join("stolen.csv");
    let copy = format!("COPY (SELECT 1) TO '{}'", text(&target));
    for sql in [
        "DROP TABLE connected_monthly",
        "DELETE FROM connected_monthly",
        "INSERT INTO connected_monthly SELECT * FROM connected_monthly",
        "CREATE TABLE t AS SELECT 1",
        "SELECT 1; DROP TABLE connected_monthly",
        copy.as_str(),
        "SELECT * FROM pings",
        "SELECT * FROM ties",
        "SELECT * FROM '/etc/passwd'",
    ] {
        let error = refused(&["query", sql, "--lake", text(&lake)]);
        assert!(error.starts_with("error["), "{sql}: {error}");
    }
    assert!(!target.exists());
}
