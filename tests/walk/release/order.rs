//! Any order of arrival, any duplication and any cut into files give the same release, to the byte.

use std::fs::File;
use std::path::Path;

use arrow::row::{RowConverter, SortField};
use kayoi_schemas::tables::ReleaseTable;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tempfile::TempDir;

use crate::kayoi::{json, run, text};

const TABLES: [ReleaseTable; 4] = [
    ReleaseTable::ConnectedMonthly,
    ReleaseTable::VisitorsMonthly,
    ReleaseTable::ConnectedTotalsMonthly,
    ReleaseTable::VisitorsDaily,
];

/// Whether the rows of every file of a lake's releases are in the order that their table says, which is what lets a reader
/// find a town's rows, and no two of them alike in it, which is what makes it a key; returns how many tables have any.
fn tables_in_their_order(lake: &Path) -> usize {
    let ordered = ReleaseTable::ALL.into_iter().filter(|table| {
        let folder = lake.join(table.table().path);
        let Ok(entries) = folder.read_dir() else { return false };
        let paths = entries.map(|entry| entry.unwrap().path());
        let files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|of| of == "parquet")).collect();
        for file in &files {
            assert!(is_in_order(file, table.key()), "{}", table.table().name);
        }
        !files.is_empty()
    });
    ordered.count()
}

fn is_in_order(file: &Path, columns: &[&str]) -> bool {
    let mut last: Option<Vec<u8>> = None;
    for batch in ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap().build().unwrap()
    {
        let batch = batch.unwrap();
        let columns: Vec<_> =
            columns.iter().map(|name| batch.column_by_name(name).unwrap().clone()).collect();
        let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
        let rows = RowConverter::new(fields).unwrap().convert_columns(&columns).unwrap();
        for row in &rows {
            if last.as_deref().is_some_and(|last| last >= row.as_ref()) {
                return false;
            }
            last = Some(row.as_ref().to_vec());
        }
    }
    true
}

fn release(lake: &Path) -> Vec<String> {
    TABLES
        .iter()
        .map(|table| {
            let (table, order) = (table.table().name, table.table().sorted_by.join(", "));
            let sql = format!("SELECT * FROM {table} ORDER BY {order}");
            run(&["query", &sql, "--format", "csv", "--lake", text(lake)])
        })
        .collect()
}

fn fill(lake: &Path, key: &Path, files: &[&Path]) {
    for file in files {
        let rows = ["--commit-rows", "20000"];
        let arguments =
            ["ingest", "--json", "--file", text(file), "--lake", text(lake), "--key-file", text(key)];
        json(&[&arguments[..], &rows].concat());
    }
    json(&["aggregate", "--json", "--lake", text(lake), "--trial-seed", "7"]);
}

#[test]
fn a_shuffled_doubled_and_late_replay_releases_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    run(&[
        "simulate",
        "--devices",
        "120",
        "--days",
        "150",
        "--seed",
        "7",
        "--pings-per-day",
        "12",
        "--region",
        "20321",
        "--out",
        text(&path("feed")),
    ]);
    fill(&path("sorted"), &path("key"), &[&path("feed/pings")]);

    let mut lines: Vec<Vec<u8>> = Vec::new();
    for entry in path("feed/pings").read_dir().unwrap() {
        let plain = zstd_plain(&entry.unwrap().path());
        lines.extend(plain.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec));
    }
    let copies: Vec<Vec<u8>> = lines.iter().step_by(5).cloned().collect();
    lines.extend(copies);
    lines.shuffle(&mut StdRng::seed_from_u64(3));
    let (first, second) = lines.split_at(lines.len() / 3);
    std::fs::write(path("first.ndjson"), first.join(&b'\n')).unwrap();
    std::fs::write(path("second.ndjson"), second.join(&b'\n')).unwrap();
    fill(&path("shuffled"), &path("key"), &[&path("second.ndjson"), &path("first.ndjson")]);

    let (sorted, shuffled) = (release(&path("sorted")), release(&path("shuffled")));
    for (table, (a, b)) in TABLES.iter().zip(sorted.iter().zip(&shuffled)) {
        assert!(a == b, "{} differs", table.table().name);
    }
    // Five months are less than a year, so what is shown of ties is provisional.
    let is_shown = |line: &&str| line.contains("published") || line.contains("provisional");
    let shown = sorted.iter().flat_map(|table| table.lines()).filter(is_shown).count();
    assert!(shown > 0, "a release that shows no figure proves nothing");
    let tables = tables_in_their_order(&path("sorted"));
    assert!(tables >= 15, "{tables} tables have rows");
}

fn zstd_plain(path: &Path) -> Vec<u8> {
    zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap()
}
