//! Who upgrades reads in the changelog what to do: every breaking entry says it.
//!
//! In: CHANGELOG.md. Out: breaking entries that only tell what is otherwise now.

use crate::repository;

/// How an entry says whom it is about and what to do, or that nothing is.
const TO_DO: [&str; 16] = [
    "Who ",
    "Whoever ",
    "Whose ",
    "; who",
    "Readers of ",
    " is to be done",
    "`kayoi aggregate` makes",
    "`kayoi aggregate` counts anew",
    "run `kayoi aggregate`",
    "aggregate into a new lake",
    "ingest with ",
    "simulate again",
    "start again from",
    "goes on by buckets",
    "delete them",
    "do not go back",
];

/// The entries, each in one line.
fn entries(page: &str) -> Vec<String> {
    let entries = page.split("\n- ").skip(1).map(|entry| entry.split("\n\n").next().unwrap_or_default());
    entries.map(|entry| entry.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn lacks(entry: &str) -> bool {
    entry.contains("**Breaking:**") && !TO_DO.iter().any(|words| entry.contains(words))
}

#[test]
fn every_breaking_entry_says_what_to_do() {
    let all = entries(&repository::read("CHANGELOG.md"));
    assert!(all.iter().filter(|entry| entry.contains("**Breaking:**")).count() > 30, "{all:?}");
    let lacking: Vec<&String> = all.iter().filter(|entry| lacks(entry)).collect();
    assert!(lacking.is_empty(), "they do not say who is affected and what to do: {lacking:#?}");
}

#[test]
fn an_entry_that_only_tells_what_is_otherwise_is_noticed() {
    let page = "# C\n\n- **Breaking:** a column is gone.\n- **Breaking:** another is\n  gone. Who reads it\n  takes a third.\n\n- One more.\n";
    let lacking: Vec<bool> = entries(page).iter().map(|entry| lacks(entry)).collect();
    assert_eq!(lacking, [true, false, false]);
}
