//! What a record looks like: headers, keys, columns, envelopes, encodings.
//!
//! In: files as partners wrote them, and siblings of the same kinds. Out: rows, or a reject or an error that names
//! the thing and the way out, and never a value.

use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use serde_json::Value;
use tempfile::TempDir;

use super::input;
use crate::kayoi::{command, text};

const HEAD: &str = "device_id,timestamp,latitude,longitude,horizontal_accuracy";
const RECORD: &str =
    r#"{"device_id":"dev-0","timestamp":1750000000000,"latitude":36.0451234,"longitude":138.1171234}"#;

/// An ingest of one file into a lake of its own.
struct Ingest {
    folder: TempDir,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ingest {
    fn of(file: &Path, options: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let lake = folder.path().join("lake");
        let begin = ["ingest", "--file", text(file), "--lake", text(&lake)];
        let mut command = command(&[&begin[..], options].concat());
        command.env("KAYOI_LOG", "trace").env("RUST_LOG", "trace");
        let output = command.output().unwrap();
        let plain = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let ingest = Self {
            folder,
            code: output.status.code(),
            stdout: plain(output.stdout),
            stderr: plain(output.stderr),
        };
        assert!(!ingest.stderr.contains("panicked"), "{}", ingest.stderr);
        ingest
    }

    /// Of a report's own file.
    fn reported(report: &str, file: &str, options: &[&str]) -> Self {
        Self::of(&input(report, file), options)
    }

    /// Of a sibling that is written here.
    fn written(name: &str, content: &[u8], options: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        Self::of(&path, options)
    }

    fn lake(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    /// Counts of the summary, and the last line.
    fn counts(&self) -> (u64, u64, u64) {
        let line = self
            .stdout
            .lines()
            .find(|line| line.starts_with("read "))
            .unwrap_or_else(|| panic!("{}{}", self.stdout, self.stderr));
        let words: Vec<&str> = line.split_whitespace().collect();
        let after = |word: &str| {
            let at = words.iter().position(|found| *found == word).unwrap();
            words[at + 1].trim_matches(',').replace(',', "").parse().unwrap()
        };
        (after("read"), after("stored"), after("rejected"))
    }

    /// It ended with an error that has each of these words and nothing of the record; nothing was stored.
    fn refused(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "{}{}", self.stdout, self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is not in:\n{}", self.stderr);
        }
        assert!(self.rows(InternalTable::Pings).is_empty());
    }

    fn rows(&self, table: InternalTable) -> Vec<arrow::array::RecordBatch> {
        let lake = self.lake();
        if !lake.exists() {
            return Vec::new();
        }
        let columns: Vec<&str> = table.table().columns.iter().map(|column| column.name).collect();
        let rows = Lake::open(&lake).unwrap().rows(table, &columns).unwrap();
        rows.into_iter().filter(|batch| batch.num_rows() > 0).collect()
    }

    /// Reasons and details of the rejects, in their order.
    fn rejects(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for batch in self.rows(InternalTable::Rejects) {
            let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
            let (reasons, details) = (text("reason"), text("detail"));
            found.extend(
                (0..batch.num_rows())
                    .map(|row| (reasons.value(row).to_owned(), details.value(row).to_owned())),
            );
        }
        found
    }

    /// Everything that people and programs can see of it but the pings' own columns: what it printed and logged, the
    /// rejects, and the bytes of every file of the lake.
    fn traces(&self) -> String {
        let mut all = format!("{}{}{:?}", self.stdout, self.stderr, self.rows(InternalTable::Rejects));
        let mut folders = vec![self.lake()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
                }
            }
        }
        all
    }

    fn holds_nothing_of(&self, values: &[&str]) {
        let traces = self.traces();
        for value in values {
            assert!(!traces.contains(value), "`{value}` is told");
        }
    }
}

#[test]
fn a_record_that_was_encoded_twice_is_a_reject_without_its_text() {
    let ingest = Ingest::reported("R01", "double-encoded.ndjson", &[]);
    assert_eq!(ingest.counts(), (1, 0, 1));
    assert_eq!(ingest.rejects()[0].0, "wrong_type");
    ingest.holds_nothing_of(&["00aa11bb", "36.04", "138.11"]);
}

#[test]
fn a_first_line_that_is_a_record_is_told_as_no_header_without_its_values() {
    let ingest = Ingest::reported("R03", "no-header.csv", &[]);
    ingest.refused(&["no header", "5 columns", "hint:"]);
    ingest.holds_nothing_of(&["dev-000", "36.0451201", "138.1171201"]);
    for line in [
        "dev-000\t1750000000000\t36.0451201",
        "gps,dev-000,1750000000000,36.0451201",
        "source,dev-000,36.0451201",
    ] {
        let ingest = Ingest::written("feed.csv", format!("{line}\n{line}\n").as_bytes(), &[]);
        ingest.refused(&["hint:"]);
        ingest.holds_nothing_of(&["dev-000", "36.0451201"]);
    }
}

#[test]
fn two_columns_for_one_field_are_named_before_anything_is_stored() {
    let maps = ["lat=latitude", "lon=longitude", "gps_lat=latitude", "gps_lon=longitude"];
    let maps: Vec<&str> = maps.iter().flat_map(|map| ["--map", map]).collect();
    Ingest::reported("R35", "same-header-twice.csv", &[]).refused(&["`latitude`", "column 3", "column 5"]);
    for file in ["two-columns.csv", "two-columns.parquet"] {
        Ingest::reported("R35", file, &maps).refused(&["`lat`", "`gps_lat`", "hint:"]);
    }
}

#[test]
fn two_keys_for_one_field_cost_their_record() {
    let twice = RECORD.replace("\"longitude\"", "\"latitude\":35.6581234,\"longitude\"");
    let two_names = RECORD.replace("\"longitude\"", "\"lat\":35.6581234,\"longitude\"");
    let nested = RECORD.replace("\"longitude\"", "\"at\":{\"lat\":35.6581234},\"longitude\"");
    let empty = RECORD.replace("\"longitude\"", "\"lat\":null,\"longitude\"");
    let mapped = |record: &str| record.replacen("\"latitude\":36", "\"gps\":36", 1);
    let lines = [twice, mapped(&two_names), mapped(&nested), mapped(&empty)].join("\n");
    let maps = ["--map", "gps=latitude", "--map", "lat=latitude", "--map", "at.lat=latitude"];
    let ingest = Ingest::written("feed.ndjson", lines.as_bytes(), &maps);
    // Once `latitude` is mapped, the name alone is none of the contract's: the first record lacks it.
    assert_eq!(ingest.counts(), (4, 1, 3));
    let reasons: Vec<String> = ingest.rejects().into_iter().map(|reject| reject.0).collect();
    assert_eq!(reasons, ["missing_field", "repeated_field", "repeated_field"]);
    let ingest = Ingest::written("feed.ndjson", lines.as_bytes(), &[]);
    let (reason, detail) = &ingest.rejects()[0];
    assert!(reason == "repeated_field" && detail.contains("`latitude`"), "{reason} {detail}");
}

#[test]
fn words_that_stand_for_no_device_have_a_reason_of_their_own() {
    let ingest = Ingest::reported("R37", "placeholders.ndjson", &[]);
    assert_eq!(ingest.counts(), (4, 0, 4));
    assert!(ingest.rejects().iter().all(|reject| reject.0 == "placeholder_device_id"));
    let ids = [
        "(null)",
        "N/A",
        "undefined",
        " Unknown ",
        "anonymous",
        "nan",
        "不明",
        "-1",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "Kein-Gerät",
    ];
    let lines: Vec<String> = ids.iter().map(|id| RECORD.replace("dev-0", id)).collect();
    let zeros =
        ["0", "00000000000000000000000000000000", "00:00:00:00"].map(|id| RECORD.replace("dev-0", id));
    let all = [lines, zeros.to_vec(), vec![RECORD.to_owned()]].concat().join("\n");
    let ingest = Ingest::written("feed.ndjson", all.as_bytes(), &["--placeholder-id", "kein gerät"]);
    assert_eq!(ingest.counts(), (14, 1, 13));
    let reasons: Vec<String> = ingest.rejects().into_iter().map(|reject| reject.0).collect();
    assert_eq!(reasons[..10], vec!["placeholder_device_id"; 10]);
    assert_eq!(reasons[10..], vec!["nil_device_id"; 3]);
}

#[test]
fn a_file_in_another_encoding_is_read_when_it_is_named_and_named_when_it_is_not() {
    let maps =
        ["端末=device_id", "時刻=timestamp", "緯度=latitude", "経度=longitude", "精度=horizontal_accuracy"];
    let maps: Vec<&str> = maps.iter().flat_map(|map| ["--map", map]).collect();
    let named = Ingest::reported("R41", "shift-jis.csv", &[&maps[..], &["--encoding", "shift_jis"]].concat());
    assert_eq!(named.counts(), (3, 3, 0));
    Ingest::reported("R41", "shift-jis.csv", &maps).refused(&["not UTF-8", "--encoding shift_jis"]);
    let lines = format!("{RECORD}\n");
    let utf16: Vec<u8> = format!("\u{feff}{lines}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    Ingest::written("feed.ndjson", &utf16, &[]).refused(&["UTF-16LE", "--encoding utf-16"]);
    assert_eq!(Ingest::written("feed.ndjson", &utf16, &["--encoding", "utf-16"]).counts(), (1, 1, 0));
    let marked = format!("\u{feff}{lines}");
    assert_eq!(Ingest::written("feed.ndjson", marked.as_bytes(), &[]).counts(), (1, 1, 0));
    Ingest::written("feed.csv", lines.as_bytes(), &["--encoding", "klingon"])
        .refused(&["`klingon`", "hint:"]);
}

#[test]
fn another_separator_is_named_and_read_when_it_is_told() {
    Ingest::reported("R43", "semicolons.csv", &[]).refused(&["one column", "semicolons", "--delimiter ';'"]);
    Ingest::reported("R43", "tabs.tsv", &[]).refused(&["--delimiter tab"]);
    Ingest::reported("R43", "tabs.tsv", &["--format", "csv"]).refused(&[
        "one column",
        "tabs",
        "--delimiter tab",
    ]);
    let tabs = Ingest::reported("R43", "tabs.tsv", &["--format", "csv", "--delimiter", "tab"]);
    assert_eq!(tabs.counts(), (3, 3, 0));
    let points = format!("{}\ndev-0;1750000000000;36.0451234;138.1171234;12.5\n", HEAD.replace(',', ";"));
    assert_eq!(Ingest::written("feed.csv", points.as_bytes(), &["--delimiter", ";"]).counts(), (1, 1, 0));
    Ingest::written("feed.csv", points.as_bytes(), &["--delimiter", ";;"]).refused(&["`;;`", "hint:"]);
}

#[test]
fn a_path_leads_to_what_is_nested() {
    let maps = ["--map", "location.latitude=latitude", "--map", "location.longitude=longitude"];
    assert_eq!(Ingest::reported("R45", "nested.ndjson", &maps).counts(), (3, 3, 0));
    // A list by its indexes, a name with a dot in it, and both at once.
    let list = r#"{"device_id":"a","timestamp":1750000000000,"geometry":{"type":"Point","coordinates":[138.1171234,36.0451234]}}"#;
    let maps = ["--map", "geometry.coordinates.1=latitude", "--map", "geometry.coordinates.0=longitude"];
    assert_eq!(Ingest::written("a.ndjson", list.as_bytes(), &maps).counts(), (1, 1, 0));
    let dotted =
        r#"{"device_id":"a","timestamp":1750000000000,"pos.lat":36.0451234,"pos":{"lon.deg":138.1171234}}"#;
    let maps = ["--map", "pos.lat=latitude", "--map", "pos.lon.deg=longitude"];
    assert_eq!(Ingest::written("a.ndjson", dotted.as_bytes(), &maps).counts(), (1, 1, 0));
}

#[test]
fn a_name_that_no_record_had_is_told_at_the_end() {
    let maps = ["--map", "position.latitude=latitude", "--map", "location.longitude=longitude"];
    let ingest = Ingest::reported("R45", "nested.ndjson", &maps);
    assert_eq!(ingest.counts(), (3, 0, 3));
    assert!(ingest.stderr.contains("no record had `position.latitude`"), "{}", ingest.stderr);
    assert!(!ingest.stderr.contains("`location.longitude`"), "{}", ingest.stderr);
    let json = Ingest::reported("R45", "nested.ndjson", &[&maps[..], &["--json"]].concat());
    let summary: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(summary["unmatched_maps"], serde_json::json!(["position.latitude"]));
}

#[test]
fn a_list_and_printed_objects_are_read_and_an_envelope_is_told() {
    let other = RECORD.replace("dev-0", "dev-1");
    let list = format!("[\n  {RECORD},\n  {other}\n]\n");
    assert_eq!(Ingest::written("a.json", list.as_bytes(), &[]).counts(), (2, 2, 0));
    let printed = [RECORD, other.as_str()]
        .map(|record| serde_json::to_string_pretty(&serde_json::from_str::<Value>(record).unwrap()).unwrap());
    assert_eq!(Ingest::written("a.json", printed.join("\n").as_bytes(), &[]).counts(), (2, 2, 0));
    let object = Ingest::written("a.json", format!("{{\"data\":{RECORD}}}").as_bytes(), &[]);
    assert_eq!(object.counts(), (1, 0, 1));
    assert!(object.stdout.lines().last().unwrap().contains("envelope"), "{}", object.stdout);
    let around = Ingest::written("a.json", format!("{{\"data\":[{RECORD},{other}]}}").as_bytes(), &[]);
    assert!(around.stdout.lines().last().unwrap().contains("envelope"), "{}", around.stdout);
    let maps =
        ["device_id", "timestamp", "latitude", "longitude"].map(|field| format!("data.{field}={field}"));
    let maps: Vec<&str> = maps.iter().flat_map(|map| ["--map", map.as_str()]).collect();
    let mapped = Ingest::written("a.json", format!("{{\"data\":{RECORD}}}").as_bytes(), &maps);
    assert_eq!(mapped.counts(), (1, 1, 0));
}

#[test]
fn a_run_that_rejects_nearly_everything_says_so_last_and_in_its_exit_code_when_asked() {
    let all = Ingest::reported("R37", "placeholders.ndjson", &[]);
    assert_eq!(all.code, Some(0));
    let last = all.stdout.lines().last().unwrap();
    assert!(last.contains("4 of 4") && last.contains("placeholder_device_id"), "{last}");
    let one_of_two = format!("{RECORD}\n{{}}\n");
    let judged = |most: &str| Ingest::written("a.ndjson", one_of_two.as_bytes(), &["--max-rejects", most]);
    assert_eq!((judged("50%").code, judged("0.5").code), (Some(0), Some(0)));
    let failed = judged("49%");
    assert_eq!((failed.code, failed.counts()), (Some(1), (2, 1, 1)));
    assert!(failed.stderr.contains("missing_field") && failed.stderr.contains("49.0 %"), "{}", failed.stderr);
    judged("many").refused(&["`many`", "hint:"]);
}

/// A text that no program writes by itself.
const MARKER: &str = "mk7f3q9z";

#[test]
fn a_marker_in_any_place_of_a_record_is_told_nowhere() {
    let quoted = format!("\"{MARKER}\"");
    let mut lines = vec![
        quoted.clone(),
        format!("[{quoted}]"),
        MARKER.to_owned(),
        format!("{{\"{MARKER}\":1"),
        format!("{RECORD} {MARKER}"),
        serde_json::to_string(&RECORD.replace("dev-0", MARKER)).unwrap(),
        RECORD.replace("dev-0", MARKER),
        RECORD.replace("\"device_id\":\"dev-0\"", &format!("\"device_id\":[{quoted}]")),
        RECORD.replace("\"device_id\"", &format!("\"{MARKER}\":{quoted},\"device_id\"")),
        RECORD.replace("\"device_id\"", &format!("\"x\":{{\"{MARKER}\":[{quoted}]}},\"device_id\"")),
        format!("{{\"data\":{}}}", RECORD.replace("dev-0", MARKER)),
    ];
    for field in ["1750000000000", "36.0451234", "138.1171234"] {
        for value in [quoted.clone(), format!("[{quoted}]"), format!("{{\"{MARKER}\":1}}"), MARKER.to_owned()]
        {
            lines.push(RECORD.replace(field, &value).replace("dev-0", MARKER));
        }
        lines.push(RECORD.replace(field, "7.25").replace("dev-0", MARKER));
    }
    let json = Ingest::written("a.ndjson", lines.join("\n").as_bytes(), &[]);
    assert_eq!(json.counts().0, lines.len() as u64);
    json.holds_nothing_of(&[MARKER]);
    let good = "dev-0,1750000000000,36.0451234,138.1171234,12.5";
    let rows: Vec<String> = good.split(',').map(|cell| good.replacen(cell, MARKER, 1)).collect();
    let csv = format!("{HEAD},{MARKER}\n{},\n{MARKER}\n\"{MARKER}\n", rows.join(",\n"));
    let csv = Ingest::written("a.csv", csv.as_bytes(), &[]);
    csv.holds_nothing_of(&[MARKER]);
    for head in [MARKER.to_owned(), format!("{MARKER},1750000000000,36.0"), format!("{MARKER};latitude")] {
        let refused = Ingest::written("a.csv", format!("{head}\n{good}\n").as_bytes(), &[]);
        refused.refused(&["hint:"]);
        refused.holds_nothing_of(&[MARKER]);
    }
}
