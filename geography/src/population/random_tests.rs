use std::path::Path;

use encoding_rs::SHIFT_JIS;
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::file;
use super::super::fixture::{Place, Table, census_long, date, nation, register_ages, row, yearbook};
use super::{ImportOptions, ImportReport, import_bytes};
use crate::population::{Base, Population, PopulationError};

const TOTTORI: u8 = 31;

fn partial(base: Base) -> ImportOptions {
    let source = Some("made up".to_owned());
    ImportOptions { base, date: date(), source, columns: None, conditions: Vec::new(), is_partial: true }
}

fn import(bytes: &[u8], options: &ImportOptions) -> Result<(Population, ImportReport), PopulationError> {
    import_bytes(&[(Path::new("table"), bytes)], options)
}

#[test]
fn an_imported_file_imports_as_itself() {
    let places = nation(Some(TOTTORI));
    let options = ImportOptions { source: None, ..partial(Base::Census) };
    let (population, _) = import(&register_ages(&places).csv(), &options).unwrap();
    let bytes = population.to_csv();
    let (again, report) = import(&bytes, &options).unwrap();
    assert!(again == population && again.to_csv() == bytes);
    assert_eq!(report.tables, 1);
    let error = import(&bytes, &partial(Base::Estimate)).unwrap_err().to_string();
    assert!(error.contains("of census 2025-01-01, and estimate 2025-01-01 was asked for"), "{error}");
    let two = [(Path::new("a"), bytes.clone()), (Path::new("b"), bytes)];
    assert!(matches!(import_bytes(&two, &options), Err(PopulationError::Imported { .. })));
}

/// Rows of a table below its header, in the order that numbers give them.
fn shuffled(mut rows: Vec<Vec<String>>, header: usize, order: &[Index]) -> Vec<Vec<String>> {
    let mut below = rows.split_off(header);
    for index in order {
        let last = below.len() - 1;
        let from = index.index(below.len());
        below.swap(from, last);
        let moved = below.pop();
        let to = index.index(below.len() + 1);
        below.splice(to..to, moved);
    }
    rows.extend(below);
    rows
}

fn tottori() -> Vec<Place> {
    nation(Some(TOTTORI))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_order_of_rows_gives_the_same_file(order in proptest::collection::vec(any::<Index>(), 40..80)) {
        let places = tottori();
        let options = partial(Base::ResidentRegister);
        let file = |table: Table| import(&table.csv(), &options).unwrap().0.to_csv();
        let register = register_ages(&places);
        let moved = Table { rows: shuffled(register.rows.clone(), 2, &order), ..Table::default() };
        prop_assert!(file(moved) == file(register));
        let long = census_long(&places, 2025);
        let moved = Table { rows: shuffled(long.rows.clone(), 5, &order), ..Table::default() };
        prop_assert!(file(moved) == file(long));
    }

    #[test]
    fn any_order_of_columns_gives_the_same_file(order in Just((4..26).collect::<Vec<usize>>()).prop_shuffle()) {
        let places = tottori();
        let options = partial(Base::ResidentRegister);
        let file = |table: Table| import(&table.csv(), &options).unwrap().0.to_csv();
        let register = register_ages(&places);
        let columns: Vec<usize> = order.iter().copied().chain([3, 1, 0, 2]).collect();
        let moved = |cells: &Vec<String>| if cells.len() < 26 { cells.clone() } else { columns.iter().map(|at| cells[*at].clone()).collect() };
        let other = Table { rows: register.rows.iter().map(moved).collect(), ..Table::default() };
        prop_assert!(file(other) == file(register));
    }

    #[test]
    fn any_order_of_groups_gives_the_same_file(sexes in Just([0_usize, 1, 2]).prop_shuffle()) {
        let places = tottori();
        let options = partial(Base::Estimate);
        let file = |table: Table| import(&table.csv(), &options).unwrap().0.to_csv();
        prop_assert!(file(yearbook(&places, sexes)) == file(yearbook(&places, [0, 1, 2])));
    }
}

/// A handful of cells that tables are made of, right and wrong.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "団体コード",
            "市区町村名",
            "都道府県名",
            "人口",
            "男",
            "女",
            "総数",
            "性別",
            "年齢",
            "0～4歳",
            "5歳以上",
            "312011",
            "31201",
            "011002",
            "鳥取県",
            "鳥取市",
            "東伯郡",
            "-",
            "X",
            "***",
            "合計",
            "1,234",
            "12",
            "999999999999",
            "令和7年",
            "世帯数",
            "表章項目",
            "国籍",
            "地域",
            "01100_札幌市",
            "注)",
            "2025年_地域コード",
            "３１２０１",
            "\u{301c}",
            "00000",
            "0",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_table_panics(rows in proptest::collection::vec(proptest::collection::vec(cell(), 0..7), 0..9), digits in 0..3_u8) {
        let table = Table { rows, ..Table::default() };
        let bytes = if digits == 0 { SHIFT_JIS.encode(&String::from_utf8_lossy(&table.csv())).0.into_owned() } else { table.csv() };
        if let Ok((population, _)) = import(&bytes, &partial(Base::Census)) {
            let again = file::parse(Path::new("again"), &population.to_csv()).unwrap();
            prop_assert!(again == population);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = import(&bytes, &partial(Base::Census));
        let _ = import(&[b"PK\x03\x04".as_slice(), &bytes].concat(), &partial(Base::Census));
        let _ = import(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &bytes].concat(), &partial(Base::Census));
        let _ = file::parse(Path::new("some"), &bytes);
    }

    #[test]
    fn no_damaged_workbook_panics(damage in proptest::collection::vec((any::<Index>(), any::<u8>()), 1..12), is_old in any::<bool>()) {
        let table = Table {
            rows: vec![row(&["団体コード", "人口", ""]), row(&["", "男", "女"]), row(&["312011", "5", "6"])],
            merged: vec![[0, 1, 0, 2]],
        };
        let mut bytes = if is_old { table.xls() } else { table.xlsx("R7") };
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let _ = import(&bytes, &partial(Base::Census));
    }
}
