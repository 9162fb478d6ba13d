//! Lakes of older versions: read as they are, filled further, aggregated and released again.
//!
//! In: `tests/kept`. Out: pings, stays and counts are read as they were; figures that were published without noise are
//! withheld until a release of today takes their place.

use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::Float32Type;
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use tempfile::TempDir;

use crate::kayoi::{json, refused, run, text};
use crate::kept::{archives, unpack};

const RELEASES: [(&str, &str); 3] = [
    ("connected_monthly", "month, municipality_code, kind, origin_level, origin_code"),
    ("connected_totals_monthly", "month, area_code, kind"),
    ("visitors_daily", "date, municipality_code, origin_level"),
];

/// The arguments of a release whose noise can be drawn again.
fn aggregated(lake: &Path) -> serde_json::Value {
    json(&["aggregate", "--json", "--lake", text(lake), "--trial-seed", "7"])
}

/// An archive, unpacked.
pub(super) struct Kept {
    folder: TempDir,
}

impl Kept {
    fn all() -> Vec<Self> {
        Self::of("tests/kept")
    }

    /// The archives of a folder of the repository.
    pub(super) fn of(folder: &str) -> Vec<Self> {
        archives(folder).iter().map(|archive| Self { folder: unpack(archive) }).collect()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn lake(&self) -> PathBuf {
        self.path("lake")
    }

    fn released(&self, (table, order): (&str, &str)) -> String {
        let sql = format!("SELECT * FROM {table} ORDER BY {order}");
        run(&["query", &sql, "--format", "csv", "--lake", text(&self.lake())])
    }

    /// What a version that published exact counts answered: persons of visitors of a day, by date and town.
    fn visitors_once(&self) -> Vec<(String, String, f64)> {
        let text = std::fs::read_to_string(self.path("answers/visitors_daily.csv")).unwrap();
        let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let of_all = rows.filter(|row| row[5] == "all");
        of_all.filter_map(|row| Some((row[0].to_owned(), row[1].to_owned(), row[7].parse().ok()?))).collect()
    }
}

#[test]
fn figures_of_a_version_without_noise_are_withheld_until_they_are_made_anew() {
    for kept in Kept::all() {
        let lake = kept.lake();
        let error = refused(&["query", "SELECT * FROM visitors_daily", "--lake", text(&lake)]);
        assert!(error.contains("withheld") && error.contains("hint:"), "{error}");
        let summary = aggregated(&lake);
        assert_eq!((&summary["revision"], &summary["series"]), (&1.into(), &"trial".into()));
        // Its 110 people are fewer than a day's figure needs to stand out of its noise, or stand near what they were.
        let sql = "SELECT date, municipality_code, persons FROM visitors_daily \
                   WHERE origin_level = 'all' AND persons IS NOT NULL";
        let now = run(&["query", sql, "--format", "csv", "--lake", text(&lake)]);
        let once = kept.visitors_once();
        assert!(!once.is_empty());
        for row in now.lines().skip(1) {
            let row: Vec<&str> = row.split(',').collect();
            let known =
                once.iter().find(|(date, town, _)| (date.as_str(), town.as_str()) == (row[0], row[1]));
            let persons: f64 = row[2].parse().unwrap();
            let (_, _, exact) = known.unwrap_or_else(|| panic!("{row:?} was no figure before"));
            assert!((persons - exact).abs() < 45.0, "{row:?}: {exact} before");
        }
    }
}

#[test]
fn a_kept_lake_is_aggregated_and_released_to_the_same_bytes_again() {
    for kept in Kept::all() {
        aggregated(&kept.lake());
        let first = RELEASES.map(|release| kept.released(release));
        // Once more, over tables in today's columns.
        assert_eq!(aggregated(&kept.lake())["revision"], 2);
        let without_revision = |rows: &str| {
            rows.lines().map(|row| row.rsplit_once(',').unwrap().0.to_owned()).collect::<Vec<_>>()
        };
        for (before, release) in first.iter().zip(RELEASES) {
            assert_eq!(without_revision(before), without_revision(&kept.released(release)), "{}", release.0);
        }
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

/// The speeds of all pings, as far as there are any, and how many pings there are.
fn speeds(lake: &Path) -> (Vec<f32>, usize) {
    let batches = Lake::open(lake).unwrap().rows(InternalTable::Pings, &["speed_m_s"]).unwrap();
    let columns = batches.iter().map(|batch| batch.column(0).as_primitive::<Float32Type>());
    let known: Vec<f32> = columns.flat_map(|column| column.iter().flatten().collect::<Vec<_>>()).collect();
    (known, batches.iter().map(|batch| batch.num_rows()).sum())
}

#[test]
fn a_kept_lake_takes_speeds_beside_pings_that_have_none() {
    for kept in Kept::all() {
        let (lake, key, more) = (kept.lake(), kept.path("lake.key"), kept.path("more.ndjson"));
        let (known, before) = speeds(&lake);
        assert!(known.is_empty() && before > 15_000);
        let ping = |(minute, speed): (u64, &str)| {
            let instant = 1_746_486_000_000 + minute * 60_000;
            format!(
                r#"{{"device_id":"0f0f0f0f-0000-4000-8000-000000000001","timestamp":{instant},"latitude":36.3486,"longitude":138.597,"speed":{speed}}}"#
            )
        };
        let pings = (0..).zip(["1.26", "-1", "null", "\"27.8\""]).map(ping);
        std::fs::write(&more, pings.collect::<Vec<_>>().join("\n")).unwrap();
        let arguments =
            ["ingest", "--json", "--file", text(&more), "--lake", text(&lake), "--key-file", text(&key)];
        assert_eq!(json(&arguments)["stored"], 4);
        assert_eq!(speeds(&lake), (vec![1.3, 27.8], before + 4));
        json(&["lake", "compact", "--json", "--lake", text(&lake)]);
        assert_eq!(speeds(&lake), (vec![1.3, 27.8], before + 4));
    }
}

/// The ages and sexes of all pings, as far as there are any, and how many pings there are.
fn people(lake: &Path) -> (Vec<String>, usize) {
    let batches = Lake::open(lake).unwrap().rows(InternalTable::Pings, &["age_band", "sex"]).unwrap();
    let columns =
        batches.iter().flat_map(|batch| batch.columns().iter().map(|column| column.as_string::<i32>()));
    let known = columns.flat_map(|column| column.iter().flatten().map(str::to_owned).collect::<Vec<_>>());
    (known.collect(), batches.iter().map(|batch| batch.num_rows()).sum())
}

#[test]
fn a_kept_lake_takes_ages_and_sexes_beside_pings_that_have_none() {
    for kept in Kept::all() {
        let (lake, key, more) = (kept.lake(), kept.path("lake.key"), kept.path("more.ndjson"));
        let (known, before) = people(&lake);
        assert!(known.is_empty() && before > 15_000);
        let ping = |(minute, person): (u64, &str)| {
            let instant = 1_746_486_000_000 + minute * 60_000;
            format!(
                r#"{{"device_id":"0f0f0f0f-0000-4000-8000-000000000001","timestamp":{instant},"latitude":36.3486,"longitude":138.597{person}}}"#
            )
        };
        let pings = (0..).zip(["", r#","age_band":"40代","sex":2"#, r#","age_band":"?","sex":9"#]).map(ping);
        std::fs::write(&more, pings.collect::<Vec<_>>().join("\n")).unwrap();
        let arguments =
            ["ingest", "--json", "--file", text(&more), "--lake", text(&lake), "--key-file", text(&key)];
        assert_eq!(json(&arguments)["stored"], 3);
        let expected = || (vec!["40-49".to_owned(), "female".to_owned()], before + 3);
        assert_eq!(people(&lake), expected());
        json(&["lake", "compact", "--json", "--lake", text(&lake)]);
        assert_eq!(people(&lake), expected());
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
