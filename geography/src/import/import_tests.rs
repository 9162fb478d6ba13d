use std::fs;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use ::shapefile::dbase::encoding::EncodingRs;
use ::shapefile::dbase::{Encoding, FieldValue, Record, TableWriterBuilder};
use ::shapefile::{Point as ShapePoint, Polygon as ShapePolygon, PolygonRing};
use kayoi_schemas::ids::MunicipalityCode;
use zip::write::SimpleFileOptions;

use super::*;
use crate::boundaries::ring::Point;

/// One feature of the fixture: prefecture, ward or municipality, its city or county, code, rings.
struct Area {
    prefecture: &'static str,
    name: &'static str,
    city: Option<&'static str>,
    code: Option<&'static str>,
    rings: Vec<Vec<Point>>,
}

fn square(x: f64, y: f64, side: f64) -> Vec<Point> {
    vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
}

/// A ward with a hole, an enclave in the hole, an island of the ward, land of nobody, a city.
fn areas() -> Vec<Area> {
    let area = |prefecture, city, name, code, rings| Area { prefecture, name, city, code, rings };
    vec![
        area(
            "兵庫県",
            Some("神戸市"),
            "北区",
            Some("28109"),
            vec![square(135.0, 34.0, 0.5), square(135.125, 34.125, 0.25)],
        ),
        area("兵庫県", None, "三木市", Some("28215"), vec![square(135.125, 34.125, 0.25)]),
        area("兵庫県", Some("神戸市"), "北区", Some("28109"), vec![square(136.0, 34.0, 0.0000001)]),
        area("千葉県", None, "所属未定地", None, vec![square(140.0, 35.5, 0.0625)]),
        area("千葉県", None, "浦安市", Some("12227"), vec![square(140.0625, 35.5, 0.0625)]),
    ]
}

/// The properties as editions up to about 2023 (`old`) or later have them.
fn properties(area: &Area, old: bool) -> Vec<(&'static str, Option<&'static str>)> {
    let ward = area.city.is_some();
    let (n03_003, n03_004) =
        if old { (area.city, Some(area.name)) } else { (None, area.city.or(Some(area.name))) };
    let mut properties = vec![
        ("N03_001", Some(area.prefecture)),
        ("N03_002", None),
        ("N03_003", n03_003),
        ("N03_004", n03_004),
    ];
    if !old {
        properties.push(("N03_005", ward.then_some(area.name)));
    }
    properties.push(("N03_007", area.code));
    properties
}

fn geojson(areas: &[Area], old: bool) -> Vec<String> {
    let feature = |area: &Area| {
        let properties: serde_json::Map<_, _> =
            properties(area, old).into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let geometry = serde_json::json!({ "type": "Polygon", "coordinates": area.rings });
        serde_json::json!({ "type": "Feature", "properties": properties, "geometry": geometry }).to_string()
    };
    areas.iter().map(feature).collect()
}

fn collection(features: &[String]) -> String {
    let crs = r#"{ "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::6668" } }"#;
    format!(
        "{{\n\"type\": \"FeatureCollection\",\n\"name\": \"N03\",\n\"crs\": {crs},\n\"features\": [\n{}\n]\n}}\n",
        features.join(",\n")
    )
}

fn shapefile<E: Encoding + 'static>(folder: &Path, stem: &str, areas: &[Area], old: bool, encoding: E) {
    let mut table = TableWriterBuilder::with_encoding(encoding);
    for (name, _) in properties(&areas[0], old) {
        let length = if name == "N03_007" { 5 } else { 40 };
        table = table.add_character_field(name.try_into().unwrap(), length);
    }
    let mut writer = ::shapefile::Writer::from_path(folder.join(format!("{stem}.shp")), table).unwrap();
    for area in areas {
        let points =
            |ring: &Vec<Point>| ring.iter().map(|point| ShapePoint::new(point[0], point[1])).collect();
        let rings = area.rings.iter().enumerate().map(|(position, ring)| match position {
            0 => PolygonRing::Outer(points(ring)),
            _ => PolygonRing::Inner(points(ring)),
        });
        let mut record = Record::default();
        for (name, value) in properties(area, old) {
            record.insert(name.to_owned(), FieldValue::Character(value.map(str::to_owned)));
        }
        writer.write_shape_and_record(&ShapePolygon::with_rings(rings.collect()), &record).unwrap();
    }
}

fn zip_of(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn import(
        &self,
        name: &str,
        bytes: impl AsRef<[u8]>,
    ) -> Result<(BoundarySet, ImportReport), GeographyError> {
        fs::write(self.path(name), bytes).unwrap();
        import_file(&self.path(name), &ImportOptions::default(), &mut |_| {})
    }

    fn refusal(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let error = self.import(name, bytes).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
        assert!(error.contains("\nhint: ") && error.contains("nlftp.mlit.go.jp"), "{error}");
        error
    }
}

fn codes(set: &BoundarySet) -> Vec<String> {
    set.units().iter().map(|unit| unit.code.to_string()).collect()
}

fn expected() -> BoundarySet {
    let folder = Folder::new();
    folder.import("N03-20250101.geojson", collection(&geojson(&areas(), false))).unwrap().0
}

#[test]
fn a_new_geojson_gives_every_area_its_code() {
    let (set, report) =
        Folder::new().import("N03-20250101_28.geojson", collection(&geojson(&areas(), false))).unwrap();
    assert_eq!(codes(&set), ["12000", "12227", "28109", "28215"]);
    assert_eq!(set.edition(), "N03 2025-01-01");
    let kita = &set.units()[2].polygons;
    assert_eq!((kita.len(), kita[0].holes().len(), kita[1].holes().len()), (2, 1, 0));
    assert_eq!((report.features, report.units, report.polygons, report.vertices), (5, 4, 5, 30));
    assert_eq!((report.undetermined_features, report.skipped_features()), (1, 0));
    assert_eq!(set.source().file_name, "N03-20250101_28.geojson");
    assert_eq!(set.source().blake3.len(), 64);
}

#[test]
fn an_old_shapefile_in_shift_jis_gives_the_same_set_as_a_new_geojson() {
    let folder = Folder::new();
    let stem = "N03-19_28_190101";
    shapefile(folder.0.path(), stem, &areas(), true, EncodingRs::from(encoding_rs::SHIFT_JIS));
    let part = |extension: &str| fs::read(folder.path(&format!("{stem}.{extension}"))).unwrap();
    let utf8 = String::from_utf8(part("dbf"));
    assert!(utf8.is_err(), "the fixture is Shift_JIS");
    let files: Vec<(String, Vec<u8>)> = ["shp", "shx", "dbf"]
        .iter()
        .map(|extension| (format!("N03-190101_28_GML/{stem}.{extension}"), part(extension)))
        .collect();
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let (set, report) = folder.import("N03-190101_28_GML.zip", zip_of(&files)).unwrap();
    assert_eq!(set.units(), expected().units());
    assert_eq!((set.edition(), report.undetermined_features), ("N03 2019-01-01", 1));

    let (bare, _) =
        import_file(&folder.path(&format!("{stem}.shp")), &ImportOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(bare.units(), expected().units());
}

#[test]
fn a_shapefile_in_utf8_needs_no_cpg_and_obeys_one() {
    let folder = Folder::new();
    shapefile(folder.0.path(), "N03-20250101", &areas(), false, ::shapefile::dbase::Unicode);
    let import =
        || import_file(&folder.path("N03-20250101.shp"), &ImportOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(import().0.units(), expected().units());
    fs::write(folder.path("N03-20250101.cpg"), "UTF-8\r\n").unwrap();
    assert_eq!(import().0.units(), expected().units());
    // Read as Shift_JIS the prefecture of 所属未定地 is unreadable, and that is said.
    fs::write(folder.path("N03-20250101.cpg"), "ANSI 932").unwrap();
    let (set, report) = import();
    assert_eq!(codes(&set), ["12227", "28109", "28215"]);
    assert_eq!(report.skipped, [Skipped { reason: Skip::UnknownPrefecture.reason(), features: 1 }]);
}

#[test]
fn lines_and_gzip_give_the_same_set() {
    let folder = Folder::new();
    let lines = geojson(&areas(), true).join("\n") + "\n\n";
    let whole = collection(&geojson(&areas(), true));
    for (name, bytes) in [
        ("n03.ndjson", lines.clone().into_bytes()),
        ("n03.ndjson.gz", gzip(lines.as_bytes())),
        ("n03.geojson.gz", gzip(whole.as_bytes())),
        ("n03.json", format!("\u{feff}{whole}").into_bytes()),
        ("lines.geojson", lines.into_bytes()),
    ] {
        let (set, _) = folder.import(name, bytes).unwrap();
        assert_eq!(set.units(), expected().units(), "{name}");
        assert_eq!(set.edition(), UNKNOWN_EDITION);
    }
}

#[test]
fn the_operator_may_say_the_edition() {
    let folder = Folder::new();
    fs::write(folder.path("n03.geojson"), collection(&geojson(&areas(), false))).unwrap();
    let options = ImportOptions { edition: Some("N03 2022-01-01".to_owned()), ..ImportOptions::default() };
    let (set, report) = import_file(&folder.path("n03.geojson"), &options, &mut |_| {}).unwrap();
    assert_eq!((set.edition(), report.edition.as_str()), ("N03 2022-01-01", "N03 2022-01-01"));
}

/// The national archive holds the same prefectures again as outlines with code `PP000`.
#[test]
fn outlines_of_prefectures_do_not_become_land_of_nobody() {
    let outline = r#"{"type":"Feature","properties":{"N03_001":"兵庫県","N03_002":null,"N03_003":null,"N03_004":null,"N03_005":null,"N03_007":"28000"},"geometry":{"type":"Polygon","coordinates":[[[134,33],[137,33],[137,36],[134,36],[134,33]]]}}"#.to_owned();
    let folder = Folder::new();
    let national = zip_of(&[
        ("N03-20250101.geojson", collection(&geojson(&areas()[..3], false)).into_bytes()),
        ("N03-20250101_12.geojson", collection(&geojson(&areas()[3..], false)).into_bytes()),
        ("N03-20250101_prefecture.geojson", collection(std::slice::from_ref(&outline)).into_bytes()),
        ("N03-20250101.shp", b"never read".to_vec()),
        ("KS-META-N03-20250101.xml", b"<x/>".to_vec()),
    ]);
    let (set, report) = folder.import("N03-20250101_GML.zip", national).unwrap();
    assert_eq!(set.units(), expected().units());
    assert_eq!(report.layers_ignored, ["N03-20250101_prefecture.geojson"]);

    let mut features = geojson(&areas(), false);
    features.push(outline);
    let (set, report) = folder.import("mixed.geojson", collection(&features)).unwrap();
    assert_eq!(set.units(), expected().units());
    assert_eq!(report.skipped, [Skipped { reason: Skip::PrefectureOutline.reason(), features: 1 }]);
}

#[test]
fn broken_features_are_skipped_repaired_and_counted() {
    let feature = |properties: &str, geometry: &str| {
        format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{properties}}}"#)
    };
    let polygon = |rings: &str| format!(r#"{{"coordinates":[{rings}],"type":"Polygon"}}"#);
    let good = "[[139,35],[139.5,35],[139.5,35.5],[139,35]]";
    let key = r#"{"N03_007":"13101"}"#;
    let features = [
        feature(key, &polygon("[[139,35,7.5],[139.5,35],[139.5,35],[139.5,35.5]],[[1,1],[2,2],[1,1]]")),
        feature(r#"{"code":1101}"#, &polygon(good)),
        feature(r#"{"code":"20206.0"}"#, &polygon(good)),
        feature(r#"{"N03_007":"abcde"}"#, &polygon(good)),
        feature(r#"{"N03_007":"","N03_001":"東京都"}"#, &polygon(good)),
        feature(r#"{"N03_007":null}"#, &polygon(good)),
        feature(r#"{"name":"x"}"#, &polygon(good)),
        feature("null", &polygon(good)),
        feature(key, "null"),
        feature(key, r#"{"type":"Point","coordinates":[139,35]}"#),
        feature(key, r#"{"type":"MultiLineString","coordinates":[[[139,35],[140,35],[140,36]]]}"#),
        feature(key, r#"{"type":"GeometryCollection","geometries":[]}"#),
        feature(key, &polygon("[[139000,35],[139500,35],[139500,35.5],[139000,35]]")),
        feature(key, &polygon("[[139,35],[139,35]]")),
        feature(key, &polygon("")),
    ];
    let (set, report) = Folder::new().import("n03.ndjson", features.join("\n")).unwrap();
    assert_eq!(codes(&set), ["01101", "13000", "13101", "20206"]);
    assert_eq!((report.rings_closed, report.repeated_points_removed), (1, 1));
    assert_eq!((report.rings_dropped, report.degenerate_polygons), (2, 1));
    assert_eq!((report.features, report.polygons, report.undetermined_features), (15, 4, 1));
    let skipped = |skip: Skip, features| Skipped { reason: skip.reason(), features };
    assert_eq!(
        report.skipped,
        [
            skipped(Skip::NoKey, 2),
            skipped(Skip::InvalidCode, 1),
            skipped(Skip::UnknownPrefecture, 1),
            skipped(Skip::NotPolygon, 4),
            skipped(Skip::NotDegrees, 1),
            skipped(Skip::Degenerate, 2),
        ]
    );
}

#[test]
fn northern_villages_stay_as_they_are() {
    let area = Area {
        code: Some("01695"),
        prefecture: "北海道",
        name: "色丹村",
        city: None,
        rings: vec![square(146.7, 43.8, 0.1)],
    };
    let (set, _) = Folder::new().import("n03.geojson", collection(&geojson(&[area], false))).unwrap();
    assert_eq!(set.units()[0].code, MunicipalityCode::from_number(1695).unwrap());
}

#[test]
fn a_shape_with_several_exteriors_gives_each_hole_to_its_own() {
    let folder = Folder::new();
    let mut area = areas().remove(0);
    area.rings = vec![square(135.0, 34.0, 1.0), square(135.25, 34.25, 0.25)];
    shapefile(folder.0.path(), "n03", &[area], true, ::shapefile::dbase::Unicode);
    let points = |ring: Vec<Point>| ring.iter().map(|point| ShapePoint::new(point[0], point[1])).collect();
    let mut shapes = ::shapefile::ShapeWriter::from_path(folder.path("n03.shp")).unwrap();
    let rings = vec![
        PolygonRing::Outer(points(square(135.0, 34.0, 1.0))),
        PolygonRing::Outer(points(square(137.0, 34.0, 1.0))),
        PolygonRing::Inner(points(square(137.25, 34.25, 0.25))),
        PolygonRing::Inner(points(square(135.25, 34.25, 0.25))),
        PolygonRing::Inner(points(square(120.0, 34.25, 0.25))),
    ];
    shapes.write_shape(&ShapePolygon::with_rings(rings)).unwrap();
    drop(shapes);
    let (set, report) = import_file(&folder.path("n03.shp"), &ImportOptions::default(), &mut |_| {}).unwrap();
    let holes = |polygon: usize| set.units()[0].polygons[polygon].holes()[0].bounds().0;
    assert_eq!((holes(0), holes(1)), ([135.25, 34.25], [137.25, 34.25]));
    assert_eq!((report.polygons, report.rings_dropped), (2, 1));
}

#[test]
fn files_that_are_no_n03_are_refused_with_what_was_expected() {
    let folder = Folder::new();
    let no_key = collection(&[r#"{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}"#.to_owned()]);
    let station = collection(&[r#"{"type":"Feature","properties":{"N02_003":"x","code":"13101"},"geometry":{"type":"Point","coordinates":[139,35]}}"#.to_owned()]);
    for (name, bytes, wanted) in [
        ("areas.csv", b"code,name\n".to_vec(), "its name says no format"),
        ("areas.geojson", b"code,name\n".to_vec(), "as GeoJSON"),
        ("empty.geojson", Vec::new(), "as GeoJSON"),
        ("cut.geojson", no_key.as_bytes()[..150].to_vec(), "as GeoJSON"),
        ("other.geojson", no_key.into_bytes(), "neither attribute `N03_007` nor `code`"),
        ("stations.geojson", station.into_bytes(), "geometry is not a polygon"),
        ("nothing.geojson", collection(&[]).into_bytes(), "it has no features"),
        ("lines.ndjson", b"{}\n{\"type\":\"Feature\"\n".to_vec(), "line 2"),
        ("plain.ndjson.gz", b"not gzip at all".to_vec(), "the bytes"),
        ("text.zip", b"not a zip at all".to_vec(), "as zip"),
        ("documents.zip", zip_of(&[("readme.txt", b"x".to_vec())]), "neither a .geojson nor a .shp"),
        ("text.shp", b"not a shapefile, though long enough to have a header of a hundred bytes if one were to look for it there".to_vec(), "no .dbf"),
    ] {
        let error = folder.refusal(name, bytes);
        assert!(error.contains(wanted) && error.contains("expected"), "{error}");
    }
    let missing = import_file(&folder.path("gone.zip"), &ImportOptions::default(), &mut |_| {})
        .unwrap_err()
        .to_string();
    assert!(missing.starts_with("cannot read `") && missing.contains("gone.zip"), "{missing}");
}

#[test]
fn progress_ends_at_the_end() {
    let folder = Folder::new();
    for (name, bytes) in [
        ("n03.ndjson.gz", gzip(geojson(&areas(), false).join("\n").as_bytes())),
        ("n03.zip", zip_of(&[("N03-20250101.geojson", collection(&geojson(&areas(), false)).into_bytes())])),
    ] {
        fs::write(folder.path(name), bytes).unwrap();
        let mut told = Vec::new();
        import_file(&folder.path(name), &ImportOptions::default(), &mut |progress| told.push(progress))
            .unwrap();
        let last = told.last().unwrap();
        assert_eq!((last.bytes_read, last.features), (last.bytes_total, 5), "{name}");
        assert!(last.bytes_total > 0);
    }
}
