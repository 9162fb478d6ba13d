//! How files and topics are read: nothing is silently lost.

use std::path::Path;

use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use serde_json::Value;
use tempfile::TempDir;

use super::input;
use crate::kafka::KafkaServer;
use crate::kayoi::{json, output, refused, text};

const HEADER: &str = "device_id,timestamp,latitude,longitude";

/// A row of CSV that becomes a ping, each with an instant of its own.
fn row(number: u32) -> String {
    format!("d{},{},36.10001,138.10001", number % 7, 1_750_000_000_000_u64 + u64::from(number) * 60_000)
}

fn rows(numbers: std::ops::Range<u32>) -> String {
    let rows: Vec<String> = numbers.map(row).collect();
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// The same as JSON lines.
fn lines(numbers: std::ops::Range<u32>) -> String {
    let line = |number: u32| {
        let cells = row(number);
        let mut cells = cells.split(',');
        let mut next = || cells.next().unwrap_or_default();
        format!(
            "{{\"device_id\":\"{}\",\"timestamp\":{},\"latitude\":{},\"longitude\":{}}}\n",
            next(),
            next(),
            next(),
            next()
        )
    };
    numbers.map(line).collect()
}

fn ingest<'a>(path: &'a Path, lake: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    [&["ingest", "--json", "--file", text(path), "--lake", text(lake)], more].concat()
}

/// What an ingest says that ends with exit code 1: its summary and its errors.
fn failed(arguments: &[&str]) -> (Value, String) {
    let output = output(arguments);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    (serde_json::from_slice(&output.stdout).unwrap_or_default(), told)
}

fn rejects(lake: &Path) -> usize {
    let lake = Lake::open(lake).unwrap();
    lake.rows(InternalTable::Rejects, &["reason"]).unwrap().iter().map(|batch| batch.num_rows()).sum()
}

#[test]
fn r04_a_packed_file_that_is_cut_is_an_error_and_not_marked_as_read() {
    let folder = TempDir::new().unwrap();
    let (lake, root) = (folder.path().join("lake"), folder.path());
    let gzip = std::fs::read(input("R04", "cut-short.csv.gz")).unwrap();
    let zstd = zstd::encode_all(rows(0..500).as_bytes(), 3).unwrap();
    let files = [
        ("cut.csv.gz", gzip.clone()),
        ("shorter.csv.gz", gzip[..200].to_vec()),
        ("header.csv.gz", gzip[..5].to_vec()),
        ("empty.csv.gz", Vec::new()),
        ("cut.csv.zst", zstd[..zstd.len() - 3].to_vec()),
        ("cut.ndjson.zst", zstd::encode_all(lines(0..500).as_bytes(), 3).unwrap()[..300].to_vec()),
        ("rubbish.csv.zst", [zstd.as_slice(), b"and more"].concat()),
    ];
    for (name, bytes) in files {
        let path = root.join(name);
        std::fs::write(&path, bytes).unwrap();
        for _ in 0..2 {
            let told = refused(&ingest(&path, &lake, &[]));
            assert!(
                told.contains(name) && told.contains("unpacked bytes") && told.contains("hint:"),
                "{told}"
            );
        }
    }
    // The whole file comes in its place.
    let path = root.join("cut.csv.zst");
    std::fs::write(&path, &zstd).unwrap();
    assert_eq!(json(&ingest(&path, &lake, &[]))["stored"], 500);
}

#[test]
fn r06_a_quote_that_is_never_closed_costs_its_line_and_every_record_is_counted() {
    let folder = TempDir::new().unwrap();
    let lake = folder.path().join("lake");
    let summary = json(&ingest(&input("R06", "open-quote.csv"), &lake, &[]));
    assert_eq!(
        (&summary["read"], &summary["stored"], &summary["rejected"]),
        (&40.into(), &39.into(), &1.into())
    );

    // A record over the limit costs itself too, in a file without one line break after it as well.
    let path = folder.path().join("large.csv");
    std::fs::write(&path, format!("{}\n\"{}", rows(100..110).trim_end(), "x".repeat(3 << 20))).unwrap();
    let summary = json(&ingest(&path, &lake, &[]));
    assert_eq!((&summary["read"], &summary["stored"]), (&11.into(), &10.into()));
    assert_eq!(summary["rejected_by_reason"]["too_large"], 1);
}

#[test]
fn r07_what_a_folder_holds_and_is_not_read_is_counted_by_name() {
    let folder = TempDir::new().unwrap();
    let lake = folder.path().join("lake");
    let feed = input("R07", "feed");
    let summary = json(&ingest(&feed, &lake, &[]));
    assert_eq!(summary["stored"], 5);
    let unread = &summary["unread_files"];
    assert_eq!(unread["count"], 5);
    assert_eq!(unread["first"], serde_json::json!(["b.csv.bz2", "c.csv.xz", "d.tsv", "e.zip", "part-00000"]));
    let output = output(&["ingest", "--file", text(&feed), "--lake", text(&lake)]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        told.contains("files not read") && told.contains("b.csv.bz2") && !told.contains("_SUCCESS"),
        "{told}"
    );
    // Files without an extension are read when they are told what they are.
    let summary = json(&ingest(&feed, &lake, &["--format", "csv"]));
    assert_eq!(
        (&summary["skipped_files"], &summary["unread_files"]["count"]),
        (&1.into(), &4.into()),
        "{summary}"
    );
}

#[test]
fn r09_an_empty_file_has_no_records_and_a_bad_one_does_not_block_its_folder() {
    let folder = TempDir::new().unwrap();
    let (lake, feed) = (folder.path().join("lake"), folder.path().join("feed"));
    assert_eq!(json(&ingest(&input("R09", "feed"), &lake, &[]))["stored"], 10);

    std::fs::create_dir_all(feed.join("day=1")).unwrap();
    std::fs::write(feed.join("a.csv"), rows(0..10)).unwrap();
    std::fs::write(feed.join("b.csv"), "a,b\n1,2\n").unwrap();
    std::fs::write(feed.join("c.csv"), "PK\u{3}\u{4}and so on").unwrap();
    std::fs::write(feed.join("d.parquet"), "PAR1").unwrap();
    std::fs::write(feed.join("e.avro"), "").unwrap();
    std::fs::write(feed.join("f.csv"), "\u{feff}\r\n").unwrap();
    std::fs::write(feed.join("g.csv"), rows(0..0)).unwrap();
    std::fs::write(feed.join("h.csv.gz"), &std::fs::read(input("R04", "cut-short.csv.gz")).unwrap()[..900])
        .unwrap();
    std::fs::write(feed.join("day=1/i.ndjson"), lines(10..20)).unwrap();
    std::fs::write(feed.join("j.csv"), rows(0..10)).unwrap();
    let (summary, told) = failed(&ingest(&feed, &lake, &[]));
    assert_eq!(summary["stored"], 20, "{told}");
    assert_eq!(
        (&summary["failed_files"]["count"], &summary["skipped_files"]),
        (&5.into(), &1.into()),
        "{summary}"
    );
    for name in ["b.csv", "c.csv", "d.parquet", "e.avro", "h.csv.gz"] {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(told.contains("5 files were not read to their ends") && told.contains("hint:"), "{told}");
    // Once mended, only what is new is read.
    std::fs::write(feed.join("h.csv.gz"), zstd::encode_all(rows(20..30).as_bytes(), 1).unwrap()).unwrap();
    let (summary, _) = failed(&ingest(&feed, &lake, &[]));
    assert_eq!((&summary["read"], &summary["stored"]), (&10.into(), &10.into()));
}

#[test]
fn r10_a_file_of_which_nothing_was_stored_is_read_again_and_others_on_demand() {
    let folder = TempDir::new().unwrap();
    let (lake, feed) = (folder.path().join("lake"), input("R10", "feed.ndjson"));
    for _ in 0..2 {
        let summary = json(&ingest(&feed, &lake, &[]));
        assert_eq!((&summary["read"], &summary["rejected"]), (&5.into(), &5.into()));
    }
    assert_eq!(rejects(&lake), 5, "a file that is read again does not double its rejects");
    let summary = json(&ingest(&feed, &lake, &["--timestamp-unit", "iso"]));
    assert_eq!((&summary["read"], &summary["stored"]), (&5.into(), &5.into()));
    // Now it is known, and a run that passes everything over says how to read it after all.
    let passed = output(&ingest(&feed, &lake, &["--timestamp-unit", "iso"]));
    let told = String::from_utf8(passed.stderr).unwrap();
    assert!(told.contains("--again"), "{told}");
    for _ in 0..2 {
        let summary = json(&ingest(&feed, &lake, &["--timestamp-unit", "iso", "--again"]));
        assert_eq!((&summary["read"], &summary["skipped_files"]), (&5.into(), &0.into()));
    }
    json(&["lake", "compact", "--json", "--lake", text(&lake)]);
    let rows = Lake::open(&lake).unwrap().rows(InternalTable::Pings, &["device_id"]).unwrap();
    assert_eq!(rows.iter().map(|batch| batch.num_rows()).sum::<usize>(), 5, "copies are there once");
    assert_eq!(rejects(&lake), 5);
}

#[test]
fn r11_a_topic_made_anew_is_noticed_whatever_its_length() {
    let kafka = KafkaServer::start();
    let folder = TempDir::new().unwrap();
    let lake = folder.path().join("lake");
    let arguments = ["ingest", "--json", "--kafka", kafka.bootstrap(), "--topic", "t", "--until-end"];
    let arguments = [&arguments[..], &["--lake", text(&lake)]].concat();
    kafka.create_topic("t", 1);
    kafka.produce("t", lines(0..100).as_bytes());
    assert_eq!(json(&arguments)["stored"], 100);
    assert_eq!(json(&arguments)["read"], 0);
    for (first, count) in [(1000, 150), (2000, 100), (3000, 20)] {
        kafka.make_anew("t", 1);
        kafka.produce("t", lines(first..first + count).as_bytes());
        let told = refused(&arguments);
        assert!(told.contains("made anew") && told.contains("`t`") && told.contains("hint:"), "{told}");
    }
    assert_eq!(json(&[&arguments[..], &["--job", "second"]].concat())["stored"], 20);
}

#[test]
fn opt_outs_of_a_topic_are_forgotten_once_and_with_a_receipt() {
    let kafka = KafkaServer::start();
    let folder = TempDir::new().unwrap();
    let (lake, feed) = (folder.path().join("lake"), folder.path().join("feed.csv"));
    std::fs::write(&feed, rows(0..70)).unwrap();
    assert_eq!(json(&ingest(&feed, &lake, &[]))["stored"], 70);
    kafka.create_topic("optouts", 2);
    let receipt = folder.path().join("receipt.json");
    let topic = ["--kafka", kafka.bootstrap(), "--topic", "optouts", "--map", "who=device_id"];
    let forget = [&["lake", "forget", "--json", "--lake", text(&lake)], &topic[..]].concat();
    assert_eq!(json(&forget)["identifiers"], 0, "nobody asked yet");
    // As a bare text, a text of JSON, an object in the partner's words, alone and with more.
    kafka.produce("optouts", b"d0\n\"d1\"\n{\"who\":\"d2\"}\n{\"who\":\"d3\",\"when\":1}\nd0\n");
    let with_receipt = [&forget[..], &["--receipt", text(&receipt)]].concat();
    let told = json(&with_receipt);
    assert_eq!((&told["identifiers"], &told["rows_removed"]["pings"]), (&4.into(), &40.into()));
    assert_eq!((&told["topic"]["records"], &told["topic"]["unreadable"]), (&5.into(), &0.into()));
    assert!(std::fs::read_to_string(&receipt).unwrap().contains("\"identifiers\": 4"));
    assert_eq!(json(&forget)["identifiers"], 0, "each is read once");
    // Who cannot be read is not passed over, and does not keep the others.
    kafka.produce("optouts", b"[1,2]\nd4\n");
    let (told, words) = failed(&forget);
    assert_eq!((&told["topic"]["unreadable"], &told["rows_removed"]["pings"]), (&1.into(), &10.into()));
    assert!(words.contains("hold no identifier") && words.contains("hint:"), "{words}");
}
