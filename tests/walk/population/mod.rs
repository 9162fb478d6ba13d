//! That official tables of people become one file: the real binary, a workbook of a whole nation, and what is refused.

pub(crate) mod tables;

use std::path::Path;

use kayoi_geography::Population;
use kayoi_schemas::ids::MunicipalityCode;
use serde_json::Value;
use tempfile::TempDir;

use crate::kayoi::{json, refused, run, text};

fn import<'a>(table: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let mut words =
        vec!["population", "import", text(table), "--date", "2025-01-01", "--base", "resident_register"];
    words.extend(["--out", text(out)]);
    words.extend(more);
    words
}

#[test]
fn a_workbook_of_the_nation_becomes_a_file_that_says_what_it_holds() {
    let folder = TempDir::new().unwrap();
    let (table, out) = (folder.path().join("2025jinko.xlsx"), folder.path().join("population.csv"));
    tables::register(&table);
    let said = run(&import(&table, &out, &[]));
    for line in [
        "base             resident_register (住民基本台帳に基づく人口)\n",
        "date             2025-01-01\n",
        "source           2025jinko.xlsx\n",
        "municipalities   1,741\n",
        "by sex           yes\n",
        "by age           no\n",
        "checked          the municipalities sum to 47 prefectures\n",
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert!(said.starts_with(&run(&["population", "info", text(&out)])), "{said}");
    let population = Population::read(&out).unwrap();
    let [men, women] = tables::people(20_202);
    assert_eq!(population.people(MunicipalityCode::parse("20202").unwrap()), Some(men + women));
    // Again over its own file, which is replaced by the same bytes, and with the numbers for scripts.
    let before = std::fs::read(&out).unwrap();
    let summary = json(&import(&table, &out, &["--json"]));
    assert_eq!(std::fs::read(&out).unwrap(), before);
    assert_eq!(
        (&summary["municipalities"], &summary["people"]),
        (&Value::from(1_741), &population.all().into())
    );
    assert_eq!(summary["import"]["prefectures_checked"], 47);
    let info = json(&["population", "info", text(&out), "--json"]);
    let of_file = |name: &str| (name.to_owned(), summary[name].clone());
    let names =
        ["base", "date", "source", "municipalities", "people", "municipalities_by_sex", "ages", "missing"];
    for (name, value) in names.map(of_file) {
        assert_eq!(info[&name], value, "{name}");
    }
    let again = folder.path().join("again.csv");
    run(&import(&out, &again, &[]));
    assert_eq!(std::fs::read(&again).unwrap(), before, "a file of people imports as itself");
}

#[test]
fn the_census_that_ships_is_shown_without_a_file() {
    let said = run(&["population", "info"]);
    assert!(
        said.contains("people           126,226,568\n") && said.contains("date             2020-10-01\n"),
        "{said}"
    );
    assert_eq!(json(&["population", "info", "--json"])["municipalities"], 1_741);
}

#[test]
fn names_of_columns_and_conditions_read_any_other_layout() {
    let folder = TempDir::new().unwrap();
    let (table, out) = (folder.path().join("towns.csv"), folder.path().join("population.csv"));
    std::fs::write(&table, tables::TOWNS).unwrap();
    let columns = ["--columns", "code=自治体番号,people=推計"];
    let error = refused(&import(&table, &out, &[]));
    assert!(error.contains("no layout that is known") && error.contains("hint: name the columns"), "{error}");
    let error = refused(&import(&table, &out, &columns));
    assert!(error.contains("two figures") && error.contains("hint: "), "{error}");
    let of_all = [&columns[..], &["--where", "区分=全"]].concat();
    let error = refused(&import(&table, &out, &of_all));
    assert!(error.contains("1739 of 1741 municipalities have no figure: 01100 札幌市"), "{error}");
    assert!(error.contains("--partial"), "{error}");
    assert!(!out.exists(), "what is refused leaves no file");
    let said = run(&import(&table, &out, &[&of_all[..], &["--partial"]].concat()));
    assert!(said.contains("municipalities   2\n") && said.contains("people           331,000\n"), "{said}");
    assert!(said.contains("missing          1,739: 01100 札幌市"), "{said}");
}

#[test]
fn another_file_is_never_replaced() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("2025jinko.xlsx");
    tables::register(&table);
    let before = std::fs::read(&table).unwrap();
    let error = refused(&import(&table, &table, &[]));
    assert!(error.contains("is there and no file of people") && error.contains("hint: "), "{error}");
    assert_eq!(std::fs::read(&table).unwrap(), before);
    let error = refused(&["population", "info", text(&table)]);
    assert!(
        error.contains("is no file of people, line 1") && error.contains("kayoi population import"),
        "{error}"
    );
}
