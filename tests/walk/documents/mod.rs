//! The documents tell the truth: commands run, questions have answers, links lead somewhere, both languages
//! say the same.
//!
//! In: README, CONTRIBUTING, the runbook, the books in `docs`. Out: what of them is wrong. Every `sh`,
//! `console`, `sql`, `json`, `toml` and `python` block is run; `text` is a picture or what was printed.

mod architecture;
mod elsewhere;
mod errors;
mod codes;
mod changelog;
mod citation;
mod columns;
mod page;
mod shell;
mod parser;
mod belongings;
mod ground;
mod programs;
mod reference;
mod not_run;
mod thresholds;
pub mod walked;

use std::collections::BTreeSet;

use crate::repository;
use belongings::Belongings;
use ground::Ground;
use not_run::NOT_RUN;
use page::{Block, Page};
use walked::{REWRITE, Walked, is_rewriting};

/// Pages without a second language.
const ENGLISH: [&str; 2] = ["CONTRIBUTING.md", "deploy/runbook.md"];
/// Pages of which only the links are looked at: they hold no commands for readers, or those of `elsewhere.rs`.
const FOR_LINKS: [&str; 11] = [
    "ARCHITECTURE.md",
    "ACCURACY.md",
    "COVERAGE.md",
    "CHANGELOG.md",
    "deploy/compose/README.md",
    "deploy/helm/kayoi/README.md",
    "deploy/systemd/README.md",
    "geography/data/README.md",
    "python/README.md",
    "tests/kept/README.md",
    "tests/reported/README.md",
];

/// Names of the pages of a book.
fn book(language: &str) -> BTreeSet<String> {
    let folder = repository::root().join(format!("docs/{language}/src"));
    let names = std::fs::read_dir(folder).expect("the book").map(|entry| entry.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).filter(|name| name.ends_with(".md")).collect()
}

/// Pairs of the English and the Japanese page.
fn pairs() -> Vec<(Page, Page)> {
    let mut pairs = vec![(Page::read("README.md"), Page::read("README.ja.md"))];
    let read = |language: &str, name: &str| Page::read(&format!("docs/{language}/src/{name}"));
    pairs.extend(book("en").iter().map(|name| (read("en", name), read("ja", name))));
    pairs
}

/// Every page, in its order of reading.
fn all_pages() -> Vec<Page> {
    let others = ENGLISH.iter().chain(&FOR_LINKS).map(|path| Page::read(path));
    pairs().into_iter().flat_map(|(en, ja)| [en, ja]).chain(others).collect()
}

/// What of a block must be the same in both languages: all but comments and pictures.
fn substance(block: &Block) -> Vec<String> {
    match block.language.as_str() {
        "sh" | "console" => shell::commands(&block.language, &block.text),
        "sql" => block.text.lines().filter(|line| !line.starts_with("--")).map(str::to_owned).collect(),
        "text" => Vec::new(),
        _ => block.text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect(),
    }
}

#[test]
fn both_books_have_the_same_pages_with_the_same_commands() {
    assert_eq!(book("en"), book("ja"));
    for (en, ja) in pairs() {
        let substance = |page: &Page| page.blocks().iter().flat_map(substance).collect::<Vec<_>>();
        assert_eq!(substance(&en), substance(&ja), "{} and {}", en.path, ja.path);
        let answers = |page: &Page| page.questions().into_iter().map(|(_, shown)| shown).collect::<Vec<_>>();
        assert_eq!(answers(&en), answers(&ja), "{} and {}", en.path, ja.path);
    }
    for language in ["en", "ja"] {
        let listed: BTreeSet<String> =
            Page::read(&format!("docs/{language}/src/SUMMARY.md")).links().into_iter().collect();
        let mut pages = book(language);
        pages.remove("SUMMARY.md");
        assert_eq!(listed, pages, "the pages in SUMMARY.md of `{language}` and those in its folder");
    }
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let root = repository::root();
    let mut broken = Vec::new();
    for page in all_pages() {
        for link in page.links() {
            if link.contains("://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let folder = root.join(&page.path).parent().unwrap().to_path_buf();
            let target = if path.is_empty() { root.join(&page.path) } else { folder.join(path) };
            let has_anchor = || {
                let target = target.canonicalize().unwrap();
                let target = target.strip_prefix(root.canonicalize().unwrap()).unwrap().to_path_buf();
                Page::read(target.to_str().unwrap()).anchors().contains(anchor)
            };
            if !target.exists() || !anchor.is_empty() && !has_anchor() {
                broken.push(format!("{}: {link}", page.path));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere: {broken:#?}");
}

#[test]
fn every_command_and_flag_that_a_sentence_names_exists() {
    let mut unknown = Vec::new();
    for page in all_pages() {
        // What changed may name what is gone, and the score names flags of scripts.
        if FOR_LINKS.contains(&page.path.as_str()) {
            continue;
        }
        for code in page.code_words() {
            let words = shell::words(&code);
            let Some(first) = words.first() else { continue };
            let wrong = match first.as_str() {
                "kayoi" => parser::unknown_name(&words),
                "make" if words.len() > 1 => programs::make(&words).err(),
                flag if flag.starts_with("--") => {
                    let flag = flag.trim_start_matches("--");
                    (!flag.is_empty() && !parser::is_flag(flag) && !OF_OTHERS.contains(&flag))
                        .then(|| flag.to_owned())
                }
                _ => None,
            };
            unknown.extend(wrong.map(|wrong| format!("{}: `{code}`: {wrong}", page.path)));
        }
    }
    assert!(unknown.is_empty(), "no such command or flag: {unknown:#?}");
}

/// Flags of the Makefile's scripts that sentences name.
const OF_OTHERS: [&str; 4] = ["resume", "class-errors", "nodes", "add-opens=java.base/java.nio=ALL-UNNAMED"];

#[test]
fn every_command_and_question_of_the_pages_runs() {
    let belongings = Belongings::make();
    let mut walked = Walked::default();
    for (en, ja) in pairs() {
        let mut ground = Ground::new(&belongings);
        walked.run(&en, &mut ground);
        let answers = walked.ask(&en, &mut ground);
        if is_rewriting() {
            en.rewrite(&answers);
            ja.rewrite(&answers);
        }
    }
    for path in ENGLISH {
        walked.run(&Page::read(path), &mut Ground::new(&belongings));
    }
    let listed: BTreeSet<String> = NOT_RUN.iter().map(|(command, _)| (*command).to_owned()).collect();
    assert_eq!(walked.left_out, listed, "commands that no page shows any more");
    let failed = walked.failed.join("\n\n");
    assert!(
        failed.is_empty(),
        "what a page shows fails; answers are written anew with {REWRITE}=1:\n{failed}"
    );
}

#[test]
fn the_readme_is_two_screens_and_sends_each_reader_on() {
    for (path, language) in [("README.md", "en"), ("README.ja.md", "ja")] {
        let page = Page::read(path);
        assert!(repository::read(path).lines().count() <= 120, "`{path}` has more than two screens");
        for reader in ["staff", "analysts", "partners", "operators"] {
            let link = format!("docs/{language}/src/{reader}.md");
            assert!(page.links().contains(&link), "`{path}` does not lead to `{link}`");
        }
        let questions = page.blocks().iter().filter(|block| block.language == "sql").count();
        assert_eq!(questions, 3, "`{path}` asks {questions} questions");
    }
}
