//! Every record exactly once, although the process is killed again and again.
//!
//! Each record has an instant of its own, so the stored instants are the list of what arrived.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use arrow::array::AsArray;
use arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use tempfile::TempDir;

use crate::kafka::KafkaServer;
use crate::kayoi::{json, start, text};

const RECORDS: i64 = 60_000;
const KILLS: usize = 4;
const FIRST_INSTANT_MS: i64 = 1_750_000_000_000;
/// One record in this many is broken.
const BROKEN_EVERY: i64 = 500;

/// Lines of a partner: device n % 997 at second n; every 500th is no JSON.
fn feed() -> Vec<u8> {
    let mut lines = Vec::new();
    for number in 0..RECORDS {
        if number % BROKEN_EVERY == 0 {
            lines.extend_from_slice(format!("broken record {number}\n").as_bytes());
            continue;
        }
        let instant = FIRST_INSTANT_MS + number * 1000;
        let line = format!(
            "{{\"device_id\":\"device-{}\",\"timestamp\":{instant},\"latitude\":36.{:06},\"longitude\":138.{:06}}}\n",
            number % 997,
            100_001 + number % 7919,
            100_003 + number % 6007
        );
        lines.extend_from_slice(line.as_bytes());
    }
    lines
}

fn stored(lake: &Path) -> (Vec<i64>, Vec<(String, i32, i64)>) {
    let lake = Lake::open(lake).unwrap();
    let mut instants = Vec::new();
    for batch in lake.rows(InternalTable::Pings, &["timestamp"]).unwrap() {
        let column = batch.column(0).as_primitive::<TimestampMicrosecondType>();
        instants.extend(column.values().iter().map(|micros| micros / 1000));
    }
    let mut rejects = Vec::new();
    for batch in lake.rows(InternalTable::Rejects, &["source", "partition", "record_offset"]).unwrap() {
        let sources = batch.column(0).as_string::<i32>();
        let partitions = batch.column(1).as_primitive::<Int32Type>();
        let offsets = batch.column(2).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            rejects.push((sources.value(row).to_owned(), partitions.value(row), offsets.value(row)));
        }
    }
    instants.sort_unstable();
    rejects.sort_unstable();
    (instants, rejects)
}

fn expect_everything_once(lake: &Path) {
    let (instants, mut rejects) = stored(lake);
    let expected: Vec<i64> =
        (0..RECORDS).filter(|n| n % BROKEN_EVERY != 0).map(|n| FIRST_INSTANT_MS + n * 1000).collect();
    assert_eq!(instants.len(), expected.len(), "records stored");
    assert!(instants == expected, "the stored records are others than those produced");
    let count = rejects.len();
    rejects.dedup();
    assert_eq!(
        (rejects.len(), count),
        ((RECORDS / BROKEN_EVERY) as usize, (RECORDS / BROKEN_EVERY) as usize)
    );
}

fn commits(lake: &Path) -> usize {
    let log = lake.join("pings/_delta_log");
    let is_commit = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.path().extension().is_some_and(|extension| extension == "json"))
    };
    log.read_dir().map_or(0, |entries| entries.map(is_commit).filter(|is| *is).count())
}

/// Waits until the process has made some commits more, then kills it. False when it ended first.
fn kill_after(process: &mut Child, lake: &Path, more: usize) -> bool {
    let target = commits(lake) + more;
    let deadline = Instant::now() + Duration::from_secs(120);
    while commits(lake) < target {
        if process.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(Instant::now() < deadline, "no commit within two minutes");
        std::thread::yield_now();
    }
    process.kill().unwrap();
    process.wait().unwrap();
    true
}

/// Kills the ingest several times midway, lets it finish, and starts it once more.
fn survive(arguments: &[&str], lake: &Path) {
    let mut kills = 0;
    for kill in 0..KILLS {
        let mut process = start(arguments);
        kills += usize::from(kill_after(&mut process, lake, 2 + kill));
        process.wait().unwrap();
    }
    assert!(kills >= 2, "the process was killed midway {kills} times only");
    let halfway = stored(lake).0.len() as i64;
    assert!(halfway < RECORDS - RECORDS / BROKEN_EVERY, "nothing was left to do after the kills");
    let mut json_arguments = arguments.to_vec();
    json_arguments.push("--json");
    json(&json_arguments);
    expect_everything_once(lake);
    // Once more: nothing is left, nothing changes.
    let again = json(&json_arguments);
    assert_eq!((&again["read"], &again["stored"]), (&0.into(), &0.into()));
    expect_everything_once(lake);
}

#[test]
fn from_a_file_with_the_process_killed_midway() {
    let folder = TempDir::new().unwrap();
    let (file, lake) = (folder.path().join("feed.ndjson"), folder.path().join("lake"));
    std::fs::write(&file, feed()).unwrap();
    let parts = folder.path().join("parts");
    std::fs::create_dir(&parts).unwrap();
    let lines = feed();
    let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    for (number, part) in lines.chunks(1500).enumerate() {
        std::fs::write(parts.join(format!("{number:03}.ndjson")), part.concat()).unwrap();
    }
    survive(&["ingest", "--file", text(&parts), "--lake", text(&lake), "--commit-rows", "1000"], &lake);
    // The same records in one other file are known: every copy is found when the lake is aggregated.
    let copies = json(&["ingest", "--json", "--file", text(&file), "--lake", text(&lake)]);
    assert_eq!(copies["stored"], RECORDS - RECORDS / BROKEN_EVERY);
    let aggregated = json(&["aggregate", "--json", "--lake", text(&lake)]);
    assert_eq!(aggregated["copies"], RECORDS - RECORDS / BROKEN_EVERY);
}

#[test]
fn from_a_real_kafka_with_the_process_killed_midway() {
    let kafka = KafkaServer::start();
    kafka.create_topic("pings", 3);
    kafka.produce("pings", &feed());
    assert_eq!(kafka.count("pings"), RECORDS as u64);
    let folder = TempDir::new().unwrap();
    let lake = folder.path().join("lake");
    let arguments = [
        "ingest",
        "--kafka",
        kafka.bootstrap(),
        "--topic",
        "pings",
        "--until-end",
        "--lake",
        text(&lake),
        "--commit-rows",
        "500",
    ];
    survive(&arguments, &lake);
}
