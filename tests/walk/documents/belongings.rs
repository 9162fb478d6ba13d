//! What a reader of the pages has before the first command: pings, a lake, borders, lists.
//!
//! In: nothing. Out: a demo to ask, and a folder for each page with files of the names that pages use. Feed
//! and lake are simulated once and copied, so that no page sees what another one did.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kayoi::{run, text};
use crate::population::tables;
use crate::repository;

/// The records of a partner with names of its own, as the pages map them.
const FEED: &str = "ad_id,utc_timestamp,lat,lng
6d92078a-8246-4ba4-ae5b-76104861e7dc,1750000000,36.0451234,138.1171234
6d92078a-8246-4ba4-ae5b-76104861e7dc,1750003600,36.0461234,138.1181234
";
/// One record of the contract.
const RECORD: &str = r#"{"device_id": "6d92078a-8246-4ba4-ae5b-76104861e7dc", "timestamp": 1750000000000, "latitude": 36.0451234, "longitude": 138.1171234}"#;
const OFFICES: &str = "名称,緯度,経度,半径\n諏訪コワーキング,36.0451,138.1171,50\n";
const PLACES: &str = "名称,緯度,経度,半径\n病院,35.6851,139.7051,300\n";
const ID: &str = "6d92078a-8246-4ba4-ae5b-76104861e7dc\n";

/// What was made once for all pages.
pub struct Belongings {
    folder: TempDir,
}

impl Belongings {
    /// Simulates, ingests and aggregates: the demo for the questions, and something smaller for the commands.
    pub fn make() -> Self {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        run(&["demo", "--no-serve", "--dir", text(&path("demo"))]);
        run(&["simulate", "--devices", "40", "--days", "45", "--out", text(&path("feed"))]);
        let lake = path("lake");
        run(&["ingest", "--file", text(&path("feed/pings")), "--lake", text(&lake)]);
        run(&["aggregate", "--lake", text(&lake)]);
        Self { folder }
    }

    /// The lake of the demo.
    pub fn demo_lake(&self) -> PathBuf {
        self.folder.path().join("demo/lake")
    }

    /// A folder for one page.
    pub fn unpack(&self) -> TempDir {
        let page = TempDir::new().unwrap();
        let made = |name: &str| self.folder.path().join(name);
        copy(&made("lake"), page.path());
        copy(&made("lake.key"), page.path());
        copy(&made("feed/pings"), page.path());
        std::os::unix::fs::symlink(repository::root().join("schemas"), page.path().join("schemas")).unwrap();
        let write = |name: &str, bytes: &str| std::fs::write(page.path().join(name), bytes).unwrap();
        write("feed.csv", FEED);
        write("pings.ndjson", &format!("{RECORD}\n"));
        write("ids.txt", ID);
        write("offices.csv", OFFICES);
        write("cars.csv", "area_code,car_percent,source\n20214,71.4,a test\n");
        let point = json!({ "type": "Point", "coordinates": [138.1171, 36.0451] });
        write("offices.geojson", &collection(json!({ "name": "諏訪", "radius_m": 50 }), point));
        write("places.csv", PLACES);
        let point = json!({ "type": "Point", "coordinates": [139.7051, 35.6851] });
        write("places.geojson", &collection(json!({ "name": "病院", "radius_m": 300 }), point));
        tables::register(&page.path().join("2025jinko.xlsx"));
        write("towns.csv", tables::TOWNS);
        write("towns.geojson", &collection(json!({ "code": "20206" }), square()));
        write("N03-20250101.geojson", &collection(n03(), square()));
        let mut zip = Command::new("python3");
        zip.args(["-m", "zipfile", "-c", "N03-20250101_GML.zip", "N03-20250101.geojson"]);
        assert!(zip.current_dir(page.path()).status().unwrap().success());
        page
    }
}

/// Attributes of an official file.
fn n03() -> Value {
    json!({ "N03_001": "長野県", "N03_002": null, "N03_003": null, "N03_004": "諏訪市", "N03_005": null, "N03_007": "20206" })
}

/// An area around Suwa station.
fn square() -> Value {
    let ring = [[138.0, 36.0], [138.25, 36.0], [138.25, 36.25], [138.0, 36.25], [138.0, 36.0]];
    json!({ "type": "Polygon", "coordinates": [ring] })
}

/// GeoJSON with one feature.
fn collection(properties: Value, geometry: Value) -> String {
    let feature = json!({ "type": "Feature", "properties": properties, "geometry": geometry });
    json!({ "type": "FeatureCollection", "features": [feature] }).to_string()
}

fn copy(from: &Path, into: &Path) {
    let status = Command::new("cp").arg("-r").arg(from).arg(into).status().unwrap();
    assert!(status.success(), "cannot copy `{}`", from.display());
}
