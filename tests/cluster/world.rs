//! A lake of some people, and what one machine makes of it.

use std::path::{Path, PathBuf};

use kayoi_harness::kayoi::{json, run, text};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use tempfile::TempDir;

const TABLES: [InternalTable; 7] = [
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
    InternalTable::Panel,
    InternalTable::Workplaces,
    InternalTable::Ties,
    InternalTable::Indicators,
];
/// Buckets of the lake.
pub const BUCKETS: u64 = 16;

/// A lake of some people, and what one machine makes of it.
pub struct World {
    folder: TempDir,
    expected: Vec<Vec<Vec<u8>>>,
}

impl World {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let feed = folder.path().join("feed");
        run(&["simulate", "--out", text(&feed), "--devices", "160", "--days", "200", "--seed", "4"]);
        let pristine = folder.path().join("pristine");
        let key = folder.path().join("one.key");
        let pings = feed.join("pings");
        json(&[
            "ingest",
            "--json",
            "--file",
            text(&pings),
            "--lake",
            text(&pristine),
            "--key-file",
            text(&key),
        ]);
        json(&["lake", "buckets", &BUCKETS.to_string(), "--json", "--lake", text(&pristine)]);
        let world = Self { folder, expected: Vec::new() };
        let local = world.lake("local");
        json(&["aggregate", "--json", "--lake", text(&local)]);
        Self { expected: bytes(&local), ..world }
    }

    /// Where everything lies.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A copy of the lake before anything was measured.
    pub fn lake(&self, name: &str) -> PathBuf {
        let lake = self.folder.path().join(name);
        let copied = std::process::Command::new("cp")
            .args(["-a", text(&self.folder.path().join("pristine")), text(&lake)])
            .status();
        assert!(copied.unwrap().success());
        lake
    }

    /// Fails the test unless the tables of a lake are those of one machine.
    pub fn expect(&self, lake: &Path) {
        assert!(bytes(lake) == self.expected, "the files of a cluster and of one machine differ");
    }
}

/// The bytes of each table's files, whatever they are named.
fn bytes(lake: &Path) -> Vec<Vec<Vec<u8>>> {
    let opened = Lake::open(lake).unwrap();
    let of = |table: InternalTable| {
        let files = opened.files(table).unwrap();
        let mut files: Vec<Vec<u8>> =
            files.iter().map(|f| std::fs::read(lake.join(&f.path)).unwrap()).collect();
        files.sort_unstable();
        files
    };
    TABLES.into_iter().map(of).collect()
}
