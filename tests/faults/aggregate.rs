//! An aggregation that dies between two steps goes on where it was, and gives what an undisturbed one gives.

use std::path::Path;

use tempfile::TempDir;

use crate::kayoi::{json, run, text};
use crate::names::AGGREGATE;
use crate::process::Process;

/// All but the number of the run.
const RELEASED: &str = "SELECT month, municipality_code, kind, origin_code, persons, persons_low, persons_high, status \
                        FROM connected_monthly ORDER BY month, municipality_code, kind, origin_code";

fn arguments(lake: &Path) -> [&str; 6] {
    ["aggregate", "--json", "--lake", text(lake), "--piece-pings", "20000"]
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

#[test]
fn an_aggregation_that_died_measures_no_piece_again_and_releases_the_same() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (feed, pings, lake) = (path("feed"), path("feed/pings"), path("lake"));
    run(&[
        "simulate",
        "--devices",
        "60",
        "--days",
        "150",
        "--seed",
        "9",
        "--pings-per-day",
        "12",
        "--out",
        text(&feed),
    ]);
    json(&["ingest", "--json", "--file", text(&pings), "--lake", text(&lake)]);
    let other = path("undisturbed");
    copy(&lake, &other);
    let undisturbed = json(&arguments(&other));
    assert_eq!(undisturbed["resumed_pieces"], 0);
    let mut pieces_done = 0;
    for point in AGGREGATE {
        for fault in ["kill", "error"] {
            // The third piece: two are done before the first fault, and one more by each that comes after its
            // note.
            let at = if point == "before-derived-commit" { 1 } else { 2 };
            let fault = format!("{point}={fault}@{at}");
            let ended = Process::start(folder.path(), &arguments(&lake), &[("KAYOI_FAULT", &fault)]).wait();
            assert!(!ended.status.success(), "{fault} did not happen");
            assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
            let notes = lake.join("journal").read_dir().unwrap().next().unwrap().unwrap().path();
            let done = notes.read_dir().unwrap().count();
            assert!(done >= pieces_done, "{fault}: {done} pieces are noted, {pieces_done} were before");
            pieces_done = done;
        }
    }
    let resumed = json(&arguments(&lake));
    assert!(pieces_done > 3, "{pieces_done}");
    assert_eq!(resumed["resumed_pieces"], pieces_done);
    for measured in ["devices", "located_devices", "stays", "nights", "known_nights", "copies"] {
        assert_eq!(resumed[measured], undisturbed[measured], "{measured}");
    }
    assert_eq!(released(&lake), released(&other));
    let jobs = lake.join("journal").read_dir().unwrap();
    let notes: usize = jobs.map(|job| job.unwrap().path().read_dir().unwrap().count()).sum();
    assert_eq!(notes, 0, "the notes of a job that is done are gone");
}
