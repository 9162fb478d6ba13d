//! The pages of functions and of tables miss nothing that the program has, and tell of nothing that it has not.
//!
//! In: `functions.md` and `tables.md` of both books, `kayoi query --functions` and `kayoi schema`. Out: what is missing, has
//! other arguments, or is gone. The pages explain more than the program prints, so that they are not made of it; `columns.md`,
//! which is, has a test of its own.

use std::collections::BTreeSet;

use crate::kayoi::run;
use crate::repository;

/// Facts beside a release, and functions of PostgreSQL of which there is more to say than their line in the list.
const BESIDE: [&str; 9] = [
    "municipalities",
    "neighbours",
    "calendar",
    "class_errors",
    "timezone",
    "to_char",
    "age",
    "row_to_json",
    "version",
];

/// What of `wanted` is not in `found`, in words for whoever reads the failure.
fn missing<'a>(found: &BTreeSet<&'a str>, wanted: &BTreeSet<&'a str>) -> Vec<&'a str> {
    wanted.difference(found).copied().collect()
}

#[test]
fn every_function_has_its_heading_and_its_arguments_in_both_books() {
    let printed = run(&["query", "--functions"]);
    let signatures: Vec<&str> =
        printed.lines().filter(|line| !line.starts_with(' ') && line.contains(") -> ")).collect();
    let names: BTreeSet<&str> = signatures.iter().filter_map(|line| Some(line.split_once('(')?.0)).collect();
    assert!(names.len() >= 20, "the program has {} functions only", names.len());
    let known = names.union(&BESIDE.into()).copied().collect();
    for language in ["en", "ja"] {
        let page = repository::read(&format!("docs/{language}/src/functions.md"));
        let lines: BTreeSet<&str> = page.lines().map(|line| line.trim().trim_matches('`')).collect();
        let headings = page
            .lines()
            .filter_map(|line| line.strip_prefix("### "))
            .filter(|name| !name.contains(' '))
            .collect();
        assert_eq!(
            missing(&lines, &signatures.iter().copied().collect()),
            [""; 0],
            "signatures in {language}"
        );
        assert_eq!(missing(&headings, &names), [""; 0], "headings in {language}");
        assert_eq!(missing(&known, &headings), [""; 0], "headings of no function in {language}");
    }
}

#[test]
fn every_table_that_is_served_is_explained_in_both_books() {
    let printed = run(&["schema"]);
    // `name (release, served): meaning`, and its columns below, with a space before them.
    let served: BTreeSet<&str> = printed
        .lines()
        .filter_map(|line| line.split_once(" (").filter(|(name, _)| !name.is_empty() && !name.contains(' ')))
        .filter(|(_, rest)| {
            rest.split_once("): ").is_some_and(|(kinds, _)| kinds.split(", ").any(|kind| kind == "served"))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(served.len() >= 20, "the program serves {} tables only", served.len());
    for language in ["en", "ja"] {
        let page = repository::read(&format!("docs/{language}/src/tables.md"));
        let bold = page.split("**`").skip(1).filter_map(|rest| Some(rest.split_once("`**")?.0));
        // Lines of the ledger have names too, with a hyphen.
        let told: BTreeSet<&str> = bold.filter(|name| !name.contains('-')).collect();
        assert_eq!(missing(&told, &served), [""; 0], "tables in {language}");
        assert_eq!(missing(&served, &told), [""; 0], "tables that are not served in {language}");
    }
}
