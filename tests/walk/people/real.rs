//! Real trajectories through the real commands, on the real borders: needs the test data.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use kayoi_geography::{Geography, Register};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use tempfile::TempDir;

use crate::kayoi::{json, run, text};
use kayoi_harness::data::test_data;

#[test]
fn the_kobe_loggers_land_in_the_municipalities_another_library_found() {
    let Some(borders) = test_data("boundaries/n03_2022_full_plus_fill.ndjson.gz") else { return };
    let Some(feed) = test_data("real/kobe/pings.csv") else { return };
    let Some(answers) = test_data("real/kobe/pings_muni.csv") else { return };
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let report = json(&[
        "boundaries",
        "import",
        text(&borders),
        "--out",
        text(&path("n03")),
        "--edition",
        "N03 2022-01-01",
        "--json",
    ]);
    assert_eq!((&report["units"], &report["vertices"]), (&1902.into(), &12_133_794.into()));
    let summary = json(&[
        "ingest",
        "--json",
        "--file",
        text(&feed),
        "--lake",
        text(&path("lake")),
        "--boundaries",
        text(&path("n03")),
        "--map",
        "user_id=device_id",
        "--map",
        "ts=timestamp",
        "--map",
        "lat=latitude",
        "--map",
        "lon=longitude",
        "--map",
        "accuracy_m=horizontal_accuracy",
        "--timestamp-unit",
        "s",
        "--max-accuracy-m",
        "1000000",
        // The other library knows no coast.
        "--coast-m",
        "0",
    ]);
    // What another library made of the same fixes.
    let mut known: BTreeMap<String, u64> = BTreeMap::new();
    for line in std::fs::read_to_string(answers).unwrap().lines().skip(1) {
        *known.entry(line.rsplit(',').next().unwrap().to_owned()).or_default() += 1;
    }
    let lake = Lake::open(&path("lake")).unwrap();
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for batch in lake.rows(InternalTable::Pings, &["municipality_code"]).unwrap() {
        let codes = batch.column(0).as_string::<i32>();
        for row in 0..codes.len() {
            *found
                .entry(if codes.is_valid(row) { codes.value(row).to_owned() } else { String::new() })
                .or_default() += 1;
        }
    }
    let lost = summary["rejected"].as_u64().unwrap() + summary["duplicates"].as_u64().unwrap();
    eprintln!("Kobe: {summary}\nfound {found:?}\nknown {known:?}");
    assert_eq!(found.values().sum::<u64>() + lost, known.values().sum::<u64>());
    let difference: u64 = known
        .keys()
        .chain(found.keys())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(|code| known.get(code).unwrap_or(&0).abs_diff(*found.get(code).unwrap_or(&0)))
        .sum();
    assert!(difference <= lost, "{difference} fixes lie elsewhere, {lost} were not stored");
    let place = run(&["boundaries", "place", "34.690165", "135.195555", "--boundaries", text(&path("n03"))]);
    assert!(place.contains("28110") && place.contains("神戸市"), "{place}");

    // In the harbour, more than 500 m from any quay: the nearest only for whoever looks that far.
    for (coast, code) in [("0", Value::Null), ("500", Value::Null), ("5000", "28105".into())] {
        let borders = path("n03");
        let at = ["boundaries", "place", "34.6440", "135.2000", "--json", "--coast-m", coast, "--boundaries"];
        let place = json(&[at.as_slice(), &[text(&borders)]].concat());
        assert_eq!((&place["municipality_code"], &place["is_off_coast"]), (&code, &(!code.is_null()).into()));
    }
}

/// Months of 91 people's fixes, each with the municipality that another library found on the same borders.
#[test]
fn the_tokyo_trajectories_lie_where_another_library_found_them() {
    let Some(borders) = test_data("boundaries/n03_2022_full_plus_fill.ndjson.gz") else { return };
    let Some(fixes) = test_data("real/geolife_on_tokyo/pings.parquet") else { return };
    let folder = TempDir::new().unwrap();
    let n03 = folder.path().join("n03");
    run(&["boundaries", "import", text(&borders), "--out", text(&n03)]);
    let geography = Geography::open(&n03).unwrap();
    let file = std::fs::File::open(fixes).unwrap();
    let (mut fixes, mut elsewhere, mut per_municipality) = (0, 0, BTreeMap::<String, u64>::new());
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let float = |name: &str| cast(batch.column_by_name(name).unwrap(), &DataType::Float64).unwrap();
        let (latitude, longitude) = (float("lat"), float("lon"));
        let known = cast(batch.column_by_name("muni_code").unwrap(), &DataType::Utf8).unwrap();
        let known = known.as_string::<i32>();
        for row in 0..batch.num_rows() {
            let point = (
                latitude.as_primitive::<Float64Type>().value(row),
                longitude.as_primitive::<Float64Type>().value(row),
            );
            let found =
                geography.municipality_at(point.0, point.1).map(|code| code.to_string()).unwrap_or_default();
            let expected = if known.is_valid(row) { known.value(row) } else { "" };
            fixes += 1;
            elsewhere += u32::from(found != expected);
            *per_municipality.entry(found).or_default() += 1;
        }
    }
    let mut most: Vec<_> = per_municipality.iter().collect();
    most.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (code, count) in most.iter().take(8) {
        let name = code.parse().ok().and_then(kayoi_schemas::ids::MunicipalityCode::from_number);
        let name = name.and_then(|code| Register::japan().get(code)).map_or("none", |one| &one.name);
        eprintln!("Tokyo: {code} {name} {count}");
    }
    // The data's own notes: 5 points lie on two polygons, where the lowest code is as right as the other.
    eprintln!("Tokyo: {fixes} fixes, {elsewhere} elsewhere");
    assert!(fixes > 600_000 && elsewhere <= 5, "{elsewhere} of {fixes} fixes lie elsewhere");
}
