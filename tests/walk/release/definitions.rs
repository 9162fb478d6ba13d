//! Definitions that ship: each goes the whole way, says what it is near to, and finds in one world what is true by its
//! own rules.

use std::collections::BTreeSet;
use std::path::Path;

use kayoi_schemas::definition::shipped_names;
use kayoi_schemas::tables::ReleaseTable;
use serde_json::Value;
use tempfile::TempDir;

use crate::kayoi::{json, output, refused, run, text};

/// Those that are scored: with two hours and no least distance, with long days near home and no neighbours, with a most
/// of municipalities.
const SCORED: [&str; 3] = ["resas-stay", "docomo-tourism", "furusato-premium"];

/// Writes the same world, with its truth by a definition.
fn simulate(definition: &str, out: &Path) {
    let world =
        ["--devices", "150", "--days", "120", "--seed", "11", "--pings-per-day", "30", "--region", "20"];
    run(&[&["simulate", "--definition", definition, "--out", text(out)], &world[..]].concat());
}

/// How many ties there truly are, and how many were found.
fn ties(score: &Value) -> (u64, u64) {
    let confusion = score["kinds"]["confusion"].as_object().unwrap();
    let (mut truth, mut seen) = (0, 0);
    for (of_truth, row) in confusion {
        for (of_seen, count) in row.as_object().unwrap() {
            let count = count.as_u64().unwrap();
            truth += if of_truth == "none" { 0 } else { count };
            seen += if of_seen == "none" { 0 } else { count };
        }
    }
    (truth, seen)
}

#[test]
fn a_definition_that_ships_goes_the_whole_way_and_finds_what_is_true_by_its_rules() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = path("lake.key");
    simulate("connected-2026", &path("feed"));
    let mut truths = BTreeSet::new();
    for name in SCORED {
        simulate(name, &path(name));
        let pings = |folder: &str| std::fs::read(path(folder).join("pings/2025-05-01.ndjson.zst")).unwrap();
        assert!(pings(name) == pings("feed"), "nobody lives otherwise because of a definition");
        let lake = path(&format!("{name}.lake"));
        let (feed, lake) = (path("feed").join("pings"), text(&lake).to_owned());
        run(&["ingest", "--file", text(&feed), "--lake", &lake, "--key-file", text(&key)]);
        json(&["aggregate", "--lake", &lake, "--definition", name, "--json"]);
        let shown = json(&["definitions", "show", name, "--json"]);
        let sql = "SELECT DISTINCT definition, definition_hash FROM connected_monthly";
        let stamps = run(&["query", sql, "--lake", &lake, "--format", "csv"]);
        let expected = format!("{},{}", shown["id"].as_str().unwrap(), shown["hash"].as_str().unwrap());
        assert_eq!(stamps.lines().skip(1).collect::<Vec<_>>(), [expected.as_str()], "{name}");
        let truth = path(name).join("truth");
        let of_lake =
            ["--score", "--truth", text(&truth), "--lake", &lake, "--key-file", text(&key), "--json"];
        let (truth, seen) = ties(&json(&[&["simulate"], &of_lake[..]].concat()));
        eprintln!("{name}: {seen} ties of {truth}");
        let ratio = seen as f64 / truth as f64;
        // In four months a phone is known for too short a time to show all; of a year the page on definitions tells.
        assert!(truth > 100 && (0.8..1.1).contains(&ratio), "{name}: {seen} ties of {truth}");
        truths.insert(truth);
    }
    assert_eq!(truths.len(), SCORED.len(), "definitions that find the same show nothing");
}

#[test]
fn each_says_what_it_is_near_to_what_it_cannot_copy_and_for_which_tables_it_is() {
    let tables: Vec<&str> = ReleaseTable::ALL.map(|table| table.table().name).to_vec();
    let listed = json(&["definitions", "list", "--json"]);
    let names: Vec<&str> =
        listed.as_array().unwrap().iter().map(|definition| definition["name"].as_str().unwrap()).collect();
    assert_eq!(names, shipped_names().collect::<Vec<_>>());
    for name in names.into_iter().filter(|name| *name != "connected-2026") {
        let shown = json(&["definitions", "show", name, "--json"]);
        let printed = run(&["definitions", "show", name]);
        for sentence in shown["cannot_copy"].as_array().unwrap() {
            assert!(printed.contains(sentence["en"].as_str().unwrap()), "{name}");
            assert!(printed.contains(sentence["ja"].as_str().unwrap()), "{name}");
        }
        for table in shown["tables"].as_array().unwrap() {
            assert!(tables.contains(&table.as_str().unwrap()), "{name} is for {table}");
        }
        assert_eq!(run(&["definitions", "show", name, "--toml"]), shipped(name));
    }
}

fn shipped(name: &str) -> String {
    crate::repository::read(&format!("schemas/definitions/{name}.toml"))
}

#[test]
fn a_difference_is_printed_with_units_and_precedents_and_shows_in_the_exit_code() {
    let diff = |words: &[&str]| output(&[&["definitions", "diff"], words].concat());
    let same = diff(&["resas-stay", "resas-stay"]);
    assert_eq!((same.status.code(), same.stderr.as_slice()), (Some(0), &[][..]));
    let other = diff(&["connected-2026", "resas-stay"]);
    let printed = String::from_utf8(other.stdout).unwrap();
    assert_eq!((other.status.code(), other.stderr.as_slice()), (Some(1), &[][..]));
    assert!(printed.contains("stay_min_minutes = 30 -> 120 (minutes)"), "{printed}");
    assert!(printed.contains("commuters_counted = no such rule -> 1"), "{printed}");
    assert!(printed.contains("RESAS: 2 hours or more in a municipality"), "{printed}");
    let bins = diff(&["connected-2026", "mlit-visit-2023", "--json"]);
    let bins: Value = serde_json::from_slice(&bins.stdout).unwrap();
    assert_eq!(bins["second"]["visit_day_bins"], serde_json::json!([1, 2, 8]));
    assert_eq!(bins["parameters"], serde_json::json!([]));

    // A file on a base states what differs, and a word that is neither says what there is.
    let folder = TempDir::new().unwrap();
    let own = folder.path().join("own.toml");
    let words = "name = \"own\"\nversion = 1\nbase = \"resas-stay\"\ntitle_ja = \"自\"\ntitle_en = \"own\"\n";
    std::fs::write(&own, words).unwrap();
    assert_eq!(diff(&["resas-stay", text(&own)]).status.code(), Some(0));
    let error = refused(&["definitions", "diff", "resas-stay", "resas"]);
    assert!(error.contains("cannot read `resas`") && error.contains("furusato-premium"), "{error}");
}
