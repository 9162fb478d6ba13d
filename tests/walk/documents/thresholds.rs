//! Every number that `thresholds.md` names stands in the file that the page gives, and both books say the same.
//!
//! In: the two pages and the sources. Out: names that their file does not have, and rows that the books differ in: name, value
//! or file. What a value is for and where it comes from is prose, and is read by people.

use std::path::Path;

use crate::repository;

/// Where parameters of the definition stand.
const DEFINITION: &str = "schemas/definitions/connected-2026.toml";

/// A row of a table: the names in its first column, and its file.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    names: Vec<String>,
    file: String,
}

fn words(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn rows(language: &str) -> Vec<Row> {
    let page = repository::root().join(format!("docs/{language}/src/thresholds.md"));
    let text = std::fs::read_to_string(&page).unwrap();
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let tables = text.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells = cells(line);
        let file = match cells.get(4).map_or(&[][..], |cell| std::slice::from_ref(cell)) {
            [cell] => words(cell).first().cloned().unwrap_or_else(|| DEFINITION.to_owned()),
            _ => String::new(),
        };
        (cells.len() >= 7).then(|| Row { names: words(&cells[1]), file })
    };
    tables.filter_map(row).collect()
}

/// The last part of a name such as `commit.after` or `--seal-after-days`, as sources have it.
fn own(name: &str) -> String {
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    match last.strip_prefix("--") {
        Some(option) => option.replace('-', "_"),
        None => last.to_owned(),
    }
}

#[test]
fn every_threshold_stands_where_the_page_says() {
    let english = rows("en");
    assert!(english.len() > 200, "{} rows", english.len());
    assert_eq!(english, rows("ja"));
    let missing = english.iter().flat_map(|row| {
        let path = repository::root().join(Path::new(&row.file));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let has = move |name: &&String| !text.contains(&own(name));
        row.names
            .iter()
            .filter(has)
            .map(|name| format!("`{name}` is not in {}", row.file))
            .collect::<Vec<_>>()
    });
    let missing: Vec<String> = missing.collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
