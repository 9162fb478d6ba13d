//! What was measured and is worth nothing any more: it is never committed, and what is damaged is measured again.
//!
//! In: a lake of two buckets, measured. Out: refusals, and tables in which nobody is who was forgotten.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kayoi_schemas::time::Clock;
use serde_json::json;
use tempfile::TempDir;

use super::buckets::{lake, measure, rows};
use crate::kayoi::{json, refused, run, text};
use crate::process::{Process, until};

fn measure_all(lake: &Path) {
    for bucket in ["0/2", "1/2"] {
        measure(lake, bucket);
    }
}

/// The identifiers of the feed's first records, each once.
pub(super) fn identifiers(folder: &Path) -> Vec<String> {
    let mut files: Vec<PathBuf> =
        folder.join("feed/pings").read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort_unstable();
    let mut found = Vec::new();
    for file in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "zst")) {
        let records = zstd::decode_all(std::fs::File::open(file).unwrap()).unwrap();
        for record in String::from_utf8_lossy(&records).lines() {
            let record: serde_json::Value = serde_json::from_str(record).unwrap_or_default();
            // Malformed records hold what is no identifier.
            let id = record["device_id"].as_str().filter(|id| id.len() > 20 && !id.starts_with("0000"));
            found.extend(id.map(str::to_owned));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn forget(folder: &Path, lake: &Path, identifiers: &[String]) {
    let (ids, key) = (folder.join("ids.txt"), folder.join("one.key"));
    std::fs::write(&ids, identifiers.join("\n")).unwrap();
    run(&["lake", "forget", "--lake", text(lake), "--id-file", text(&ids), "--key-file", text(&key)]);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &there) } else { std::fs::copy(&path, &there).map(|_| ()).unwrap() }
    }
}

#[test]
fn who_was_forgotten_comes_back_by_no_run_that_had_measured_them_whenever_it_began() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "2");
    measure_all(&lake);
    let measured = folder.path().join("measured");
    copy(&lake, &measured);
    forget(folder.path(), &lake, &identifiers(folder.path())[..1]);
    let finish = ["aggregate", "--lake", text(&lake), "--finish"];
    assert!(refused(&finish).contains("no run is open"));
    // A run that opens after the notes are cleared and before the rows are gone has notes and files of the same
    // kind.
    for there in ["journal", "stays", "nights", "residences", "panel", "workplaces", "ties"] {
        copy(&measured.join(there), &lake.join(there));
    }
    let refusal = refused(&finish);
    assert!(refusal.contains("somebody was forgotten"), "{refusal}");
    let measured = json(&["aggregate", "--json", "--lake", text(&lake)]);
    assert_eq!((&measured["devices"], &measured["resumed_buckets"]), (&json!(39), &json!(0)));
}

#[test]
fn when_everybody_was_forgotten_the_figures_go_too() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "1");
    let before = json(&["aggregate", "--json", "--lake", text(&lake)]);
    assert!(before["release_rows"].as_u64() > Some(0));
    let count =
        ["query", "SELECT count(*) AS n FROM connected_monthly", "--format", "csv", "--lake", text(&lake)];
    assert_ne!(run(&count).lines().nth(1), Some("0"));
    forget(folder.path(), &lake, &identifiers(folder.path()));
    let measured = json(&["aggregate", "--json", "--lake", text(&lake)]);
    assert_eq!((&measured["devices"], &measured["release_rows"]), (&json!(0), &json!(0)));
    assert_eq!(run(&count).lines().nth(1), Some("0"));
    assert!(rows(&lake).iter().all(|(_, rows)| rows.is_empty()));
    // Nothing is left to withdraw, and nothing to aggregate.
    assert!(refused(&["aggregate", "--lake", text(&lake)]).contains("holds no pings"));
}

#[test]
fn an_older_run_does_not_replace_the_tables_of_a_newer_one() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "2");
    measure_all(&lake);
    let notes = folder.path().join("notes");
    copy(&lake.join("journal"), &notes);
    let late = folder.path().join("late");
    run(&["simulate", "--out", text(&late), "--devices", "9", "--days", "120", "--seed", "5"]);
    let (pings, key) = (late.join("pings"), folder.path().join("one.key"));
    json(&["ingest", "--json", "--file", text(&pings), "--lake", text(&lake), "--key-file", text(&key)]);
    json(&["aggregate", "--json", "--lake", text(&lake)]);
    let newer = rows(&lake);
    copy(&notes, &lake.join("journal"));
    let refusal = refused(&["aggregate", "--lake", text(&lake), "--finish"]);
    assert!(refusal.contains("a run was finished"), "{refusal}");
    assert!(rows(&lake) == newer);
}

#[test]
fn a_run_that_lost_its_lease_midway_commits_no_further_table() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "1");
    let lease = lake.join("kayoi-maintenance-lease.json");
    let fault = [("KAYOI_FAULT", "between-derived-commits=hold:5000@2")];
    let process = Process::start(folder.path(), &["aggregate", "--lake", text(&lake)], &fault);
    until("the run commits", Duration::from_secs(60), || lease.exists());
    let until_ms = Clock::System.now().0 + 600_000;
    std::fs::write(&lease, json!({ "holder": "another job", "until_ms": until_ms }).to_string()).unwrap();
    let ended = process.wait();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("nothing of this one was committed") || ended.stderr.contains("hint: "));
    assert!(rows(&lake).iter().any(|(_, rows)| rows.is_empty()), "all tables were committed");
    assert!(lease.exists(), "the lease of another job is left alone");
}

/// Whoever was forgotten while a bucket was measured is counted in its note, which nobody would ever delete.
#[test]
fn a_bucket_that_is_measured_when_its_run_is_over_leaves_no_note() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "2");
    let journal = lake.join("journal");
    let fault = [("KAYOI_FAULT", "before-bucket-note=hold:5000")];
    let bucket = ["aggregate", "--lake", text(&lake), "--bucket", "0/2"];
    let process = Process::start(folder.path(), &bucket, &fault);
    until("the run is open", Duration::from_secs(60), || journal.join("open/run.json").exists());
    run(&["aggregate", "--lake", text(&lake), "--abandon"]);
    let ended = process.wait();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("abandoned"), "{}", ended.stderr);
    let jobs = journal.read_dir().unwrap().map(|job| job.unwrap().path());
    let notes: Vec<_> =
        jobs.flat_map(|job| job.read_dir().unwrap()).map(|note| note.unwrap().path()).collect();
    assert!(notes.is_empty(), "{notes:?}");
}

/// As for a run of one process: the notes stay until the release is out.
#[test]
fn a_run_that_is_shared_and_whose_release_died_is_measured_again_only_when_pings_came() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "2");
    measure_all(&lake);
    let finish = ["aggregate", "--json", "--lake", text(&lake), "--finish"];
    let died = Process::start(folder.path(), &finish, &[("KAYOI_FAULT", "before-manifest=kill")]).wait();
    assert!(!died.status.success(), "the release did not die");
    assert_eq!(measure(&lake, "0/2")["was_measured_before"], true);
    let late = folder.path().join("late");
    run(&["simulate", "--out", text(&late), "--devices", "9", "--days", "120", "--seed", "5"]);
    let (pings, key) = (late.join("pings"), folder.path().join("one.key"));
    json(&["ingest", "--json", "--file", text(&pings), "--lake", text(&lake), "--key-file", text(&key)]);
    assert_eq!(measure(&lake, "0/2")["was_measured_before"], false);
    assert_eq!(measure(&lake, "1/2")["was_measured_before"], false);
    assert_eq!(json(&finish)["resumed_buckets"], 2);
}

#[test]
fn a_damaged_note_is_written_anew() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "2");
    let key = |figures: &serde_json::Value| figures["stays"].clone();
    let mut stays = None;
    for damaged in ["open/run.json", "run.json", "b0of2.json", "b1of2.json"] {
        measure_all(&lake);
        for job in lake.join("journal").read_dir().unwrap().map(|job| job.unwrap().path()) {
            let note = if damaged.starts_with("open/") {
                lake.join("journal").join(damaged)
            } else {
                job.join(damaged)
            };
            if note.exists() && (damaged.starts_with("open/") || !job.ends_with("open")) {
                let half = std::fs::read(&note).unwrap().len() / 2;
                std::fs::File::options().write(true).open(&note).unwrap().set_len(half as u64).unwrap();
            }
        }
        measure_all(&lake);
        let figures = json(&["aggregate", "--json", "--lake", text(&lake), "--finish"]);
        assert_eq!(*stays.get_or_insert(key(&figures)), key(&figures), "{damaged}");
    }
}

#[test]
fn a_run_whose_pings_were_deleted_says_how_to_leave_it() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake", "2");
    measure(&lake, "0/2");
    for day in
        lake.join("pings").read_dir().unwrap().map(|day| day.unwrap().path()).filter(|day| day.is_dir())
    {
        for file in day.read_dir().unwrap().map(|file| file.unwrap().path()) {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            if name.starts_with("sorted-b1of2") {
                std::fs::remove_file(file).unwrap();
            }
        }
    }
    let refusal = refused(&["aggregate", "--lake", text(&lake), "--bucket", "1/2"]);
    assert!(refusal.contains("the version of pings that the run reads is gone"), "{refusal}");
    assert!(refusal.contains("--abandon"), "{refusal}");
    // A folder where there is no lake is no lake that nothing is under way in.
    let mistyped = folder.path().join("mistyped");
    let alone: &[&str] = &[];
    for words in [alone, &["--abandon"], &["--finish"], &["--bucket", "0/2"]] {
        let refusal = refused(&[&["aggregate", "--lake", text(&mistyped)][..], words].concat());
        assert!(refusal.contains("there is no lake"), "{refusal}");
    }
    assert!(!mistyped.exists());
}
