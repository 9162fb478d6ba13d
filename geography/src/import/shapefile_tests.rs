use std::fs;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use ::shapefile::dbase::{FieldValue, Record, TableWriterBuilder, Unicode};
use ::shapefile::{Point as ShapePoint, Polygon as ShapePolygon};
use zip::write::SimpleFileOptions;

use super::*;
use crate::boundaries::BoundarySet;
use crate::import::{ImportOptions, ImportReport, import_file};

const CODES: [&str; 3] = ["13101", "20206", "01101"];

/// A layer `areas` of three squares, each with its code, two degrees apart.
struct Layer(tempfile::TempDir);

impl Layer {
    fn new() -> Self {
        let layer = Self(tempfile::tempdir().unwrap());
        let table =
            TableWriterBuilder::with_encoding(Unicode).add_character_field("N03_007".try_into().unwrap(), 5);
        let mut writer = ::shapefile::Writer::from_path(layer.path("shp"), table).unwrap();
        for (number, code) in CODES.iter().enumerate() {
            let west = 135.0 + 2.0 * number as f64;
            let corners = [(west, 35.0), (west, 36.0), (west + 1.0, 36.0), (west + 1.0, 35.0), (west, 35.0)];
            let points = corners.iter().map(|(x, y)| ShapePoint::new(*x, *y)).collect();
            let mut record = Record::default();
            record.insert("N03_007".to_owned(), FieldValue::Character(Some((*code).to_owned())));
            let polygon = ShapePolygon::with_rings(vec![PolygonRing::Outer(points)]);
            writer.write_shape_and_record(&polygon, &record).unwrap();
        }
        drop(writer);
        layer
    }

    fn path(&self, extension: &str) -> PathBuf {
        self.0.path().join(format!("areas.{extension}"))
    }

    fn bytes(&self, extension: &str) -> Vec<u8> {
        fs::read(self.path(extension)).unwrap()
    }

    fn change(&self, extension: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = self.bytes(extension);
        change(&mut bytes);
        fs::write(self.path(extension), bytes).unwrap();
    }

    fn import(&self) -> Result<(BoundarySet, ImportReport), GeographyError> {
        import_file(&self.path("shp"), &ImportOptions::default(), &mut |_| {})
    }

    /// Which code has the land of each square, in the order of [`CODES`].
    fn owners(&self) -> Vec<Option<String>> {
        let (set, _) = self.import().unwrap();
        let owner = |number: usize| {
            let point = [135.5 + 2.0 * number as f64, 35.5];
            let mut polygons = set.polygons();
            let found = polygons.find(|(_, polygon)| polygon.exterior().position(point) == Position::Inside);
            found.map(|(code, _)| code.to_string())
        };
        (0..CODES.len()).map(owner).collect()
    }
}

fn all() -> Vec<Option<String>> {
    CODES.iter().map(|code| Some((*code).to_owned())).collect()
}

/// Bytes of the header of the .dbf: one field.
const HEADER_BYTES: usize = 32 + 32 + 1;
const ROW_BYTES: usize = 6;

#[test]
fn a_deleted_row_takes_its_own_shape_and_no_other() {
    for deleted in 0..CODES.len() {
        let layer = Layer::new();
        layer.change("dbf", |dbf| dbf[HEADER_BYTES + deleted * ROW_BYTES] = b'*');
        let mut expected = all();
        expected[deleted] = None;
        assert_eq!(layer.owners(), expected);
        assert_eq!(layer.import().unwrap().1.skipped[0].reason, Skip::DeletedRow.reason());
    }
}

#[test]
fn a_table_without_its_last_byte_is_whole() {
    let layer = Layer::new();
    layer.change("dbf", |dbf| dbf.truncate(HEADER_BYTES + CODES.len() * ROW_BYTES));
    assert_eq!(layer.owners(), all());
}

#[test]
fn a_table_with_more_or_fewer_rows_than_shapes_is_refused() {
    for rows in [2, 4] {
        let layer = Layer::new();
        layer.change("dbf", |dbf| {
            dbf.truncate(HEADER_BYTES + CODES.len() * ROW_BYTES);
            dbf.extend_from_slice(b" 47201");
            dbf[4] = rows;
        });
        let error = layer.import().unwrap_err().to_string();
        assert!(
            error.contains("`areas.shp` of `")
                && error.contains(&format!("3 shapes and its .dbf {rows} records")),
            "{error}"
        );
    }
    let layer = Layer::new();
    layer.change("dbf", |dbf| dbf.truncate(HEADER_BYTES + ROW_BYTES));
    let error = layer.import().unwrap_err();
    assert!(matches!(&error, GeographyError::Malformed { format: "dBASE", .. }), "{error}");
}

#[test]
fn a_shape_of_nothing_keeps_its_row() {
    let layer = Layer::new();
    layer.change("shx", |shx| shx[108..116].fill(0));
    assert_eq!(layer.owners(), [Some(CODES[0].to_owned()), None, Some(CODES[2].to_owned())]);
}

#[test]
fn the_index_says_which_shape_is_whose() {
    let layer = Layer::new();
    // The rows of the first two are exchanged, and so are their places.
    layer.change("dbf", |dbf| {
        let rows = [b" 20206".as_slice(), b" 13101"].concat();
        dbf[HEADER_BYTES..HEADER_BYTES + rows.len()].copy_from_slice(&rows);
    });
    layer.change("shx", |shx| {
        let places = [&shx[108..116], &shx[100..108]].concat();
        shx[100..116].copy_from_slice(&places);
    });
    assert_eq!(layer.owners(), all());
    layer.change("shx", |shx| shx[103] = 7);
    assert!(layer.import().is_err());
}

#[test]
fn another_reference_system_in_a_prj_is_refused() {
    let layer = Layer::new();
    fs::write(
        layer.path("prj"),
        r#"GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011",SPHEROID["GRS_1980",6378137.0,298.257222101]]]"#,
    )
    .unwrap();
    assert_eq!(layer.owners(), all());
    fs::write(
        layer.path("prj"),
        r#"GEOGCS["GCS_Tokyo",DATUM["D_Tokyo",SPHEROID["Bessel_1841",6377397.155,299.1528128]]]"#,
    )
    .unwrap();
    let error = layer.import().unwrap_err().to_string();
    assert!(error.contains("`GCS_Tokyo`") && error.contains("\nhint: "), "{error}");
}

/// What archives hold beside a layer, and the names of what is then passed over.
#[test]
fn an_archive_may_hold_other_things_beside_its_layer() {
    let layer = Layer::new();
    let parts = ["shp", "shx", "dbf"].map(|extension| (format!("areas.{extension}"), layer.bytes(extension)));
    let stations = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"13101"},"geometry":{"type":"Point","coordinates":[139,35]}}]}"#;
    let others = [
        ("metadata.json", "{\"a\": 1}"),
        ("list.json", "[1, 2]"),
        ("broken.json", "{\"a\""),
        ("words.json", "\"words\""),
        ("nothing.geojson", r#"{"type":"FeatureCollection","features":[]}"#),
        ("stations.geojson", stations),
        ("readme.txt", "dear"),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let others = others.map(|(name, words)| (name.to_owned(), words.as_bytes().to_vec()));
    for (name, bytes) in others.into_iter().chain(parts) {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    let path = layer.path("zip");
    fs::write(&path, archive.finish().unwrap().into_inner()).unwrap();
    let import = |named: Option<&str>| {
        let options = ImportOptions { layer: named.map(str::to_owned), ..ImportOptions::default() };
        import_file(&path, &options, &mut |_| {})
    };
    let (set, report) = import(None).unwrap();
    assert_eq!((set.units().len(), report.features), (3, 3));
    let ignored =
        ["metadata.json", "list.json", "broken.json", "words.json", "nothing.geojson", "stations.geojson"];
    assert_eq!(report.layers_ignored, ignored);
    assert_eq!(import(Some("AREAS")).unwrap().0.units().len(), 3);
    let error = import(Some("towns")).unwrap_err().to_string();
    assert!(error.contains("no layer `towns`") && error.contains("`areas.shp`"), "{error}");
    assert!(import(Some("stations")).unwrap_err().to_string().contains("is not a polygon"));
}
