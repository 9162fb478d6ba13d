use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    BinaryArray, BinaryViewArray, BooleanArray, DictionaryArray, Float64Array, Int32Array, LargeBinaryArray,
    LargeStringArray, StringArray, StringViewArray,
};
use arrow::datatypes::{Field, Int8Type, Schema};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};

use super::*;
use crate::boundaries::BoundarySet;
use crate::import::{ImportOptions, ImportReport, Progress, Skipped, import_file};

/// A square of 0.5° as WKB, its corner at a longitude and 35° N.
fn square(longitude: f64) -> Vec<u8> {
    let ring = [(0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5), (0.0, 0.0)];
    let mut bytes = vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0];
    for (x, y) in ring {
        bytes.extend(f64::to_le_bytes(longitude + x));
        bytes.extend(f64::to_le_bytes(35.0 + y));
    }
    bytes
}

fn geo(change: impl FnOnce(&mut Value)) -> Option<String> {
    let mut geo = json!({
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": { "geometry": { "encoding": "WKB", "geometry_types": ["Polygon"] } },
    });
    change(&mut geo);
    Some(geo.to_string())
}

fn crs(authority: &str, code: Value) -> Value {
    json!({ "type": "ProjectedCRS", "name": "JGD2011 / Japan Plane Rectangular CS IX",
            "id": { "authority": authority, "code": code } })
}

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>, geo: Option<String>) {
    let fields: Vec<Field> =
        columns.iter().map(|(name, values)| Field::new(*name, values.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let values = columns.into_iter().map(|(_, values)| values).collect();
    let batch = RecordBatch::try_new(schema.clone(), values).unwrap();
    let entries = geo.map(|geo| vec![KeyValue::new("geo".to_owned(), geo)]);
    let properties = WriterProperties::builder().set_key_value_metadata(entries).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn import(
    columns: Vec<(&str, ArrayRef)>,
    geo: Option<String>,
    column: Option<&str>,
) -> Result<(BoundarySet, ImportReport), GeographyError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("areas.parquet");
    write(&path, columns, geo);
    let options = ImportOptions { code_column: column.map(str::to_owned), ..ImportOptions::default() };
    import_file(&path, &options, &mut |_| {})
}

fn geometries(count: usize) -> ArrayRef {
    let squares: Vec<Vec<u8>> = (0..count).map(|number| square(139.0 + number as f64)).collect();
    Arc::new(BinaryArray::from_iter_values(squares))
}

fn codes(set: &BoundarySet) -> Vec<String> {
    set.units().iter().map(|unit| unit.code.to_string()).collect()
}

#[test]
fn codes_of_every_type_give_the_same_set() {
    let texts = ["01101", "13101"];
    let dictionary: DictionaryArray<Int8Type> = texts.into_iter().collect();
    let columns: [ArrayRef; 6] = [
        Arc::new(StringArray::from_iter_values(texts)),
        Arc::new(LargeStringArray::from_iter_values(texts)),
        Arc::new(StringViewArray::from_iter_values(texts)),
        Arc::new(Int32Array::from(vec![1101, 13101])),
        Arc::new(Float64Array::from(vec![1101.0, 13101.0])),
        Arc::new(dictionary),
    ];
    for values in columns {
        let kind = values.data_type().clone();
        let (set, report) =
            import(vec![("city", values), ("geometry", geometries(2))], geo(|_| {}), Some("city")).unwrap();
        assert_eq!(codes(&set), ["01101", "13101"], "{kind}");
        assert_eq!(set.units()[1].polygons[0].exterior().bounds(), ([140.0, 35.0], [140.5, 35.5]));
        assert_eq!((report.features, report.polygons, report.vertices), (2, 2, 10));
    }
}

#[test]
fn n03_as_parquet_needs_no_column() {
    let column = |values: [Option<&str>; 2]| -> ArrayRef { Arc::new(StringArray::from_iter(values)) };
    let columns = vec![
        ("N03_001", column([Some("千葉県"), Some("千葉県")])),
        ("N03_004", column([Some("浦安市"), Some("所属未定地")])),
        ("N03_007", column([Some("12227"), None])),
        ("geometry", geometries(2)),
    ];
    let (set, report) = import(columns, geo(|_| {}), None).unwrap();
    assert_eq!(codes(&set), ["12000", "12227"]);
    assert_eq!((set.credit(), report.undetermined_features), (crate::N03_CREDIT, 1));
}

#[test]
fn a_bad_geometry_is_a_skipped_row() {
    let mut cut = square(139.0);
    cut.truncate(60);
    let point = [&[1u8, 1, 0, 0, 0][..], &[0; 16]].concat();
    let rows = [Some(square(139.0)), Some(cut), Some(point), None, Some(Vec::new()), Some(square(141.0))];
    let values: [ArrayRef; 3] = [
        Arc::new(BinaryArray::from_iter(rows.iter())),
        Arc::new(LargeBinaryArray::from_iter(rows.iter())),
        Arc::new(BinaryViewArray::from_iter(rows.iter())),
    ];
    for values in values {
        let keys: ArrayRef = Arc::new(Int32Array::from(vec![13101, 13102, 13103, 13104, 13105, 13106]));
        let (set, report) = import(vec![("code", keys), ("geometry", values)], geo(|_| {}), None).unwrap();
        assert_eq!(codes(&set), ["13101", "13106"]);
        let skipped = |skip: Skip, features| Skipped { reason: skip.reason(), features };
        assert_eq!(report.skipped, [skipped(Skip::NotPolygon, 2), skipped(Skip::NotWkb, 2)]);
    }
}

#[test]
fn degrees_of_any_known_system_are_read_and_others_are_refused_by_name() {
    let with_crs = |crs: Value| {
        let keys: ArrayRef = Arc::new(StringArray::from_iter_values(["13101"]));
        let geo = geo(|geo| geo["columns"]["geometry"]["crs"] = crs);
        import(vec![("code", keys), ("geometry", geometries(1))], geo, None)
    };
    for (authority, code) in [
        ("OGC", json!("CRS84")),
        ("EPSG", json!(4326)),
        ("EPSG", json!(6668)),
        ("EPSG", json!("4612")),
        ("epsg", json!(4326)),
    ] {
        assert!(with_crs(crs(authority, code.clone())).is_ok(), "{authority} {code}");
    }
    for (crs, named) in [
        (crs("EPSG", json!(6677)), "`JGD2011 / Japan Plane Rectangular CS IX` (`EPSG:6677`)"),
        (json!({ "name": "own grid" }), "`own grid`, which has no identifier"),
        (json!("EPSG:3857"), "`EPSG:3857`"),
        (Value::Null, "unknown reference system"),
    ] {
        let error = with_crs(crs).unwrap_err();
        assert!(matches!(error, GeographyError::OtherCrs { .. }));
        let text = error.to_string();
        assert!(
            text.contains(named) && text.contains("EPSG:6668") && text.contains("\nhint: reproject"),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_geoparquet_of_wkb_is_refused_with_a_hint() {
    let keys = || -> ArrayRef { Arc::new(StringArray::from_iter_values(["13101"])) };
    let columns = || vec![("code", keys()), ("geometry", geometries(1))];
    let refusal =
        |columns: Vec<(&str, ArrayRef)>, geo: Option<String>, column: Option<&str>, wanted: &str| {
            let error = import(columns, geo, column).unwrap_err().to_string();
            assert!(
                error.contains(wanted) && error.contains("areas.parquet") && error.contains("\nhint: "),
                "{error}"
            );
        };
    let polygon = geo(|geo| geo["columns"]["geometry"]["encoding"] = json!("polygon"));
    let elsewhere = geo(|geo| geo["primary_column"] = json!("shape"));
    let nowhere = geo(|geo| drop(geo.as_object_mut().unwrap().remove("primary_column")));
    refusal(columns(), None, None, "no file metadata `geo`");
    refusal(columns(), Some("{".to_owned()), None, "not readable JSON");
    refusal(columns(), polygon, None, "has the encoding `polygon`");
    refusal(columns(), elsewhere, None, "nothing about its primary column `shape`");
    refusal(columns(), nowhere, None, "names no `primary_column`");
    refusal(vec![("code", keys()), ("geometry", keys())], geo(|_| {}), None, "is of type `Utf8`");
    refusal(vec![("code", keys())], geo(|_| {}), None, "has no column `geometry`");
    refusal(columns(), geo(|_| {}), Some("ags"), "attributes are `code`, `geometry`");
    let truth: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
    refusal(
        vec![("code", truth), ("geometry", geometries(1))],
        geo(|_| {}),
        None,
        "`code` is of type `Boolean`",
    );
}

#[test]
fn rows_beyond_one_batch_keep_their_order_and_progress_ends_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("areas.geoparquet");
    let count = BATCH_ROWS * 2 + 7;
    let squares = (0..count).map(|number| square(number as f64 / 10.0));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("code", Arc::new(Int32Array::from(vec![13101; count]))),
        ("geometry", Arc::new(BinaryArray::from_iter_values(squares))),
    ];
    write(&path, columns, geo(|_| {}));
    let mut told: Vec<Progress> = Vec::new();
    let (set, _) =
        import_file(&path, &ImportOptions::default(), &mut |progress| told.push(progress)).unwrap();
    let west: Vec<f64> = set.polygons().map(|(_, polygon)| polygon.exterior().bounds().0[0]).collect();
    assert!(west.is_sorted() && west.len() == count);
    let last = told.last().unwrap();
    assert_eq!((last.bytes_read, last.features), (fs::metadata(&path).unwrap().len(), count as u64));
    assert_eq!(told.len(), 4);
}

#[test]
fn bytes_that_are_no_parquet_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("areas.parquet");
    fs::write(&path, b"not a table at all").unwrap();
    let error = import_file(&path, &ImportOptions::default(), &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("as Parquet") && error.contains("\nhint: "), "{error}");
}
