use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;

use super::*;

/// A cell: cube, period, area, origin, class, value.
type Cell<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, i64);

const CONNECTED: &str = "visit_days=3/rung=2/dual_resident=0/workation=1";

fn definition() -> Definition {
    Definition::connected_2026().unwrap()
}

/// Reads cells back from a lake that holds them as aggregation writes them, with the given stamps.
fn read(cells: &[Cell], stamps: [&str; 3]) -> Result<Counts, ReleaseError> {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let text = |pick: &dyn Fn(&Cell) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(cells.iter().map(pick)))
    };
    let same = |word: &str| text(&|_| word.to_owned());
    let columns = vec![
        text(&|cell| cell.0.to_owned()),
        text(&|cell| cell.1.to_owned()),
        text(&|cell| cell.2.to_owned()),
        text(&|cell| cell.3.to_owned()),
        same("unknown"),
        same("unknown"),
        same("unknown"),
        text(&|cell| cell.4.to_owned()),
        Arc::new(Int64Array::from_iter_values(cells.iter().map(|cell| cell.5))),
        same(stamps[0]),
        same(stamps[1]),
        same(stamps[2]),
    ];
    let batch = RecordBatch::try_new(InternalTable::Indicators.table().arrow_schema(), columns).unwrap();
    let mut table = lake.replace(InternalTable::Indicators).unwrap();
    table.write(&batch).unwrap();
    table.commit(None).unwrap();
    Counts::read(&lake.release_writer(), &definition())
}

fn read_todays(cells: &[Cell]) -> Result<Counts, ReleaseError> {
    let definition = definition();
    read(cells, [&definition.id(), &definition.hash(), &declaration_hash()])
}

#[test]
fn origins_are_rolled_up_to_prefectures_and_cubes_that_are_counted_only_are_passed_over() {
    let counts = read_todays(&[
        ("connected_monthly", "2026-03", "20321", "13101", CONNECTED, 4),
        ("connected_monthly", "2026-03", "20321", "13102", CONNECTED, 5),
        ("connected_monthly", "2026-03", "20321", "14100", CONNECTED, 7),
        ("person_nights_monthly", "2026-03", "20321", "13101", "all", 90),
        ("residents_monthly", "2026-03", "13101", "13101", "all", 30),
        ("residents_monthly", "2026-03", "13102", "13102", "all", 12),
        ("visitors_daily", "2026-03-14", "20321", "13101", "all", 2),
        ("visitors_daily", "2026-03-14", "20321", "13102", "all", 3),
    ])
    .unwrap();
    let month = Month::parse("2026-03").unwrap();
    let karuizawa = MunicipalityCode::parse("20321").unwrap();
    let ties = counts.ties(month, Area::Municipality(karuizawa));
    let by_origin: Vec<(u8, u64)> = ties.iter().map(|(atom, value)| (atom.origin.number(), *value)).collect();
    assert_eq!(by_origin, [(13, 9), (14, 7)]);
    assert!(ties.keys().all(|atom| atom.is(CountedKind::Connected) && atom.is(CountedKind::Workation)));
    assert!(ties.keys().all(|atom| !atom.is(CountedKind::DualResident)));
    let tokyo = PrefectureCode::new(13).unwrap();
    assert_eq!(counts.residents().of(month, tokyo), 42);
    assert_eq!(counts.visitors(Day::parse("2026-03-14").unwrap(), karuizawa), &Origins::from([(tokyo, 5)]));
}

#[test]
fn counts_of_another_definition_or_of_other_cubes_are_refused() {
    let definition = definition();
    let (id, hash, cubes) = (definition.id(), definition.hash(), declaration_hash());
    let cells = [("connected_monthly", "2026-03", "20321", "13101", CONNECTED, 4)];
    for (stamps, what) in [
        (["mine/1", &*hash, &*cubes], "the definition"),
        ([&*id, "000000000000", &*cubes], "the thresholds"),
        ([&*id, &*hash, "000000000000"], "the cubes"),
    ] {
        let error = read(&cells, stamps).unwrap_err();
        assert!(matches!(error, ReleaseError::OtherCounts { what: found, .. } if found == what), "{error}");
    }
}

#[test]
fn a_cell_that_no_cube_has_is_refused_by_its_column() {
    for (cell, column) in [
        (("visits_weekly", "2026-03", "20321", "13101", "all", 1), "cube"),
        (("connected_monthly", "2026-03-14", "20321", "13101", CONNECTED, 1), "period"),
        (("connected_monthly", "2026-03", "2032", "13101", CONNECTED, 1), "area_code"),
        (("connected_monthly", "2026-03", "20321", "13", CONNECTED, 1), "origin_code"),
        (("connected_monthly", "2026-03", "20321", "13101", "all", 1), "class"),
        (("connected_monthly", "2026-03", "20321", "13101", CONNECTED, -1), "value"),
    ] {
        let error = read_todays(&[cell]).unwrap_err();
        assert!(
            matches!(error, ReleaseError::Unreadable { column: found, .. } if found == column),
            "{column}: {error}"
        );
    }
}
