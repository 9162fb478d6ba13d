//! Lakes of older versions: read as they are, filled further, aggregated and released again.
//!
//! In: `tests/kept`. Out: what was answered then is answered now, to the byte, from the old release as from a
//! new one.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::kayoi::{json, run, text};
use crate::repository;

const RELEASES: [(&str, &str); 3] = [
    ("connected_monthly", "month, municipality_code, kind, origin_code"),
    ("connected_totals_monthly", "month, area_code, kind"),
    ("visitors_daily", "date, municipality_code, origin_code"),
];

/// What stood in the column `boundaries` of CSV before simplified borders shipped.
const SHIPPED_ONCE: &str = r#""sketch (nearest representative point, not a border)""#;

/// An archive, unpacked.
struct Kept {
    folder: TempDir,
}

impl Kept {
    fn all() -> Vec<Self> {
        let entries = repository::root().join("tests/kept").read_dir().unwrap();
        let archives: Vec<PathBuf> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "zst"))
            .collect();
        assert!(!archives.is_empty());
        archives.iter().map(|archive| Self::unpack(archive)).collect()
    }

    fn unpack(archive: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let plain = zstd::decode_all(std::fs::File::open(archive).unwrap()).unwrap();
        let mut tar = Command::new("tar")
            .args(["-x", "-C", text(folder.path())])
            .stdin(Stdio::piped())
            .spawn()
            .expect("tar runs");
        tar.stdin.take().unwrap().write_all(&plain).unwrap();
        assert!(tar.wait().unwrap().success(), "{}", archive.display());
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn lake(&self) -> PathBuf {
        self.path("lake")
    }

    fn released(&self, (table, order): (&str, &str)) -> String {
        let sql = format!("SELECT * FROM {table} ORDER BY {order}");
        run(&["query", &sql, "--format", "csv", "--lake", text(&self.lake())])
    }

    fn answer(&self, table: &str) -> String {
        std::fs::read_to_string(self.path(&format!("answers/{table}.csv"))).unwrap()
    }

    /// Fails with the first line that differs.
    fn expect_answers(&self, prepare: fn(&str) -> String) {
        for release in RELEASES {
            let (found, wanted) = (self.released(release), self.answer(release.0));
            for (found, wanted) in found.lines().zip(wanted.lines()) {
                assert_eq!(prepare(found), prepare(wanted), "{}", release.0);
            }
            assert_eq!(found.lines().count(), wanted.lines().count(), "{}", release.0);
        }
    }
}

/// A row without the number of the run, its last column, and with the borders that ship today. Aggregating
/// again moves no ping to another municipality, but the release names the borders that it was given.
fn without_revision(row: &str) -> String {
    let (row, _) = row.rsplit_once(',').unwrap();
    row.replace(SHIPPED_ONCE, kayoi_geography::simplified::EDITION)
}

#[test]
fn a_kept_lake_is_answered_as_the_version_that_made_it_answered() {
    for kept in Kept::all() {
        kept.expect_answers(str::to_owned);
    }
}

#[test]
fn a_kept_lake_is_aggregated_and_released_anew_to_the_same_bytes() {
    for kept in Kept::all() {
        let summary = json(&["aggregate", "--json", "--lake", text(&kept.lake())]);
        assert_eq!(summary["revision"], 2, "the old release was revision 1");
        kept.expect_answers(without_revision);
        // Once more, over tables in today's columns.
        json(&["aggregate", "--json", "--lake", text(&kept.lake())]);
        kept.expect_answers(without_revision);
    }
}

#[test]
fn a_kept_lake_takes_more_pings_with_its_key_and_counts_them() {
    for kept in Kept::all() {
        let more = kept.path("more.ndjson");
        // 2025-05-06 08:00 in Japan, and the hours after it.
        let instant = |hour: u64| 1_746_486_000_000 + hour * 3_600_000;
        let ping = |hour: u64| {
            format!(
                r#"{{"device_id":"0f0f0f0f-0000-4000-8000-000000000001","timestamp":{},"latitude":36.3486,"longitude":138.597,"horizontal_accuracy":10.0}}"#,
                instant(hour)
            )
        };
        std::fs::write(&more, (0..10).map(ping).collect::<Vec<_>>().join("\n")).unwrap();
        let (lake, key) = (kept.lake(), kept.path("lake.key"));
        let arguments =
            ["ingest", "--json", "--file", text(&more), "--lake", text(&lake), "--key-file", text(&key)];
        assert_eq!(json(&arguments)["stored"], 10);
        let before = 110;
        assert_eq!(json(&["aggregate", "--json", "--lake", text(&lake)])["devices"], before + 1);
    }
}

#[test]
fn upkeep_and_a_wish_to_be_forgotten_work_on_a_kept_lake_before_it_is_aggregated() {
    for kept in Kept::all() {
        let (lake, key) = (kept.lake(), kept.path("lake.key"));
        let info = json(&["lake", "info", "--json", "--lake", text(&lake)]);
        let tables = info["tables"].as_array().unwrap();
        assert!(tables.iter().any(|table| table["name"] == "indicators"), "{info}");
        json(&["lake", "maintain", "--json", "--lake", text(&lake)]);
        // Nobody of that name was ever in it: nothing is deleted, and the receipt says so.
        let (ids, receipt) = (kept.path("ids.txt"), kept.path("receipt.json"));
        std::fs::write(&ids, "00000000-0000-4000-8000-000000000000\n").unwrap();
        let told = json(&[
            "lake",
            "forget",
            "--json",
            "--lake",
            text(&lake),
            "--key-file",
            text(&key),
            "--id-file",
            text(&ids),
            "--receipt",
            text(&receipt),
        ]);
        assert_eq!(told["rows_removed"], serde_json::json!({}));
        assert!(told["versions_after"]["indicators"].is_number(), "{told}");
        let written = std::fs::read_to_string(&receipt).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), told);
    }
}
