//! A release that dies around the moment at which it becomes visible is the old one or the new one, and the next run
//! publishes the same figures once.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kayoi::{command, json as answer, run, text};
use crate::names;
use crate::process::Process;

const SEALED: &str = "SELECT * FROM connected_totals_monthly ORDER BY month, area_code, kind";

fn arguments(lake: &Path, folder: &Path) -> Vec<String> {
    let (secret, key) = (folder.join("secret"), folder.join("release.key"));
    let words =
        ["aggregate", "--json", "--lake", text(lake), "--secret", text(&secret), "--signing-key", text(&key)];
    words.iter().chain(&["--as-of", "2025-06-20"]).map(|word| (*word).to_owned()).collect()
}

/// Everything below a folder.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &there) } else { std::fs::copy(&path, &there).map(|_| ()).unwrap() }
    }
}

fn released(lake: &Path) -> Vec<String> {
    // All but the number of the release, the last column.
    let rows = run(&["query", SEALED, "--format", "csv", "--lake", text(lake)]);
    rows.lines().map(|row| row.rsplit_once(',').unwrap().0.to_owned()).collect()
}

fn has_counts(lake: &Path, month: &str) -> bool {
    let folder = lake.join(format!("indicators/month={month}"));
    folder.read_dir().is_ok_and(|mut files| files.next().is_some())
}

#[test]
fn a_release_that_dies_around_its_manifest_is_published_once_with_the_same_figures() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let world = [
        "--devices",
        "60",
        "--days",
        "430",
        "--seed",
        "5",
        "--pings-per-day",
        "5",
        "--first-day",
        "2024-04-01",
    ];
    run(&[&["simulate", "--region", "20321", "--out", text(&path("feed"))], &world[..]].concat());
    answer(&["ingest", "--json", "--file", text(&path("feed/pings")), "--lake", text(&path("lake"))]);
    run(&["release", "keygen", "--out", text(&path("release.key"))]);
    let (secret, key, lake) = (path("secret"), path("release.key"), path("lake"));
    run(&["release", "begin", "--lake", text(&lake), "--secret", text(&secret), "--signing-key", text(&key)]);

    copy(&path("lake"), &path("other"));
    let first: Vec<String> = arguments(&path("other"), folder.path());
    answer(&first.iter().map(String::as_str).collect::<Vec<_>>());
    let undisturbed = released(&path("other"));

    for point in names::RELEASE {
        let lake = path(point);
        copy(&path("lake"), &lake);
        let words = arguments(&lake, folder.path());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let fault = format!("{point}=kill");
        let ended = Process::start(folder.path(), &words, &[("KAYOI_FAULT", fault.as_str())]).wait();
        assert!(!ended.status.success(), "{point} did not happen");
        let is_seen = point == "after-manifest";
        let asked = command(&["query", SEALED, "--format", "csv", "--lake", text(&lake)]).output().unwrap();
        assert_eq!(asked.status.success(), is_seen, "{}", String::from_utf8_lossy(&asked.stderr));
        assert!(has_counts(&lake, "2025-03"), "{point}: counts go when the release is seen, not before");
        let again: Value = answer(&words);
        let sealed = json!(["2025-03", "2025-04"]);
        assert_eq!(again["sealed"], if is_seen { json!([]) } else { sealed });
        assert_eq!(released(&lake), undisturbed, "{point}");
        assert!(!has_counts(&lake, "2025-03"), "{point}");
        let public = path("release.key.pub");
        run(&["release", "verify", "--lake", text(&lake), "--public-key", text(&public)]);
    }
}
