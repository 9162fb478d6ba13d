//! Pings in places that the operator calls sensitive leave nothing behind but their number.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::{Int32Type, Int64Type};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use serde_json::Value;
use tempfile::TempDir;

use crate::bad_records::INSTANT_MS;
use crate::kayoi::{json, output, refused, text};

/// A ward with a court in its middle that is not part of it, and a shelter of 150 m around a point.
const PLACES: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"name": "病棟"}, "geometry": {"type": "Polygon", "coordinates": [
    [[139.7, 35.68], [139.71, 35.68], [139.71, 35.69], [139.7, 35.69], [139.7, 35.68]],
    [[139.704, 35.684], [139.706, 35.684], [139.706, 35.686], [139.704, 35.686], [139.704, 35.684]]]}},
  {"type": "Feature", "properties": {"name": "Shelter", "radius_m": 150},
    "geometry": {"type": "Point", "coordinates": [138.1171234, 36.0451234]}}
]}"#;

/// Whose ping it is, latitude, longitude and accuracy, which may be absent. All of a person who was in a place begin
/// with `within`.
type Row = (&'static str, &'static str, &'static str, &'static str);

const ROWS: [Row; 9] = [
    ("within-the-ward", "35.6821117", "139.7021117", "12.5"),
    ("within-the-ward", "35.6822227", "139.7022227", ""),
    // On the western border itself.
    ("within-by-the-border", "35.6823337", "139.7", ""),
    // 18 m east of the ward, give or take 60 m.
    ("within-by-accuracy", "35.6824447", "139.7102", "60"),
    ("within-the-shelter", "36.0459997", "138.1171234", "8"),
    // 18 m east of the ward, give or take 5 m; in its court; 50 m north of the shelter; far away.
    ("beside-the-ward", "35.6824448", "139.7102", "5"),
    ("in-the-court", "35.6851117", "139.7051117", ""),
    ("beside-the-shelter", "36.0469239", "138.1171234", "20"),
    ("far-away", "43.0621117", "141.3541117", "20"),
];

/// How many of them lie in a place.
const WITHIN: u64 = 5;

struct Ground {
    folder: TempDir,
}

impl Ground {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("places.geojson"), PLACES).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes rows as CSV, a minute apart.
    fn feed(&self, name: &str, rows: &[Row]) {
        let line = |(minute, (device, latitude, longitude, accuracy)): (i64, &Row)| {
            format!("{device},{},{latitude},{longitude},{accuracy}\n", INSTANT_MS + minute * 60_000)
        };
        let lines: String = (0..).zip(rows).map(line).collect();
        let head = "device_id,timestamp,latitude,longitude,horizontal_accuracy";
        std::fs::write(self.path(name), format!("{head}\n{lines}")).unwrap();
    }

    /// Ingests a file into a lake; all lakes have one key.
    fn ingest(&self, feed: &str, lake: &str, more: &[&str]) -> Value {
        let (feed, lake, key) = (self.path(feed), self.path(lake), self.path("key"));
        let from =
            ["ingest", "--json", "--file", text(&feed), "--lake", text(&lake), "--key-file", text(&key)];
        json(&[&from[..], more].concat())
    }

    /// Ingests with the places.
    fn ingest_without_places(&self, feed: &str, lake: &str, more: &[&str]) -> Value {
        let places = self.path("places.geojson");
        self.ingest(feed, lake, &[&["--sensitive-places", text(&places)], more].concat())
    }

    fn points(&self, lake: &str, table: InternalTable) -> BTreeSet<(i64, i32, i32)> {
        let mut found = BTreeSet::new();
        let columns = ["device_id", "latitude_e7", "longitude_e7"];
        for batch in Lake::open(&self.path(lake)).unwrap().rows(table, &columns).unwrap() {
            let devices = batch.column(0).as_primitive::<Int64Type>();
            let (latitudes, longitudes) =
                (batch.column(1).as_primitive::<Int32Type>(), batch.column(2).as_primitive::<Int32Type>());
            for row in 0..batch.num_rows() {
                found.insert((devices.value(row), latitudes.value(row), longitudes.value(row)));
            }
        }
        found
    }

    fn rejects(&self, lake: &str) -> usize {
        let lake = Lake::open(&self.path(lake)).unwrap();
        lake.rows(InternalTable::Rejects, &["reason"]).unwrap().iter().map(|batch| batch.num_rows()).sum()
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn latitudes(points: &BTreeSet<(i64, i32, i32)>) -> BTreeSet<i32> {
    points.iter().map(|(_, latitude_e7, _)| *latitude_e7).collect()
}

const OUTSIDE_E7: [i32; 4] = [356_824_448, 356_851_117, 360_469_239, 430_621_117];

#[test]
fn no_trace_of_a_ping_in_a_sensitive_place_is_in_the_lake() {
    let ground = Ground::new();
    ground.feed("feed.csv", &ROWS);
    let summary = ground.ingest_without_places("feed.csv", "lake", &[]);
    assert_eq!((&summary["read"], &summary["stored"]), (&9.into(), &4.into()), "{summary}");
    assert_eq!((&summary["late"], &summary["duplicates"]), (&0.into(), &0.into()), "{summary}");
    assert_eq!(summary["rejected"], WITHIN, "{summary}");
    assert_eq!(summary["rejected_by_reason"], serde_json::json!({ "sensitive_place": WITHIN }));
    assert_eq!(summary["commonest_reject"], Value::Null, "it is no fault of the partner's: {summary}");

    // The canary: without the list all of them are there, and this look finds them.
    assert_eq!(ground.ingest("feed.csv", "open", &[])["stored"], 9);
    let (kept, open) =
        (ground.points("lake", InternalTable::Pings), ground.points("open", InternalTable::Pings));
    assert_eq!((open.len(), open.intersection(&kept).count(), kept.len()), (9, 4, 4));
    assert_eq!(latitudes(&kept), BTreeSet::from(OUTSIDE_E7));

    assert!(ground.points("lake", InternalTable::LatePings).is_empty());
    assert_eq!(ground.rejects("lake"), 0, "an offset would say where to look it up");
    // Logs are texts; files of columns were looked into above.
    for words in ["within", "356821117", "35.6821117", "病棟", "Shelter"] {
        let has = |path: &PathBuf| {
            std::fs::read(path).unwrap().windows(words.len()).any(|found| found == words.as_bytes())
        };
        assert!(!files(&ground.path("lake")).iter().any(has), "{words}");
    }
}

#[test]
fn late_pings_in_a_sensitive_place_are_dropped_like_others() {
    let ground = Ground::new();
    ground.feed("feed.csv", &ROWS);
    let late = ["--allowed-lateness", "1d"];
    let summary = ground.ingest_without_places("feed.csv", "lake", &late);
    assert_eq!((&summary["stored"], &summary["late"]), (&0.into(), &4.into()), "{summary}");
    assert_eq!(summary["rejected"], WITHIN, "{summary}");
    assert_eq!(latitudes(&ground.points("lake", InternalTable::LatePings)), BTreeSet::from(OUTSIDE_E7));
    assert_eq!(ground.rejects("lake"), 0);
    assert_eq!(ground.ingest("feed.csv", "open", &late)["late"], 9);
}

#[test]
fn what_was_dropped_is_counted_once_and_is_no_share_of_rejects() {
    let ground = Ground::new();
    ground.feed("within.csv", &ROWS[..5]);
    let strict = ["--max-rejects", "0"];
    let summary = ground.ingest_without_places("within.csv", "lake", &strict);
    assert_eq!((&summary["read"], &summary["rejected"]), (&5.into(), &5.into()), "{summary}");
    let again = ground.ingest_without_places("within.csv", "lake", &strict);
    assert_eq!((&again["read"], &again["skipped_files"]), (&0.into(), &1.into()), "{again}");

    let lake = ground.path("lake");
    let is_of_rows = |path: &PathBuf| path.extension().is_some_and(|end| end == "parquet");
    assert!(!files(&lake).iter().any(is_of_rows), "there is no row of any table");
    let quality = json(&["quality", "--json", "--lake", text(&lake)]);
    let of = |measure: &str| -> f64 {
        let figures = quality["figures"].as_array().unwrap().iter();
        figures.filter_map(|figure| figure["measures"][measure].as_f64()).sum()
    };
    assert_eq!(
        (of("received"), of("rejected"), of("rejected:sensitive_place")),
        (5.0, 5.0, 5.0),
        "{quality}"
    );
    assert_eq!(of("stored"), 0.0, "{quality}");
    assert_eq!(quality["warnings"], serde_json::json!([]), "{quality}");
}

#[test]
fn a_list_that_cannot_be_read_ends_the_run_before_a_record_is_read() {
    let ground = Ground::new();
    ground.feed("feed.csv", &ROWS);
    std::fs::write(ground.path("bad.csv"), "name,latitude,longitude\nWard,35.68,139.7\nShelter,0,0\n")
        .unwrap();
    for (list, says) in [("bad.csv", "line 3"), ("none.csv", "none.csv"), ("feed.csv", "`name`")] {
        let (feed, lake, list) = (ground.path("feed.csv"), ground.path("lake"), ground.path(list));
        let from = ["ingest", "--file", text(&feed), "--lake", text(&lake)];
        let error = refused(&[&from[..], &["--sensitive-places", text(&list)]].concat());
        assert!(error.contains(says) && error.contains("hint:"), "{error}");
        assert!(!lake.exists(), "{error}");
    }
    // A list beside a configuration would be passed over without a word.
    let both = output(&["ingest", "--config", "ingest.toml", "--sensitive-places", "places.csv"]);
    assert_eq!(both.status.code(), Some(2));
}
