//! The text of every error, read from the sources. In: each `#[error("…")]` of our crates. Out: one list, and the rules of
//! the house for all of them.
//!
//! Many errors need a broken disk or a lost broker before a person meets them; their words are kept all the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::keep;
use crate::repository;

const ATTRIBUTE: &str = "#[error(";

/// Text by the name of its error, as `lake LakeError::NotALake`.
type Texts = BTreeMap<String, String>;

fn read_folder(name: &str, folder: &Path, texts: &mut Texts) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            read_folder(name, &path, texts);
        } else if file.ends_with(".rs") && !file.ends_with("_tests.rs") {
            read_source(name, &std::fs::read_to_string(&path).unwrap(), texts);
        }
    }
}

fn read_source(name: &str, source: &str, texts: &mut Texts) {
    for (at, _) in source.match_indices(ATTRIBUTE) {
        let (before, after) = (&source[..at], &source[at + ATTRIBUTE.len()..]);
        let (text, rest) = literal(after);
        let kind = before.rsplit("enum ").next().filter(|_| before.contains("enum ")).map(first_word);
        // Further attributes and the description may stand between the text and the name.
        let (_, item) = rest.split_once(")]").unwrap_or_default();
        let item = item.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['#', '/']));
        let item = item.unwrap_or_default();
        let key = match item.strip_prefix("pub struct ") {
            Some(item) => format!("{name} {}", first_word(item)),
            None => format!("{name} {}::{}", kind.unwrap_or_default(), first_word(item)),
        };
        let before = texts.insert(key.clone(), text);
        assert!(before.is_none(), "two errors are called `{key}`");
    }
}

fn first_word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

/// The first text of an attribute as it will be printed, and what follows it; without one, the cause's own words.
fn literal(attribute: &str) -> (String, &str) {
    let start = attribute.trim_start();
    let Some(body) = start.strip_prefix('"') else { return ("(the text of its cause)".to_owned(), start) };
    let (mut text, mut letters) = (String::new(), body.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (text, &body[at + 1..]),
            '\\' => match letters.next() {
                Some((_, 'n')) => text.push('\n'),
                // A line that goes on: what the next one starts with is not printed.
                Some((at, '\n')) => {
                    let blank = body[at + 1..].len() - body[at + 1..].trim_start().len();
                    letters.by_ref().take(blank).for_each(drop);
                }
                Some((_, other)) => text.push(other),
                None => break,
            },
            other => text.push(other),
        }
    }
    panic!("a text without an end: {body}");
}

fn all_texts() -> Texts {
    let mut texts = Texts::new();
    for entry in std::fs::read_dir(repository::root()).unwrap() {
        let sources = entry.unwrap().path().join("src");
        if sources.is_dir() {
            let name = sources.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
            read_folder(&name, &sources, &mut texts);
        }
    }
    texts
}

#[test]
fn every_error_has_its_text() {
    let texts = all_texts();
    assert!(texts.len() > 150, "only {} errors were found", texts.len());
    let mut all = String::new();
    for (name, text) in &texts {
        writeln!(all, "{name}\n    {}", text.replace('\n', "\n    ")).unwrap();
    }
    keep("error-texts", &all);
}

#[test]
fn error_texts_keep_the_rules_of_the_house() {
    for (name, text) in all_texts() {
        let mut lines = text.lines();
        let first = lines.next().unwrap();
        assert!(!first.starts_with("hint:") && !first.is_empty(), "{name} says nothing: {text}");
        let lines: Vec<&str> = lines.collect();
        assert!(
            lines.iter().all(|line| line.starts_with("hint: ")),
            "{name}: a second line that is no hint: {text}"
        );
        assert!(lines.len() < 2, "{name} has more than one hint: {text}");
        assert!(!text.ends_with('.'), "{name} ends with a full stop: {text}");
        let capital = first.chars().next().is_some_and(char::is_uppercase);
        assert!(
            !capital || PROPER_NAMES.iter().any(|name| first.starts_with(name)),
            "{name} begins with a capital: {text}"
        );
    }
}

/// Words that have their capital anywhere.
const PROPER_NAMES: [&str; 3] = ["Avro", "Kafka", "SQL"];

#[test]
fn the_reader_knows_what_rust_prints() {
    let mut texts = Texts::new();
    let source = r##"
        pub enum OneError {
            /// Words.
            #[error("no `{0}`\nhint: try \"{}\" \
                     or wait", names())]
            #[allow(dead_code)]
            /// More words.
            First(String),
            #[error(transparent)]
            Second(#[from] Other),
        }
        #[error("alone")]
        pub struct Alone;
    "##;
    read_source("lake", source, &mut texts);
    let expected = [
        ("lake Alone", "alone"),
        ("lake OneError::First", "no `{0}`\nhint: try \"{}\" or wait"),
        ("lake OneError::Second", "(the text of its cause)"),
    ];
    assert_eq!(texts, expected.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
}
