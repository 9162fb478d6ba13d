//! Borders, codes, and files that others read.

use std::path::{Path, PathBuf};
use std::process::Command;

use kayoi_harness::process::python;
use parquet::basic::Encoding;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::input;
use crate::bad_records::good_record;
use crate::kayoi::{self, refused, run, text};

/// A folder with one boundary file to come.
struct Ground(TempDir);

impl Ground {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("out.boundaries")
    }

    /// A file of this name and content.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn arguments<'a>(&self, from: &'a Path, more: &[&'a str], out: &'a Path) -> Vec<&'a str> {
        [&["boundaries", "import", text(from), "--out", text(out)], more].concat()
    }

    /// Imports; the report.
    fn report(&self, from: &Path, more: &[&str]) -> Value {
        let out = self.out();
        kayoi::json(&[&self.arguments(from, more, &out), ["--json"].as_slice()].concat())
    }

    /// What an import that is refused says.
    fn refusal(&self, from: &Path, more: &[&str]) -> String {
        let out = self.out();
        let said = refused(&self.arguments(from, more, &out));
        assert!(!out.exists() && said.contains("\nhint: "), "{said}");
        said
    }

    /// The code at a point, without a coast.
    fn code_at(&self, latitude: &str, longitude: &str) -> Option<String> {
        let out = self.out();
        let place = ["boundaries", "place", latitude, longitude, "--coast-m", "0", "--json", "--boundaries"];
        let place = kayoi::json(&[place.as_slice(), &[text(&out)]].concat());
        place["municipality_code"].as_str().map(str::to_owned)
    }
}

/// Squares beside each other, 0.02° wide, from 35.0 139.0 to the east.
fn squares(properties: &[Value]) -> Value {
    let feature = |(number, properties): (usize, &Value)| {
        let west = 139.0 + 0.02 * number as f64;
        let (east, south, north) = (west + 0.02, 35.0, 35.02);
        let ring = json!([[west, south], [east, south], [east, north], [west, north], [west, south]]);
        json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let features: Vec<Value> = properties.iter().enumerate().map(feature).collect();
    json!({"type": "FeatureCollection", "features": features})
}

fn by_code(codes: &[Value]) -> Value {
    squares(&codes.iter().map(|code| json!({ "code": code })).collect::<Vec<_>>())
}

#[test]
fn a_deleted_record_of_a_dbf_moves_no_other() {
    let ground = Ground::new();
    let report = ground.report(&input("R20", "deleted-record.zip"), &[]);
    assert_eq!(ground.code_at("36.04", "138.11").as_deref(), Some("20206"));
    assert_eq!(ground.code_at("43.06", "141.35").as_deref(), Some("01101"));
    assert_eq!(ground.code_at("35.69", "139.75"), None);
    let deleted = json!([{"reason": "its record in the .dbf is marked as deleted", "features": 1}]);
    assert_eq!((&report["features"], &report["skipped"]), (&json!(3), &deleted));
}

#[test]
fn a_description_beside_a_shapefile_is_no_layer() {
    let ground = Ground::new();
    let report = ground.report(&input("R21", "shapefile-and-metadata.zip"), &[]);
    assert_eq!((&report["units"], &report["layers_ignored"]), (&json!(3), &json!(["metadata.json"])));
}

#[test]
fn six_digits_that_lost_their_zero_are_read_as_six() {
    let ground = Ground::new();
    let six = input("R23", "six-digits-as-numbers.geojson");
    let report = ground.report(&six, &["--code-column", "lgcode"]);
    for (latitude, longitude, code) in
        [("40.78", "140.21", "02321"), ("34.86", "137.06", "23213"), ("43.06", "141.35", "01101")]
    {
        assert_eq!(ground.code_at(latitude, longitude).as_deref(), Some(code));
    }
    assert_eq!((&report["units"], &report["units_never_in_use"]), (&json!(4), &json!(0)));
}

#[test]
fn codes_are_read_in_any_spelling_that_the_whole_file_proves() {
    let expected = ["01101", "13101", "20206", "47201"];
    for codes in [
        json!(["01101", "13101", "20206", "47201"]),
        json!([1101, 13101, 20206, 47201]),
        json!([1101.0, 13101.0, 20206.0, 47201.0]),
        json!(["1101.0", "13101.0", "20206.0", "47201.0"]),
        json!(["０１１０１", "１３１０１", "２０２０６", "４７２０１"]),
        json!(["011011", "131016", "202061", "472018"]),
        json!([11011, 131016, 202061, 472018]),
        json!(["11011.0", "131016.0", "202061.0", "472018.0"]),
    ] {
        let ground = Ground::new();
        let from = ground.file("towns.geojson", by_code(codes.as_array().unwrap()).to_string());
        ground.report(&from, &[]);
        for (number, code) in expected.iter().enumerate() {
            let longitude = format!("{:.2}", 139.01 + 0.02 * number as f64);
            assert_eq!(ground.code_at("35.01", &longitude).as_deref(), Some(*code), "{codes}");
        }
    }
}

#[test]
fn codes_that_may_be_meant_in_two_ways_are_refused_until_somebody_says_it() {
    let ground = Ground::new();
    let mixed =
        ground.file("mixed.geojson", by_code(&[json!("01101"), json!("20206"), json!("131016")]).to_string());
    let said = ground.refusal(&mixed, &[]);
    assert!(said.contains("2 can only be of five digits (as `01101`), 1 only of six"), "{said}");
    let report = ground.report(&mixed, &["--code-digits", "5"]);
    assert_eq!((&report["units"], &report["skipped"][0]["features"]), (&json!(2), &json!(1)));

    let ground = Ground::new();
    let either = ground.file("either.geojson", by_code(&[json!(23213)]).to_string());
    let said = ground.refusal(&either, &[]);
    assert!(said.contains("`23213` or `02321`") && said.contains("--code-digits"), "{said}");
    ground.report(&either, &["--code-digits", "6"]);
    assert_eq!(ground.code_at("35.01", "139.01").as_deref(), Some("02321"));
}

#[test]
fn codes_of_prefectures_and_codes_that_never_were_are_told() {
    let ground = Ground::new();
    for codes in [json!(["13", "20", "01"]), json!([13, 20, 1])] {
        let from = ground.file("prefectures.geojson", by_code(codes.as_array().unwrap()).to_string());
        assert!(ground.refusal(&from, &[]).contains("the code of a prefecture"));
    }
    let from = ground.file("whole.geojson", by_code(&[json!("13000"), json!("20000")]).to_string());
    assert!(ground.refusal(&from, &[]).contains("whole prefectures"));

    let from = ground.file("towns.geojson", by_code(&[json!("13101"), json!("13999")]).to_string());
    let report = ground.report(&from, &[]);
    assert_eq!(
        (&report["units_never_in_use"], &report["codes_never_in_use"]),
        (&json!(1), &json!(["13999"]))
    );
    let out = ground.out();
    assert!(run(&ground.arguments(&from, &[], &out)).contains("never in use       1 units"));
}

#[test]
fn another_reference_system_is_refused_wherever_it_is_stated() {
    let ground = Ground::new();
    let said = ground.refusal(&input("R26", "tokyo-datum.geojson"), &[]);
    assert!(said.contains("EPSG::4301") && said.contains("ogr2ogr"), "{said}");
    let name = |name: &str| json!({"type": "name", "properties": {"name": name}});
    let link = |code: u32| json!({"type": "link", "properties": {"href": format!("http://spatialreference.org/ref/epsg/{code}/proj4/")}});
    let with = |place: &str, crs: Value| {
        let mut areas = squares(&[json!({"N03_007": "13101"})]);
        match place {
            "collection" => areas["crs"] = crs,
            "feature" => areas["features"][0]["crs"] = crs,
            _ => areas["features"][0]["geometry"]["crs"] = crs,
        }
        areas.to_string()
    };
    for place in ["collection", "feature", "geometry"] {
        for refused in [
            name("EPSG:4301"),
            name("urn:ogc:def:crs:EPSG::3857"),
            name("EPSG:6677"),
            link(4301),
            name("Tokyo"),
        ] {
            let from = ground.file("areas.geojson", with(place, refused.clone()));
            assert!(ground.refusal(&from, &[]).contains("has its coordinates in `"), "{place} {refused}");
        }
        for taken in ["EPSG:4326", "EPSG:4612", "urn:ogc:def:crs:EPSG::6668", "urn:ogc:def:crs:OGC:1.3:CRS84"]
        {
            let from = ground.file("areas.geojson", with(place, name(taken)));
            assert_eq!(ground.report(&from, &[])["units"], 1, "{taken}");
            std::fs::remove_file(ground.out()).unwrap();
        }
        let from = ground.file("areas.geojson", with(place, link(4326)));
        assert_eq!(ground.report(&from, &[])["units"], 1);
        std::fs::remove_file(ground.out()).unwrap();
    }
}

#[test]
fn coordinates_that_are_no_degrees_are_refused_with_the_way_out() {
    let ground = Ground::new();
    let area = |ring: Value| {
        let geometry = json!({"type": "Polygon", "coordinates": [ring]});
        json!({"type": "Feature", "properties": {"N03_007": "13101"}, "geometry": geometry}).to_string()
    };
    let plane =
        area(json!([[-7000.5, -35000.0], [-6000.0, -35000.0], [-6000.0, -34000.0], [-7000.5, -35000.0]]));
    let said = ground.refusal(&ground.file("plane.geojson", plane), &[]);
    assert!(said.contains("1 of 1 features") && said.contains("平面直角座標"), "{said}");
    let swapped = area(json!([[35.6, 139.7], [35.7, 139.7], [35.7, 139.8], [35.6, 139.7]]));
    let said = ground.refusal(&ground.file("swapped.geojson", swapped), &[]);
    assert!(said.contains("latitude first in 1 of 1 features"), "{said}");
}

#[test]
fn the_id_of_a_feature_may_be_its_code() {
    let ground = Ground::new();
    let from = input("R27", "code-in-feature-id.geojson");
    assert!(ground.refusal(&from, &[]).contains("`id`"));
    assert_eq!(ground.report(&from, &["--code-column", "id"])["units"], 3);
    assert_eq!(ground.code_at("35.69", "139.75").as_deref(), Some("13101"));
    // A column of that name comes first, and the id may be a number.
    let mut areas = squares(&[json!({"id": "20206"}), json!({})]);
    areas["features"][0]["id"] = json!("13101");
    areas["features"][1]["id"] = json!(13102);
    let from = ground.file("areas.geojson", areas.to_string());
    ground.report(&from, &["--code-column", "id"]);
    assert_eq!(ground.code_at("35.01", "139.01").as_deref(), Some("20206"));
    assert_eq!(ground.code_at("35.01", "139.03").as_deref(), Some("13102"));
}

#[test]
fn a_division_without_shares_names_the_option_that_gives_them() {
    for (code, from, to, weights) in [
        ("22135", "2023-12-31", "2024-01-01", "--weight 22138=PEOPLE --weight 22139=PEOPLE"),
        (
            "22138",
            "2024-01-01",
            "2023-12-31",
            "--weight 22131=PEOPLE --weight 22132=PEOPLE --weight 22133=PEOPLE --weight 22134=PEOPLE --weight 22135=PEOPLE",
        ),
    ] {
        let typed = ["codes", "convert", code, "--from", from, "--to", to];
        let said = refused(&typed);
        assert!(said.contains(weights) && !said.contains("::"), "{said}");
        let weights = weights.replace("PEOPLE", "1000");
        let weights: Vec<&str> = weights.split(' ').collect();
        assert!(!run(&[typed.as_slice(), &weights].concat()).is_empty());
    }
}

#[test]
fn a_folder_of_prefectures_is_read_together() {
    let ground = Ground::new();
    let report = ground.report(&input("R29", "folder"), &[]);
    assert_eq!((&report["units"], &report["features"]), (&json!(2), &json!(2)));
    assert_eq!(ground.code_at("35.69", "139.75").as_deref(), Some("13101"));
    assert_eq!(ground.code_at("36.04", "138.11").as_deref(), Some("20206"));
}

#[test]
fn a_folder_holds_each_unit_once_or_in_pieces() {
    let areas = |codes: &[&str]| by_code(&codes.iter().map(|code| json!(code)).collect::<Vec<_>>());
    let ground = Ground::new();
    // The same file twice, lines, and a letter.
    ground.file("feed/N03-20250101_13.geojson", areas(&["13101", "13102"]).to_string());
    ground.file("feed/copy/N03-20250101_13.geojson", areas(&["13101", "13102"]).to_string());
    let mut island = areas(&["13102"]);
    island["features"][0]["geometry"]["coordinates"] =
        json!([[[141.0, 35.0], [141.1, 35.0], [141.1, 35.1], [141.0, 35.0]]]);
    ground.file("feed/islands.ndjson", island["features"][0].to_string());
    ground.file("feed/list.json", "[1, 2]");
    let letter = ground.file("feed/readme.txt", "dear");
    let feed = letter.parent().unwrap();
    let report = ground.report(feed, &[]);
    assert_eq!((&report["units"], &report["polygons"]), (&json!(2), &json!(3)));
    assert_eq!((&report["polygons_read_once"], &report["units_in_several_layers"]), (&json!(2), &json!(1)));
    assert_eq!(report["layers_ignored"], json!(["list.json", "readme.txt"]));
    assert_eq!(ground.code_at("35.05", "141.06").as_deref(), Some("13102"));
    std::fs::remove_file(ground.out()).unwrap();

    // Another drawing of a unit, and another edition.
    let mut drawn = areas(&["13101"]);
    drawn["features"][0]["geometry"]["coordinates"][0][2] = json!([139.019, 35.019]);
    let drawing = ground.file("feed/simplified.geojson", drawn.to_string());
    let said = ground.refusal(feed, &[]);
    assert!(said.contains("`13101`") && said.contains("--layer"), "{said}");
    assert_eq!(ground.report(feed, &["--layer", "islands"])["units"], 1);
    std::fs::remove_file(ground.out()).unwrap();
    assert!(ground.refusal(feed, &["--layer", "nowhere"]).contains("`simplified.geojson`"));
    std::fs::rename(&drawing, drawing.with_file_name("N03-20240101_14.geojson")).unwrap();
    let said = ground.refusal(feed, &[]);
    assert!(said.contains("N03 2024-01-01") && said.contains("N03 2025-01-01"), "{said}");

    let empty = ground.file("empty/readme.txt", "dear");
    assert!(ground.refusal(empty.parent().unwrap(), &[]).contains("no administrative areas"));
}

#[test]
fn land_of_two_units_is_told_with_its_area() {
    let ground = Ground::new();
    let mut areas = by_code(&[json!("13101"), json!("13102"), json!("13103")]);
    areas["features"][1]["geometry"]["coordinates"] =
        json!([[[139.01, 35.0], [139.04, 35.0], [139.04, 35.02], [139.01, 35.02], [139.01, 35.0]]]);
    let from = ground.file("areas.geojson", areas.to_string());
    let report = ground.report(&from, &[]);
    assert_eq!(report["overlapping_pairs"], 1);
    let largest = &report["overlaps"][0];
    assert_eq!((&largest["code"], &largest["other_code"]), (&json!("13101"), &json!("13102")));
    // 0.01° by 0.02° at 35°.
    let km2 = largest["km2"].as_f64().unwrap();
    assert!((km2 / 2.024 - 1.0).abs() < 0.02, "{km2}");
    let out = ground.out();
    assert!(run(&ground.arguments(&from, &[], &out)).contains("13101 and 13102: 2.0"));
    // Neighbours alone share nothing.
    let from = ground.file("apart.geojson", by_code(&[json!("13101"), json!("13102")]).to_string());
    assert_eq!(ground.report(&from, &[])["overlapping_pairs"], 0);
}

/// The long-term release of DuckDB, which reads BYTE_STREAM_SPLIT for floats only, as Spark 3.5 and 4.1 do.
#[test]
fn pings_are_read_by_what_analysts_have() {
    let folder = TempDir::new().unwrap();
    let (feed, lake) = (folder.path().join("feed.ndjson"), folder.path().join("lake"));
    let records: Vec<Vec<u8>> = (0..50).map(|second| good_record("device-1", second)).collect();
    std::fs::write(&feed, records.join(&b'\n')).unwrap();
    run(&["ingest", "--file", text(&feed), "--lake", text(&lake)]);
    let read = || {
        let mut script = Command::new(python());
        let output = script.arg(input("R18", "read_pings.py")).arg(&lake).output();
        let output = output.expect("python with duckdb: scripts/setup test installs it");
        let (said, wrong) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr).into_owned());
        assert!(output.status.success(), "{wrong}");
        said
    };
    assert!(read().contains("[(50, "), "{}", read());
    // A second commit of the day, so that compaction writes its own file.
    let more: Vec<Vec<u8>> = (50..60).map(|second| good_record("device-2", second)).collect();
    let more_feed = folder.path().join("more.ndjson");
    std::fs::write(&more_feed, more.join(&b'\n')).unwrap();
    run(&["ingest", "--file", text(&more_feed), "--lake", text(&lake)]);
    run(&["lake", "compact", "--lake", text(&lake)]);
    assert!(read().starts_with("1.4."), "{}", read());
    // Every encoding of every file is one that these readers have.
    let mut files = Vec::new();
    parquet_files(&lake.join("pings"), &mut files);
    assert!(files.len() > 1);
    for path in files {
        let file = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
        let groups = file.metadata().row_groups();
        let mut encodings =
            groups.iter().flat_map(|group| group.columns()).flat_map(|column| column.encodings());
        assert!(encodings.all(|encoding| encoding != Encoding::BYTE_STREAM_SPLIT));
    }
}

fn parquet_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            parquet_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "parquet") {
            found.push(path);
        }
    }
}

#[test]
fn a_file_that_is_no_boundary_file_is_not_replaced() {
    let folder = TempDir::new().unwrap();
    let download = folder.path().join("download.geojson");
    std::fs::copy(input("R27", "code-in-feature-id.geojson"), &download).unwrap();
    let before = std::fs::read(&download).unwrap();
    let out = text(&download);
    let told = refused(&["boundaries", "import", out, "--code-column", "id", "--out", out]);
    assert!(told.contains("not replaced") && told.contains("hint:"), "{told}");
    assert_eq!(std::fs::read(&download).unwrap(), before);
    let told = refused(&["codes", "changes", "--from", "2000-01-01", "--to", "2010-01-01"]);
    assert!(told.contains("2013-12-31"), "{told}");
}

#[test]
fn what_held_still_holds() {
    // R62, R63: cells, swapped coordinates, codes.
    assert!(refused(&["mesh", "shares", "ffffffffffffffff"]).contains("ffffffffffffffff"));
    assert!(refused(&["boundaries", "place", "95", "139"]).contains("latitude comes first"));
    assert!(refused(&["codes", "convert", "011012"]).contains("`011012`"));
    for (code, from, to, part) in [
        ("011011", "2014-01-01", "2024-01-01", "01101"),
        ("40305", "2018-09-30", "2024-01-01", "40231"),
        ("04423", "2016-10-09", "2024-01-01", "04216"),
    ] {
        assert!(run(&["codes", "convert", code, "--from", from, "--to", to]).starts_with(part), "{code}");
    }
    assert!(run(&["codes", "convert", "28221", "--from", "2024-01-01"]).contains("丹波篠山市"));
    // R65: a byte order mark, record separators, an open ring. R66: other formats are named.
    let ground = Ground::new();
    let mut area = squares(&[json!({"N03_007": 13101})])["features"][0].clone();
    area["geometry"]["coordinates"][0].as_array_mut().unwrap().pop();
    let from = ground.file("areas.ndjson", format!("\u{feff}\u{1e}{area}\n\u{1e}{area}\n"));
    let report = ground.report(&from, &[]);
    assert_eq!((&report["units"], &report["rings_closed"]), (&json!(1), &json!(2)));
    std::fs::remove_file(ground.out()).unwrap();
    let topology = json!({"type": "Topology", "objects": {}, "arcs": []}).to_string();
    assert!(
        ground.refusal(&ground.file("areas.topojson", &topology), &[]).contains("no format that is known")
    );
    assert!(ground.refusal(&ground.file("areas.json", &topology), &[]).contains("no features"));
    let shift_jis = b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"N03_001\":\"\x93\x8c\x8b\x9e\"}}]}";
    assert!(ground.refusal(&ground.file("sjis.geojson", shift_jis), &[]).contains("as GeoJSON"));
}
