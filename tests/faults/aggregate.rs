//! An aggregation that dies between two steps goes on where it was, and gives what an undisturbed one gives.

use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;

use crate::kayoi::{json, refused, run, text};
use crate::process::Process;

/// All but the number of the run.
const RELEASED: &str = "SELECT month, municipality_code, kind, origin_level, origin_code, persons, persons_low, persons_high, status \
                        FROM connected_monthly ORDER BY month, municipality_code, kind, origin_level, origin_code";

fn arguments(lake: &Path) -> [&str; 6] {
    ["aggregate", "--json", "--lake", text(lake), "--trial-seed", "7"]
}

fn released(lake: &Path) -> String {
    run(&["query", RELEASED, "--format", "csv", "--lake", text(lake)])
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &there) } else { std::fs::copy(&path, &there).map(|_| ()).unwrap() }
    }
}

/// A lake of eight buckets, and the folder of its truth and key.
fn lake_of_buckets(folder: &Path) -> PathBuf {
    let (feed, pings, lake) = (folder.join("feed"), folder.join("feed/pings"), folder.join("lake"));
    let world = ["--devices", "60", "--days", "150", "--seed", "9", "--pings-per-day", "12"];
    run(&[&["simulate", "--out", text(&feed)], &world[..]].concat());
    json(&["ingest", "--json", "--file", text(&pings), "--lake", text(&lake)]);
    json(&["lake", "buckets", "8", "--json", "--lake", text(&lake)]);
    lake
}

fn notes(lake: &Path) -> usize {
    let Ok(jobs) = lake.join("journal").read_dir() else { return 0 };
    let files = jobs.flat_map(|job| job.unwrap().path().read_dir().unwrap());
    files.filter(|file| file.as_ref().unwrap().file_name() != "run.json").count()
}

fn dies_at(fault: &str, folder: &Path, lake: &Path) {
    let ended = Process::start(folder, &arguments(lake), &[("KAYOI_FAULT", fault)]).wait();
    assert!(!ended.status.success(), "{fault} did not happen");
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}

#[test]
fn an_aggregation_that_died_measures_no_bucket_again_and_releases_the_same() {
    let folder = TempDir::new().unwrap();
    let lake = lake_of_buckets(folder.path());
    let other = folder.path().join("undisturbed");
    copy(&lake, &other);
    let undisturbed = json(&arguments(&other));
    assert_eq!(undisturbed["resumed_buckets"], 0);
    let mut buckets_done = 0;
    for point in ["before-bucket-note", "after-bucket-note", "before-derived-commit"] {
        for fault in ["kill", "error"] {
            // The second bucket that is not known yet: one more is done before each fault.
            let at = if point == "before-derived-commit" { 1 } else { 2 };
            dies_at(&format!("{point}={fault}@{at}"), folder.path(), &lake);
            let done = notes(&lake);
            assert!(done > buckets_done || done == 8, "{point}: {done} buckets noted, {buckets_done} before");
            buckets_done = done;
        }
    }
    let resumed = json(&arguments(&lake));
    assert_eq!((buckets_done, &resumed["resumed_buckets"]), (8, &json!(8)));
    for measured in ["devices", "located_devices", "stays", "nights", "known_nights", "copies"] {
        assert_eq!(resumed[measured], undisturbed[measured], "{measured}");
    }
    assert_eq!(released(&lake), released(&other));
    assert_eq!(notes(&lake), 0, "the notes of a job that is done are gone");
}

#[test]
fn tables_of_two_runs_are_never_read_together_wherever_the_second_run_died_between_its_commits() {
    let folder = TempDir::new().unwrap();
    let lake = lake_of_buckets(folder.path());
    let (truth, key) = (folder.path().join("feed/truth"), folder.path().join("lake.key"));
    let score =
        ["simulate", "--score", "--truth", text(&truth), "--lake", text(&lake), "--key-file", text(&key)];
    json(&arguments(&lake));
    run(&score);
    // The second run has more to read.
    let more = folder.path().join("more");
    run(&["simulate", "--out", text(&more), "--devices", "9", "--days", "150", "--seed", "10"]);
    json(&["ingest", "--json", "--file", text(&more.join("pings")), "--lake", text(&lake)]);
    let other = folder.path().join("undisturbed");
    copy(&lake, &other);
    json(&arguments(&other));
    for commit in 1..=5 {
        let lake = folder.path().join(format!("lake-{commit}"));
        copy(&folder.path().join("lake"), &lake);
        let score = score.map(|word| if word.ends_with("/lake") { text(&lake) } else { word });
        for fault in ["kill", "error"] {
            dies_at(&format!("between-derived-commits={fault}@{commit}"), folder.path(), &lake);
            let refusal = refused(&score);
            assert!(refusal.contains("was made by another run") && refusal.contains("hint:"), "{refusal}");
        }
        assert_eq!(json(&arguments(&lake))["resumed_buckets"], 8);
        assert_eq!(released(&lake), released(&other), "after {commit} commits");
        run(&score);
    }
}
