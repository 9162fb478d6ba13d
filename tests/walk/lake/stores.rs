//! The walk in a bucket: in either of two stores a lake becomes, byte for byte, what it becomes in a folder.
//!
//! In: a simulated feed. Out: ingest, compaction, aggregation with its release, forgetting, vacuum and a server, over S3 and
//! in a folder; then the files of both, what was counted, and what was answered.

use std::path::{Path, PathBuf};
use std::process::Command;

use kayoi_harness::parts::s3::{self, Store};
use kayoi_harness::store::{BUCKET, StoreServer};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::buckets::{TABLES, bytes};
use super::overtaken::identifiers;
use crate::kayoi::{command, run, text};
use crate::process::{Process, RUN_LIMIT, until};

/// Where the lake is in the bucket, and its folder's name elsewhere.
const NAME: &str = "walk";
/// What a crash left, as a vacuum finds it: a file that no commit names.
const ORPHAN: &str = "pings/event_date=2025-06-15/left-by-a-crash.parquet";
/// What is asked of the server.
const FIGURES: &str = "SELECT month, municipality_code, origin_code, kind, status, persons FROM connected_monthly \
                       ORDER BY month, municipality_code, origin_code, kind, status, persons LIMIT 500";

/// What an aggregation counts.
const FIGURES_OF_A_RUN: [&str; 8] = [
    "devices",
    "located_devices",
    "stays",
    "nights",
    "known_nights",
    "release_rows",
    "published_rows",
    "rows",
];

/// A lake, and how a process reaches it.
struct Place<'s> {
    lake: String,
    environment: Vec<(&'static str, &'s str)>,
}

impl Place<'_> {
    fn run(&self, arguments: &[&str]) -> String {
        let arguments = [arguments, &["--lake", self.lake.as_str()]].concat();
        let output = command(&arguments).envs(self.environment.iter().copied()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "kayoi {arguments:?} failed:\n{stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// Walks as far as a release. Returns what each step counted.
    fn walk(&self, folder: &Path) -> Value {
        let (feed, key) = (folder.join("feed/pings"), folder.join("one.key"));
        let (ids, more) = (folder.join("ids.txt"), folder.join("more/pings"));
        let ingest = |from: &Path| {
            self.json(&["ingest", "--file", text(from), "--key-file", text(&key)])["stored"].clone()
        };
        let stored = [ingest(&feed), ingest(&more)];
        let cut = self.json(&["lake", "buckets", "4"]);
        let told = self.json(&["aggregate", "--trial-seed", "7"]);
        let measured = FIGURES_OF_A_RUN.map(|figure| told[figure].clone());
        let forget = ["lake", "forget", "--id-file", text(&ids), "--key-file", text(&key)];
        let forgotten = self.json(&forget)["rows_removed"].clone();
        json!([stored, cut["files"], cut["uncut_files"], measured, forgotten])
    }

    /// Asks a server of the lake, which must answer as the command does.
    fn figures(&self, folder: &Path) -> String {
        let journal = TempDir::new_in(folder).unwrap();
        let ports = ["--pg-port", "0", "--http-port", "0", "--flight-port", "0"];
        let serve =
            [&["serve", "--lake", self.lake.as_str(), "--journal-dir", text(journal.path())][..], &ports]
                .concat();
        let server = Process::start(folder, &serve, &self.environment);
        let mut url = String::new();
        until("the server says where it listens", RUN_LIMIT, || {
            let said = server.stderr();
            let line = said.lines().find_map(|line| line.strip_prefix("HTTP:"));
            url = line.map_or(String::new(), |found| found.trim().to_owned());
            !url.is_empty() && said.contains("Arrow Flight SQL:")
        });
        let mut curl = Command::new("curl");
        curl.args(["-sfG", "--data-urlencode", &format!("sql={FIGURES}"), "-d", "format=csv"]);
        let answer = curl.arg(format!("{url}v1/query")).output().unwrap();
        assert!(answer.status.success(), "{}", server.stderr());
        let asked = self.run(&["query", FIGURES, "--format", "csv"]);
        assert_eq!(String::from_utf8(answer.stdout).unwrap(), asked);
        asked
    }
}

/// The files of the pings and of all that is made of them.
fn all_bytes(lake: &Path) -> Vec<(&'static str, Vec<Vec<u8>>)> {
    bytes(lake, &[&TABLES[..], &[InternalTable::Pings]].concat())
}

/// Leaves a file in a lake's folder that is three days old.
fn leave_orphan(lake: &Path) {
    let path = lake.join(ORPHAN);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "half a file").unwrap();
    let touched = Command::new("touch").args(["-d", "3 days ago", text(&path)]).status();
    assert!(touched.unwrap().success());
}

/// Lakes to be: pings twice, so that a day has files to merge, and whom to forget.
fn ground(folder: &Path) {
    for (name, seed) in [("feed", "4"), ("more", "5")] {
        let out: PathBuf = folder.join(name);
        run(&["simulate", "--out", text(&out), "--devices", "30", "--days", "70", "--seed", seed]);
    }
    let identifiers = identifiers(folder);
    std::fs::write(folder.join("ids.txt"), identifiers[..3].join("\n")).unwrap();
}

#[test]
fn either_store_is_safe_for_commits() {
    for store in Store::ALL {
        let server = StoreServer::start(store);
        let proof = s3::prove(server.endpoint(), BUCKET).envs(server.environment()).output().unwrap();
        assert!(proof.status.success(), "{store:?}: {}", String::from_utf8_lossy(&proof.stderr));
    }
}

#[test]
fn a_lake_in_either_store_becomes_byte_for_byte_what_it_becomes_in_a_folder() {
    let folder = TempDir::new().unwrap();
    ground(folder.path());
    let here = folder.path().join(NAME);
    let place = Place { lake: text(&here).to_owned(), environment: Vec::new() };
    let counted = place.walk(folder.path());
    let figures = place.figures(folder.path());
    assert!(figures.lines().count() > 1, "nothing is released");
    let files = all_bytes(&here);
    assert!(files.iter().all(|(_, files)| !files.is_empty()));
    for store in Store::ALL {
        let server = StoreServer::start(store);
        let place =
            Place { lake: format!("s3://{BUCKET}/{NAME}"), environment: server.environment().to_vec() };
        assert_eq!(place.walk(folder.path()), counted, "{store:?}");
        assert_eq!(place.figures(folder.path()), figures, "{store:?}");
        assert!(
            all_bytes(&server.as_folder(NAME)) == files,
            "{store:?}: files differ from those of a folder"
        );
        if let Some(bucket) = server.bucket_folder() {
            leave_orphan(&bucket.join(NAME));
            assert_eq!(place.json(&["lake", "vacuum", "--hours", "24"])["files"]["pings"], 1);
            assert!(!bucket.join(NAME).join(ORPHAN).exists());
            let left = Lake::open(&bucket.join(NAME)).unwrap().files(InternalTable::Pings).unwrap();
            assert!(left.iter().all(|file| bucket.join(NAME).join(&file.path).is_file()));
        } else {
            assert_eq!(place.json(&["lake", "vacuum", "--hours", "24"])["files"]["pings"], 0);
        }
    }
}
