//! Traits of public reports that were read right before anybody looked, kept so.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kayoi_harness::parts::kafka::produce_file;
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use serde_json::Value;
use tempfile::TempDir;

use super::input;
use crate::kafka::KafkaServer;
use crate::kayoi::{json, run, text};

/// Writes a file, ingests it into a lake of its own, and gives the summary.
fn ingest(folder: &Path, name: &str, content: impl AsRef<[u8]>, more: &[&str]) -> Value {
    let (file, lake) = (folder.join(name), folder.join(format!("{name}.lake")));
    std::fs::write(&file, content).unwrap();
    json(&[&["ingest", "--json", "--file", text(&file), "--lake", text(&lake)], more].concat())
}

#[test]
fn r50_what_spreadsheets_do_to_a_csv_is_read() {
    let folder = TempDir::new().unwrap();
    let head = "device_id,timestamp,latitude,longitude";
    let row = "d,1750000000000,36.0451234,138.1171234";
    let quoted = "\"device_id\",\"timestamp\",\"latitude\",\"longitude\"";
    let japanese = "端末,時刻,緯度,経度";
    let map =
        ["端末=device_id", "時刻=timestamp", "緯度=latitude", "経度=longitude"].map(|map| ["--map", map]);
    for (name, content, more, rejected) in [
        ("bom.csv", format!("\u{feff}{head}\n{row}\n"), vec![], 0),
        ("quoted.csv", format!("\u{feff}{quoted}\r\n{row}\r\n"), vec![], 0),
        ("cr.csv", format!("{head}\r{row}\r"), vec![], 0),
        ("japanese.csv", format!("\u{feff}{japanese}\r\n{row}\r\n"), map.concat(), 0),
        ("again.csv", format!("{head}\n{head}\n{row}\n"), vec![], 1),
    ] {
        let summary = ingest(folder.path(), name, content, &more);
        assert_eq!((&summary["stored"], &summary["rejected"]), (&1.into(), &rejected.into()), "{name}");
    }
}

#[test]
fn r56_values_that_are_no_record_cost_only_themselves() {
    let folder = TempDir::new().unwrap();
    let ping = r#"{"device_id":"d","timestamp":1750000000000,"latitude":36.0451234,"longitude":138.1171234}"#;
    let lines = ["null", "{}", "[]", "\"\"", "0", ping].join("\n");
    let summary = ingest(folder.path(), "values.ndjson", lines, &[]);
    assert_eq!(
        (&summary["read"], &summary["stored"], &summary["rejected"]),
        (&6.into(), &1.into(), &5.into())
    );
}

#[test]
fn r71_messages_of_other_types_between_fixes_are_told_from_them() {
    let folder = TempDir::new().unwrap();
    let messages = r#"{"_type":"location","tid":"aa","lat":36.0451234,"lon":138.1171234,"tst":1750000000,"acc":12}
{"_type":"lwt","tst":1750000060}
{"_type":"transition","tid":"aa","lat":36.0452345,"lon":138.1172345,"tst":1750000120,"acc":9,"event":"enter"}
{"_type":"card","tid":"aa","name":"Hanako"}
{"_type":"cmd","action":"reportLocation"}
"#;
    let map = ["tid=device_id", "tst=timestamp", "lat=latitude", "lon=longitude", "acc=horizontal_accuracy"];
    let map = map.map(|map| ["--map", map]).concat();
    let more = [&map[..], &["--timestamp-unit", "s"]].concat();
    let summary = ingest(folder.path(), "owntracks.ndjson", messages, &more);
    assert_eq!(summary["stored"], 2);
    assert_eq!(summary["rejected_by_reason"], serde_json::json!({ "missing_field": 3 }));
}

#[test]
fn r69_an_accuracy_of_zero_is_as_good_as_one_of_ten_metres_or_none() {
    let folder = TempDir::new().unwrap();
    let feed = std::fs::read_to_string(input("R34", "local-time.csv")).unwrap();
    let more = ["--timestamp-unit", "iso", "--timestamp-zone", "Asia/Tokyo"];
    let mut nights = Vec::new();
    for (name, accuracy) in [("ten.csv", ",10\n"), ("zero.csv", ",0\n"), ("none.csv", ",\n")] {
        let summary = ingest(folder.path(), name, feed.replace(",10\n", accuracy), &more);
        assert_eq!(summary["stored"], 2976, "{name}");
        let lake = folder.path().join(format!("{name}.lake"));
        run(&["aggregate", "--lake", text(&lake)]);
        nights.push(nights_by_place(&lake));
    }
    assert!(!nights[0].is_empty() && nights.iter().all(|found| *found == nights[0]), "{nights:?}");
}

#[test]
fn r56_r57_every_compression_is_read_and_a_tombstone_has_a_reason_of_its_own() {
    let (kafka, folder) = (KafkaServer::start(), TempDir::new().unwrap());
    kafka.create_topic("pings", 1);
    for (number, compression) in (0..).zip(["none", "gzip", "snappy", "lz4", "zstd"]) {
        let pings = (number * 20..number * 20 + 20).map(|minute| {
            let ping = crate::bad_records::good_record("d", minute);
            format!("0\t\t\t{}\n", STANDARD.encode(ping))
        });
        // A key without a value, a value of no bytes, and values that are no record.
        let others =
            ["null", "{}", "[]"].map(|value| format!("0\t\t\t{}\n", STANDARD.encode(value))).concat();
        let lines = format!("{}0\t\tZA==\t\n0\t\tZA==\t-\n{others}", pings.collect::<String>());
        let settings = [format!("compression.type={compression}")];
        let mut producer = produce_file(kafka.bootstrap(), "pings", &settings, None).unwrap();
        let mut producer = producer.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        producer.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        assert!(producer.wait().unwrap().success(), "{compression}");
    }
    let lake = folder.path().join("lake");
    let from = ["ingest", "--json", "--until-end", "--kafka", kafka.bootstrap(), "--topic", "pings"];
    let summary = json(&[&from[..], &["--lake", text(&lake)]].concat());
    assert_eq!((&summary["stored"], &summary["rejected"]), (&100.into(), &25.into()), "{summary}");
    assert_eq!(summary["rejected_by_reason"]["tombstone"], 5, "{summary}");
}

/// How many nights were where, by evening.
fn nights_by_place(lake: &Path) -> BTreeMap<(i64, Option<String>), usize> {
    let mut found = BTreeMap::new();
    let columns = ["night", "municipality_code"];
    for batch in Lake::open(lake).unwrap().rows(InternalTable::Nights, &columns).unwrap() {
        let days = arrow::compute::cast(batch.column(0), &DataType::Int32).unwrap();
        let days = arrow::compute::cast(&days, &DataType::Int64).unwrap();
        let (days, codes) = (days.as_primitive::<Int64Type>(), batch.column(1).as_string::<i32>());
        for row in 0..batch.num_rows() {
            let code = codes.is_valid(row).then(|| codes.value(row).to_owned());
            *found.entry((days.value(row), code)).or_default() += 1;
        }
    }
    found
}
