//! Several definitions in one pass: pings are read once, and each definition has the release that a run of its own makes.
//!
//! In: two lakes of the same pings, one counted by one definition after the other, one by both at once. Out: the files of
//! releases and tables, compared as bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use serde_json::Value;
use tempfile::TempDir;

use crate::kayoi::{json, refused, run, text};
use crate::process::Process;
use crate::query::answers::Server;

/// With two hours and commuters; with long days near home.
const PAIR: [&str; 2] = ["resas-stay", "docomo-tourism"];

/// Tables that depend on the definition, and one that does not.
const TABLES: [InternalTable; 3] = [InternalTable::Ties, InternalTable::Indicators, InternalTable::Stays];

/// A lake of some people, cut into four buckets.
fn lake(folder: &Path, name: &str) -> PathBuf {
    let (feed, lake, key) = (folder.join("feed"), folder.join(name), folder.join("one.key"));
    if !feed.exists() {
        run(&["simulate", "--out", text(&feed), "--devices", "60", "--days", "120", "--seed", "4"]);
    }
    let pings = feed.join("pings");
    run(&["ingest", "--file", text(&pings), "--lake", text(&lake), "--key-file", text(&key)]);
    run(&["lake", "buckets", "4", "--lake", text(&lake)]);
    lake
}

/// The words that aggregate a lake by definitions.
fn words<'a>(lake: &'a Path, definitions: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["aggregate", "--json", "--trial-seed", "7", "--lake", text(lake)];
    definitions.iter().for_each(|definition| words.extend(["--definition", *definition]));
    words
}

fn manifest(lake: &Path, revision: u64) -> Option<Value> {
    let found = Lake::open(lake).unwrap().release_writer().signed(revision).unwrap();
    found.map(|(bytes, _)| serde_json::from_slice(&bytes).unwrap())
}

/// The checksums of each table's files of a release, by month.
fn checksums(manifest: &Value) -> BTreeMap<String, Vec<String>> {
    let of = |table: &Value| {
        let files = table["files"].as_array().unwrap().iter();
        let mut sums: Vec<String> =
            files.map(|file| format!("{} {}", file["month"], file["sha256"])).collect();
        sums.sort_unstable();
        sums
    };
    let tables = manifest["tables"].as_object().unwrap().iter();
    tables.map(|(name, table)| (name.clone(), of(table))).collect()
}

/// The bytes of the files of derived tables, whatever they are named.
fn derived(lake: &Path) -> Vec<Vec<Vec<u8>>> {
    let opened = Lake::open(lake).unwrap();
    let of = |table: InternalTable| {
        let files = opened.files(table).unwrap();
        let mut files: Vec<Vec<u8>> =
            files.iter().map(|file| std::fs::read(lake.join(&file.path)).unwrap()).collect();
        files.sort_unstable();
        files
    };
    TABLES.map(of).to_vec()
}

#[test]
fn two_definitions_in_one_pass_give_the_bytes_of_two_runs_and_read_pings_once() {
    let folder = TempDir::new().unwrap();
    let (apart, together) = (lake(folder.path(), "apart"), lake(folder.path(), "together"));
    let mut alone = Vec::new();
    for (number, name) in PAIR.into_iter().enumerate() {
        let said = json(&words(&apart, &[name]));
        // Of a trial the next run takes the release out of the list.
        alone.push((said, manifest(&apart, number as u64 + 1).unwrap()));
    }
    assert!(manifest(&apart, 1).is_none());

    let said = json(&words(&together, &PAIR));
    let said = said.as_array().unwrap();
    assert_eq!(said.len(), 2);
    for (number, (of_one, (of_alone, released_alone))) in said.iter().zip(&alone).enumerate() {
        let released = manifest(&together, number as u64 + 1).expect("each definition has a release");
        let id = json(&["definitions", "show", PAIR[number], "--json"])["id"].clone();
        assert_eq!((&of_one["definition"], &released["definition"]), (&id, &id));
        for figure in ["pings", "devices", "stays", "nights", "known_nights", "rows", "capped", "revision"] {
            assert_eq!(of_one[figure], of_alone[figure], "{figure} of {id}");
        }
        // Of one sweep, whatever it is measured by.
        assert_eq!(of_one["wanted_bytes"], of_alone["wanted_bytes"]);
        assert!(of_one["wanted_bytes"].as_u64().unwrap() > 0);
        assert!(checksums(&released) == checksums(released_alone), "the files of {id} differ");
        // The same people are drawn twice, which each of the two says.
        for (line, spent) in released["spent"].as_object().unwrap() {
            let (spent, once) = (spent.as_f64().unwrap(), released_alone["spent"][line].as_f64().unwrap());
            assert!((spent - 2.0 * once).abs() < 1e-9, "{line}: {spent}, and {once} alone");
        }
    }
    let sums = [1, 2].map(|revision| checksums(&manifest(&together, revision).unwrap()));
    assert!(sums[0] != sums[1], "definitions that find the same show nothing");
    assert!(derived(&together) == derived(&apart), "the tables are those of the last definition");
    let ledger = json(&["release", "ledger", "--json", "--lake", text(&together)]);
    assert_eq!(ledger["lines"][0]["times"], 2);

    let server = Server::start(&together);
    for (selected, found) in [("", PAIR[1]), ("&d=resas-stay", PAIR[0]), ("&d=docomo-tourism", PAIR[1])] {
        let path =
            format!("/v1/query?sql=SELECT%20DISTINCT%20definition%20FROM%20connected_monthly{selected}");
        let (status, body) = server.get(&path);
        assert!(status.contains("200"), "{status}: {body}");
        let is_in = PAIR.map(|name| body.contains(&format!("\"{name}/")));
        assert_eq!(is_in, PAIR.map(|name| name == found), "{selected}: {body}");
    }
}

#[test]
fn a_pass_that_was_stopped_goes_on_with_all_of_its_definitions_and_with_one() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake");
    let whole = json(&words(&lake, &PAIR));
    let stopped = |fault: &str| {
        let ended = Process::start(folder.path(), &words(&lake, &PAIR), &[("KAYOI_FAULT", fault)]).wait();
        assert!(!ended.status.success(), "{}", ended.stdout);
    };
    // All is measured, and the first release is not out.
    stopped("before-manifest=kill");
    let again = json(&words(&lake, &PAIR));
    for (again, whole) in again.as_array().unwrap().iter().zip(whole.as_array().unwrap()) {
        assert_eq!((&again["resumed_buckets"], &again["wanted_bytes"]), (&4.into(), &0.into()));
        for figure in ["pings", "devices", "stays", "nights", "known_nights", "rows", "capped"] {
            assert_eq!(again[figure], whole[figure], "{figure}");
        }
    }
    // The releases of the runs before are listed no more.
    assert_eq!([1, 2, 3, 4].map(|revision| manifest(&lake, revision).is_some()), [false, false, true, true]);
    // What was noted by one definition is good for a run of its own.
    stopped("before-manifest=kill");
    let second = json(&words(&lake, &PAIR[1..]));
    assert_eq!((&second["resumed_buckets"], &second["rows"]), (&4.into(), &whole[1]["rows"]));
    assert_eq!([3, 4, 5].map(|revision| manifest(&lake, revision).is_some()), [false, false, true]);
}

#[test]
fn several_definitions_are_refused_where_they_cannot_be_told_apart_shared_out_or_published() {
    let folder = TempDir::new().unwrap();
    let lake = lake(folder.path(), "lake");
    let twice = refused(&words(&lake, &["resas-stay", "docomo-tourism", "resas-stay"]));
    assert!(twice.contains("is named twice") && twice.contains("hint: name each once"), "{twice}");
    for shared in [&["--bucket", "0/4"][..], &["--finish"], &["--cluster", "http://localhost:50050"]] {
        let said = refused(&[&words(&lake, &PAIR)[..], shared].concat());
        assert!(said.contains("by one process alone") && said.contains("leave out --bucket"), "{said}");
    }
    let (key, secret) = (folder.path().join("release.key"), folder.path().join("secret"));
    run(&["release", "keygen", "--out", text(&key)]);
    let real = ["--lake", text(&lake), "--secret", text(&secret), "--signing-key", text(&key)];
    run(&[&["release", "begin"], &real[..]].concat());
    let named = ["aggregate", "--definition", PAIR[0], "--definition", PAIR[1]];
    for more in [vec![], vec!["--correction", "another definition"]] {
        let said = refused(&[&named[..], &real[..], &more[..]].concat());
        assert!(said.contains("published by one definition, and 2 are named"), "{said}");
    }
    assert!(
        Lake::open(&lake).unwrap().files(InternalTable::Ties).unwrap().is_empty(),
        "it was measured first"
    );
}
