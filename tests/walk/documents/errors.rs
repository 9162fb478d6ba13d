//! Every code that a user can meet has its heading in `errors.md`, in both books, and every heading has its code.
//!
//! In: the sources of the doors and of the command line, as text, and the two pages. Out: codes that only one side
//! has, and statuses of HTTP that a page gives and the source does not. Sources are read as text, because each door
//! writes codes of its own where it refuses, and a list beside them would be one more thing to forget.
//!
//! A SQLSTATE is told from other words of five letters so: it stands alone between quotes, all its letters are
//! capitals or digits, one at least is a digit, and the first two are a class of PostgreSQL's appendix A. Codes of
//! municipalities look the same: those in examples are of Nagano, begin with 20, and that class, of a CASE in
//! PL/pgSQL, is left out. Tests and comments are not read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::repository;

/// Classes of PostgreSQL's appendix A, without success (00) and the CASE of PL/pgSQL (20).
const CLASSES: &[&str] = &[
    "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "21", "22", "23", "24", "25",
    "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D", "3F", "40", "42", "44", "53", "54",
    "55", "57", "58", "72", "F0", "HV", "P0", "XX",
];

/// Where a file's tests begin.
const TESTS: &str = "\n#[cfg(test)]\nmod tests {";
/// Where the doors' errors know their codes and statuses.
const ERRORS: &str = "query/src/error.rs";

/// The heading of a code on a page, and what follows it.
#[derive(Debug, PartialEq)]
struct Section<'p> {
    code: &'p str,
    name: &'p str,
    /// Numbers of three digits in its first sentence, where that begins with the word HTTP.
    statuses: BTreeSet<&'p str>,
}

fn is_sqlstate(word: &str) -> bool {
    word.len() == 5
        && word.bytes().all(|letter| letter.is_ascii_digit() || letter.is_ascii_uppercase())
        && word.bytes().any(|letter| letter.is_ascii_digit())
        && CLASSES.iter().any(|class| word.starts_with(*class))
}

/// The lines of a source that are neither a comment nor a test.
fn lines(source: &str) -> impl Iterator<Item = &str> {
    let code = source.split(TESTS).next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// What stands between two quotes of a line; what lies between two literals, too, which is no code either.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    let pieces = line.split('"').count();
    line.split('"').take(pieces - 1).skip(1)
}

fn sqlstates_in(source: &str) -> BTreeSet<String> {
    lines(source).flat_map(quoted).filter(|word| is_sqlstate(word)).map(str::to_owned).collect()
}

/// The exit codes of a source of the command line. What `clap` cannot read it ends with 2.
fn exit_codes_in(source: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for line in lines(source) {
        for (words, code) in [("ExitCode::SUCCESS", "0"), ("ExitCode::FAILURE", "1"), ("Cli::parse()", "2")] {
            if line.contains(words) {
                codes.insert(code.to_owned());
            }
        }
        for call in ["ExitCode::from(", "process::exit("] {
            if let Some((_, rest)) = line.split_once(call) {
                codes.insert(number(source, rest.split(')').next().unwrap_or_default()));
            }
        }
    }
    codes
}

/// A number as it stands, or that of a constant of the same file.
fn number(source: &str, word: &str) -> String {
    if word.bytes().all(|letter| letter.is_ascii_digit()) {
        return word.to_owned();
    }
    let constant = format!("const {word}: i32 = ");
    let Some((_, rest)) = source.split_once(&constant) else { panic!("nobody knows the exit code `{word}`") };
    rest.split(';').next().unwrap_or_default().to_owned()
}

/// Codes of all sources below a folder.
fn below(folder: &Path, codes_in: fn(&str) -> BTreeSet<String>, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if path.is_dir() {
            below(&path, codes_in, codes);
        } else if name.ends_with(".rs") && !name.ends_with("_tests.rs") {
            codes.extend(codes_in(&std::fs::read_to_string(&path).expect("a source")));
        }
    }
}

/// What a function of `QueryError` gives for each variant; `_` for all others.
fn arms<'s>(source: &'s str, function: &str) -> BTreeMap<&'s str, &'s str> {
    let (_, body) = source.split_once(&format!("fn {function}(")).expect("the function");
    let body = body.split("\n    }\n").next().unwrap_or_default();
    let mut arms: BTreeMap<&str, &str> = BTreeMap::new();
    for (variants, value) in body.split(",\n").filter_map(|arm| arm.split_once("=>")) {
        let value = value.trim().trim_matches('"');
        let named = variants.split("Self::").skip(1);
        let named = named.filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next());
        arms.extend(named.map(|variant| (variant, value)));
        if variants.trim() == "_" {
            arms.insert("_", value);
        }
    }
    arms
}

/// The statuses that go with each SQLSTATE, by the variants that have both.
fn statuses(source: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let by_variant = arms(source, "http_status");
    let otherwise = by_variant.get("_").copied().unwrap_or_default();
    let mut statuses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (variant, state) in arms(source, "sqlstate") {
        let status = by_variant.get(variant).copied().unwrap_or(otherwise);
        statuses.entry(state).or_default().insert(status);
    }
    statuses
}

/// The sections of a page whose heading is a code and a name.
fn sections(page: &str) -> Vec<Section<'_>> {
    page.split("\n### ").skip(1).map(section).collect()
}

fn section(part: &str) -> Section<'_> {
    let (heading, text) = part.split_once('\n').unwrap_or((part, ""));
    let (code, name) = heading.split_once(": ").unwrap_or((heading, ""));
    let first = text.trim_start().split(['.', '。', '\n']).next().unwrap_or_default();
    let told = first.strip_prefix("HTTP ").unwrap_or_default();
    let numbers = told.split(|sign: char| !sign.is_ascii_digit());
    Section { code, name, statuses: numbers.filter(|number| number.len() == 3).collect() }
}

#[test]
fn every_code_has_its_heading_in_both_books_and_every_heading_its_code() {
    let (root, mut given) = (repository::root(), BTreeSet::new());
    below(&root.join("query/src"), sqlstates_in, &mut given);
    below(&root.join("cli/src"), exit_codes_in, &mut given);
    for known in ["57014", "28P01", "XX000", "0", "2", "130"] {
        assert!(given.contains(known), "the scan does not find `{known}` in the sources any more: {given:?}");
    }
    for language in ["en", "ja"] {
        let page = repository::read(&format!("docs/{language}/src/errors.md"));
        let sections = sections(&page);
        let shown: BTreeSet<String> = sections.iter().map(|section| section.code.to_owned()).collect();
        assert_eq!(shown.len(), sections.len(), "a code has two headings in `{language}`");
        let nameless: Vec<_> = sections.iter().filter(|section| section.name.is_empty()).collect();
        assert!(nameless.is_empty(), "write `### CODE: what it is` in `{language}`: {nameless:?}");
        let (missing, invented): (Vec<_>, Vec<_>) =
            (given.difference(&shown).collect(), shown.difference(&given).collect());
        assert!(
            missing.is_empty() && invented.is_empty(),
            "docs/{language}/src/errors.md lacks {missing:?}, and no source gives {invented:?}"
        );
    }
}

#[test]
fn the_pages_give_the_statuses_that_the_doors_give() {
    let source = repository::read(ERRORS);
    let known = statuses(&source);
    let (en, ja) = (repository::read("docs/en/src/errors.md"), repository::read("docs/ja/src/errors.md"));
    let (en, ja) = (sections(&en), sections(&ja));
    for section in &en {
        let other = ja.iter().find(|other| other.code == section.code);
        let other = other.map(|other| &other.statuses);
        assert_eq!(other, Some(&section.statuses), "the two books differ about `{}`", section.code);
        let none = BTreeSet::new();
        let known = known.get(section.code).unwrap_or(&none);
        let wrong: Vec<_> = section.statuses.difference(known).collect();
        assert!(wrong.is_empty(), "`{}` goes with {known:?} and not with {wrong:?}", section.code);
    }
    assert!(en.iter().any(|section| !section.statuses.is_empty()), "no page gives a status");
}

#[test]
fn a_code_is_told_from_other_words() {
    let source = concat!(
        "//! \"22003\" of a comment\n",
        "Self::Busy => \"53300\", // and \"no code\"\n",
        "    \"42804\",\n",
        "refuse(\"08P01\", \"ABCDE\"); (\"25006\" | \"42501\", _) => 1,\n",
        "goes on\", \"0A000\");\n",
        "let town = \"20361\"; let small = \"08p01\"; let long = \"530001\"; let word = \"XXABC\";\n",
        "#[cfg(test)]\nmod tests {\n    let given = \"57014\";\n}\n",
    );
    let found: Vec<String> = sqlstates_in(source).into_iter().collect();
    assert_eq!(found, ["08P01", "0A000", "25006", "42501", "42804", "53300"]);
    let source = "const LEFT: i32 = 130;\nlet cli = Cli::parse();\nstd::process::exit(LEFT);\n\
                  Err(_) => ExitCode::FAILURE,\nprocess::exit(3);\n// ExitCode::SUCCESS\n";
    assert_eq!(exit_codes_in(source).into_iter().collect::<Vec<_>>(), ["1", "130", "2", "3"]);
}

#[test]
fn statuses_go_with_the_codes_of_their_variants() {
    let source = "    pub fn sqlstate(&self) -> &str {\n        match self {\n            \
                  Self::Busy => \"53300\",\n            Self::Role(_) | Self::Gone { .. } => \"42704\",\n        }\n    }\n\
                  \n    pub fn http_status(&self) -> u16 {\n        match self {\n            \
                  Self::Busy | Self::Audit => 503,\n            Self::Gone { .. } => 404,\n            _ => 400,\n        }\n    }\n";
    let expected =
        BTreeMap::from([("42704", BTreeSet::from(["400", "404"])), ("53300", BTreeSet::from(["503"]))]);
    assert_eq!(statuses(source), expected);
    let page =
        "# Page\n\n### 53300: busy\n\nHTTP 503 or 400. It holds 500 of them.\n\n### 1: failed\n\nSo.\n";
    let busy = Section { code: "53300", name: "busy", statuses: BTreeSet::from(["503", "400"]) };
    let failed = Section { code: "1", name: "failed", statuses: BTreeSet::new() };
    assert_eq!(sections(page), [busy, failed]);
}
