//! Buckets: a run that many processes share gives what one process gives, byte for byte.
//!
//! In: a simulated lake. Out: the files of its tables, compared as bytes and as rows.

use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use tempfile::TempDir;

use crate::kayoi::{json, refused, run, text};
use crate::process::{Process, until};

/// Tables that are made of pings.
pub(super) const TABLES: [InternalTable; 7] = [
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
    InternalTable::Panel,
    InternalTable::Workplaces,
    InternalTable::Ties,
    InternalTable::Indicators,
];

/// A lake of some people.
pub(super) fn lake(folder: &Path, name: &str, buckets: &str) -> PathBuf {
    let (feed, lake) = (folder.join("feed"), folder.join(name));
    if !feed.exists() {
        run(&["simulate", "--out", text(&feed), "--devices", "40", "--days", "120", "--seed", "4"]);
    }
    let key = folder.join("one.key");
    let pings = feed.join("pings");
    json(&["ingest", "--json", "--file", text(&pings), "--lake", text(&lake), "--key-file", text(&key)]);
    let cut = json(&["lake", "buckets", buckets, "--json", "--lake", text(&lake)]);
    assert_eq!((cut["buckets"].to_string(), &cut["uncut_files"]), (buckets.to_owned(), &0.into()));
    lake
}

/// The bytes of each table's files, whatever they are named.
pub(super) fn bytes(lake: &Path, tables: &[InternalTable]) -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let opened = Lake::open(lake).unwrap();
    let of = |table: &InternalTable| {
        let files = opened.files(*table).unwrap();
        let mut files: Vec<Vec<u8>> =
            files.iter().map(|f| std::fs::read(lake.join(&f.path)).unwrap()).collect();
        files.sort_unstable();
        (table.table().name, files)
    };
    tables.iter().map(of).collect()
}

/// The rows of each table, sorted.
pub(super) fn rows(lake: &Path) -> Vec<(&'static str, Vec<String>)> {
    let opened = Lake::open(lake).unwrap();
    let of = |table: InternalTable| {
        let schema = table.table().file_schema();
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let batches = opened.rows(table, &columns).unwrap();
        let mut rows: Vec<String> = batches.iter().flat_map(row_texts).collect();
        rows.sort_unstable();
        (table.table().name, rows)
    };
    TABLES.into_iter().map(of).collect()
}

fn row_texts(batch: &RecordBatch) -> Vec<String> {
    let texts: Vec<ArrayRef> = batch.columns().iter().map(|c| cast(c, &DataType::Utf8).unwrap()).collect();
    let cell = |column: &ArrayRef, row: usize| {
        if column.is_null(row) { "-".to_owned() } else { column.as_string::<i32>().value(row).to_owned() }
    };
    (0..batch.num_rows())
        .map(|row| texts.iter().map(|c| cell(c, row)).collect::<Vec<_>>().join("|"))
        .collect()
}

pub(super) fn measure(lake: &Path, bucket: &str) -> serde_json::Value {
    json(&["aggregate", "--json", "--lake", text(lake), "--bucket", bucket])
}

#[test]
fn processes_that_share_a_run_in_any_order_and_again_give_the_bytes_of_one() {
    let folder = TempDir::new().unwrap();
    let (one, many) = (lake(folder.path(), "one", "8"), lake(folder.path(), "many", "8"));
    let alone = json(&["aggregate", "--json", "--lake", text(&one)]);
    let missing = refused(&["aggregate", "--lake", text(&many), "--finish"]);
    assert!(missing.contains("no run is open") && missing.contains("--bucket"), "{missing}");
    let mut devices = 0;
    for bucket in ["5/8", "0/8", "7/8"] {
        devices += measure(&many, bucket)["devices"].as_u64().unwrap();
    }
    // Pings that arrive while the run is under way belong to the next one.
    let late = folder.path().join("late");
    run(&["simulate", "--out", text(&late), "--devices", "9", "--days", "120", "--seed", "5"]);
    let (pings, key) = (late.join("pings"), folder.path().join("one.key"));
    json(&["ingest", "--json", "--file", text(&pings), "--lake", text(&many), "--key-file", text(&key)]);
    // One process dies before its note and begins again; another comes to a bucket that is done.
    let arguments = ["aggregate", "--lake", text(&many), "--bucket", "2/8"];
    let died =
        Process::start(folder.path(), &arguments, &[("KAYOI_FAULT", "before-bucket-note=kill")]).wait();
    assert!(!died.status.success());
    let missing = refused(&["aggregate", "--lake", text(&many), "--finish"]);
    assert!(missing.contains("5 of 8 buckets are not measured, the first of them 1/8"), "{missing}");
    for bucket in ["2/8", "1/8", "6/8", "3/8", "4/8"] {
        devices += measure(&many, bucket)["devices"].as_u64().unwrap();
    }
    assert_eq!(measure(&many, "5/8")["was_measured_before"], true);
    assert_eq!(devices, alone["devices"].as_u64().unwrap());
    let finished = json(&["aggregate", "--json", "--lake", text(&many), "--finish"]);
    for figure in ["devices", "located_devices", "stays", "nights", "known_nights", "release_rows"] {
        assert_eq!(finished[figure], alone[figure], "{figure}");
    }
    assert!(bytes(&one, &TABLES) == bytes(&many, &TABLES), "the files of one process and of many differ");
    // A lake of one bucket has the same rows in other files.
    let whole = lake(folder.path(), "whole", "1");
    json(&["aggregate", "--json", "--lake", text(&whole), "--piece-pings", "5000"]);
    assert!(rows(&one) == rows(&whole), "the rows of one bucket and of eight differ");
    assert!(rows(&one).iter().all(|(_, rows)| !rows.is_empty()));
}

#[test]
fn a_bucket_that_the_lake_does_not_have_is_refused_with_what_would_make_it() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "4");
    for (bucket, said) in [
        ("1/8", "`1/8` is not a bucket of this lake, which has 4\nhint: `kayoi lake buckets 8`"),
        ("4/4", "numbered 0/4 to 3/4"),
        ("1/3", "a power of two"),
        ("1", "a bucket is K/N"),
    ] {
        let output = crate::kayoi::output(&["aggregate", "--lake", text(&lake), "--bucket", bucket]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && stderr.contains(said), "{bucket}: {stderr}");
    }
    // Who joins a run with other options would add counts of two definitions.
    measure(&lake, "0/4");
    let offices = folder.path().join("offices.csv");
    std::fs::write(&offices, "name,latitude,longitude,radius_m\nA,35.68,139.76,200\n").unwrap();
    let other =
        refused(&["aggregate", "--lake", text(&lake), "--bucket", "1/4", "--offices", text(&offices)]);
    assert!(other.contains("other offices") && other.contains("--abandon"), "{other}");
    run(&["aggregate", "--lake", text(&lake), "--abandon"]);
    json(&["aggregate", "--json", "--lake", text(&lake), "--bucket", "1/4", "--offices", text(&offices)]);
}

#[test]
fn ctrl_c_gives_the_lease_back() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "1");
    let lease = lake.join("kayoi-maintenance-lease.json");
    for (signal, job) in [("INT", &["lake", "buckets", "2"][..]), ("TERM", &["lake", "compact"][..])] {
        // Long beyond the test: only the signal can end it.
        let arguments = [job, &["--lake", text(&lake)][..]].concat();
        let hold = [("KAYOI_FAULT", "before-compaction-commit=hold:600000")];
        let process = Process::start(folder.path(), &arguments, &hold);
        until("the job holds the lease", std::time::Duration::from_secs(60), || lease.exists());
        process.signal(signal);
        let ended = process.wait();
        assert_eq!(ended.status.code(), Some(130), "{}", ended.stderr);
        assert!(ended.stderr.contains("the lease is given back"), "{}", ended.stderr);
        assert!(!lease.exists());
    }
    // What was stopped goes on.
    run(&["lake", "compact", "--lake", text(&lake)]);
    assert_eq!(json(&["lake", "buckets", "--json", "--lake", text(&lake)])["uncut_files"], 0);
}
