//! The speed of a fix is stored in tenths of a metre per second, the same from every kind of file; what is no
//! speed is left out and costs no record.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Float32Type;
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use parquet::arrow::ArrowWriter;
use tempfile::TempDir;

use crate::kayoi::{json, text};

/// What a partner writes, and what is stored.
const SPEEDS: [(f32, Option<f32>); 8] = [
    (0.0, Some(0.0)),
    (0.04, Some(0.0)),
    (1.25, Some(1.3)),
    (27.777_78, Some(27.8)),
    (340.0, Some(340.0)),
    (340.1, None),
    (-1.0, None),
    (f32::NAN, None),
];

const INSTANT_MS: i64 = 1_750_000_000_000;

/// Ingests a file into a lake of its own and compacts it. Returns the speeds in the order of the fixes.
fn stored(folder: &Path, file: &Path) -> Vec<Option<f32>> {
    let (lake, key) = (file.with_extension("lake"), folder.join("key"));
    let told =
        json(&["ingest", "--json", "--file", text(file), "--lake", text(&lake), "--key-file", text(&key)]);
    assert_eq!((&told["stored"], &told["rejected"]), (&SPEEDS.len().into(), &0.into()), "{}", file.display());
    let read = || {
        let batches = Lake::open(&lake).unwrap().rows(InternalTable::Pings, &["speed_m_s"]).unwrap();
        let columns = batches.iter().map(|batch| batch.column(0).as_primitive::<Float32Type>());
        columns.flat_map(|column| column.iter().collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let before = read();
    json(&["lake", "compact", "--json", "--lake", text(&lake)]);
    assert_eq!(read(), before);
    before
}

fn written(folder: &Path, name: &str, lines: impl Iterator<Item = String>) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, lines.collect::<Vec<_>>().join("\n")).unwrap();
    file
}

#[test]
fn the_same_speeds_are_stored_from_every_kind_of_file() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let expected: Vec<Option<f32>> = SPEEDS.iter().map(|(_, stored)| *stored).collect();
    let fixes = || (INSTANT_MS..).step_by(60_000).zip(SPEEDS.map(|(speed, _)| speed));

    let object = |(instant, speed): (i64, f32)| {
        let speed = if speed.is_nan() { "\"NaN\"".to_owned() } else { speed.to_string() };
        format!(
            r#"{{"device_id":"d","timestamp":{instant},"latitude":36.0451,"longitude":138.1171,"speed":{speed}}}"#
        )
    };
    assert_eq!(stored(folder, &written(folder, "flat.ndjson", fixes().map(object))), expected);
    // An escape in a text sends the whole record to the parser.
    let escaped = fixes().map(object).map(|line| line.replace("\"d\"", "\"\\u0064\""));
    assert_eq!(stored(folder, &written(folder, "escaped.ndjson", escaped)), expected);

    let row = |(instant, speed): (i64, f32)| format!("d,{instant},36.0451,138.1171,{speed}");
    let rows =
        ["device_id,timestamp,latitude,longitude,speed".to_owned()].into_iter().chain(fixes().map(row));
    assert_eq!(stored(folder, &written(folder, "rows.csv", rows)), expected);

    let count = SPEEDS.len();
    let columns: [(&str, ArrayRef); 5] = [
        ("device_id", Arc::new(StringArray::from(vec!["d"; count]))),
        ("timestamp", Arc::new(Int64Array::from_iter_values(fixes().map(|fix| fix.0)))),
        ("latitude", Arc::new(Float64Array::from(vec![36.0451; count]))),
        ("longitude", Arc::new(Float64Array::from(vec![138.1171; count]))),
        ("speed", Arc::new(Float32Array::from_iter_values(fixes().map(|fix| fix.1)))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = folder.join("columns.parquet");
    let mut writer = ArrowWriter::try_new(File::create(&file).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert_eq!(stored(folder, &file), expected);
}

#[test]
fn a_speed_in_another_unit_is_passed_over_when_another_name_is_mapped_to_it() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let lines = ["device_id,timestamp,latitude,longitude,speed,nothing".to_owned()]
        .into_iter()
        .chain((0..2).map(|minute| format!("d,{},36.0451,138.1171,80,", INSTANT_MS + minute * 60_000)));
    let file = written(folder, "rows.csv", lines);
    let (lake, key) = (folder.join("lake"), folder.join("key"));
    let always = ["ingest", "--json", "--file", text(&file), "--lake", text(&lake), "--key-file", text(&key)];
    // A name that no speed stands under keeps `speed`, here in km/h, from being read.
    let told = json(&[&always[..], &["--map", "nothing=speed"]].concat());
    assert_eq!((&told["stored"], &told["rejected"]), (&2.into(), &0.into()));
    let batches = Lake::open(&lake).unwrap().rows(InternalTable::Pings, &["speed_m_s"]).unwrap();
    assert!(batches.iter().all(|batch| batch.column(0).null_count() == batch.num_rows()));
}
