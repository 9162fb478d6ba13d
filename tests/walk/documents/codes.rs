//! Every code of the command line has its heading in `codes.md`, in both books, and every heading its code; and every
//! error that a crate hands out says its code.
//!
//! In: the list of codes, the two pages, and the sources of the crates, as text. Out: codes that only one side has,
//! headings that lack a part or lead elsewhere in the other language, and types of errors that nobody gave a code.

use std::collections::BTreeSet;
use std::path::Path;

use kayoi_schemas::error_code::ErrorCode;

use super::page::Page;
use crate::repository;

/// What each heading has below it, by language: why it happens, and what to do.
const PARTS: [(&str, [&str; 2]); 2] =
    [("en", ["- **Why.** ", "- **What to do.** "]), ("ja", ["- **原因。** ", "- **対処。** "])];

/// What a type of errors says its code with.
const SAYS_CODE: &str = "pub fn code(&self) -> ErrorCode";
/// Where the command line knows the types that say a code.
const KNOWN: &str = "cli/src/coded.rs";

/// Errors without a code: those that stand only inside another one, which has it; those of a word that clap refuses, which
/// ends with 2; and those of a question, which have a SQLSTATE.
const WITHOUT: [&str; 15] = [
    "CarShareFault",
    "BucketError",
    "BuildFault",
    "Broken",
    "ColumnsError",
    "ContainerError",
    "HeaderError",
    "MeshCodeError",
    "OfficeFault",
    "QueryError",
    "Refused",
    "SchemaError",
    "SettingsError",
    "UnknownField",
    "UnknownZone",
];

/// The headings of a page that are codes, each with what follows it.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("\n### ").skip(1);
    let parts = parts.map(|part| part.split("\n## ").next().unwrap_or_default());
    parts.map(|part| part.split_once(": ").unwrap_or((part, ""))).collect()
}

fn links(section: &str) -> Vec<&str> {
    let links = section.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    links.filter(|link| link.contains("runbook.md")).collect()
}

#[test]
fn every_code_has_its_heading_in_both_books_and_every_heading_its_code() {
    let given: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    let read = |language: &str| repository::read(&format!("docs/{language}/src/codes.md"));
    for (language, parts) in PARTS {
        let page = read(language);
        let sections = sections(&page);
        let shown: Vec<&str> = sections.iter().map(|(code, _)| *code).collect();
        assert_eq!(shown, given, "docs/{language}/src/codes.md and schemas/src/error_code.rs");
        for (code, text) in sections {
            let missing: Vec<_> = parts.iter().filter(|part| !text.contains(**part)).collect();
            assert!(missing.is_empty(), "`{code}` lacks {missing:?} in `{language}`");
        }
    }
    let (en, ja) = (read("en"), read("ja"));
    for ((code, en), (_, ja)) in sections(&en).into_iter().zip(sections(&ja)) {
        assert_eq!(links(en), links(ja), "the two books send elsewhere from `{code}`");
    }
}

#[test]
fn pages_and_runbook_name_no_code_that_there_is_not() {
    let given: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    let pages = ["en", "ja"].map(|language| ["codes", "errors", "operators"].map(|name| (language, name)));
    let paths = pages.as_flattened().iter().map(|(language, name)| format!("docs/{language}/src/{name}.md"));
    for path in paths.chain(["deploy/runbook.md".to_owned()]) {
        let words = Page::read(&path).code_words();
        let named = words.iter().filter_map(|word| word.strip_prefix("error[")?.strip_suffix(']'));
        let unknown: Vec<&str> =
            named.filter(|code| code.starts_with('K') && !given.contains(code)).collect();
        assert!(unknown.is_empty(), "{path} names {unknown:?}");
    }
}

/// Names of the types of a source that are errors and that other crates see, and of those that say their code.
fn errors_in(source: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let name = |text: &str| {
        let name: String = text.chars().take_while(|letter| letter.is_alphanumeric()).collect();
        name
    };
    let derived = source.split("thiserror::Error)]").skip(1);
    let lines = derived.filter_map(|after| {
        let declares = |line: &&str| line.contains("enum ") || line.contains("struct ");
        after.lines().find(declares)
    });
    let seen =
        lines.filter_map(|line| line.strip_prefix("pub enum ").or_else(|| line.strip_prefix("pub struct ")));
    let says = source.match_indices(SAYS_CODE).filter_map(|(at, _)| source[..at].rsplit("\nimpl ").next());
    (seen.map(name).collect(), says.map(name).collect())
}

fn read_folder(folder: &Path, errors: &mut BTreeSet<String>, coded: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_folder(&path, errors, coded);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let (of_file, of_code) = errors_in(&std::fs::read_to_string(&path).expect("a source"));
            errors.extend(of_file);
            coded.extend(of_code);
        }
    }
}

#[test]
fn every_error_that_a_crate_hands_out_says_its_code_and_the_command_line_knows_it() {
    let (mut errors, mut coded) = (BTreeSet::new(), BTreeSet::new());
    for entry in std::fs::read_dir(repository::root()).expect("the repository") {
        let sources = entry.expect("an entry").path().join("src");
        if sources.is_dir() {
            read_folder(&sources, &mut errors, &mut coded);
        }
    }
    assert!(errors.len() > 30 && coded.len() > 20, "{errors:?} {coded:?}");
    let without: BTreeSet<String> = errors.difference(&coded).cloned().collect();
    let expected: BTreeSet<String> = WITHOUT.map(str::to_owned).into();
    assert_eq!(without, expected, "errors without a code, and those that need none");
    let known = repository::read(KNOWN);
    let known: BTreeSet<&str> =
        known.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let forgotten: Vec<&String> = coded.iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(forgotten.is_empty(), "{KNOWN} does not ask {forgotten:?} for a code");
}

#[test]
fn errors_are_told_from_other_types() {
    let source = concat!(
        "/// One.\n#[derive(Debug, thiserror::Error)]\npub enum OneError {\n    /// A.\n}\n",
        "#[derive(Debug, thiserror::Error)]\n#[error(\"two\")]\npub struct TwoError {\n}\n",
        "#[derive(thiserror::Error)]\npub(crate) enum Hidden {}\n",
        "\nimpl OneError {\n    /// The code that it is looked up by.\n    pub fn code(&self) -> ErrorCode {\n    }\n}\n",
    );
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
    assert_eq!(errors_in(source), (names(&["OneError", "TwoError"]), names(&["OneError"])));
    let page =
        "# Page\n\n## Part\n\n### K001: one\n\nText [a](../runbook.md#a).\n\n## Other\n\n### K002: two\n";
    let expected = [("K001", "one\n\nText [a](../runbook.md#a).\n"), ("K002", "two\n")];
    assert_eq!(sections(page), expected);
    assert_eq!(links(expected[0].1), ["../runbook.md#a"]);
}
