use std::fs;

use ::shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
use ::shapefile::{Point, Polygon, PolygonRing};

use crate::GeographyError;
use crate::boundaries::BoundarySet;
use crate::import::{ImportOptions, ImportReport, Skip, Skipped, import_file};

/// A feature per line, one square each, beside each other.
fn lines(properties: &[&str]) -> String {
    let feature = |(number, properties): (usize, &&str)| {
        let x = 2 * number;
        let ring = format!("[[{x},40],[{},40],[{},41],[{x},41],[{x},40]]", x + 1, x + 1);
        let geometry = format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#);
        format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
    };
    properties.iter().enumerate().map(feature).collect::<Vec<_>>().join("\n")
}

fn import(
    name: &str,
    text: &str,
    options: &ImportOptions,
) -> Result<(BoundarySet, ImportReport), GeographyError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    import_file(&path, options, &mut |_| {})
}

fn by(column: &str) -> ImportOptions {
    ImportOptions { code_column: Some(column.to_owned()), ..ImportOptions::default() }
}

fn codes(set: &BoundarySet) -> Vec<String> {
    set.units().iter().map(|unit| unit.code.to_string()).collect()
}

/// Kreise of Germany: the first two digits are the Land, 01 to 16, so all of them fit; Hamburg is a Land of
/// one Kreis and ends in 000.
#[test]
fn codes_of_another_country_serve_from_their_own_column() {
    let text = lines(&[
        r#"{"N03_007":"13101","krs":"01001"}"#,
        r#"{"krs":2000}"#,
        r#"{"krs":9162.0,"tags":["x"],"more":{"krs":"05111"}}"#,
        r#"{"krs":" 16077 "}"#,
    ]);
    for (name, text) in [
        ("kreise.ndjson", text.clone()),
        (
            "kreise.geojson",
            format!(r#"{{"features":[{}],"type":"FeatureCollection"}}"#, text.replace('\n', ",")),
        ),
    ] {
        let (set, report) = import(name, &text, &by("krs")).unwrap();
        assert_eq!(codes(&set), ["01001", "02000", "09162", "16077"], "{name}");
        assert_eq!(report.code_column.as_deref(), Some("krs"));
        assert_eq!((report.credit, set.credit()), (None, ""));
    }
}

/// A .dbf holds texts of a fixed length, filled with blanks, or numbers, which lose their leading zeros.
#[test]
fn a_shapefile_gives_its_own_column_as_text_or_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kreise.shp");
    let table = TableWriterBuilder::new()
        .add_character_field("AGS".try_into().unwrap(), 12)
        .add_numeric_field("NUMBER".try_into().unwrap(), 8, 0);
    let mut writer = ::shapefile::Writer::from_path(&path, table).unwrap();
    for (number, ags) in [(1001.0, "01001"), (16077.0, "16077")] {
        let x = number / 200.0;
        let ring = [(x, 50.0), (x, 51.0), (x + 1.0, 51.0), (x + 1.0, 50.0), (x, 50.0)];
        let points = ring.iter().map(|(x, y)| Point::new(*x, *y)).collect();
        let mut record = Record::default();
        record.insert("AGS".to_owned(), FieldValue::Character(Some(ags.to_owned())));
        record.insert("NUMBER".to_owned(), FieldValue::Numeric(Some(number)));
        let polygon = Polygon::with_rings(vec![PolygonRing::Outer(points)]);
        writer.write_shape_and_record(&polygon, &record).unwrap();
    }
    drop(writer);
    for column in ["AGS", "NUMBER"] {
        let (set, _) = import_file(&path, &by(column), &mut |_| {}).unwrap();
        assert_eq!(codes(&set), ["01001", "16077"], "{column}");
    }
    let error = import_file(&path, &by("KRS"), &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("attributes are `AGS`, `NUMBER`"), "{error}");
}

#[test]
fn codes_that_do_not_fit_are_left_out_each_for_its_reason() {
    let text = lines(&[
        r#"{"id":"47001"}"#,
        r#"{"id":"48201"}"#,
        r#"{"id":"2A004"}"#,
        r#"{"id":"0471"}"#,
        r#"{"id":"01100"}"#,
        r#"{"id":"011003"}"#,
        r#"{"id":""}"#,
        r#"{"id":["47001"]}"#,
        r#"{"name":"x"}"#,
        "null",
    ]);
    let (set, report) = import("areas.ndjson", &text, &by("id")).unwrap();
    assert_eq!(codes(&set), ["01100", "47001"]);
    let skipped = |skip: Skip, features| Skipped { reason: skip.reason(), features };
    assert_eq!(
        report.skipped,
        [
            skipped(Skip::NoCodeColumn, 2),
            skipped(Skip::NoCode, 2),
            skipped(Skip::InvalidCode, 2),
            skipped(Skip::WrongCheckDigit, 1),
            skipped(Skip::NoPrefecture, 1),
        ]
    );
}

/// As the lowest code it would take every point from its municipalities.
#[test]
fn a_whole_prefecture_does_not_cover_its_municipalities() {
    let text = lines(&[r#"{"id":"20000"}"#, r#"{"id":"20000"}"#, r#"{"id":"20321"}"#, r#"{"id":"13000"}"#]);
    let (set, report) = import("areas.ndjson", &text, &by("id")).unwrap();
    assert_eq!(codes(&set), ["13000", "20321"]);
    assert_eq!(report.skipped, [Skipped { reason: Skip::PrefectureOrNobody.reason(), features: 2 }]);
    assert_eq!((report.undetermined_features, report.features), (1, 4));
}

#[test]
fn the_credit_is_n03s_unless_other_data_or_the_operator_say_otherwise() {
    let text = lines(&[r#"{"N03_007":"20321","id":"20321"}"#]);
    let credit = |column: Option<&str>, credit: Option<&str>| {
        let options = ImportOptions {
            code_column: column.map(str::to_owned),
            credit: credit.map(str::to_owned),
            ..ImportOptions::default()
        };
        let (set, report) = import("areas.ndjson", &text, &options).unwrap();
        assert_eq!(report.credit.unwrap_or_default(), set.credit());
        set.credit().to_owned()
    };
    assert_eq!(credit(None, None), crate::N03_CREDIT);
    assert_eq!(credit(Some("N03_007"), None), crate::N03_CREDIT);
    assert_eq!(credit(Some("id"), None), "");
    assert_eq!(credit(Some("id"), Some(" © GeoBasis-DE / BKG 2025 ")), "© GeoBasis-DE / BKG 2025");
    assert_eq!(credit(None, Some("another")), "another");
}

#[test]
fn an_error_names_the_column_and_what_there_is_instead() {
    let text = lines(&[r#"{"name":"x","krs":"01001"}"#]);
    let error = import("kreise.ndjson", &text, &by("ags")).unwrap_err().to_string();
    for wanted in ["kreise.ndjson", "`ags`", "attributes are `name`, `krs`", "01 to 47", "\nhint: "] {
        assert!(error.contains(wanted), "{error}");
    }
    let error = import("kreise.ndjson", &text, &ImportOptions::default()).unwrap_err().to_string();
    assert!(error.contains("attributes are `name`, `krs`") && error.contains("--code-column"), "{error}");
}
