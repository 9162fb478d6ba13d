//! ARCHITECTURE.md tells the truth: every path and type that it names exists.
//!
//! In: the backticked words of the document. Out: those that the repository does not know. A map that nothing
//! checks drifts with the first renamed file.

use std::collections::BTreeSet;
use std::path::Path;

use crate::repository;

/// What a backticked word names.
#[derive(Debug, PartialEq)]
enum Named<'a> {
    /// A file or folder, from the root of the repository.
    Path(&'a str),
    /// A type, trait or, with `()`, a function.
    Item(&'a str),
    /// A command, a column, a constant: not checked here.
    Other,
}

fn classify(word: &str) -> Named<'_> {
    if word.contains(|c: char| c.is_whitespace() || "$*{…\"".contains(c)) {
        return Named::Other;
    }
    let file = Path::new(word)
        .extension()
        .is_some_and(|end| ["rs", "toml", "md", "py", "xml"].iter().any(|e| end == *e));
    if word.contains('/') || file {
        return Named::Path(word);
    }
    let item = word.split(['<', '(', '[']).next().unwrap_or_default();
    let name = item.split("::").find(|part| is_type_name(part));
    match name {
        Some(name) => Named::Item(name),
        None if word.ends_with("()") => Named::Item(item.rsplit("::").next().unwrap_or_default()),
        None => Named::Other,
    }
}

fn is_type_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.contains(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The backticked words outside fenced blocks.
fn backticked(document: &str) -> BTreeSet<&str> {
    let prose = document.split("```").step_by(2);
    prose.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

/// The names that the crates declare.
fn declared() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let root = repository::root();
    for folder in std::fs::read_dir(&root).expect("the root") {
        collect_names(&folder.expect("an entry").path().join("src"), &mut names);
    }
    names
}

fn collect_names(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect_names(&path, names);
        } else if path.extension().is_some_and(|end| end == "rs") {
            names.extend(declared_in(&std::fs::read_to_string(&path).expect("a source file")));
        }
    }
}

fn declared_in(source: &str) -> impl Iterator<Item = String> {
    source.lines().filter_map(|line| {
        let mut words =
            line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty());
        words.find(|word| ["struct", "enum", "trait", "fn", "type"].contains(word))?;
        words.next().map(str::to_owned)
    })
}

#[test]
fn every_path_and_type_in_the_architecture_exists() {
    let document = repository::read("ARCHITECTURE.md");
    let (root, declared) = (repository::root(), declared());
    let missing: Vec<_> = backticked(&document)
        .into_iter()
        .filter(|word| match classify(word) {
            Named::Path(path) => !root.join(path).exists(),
            Named::Item(name) => !declared.contains(name),
            Named::Other => false,
        })
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
}

#[test]
fn the_architecture_stays_short_enough_to_be_read() {
    assert!(repository::read("ARCHITECTURE.md").lines().count() < 150);
}

#[test]
fn words_are_told_apart() {
    assert_eq!(classify("schemas/src/ping.rs"), Named::Path("schemas/src/ping.rs"));
    assert_eq!(classify("deny.toml"), Named::Path("deny.toml"));
    assert_eq!(classify("ReleaseTable"), Named::Item("ReleaseTable"));
    assert_eq!(classify("Option<MunicipalityCode>"), Named::Item("Option"));
    assert_eq!(classify("Conservation::check()"), Named::Item("Conservation"));
    assert_eq!(classify("place()"), Named::Item("place"));
    for other in ["kayoi demo", "persons_low", "KAYOI_LAKE", "NULL", "GET /v1/query"] {
        assert_eq!(classify(other), Named::Other);
    }
    assert_eq!(backticked("a `b` c\n```\n`no`\n```\n`d`"), BTreeSet::from(["b", "d"]));
    assert_eq!(declared_in("pub(crate) struct Tie<'a> {\nlet fnord = 1;").collect::<Vec<_>>(), ["Tie"]);
}
