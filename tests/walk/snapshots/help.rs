//! What people read before they do something: help, tables, definitions, and the doctor's words.

use std::fmt::Write as _;
use std::path::Path;

use tempfile::TempDir;

use super::{keep, printed};

/// Checks of the doctor whose findings are the machine's and not ours.
const OF_THE_MACHINE: [&str; 3] = ["memory", "files", "space"];

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let list =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = list.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn write_help(folder: &Path, path: &[&str], all: &mut String) {
    let help = printed(folder, &[path, &["--help"]].concat());
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""), "{path:?}");
    let name: String = path.iter().map(|word| format!(" {word}")).collect();
    writeln!(all, "===== kayoi{name} --help\n{}", help.stdout).unwrap();
    for command in commands(&help.stdout) {
        write_help(folder, &[path, &[command.as_str()]].concat(), all);
    }
}

#[test]
fn every_command_explains_itself() {
    let (folder, mut all) = (TempDir::new().unwrap(), String::new());
    write_help(folder.path(), &[], &mut all);
    assert!(all.matches("===== kayoi").count() > 20, "commands of commands are missing");
    keep("help", &all);
}

#[test]
fn tables_contract_and_reasons_are_printed() {
    let folder = TempDir::new().unwrap();
    for (name, option) in
        [("schema", None), ("schema-contract", Some("--contract")), ("schema-rejects", Some("--rejects"))]
    {
        let arguments: Vec<&str> = ["schema"].into_iter().chain(option).collect();
        let schema = printed(folder.path(), &arguments);
        assert_eq!((schema.code, schema.stderr.as_str()), (Some(0), ""));
        keep(name, &schema.stdout);
    }
}

#[test]
fn the_definition_is_printed_with_its_precedents() {
    let folder = TempDir::new().unwrap();
    let definitions = printed(folder.path(), &["definitions"]);
    assert_eq!((definitions.code, definitions.stderr.as_str()), (Some(0), ""));
    keep("definitions", &definitions.stdout);
}

#[test]
fn definitions_that_ship_are_listed_shown_and_compared() {
    let folder = TempDir::new().unwrap();
    let mut all = String::new();
    for (arguments, code) in [
        (&["list"][..], 0),
        (&["show", "hokushin-au"], 0),
        (&["diff", "connected-2026", "docomo-tourism"], 1),
        (&["diff", "hokushin-au", "mlit-visit-2023"], 1),
    ] {
        let shown = printed(folder.path(), &[&["definitions"], arguments].concat());
        assert_eq!((shown.code, shown.stderr.as_str()), (Some(code), ""), "{arguments:?}");
        writeln!(all, "===== kayoi definitions {}\n{}", arguments.join(" "), shown.stdout).unwrap();
    }
    keep("definitions-shipped", &all);
}

/// The findings without those that differ from machine to machine. A finding goes on in indented lines.
fn ours(findings: &str) -> String {
    let mut kept = String::new();
    let mut is_ours = true;
    for line in findings.lines() {
        if !line.starts_with(' ') {
            let check = line.split_whitespace().nth(1).unwrap_or_default();
            is_ours = !OF_THE_MACHINE.contains(&check);
        }
        if is_ours {
            writeln!(kept, "{line}").unwrap();
        }
    }
    kept
}

#[test]
fn the_doctor_says_what_it_found() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    std::fs::write(path.join("typo.toml"), "[kafka]\nbrokerz = [\"localhost:9092\"]\n").unwrap();
    std::fs::create_dir(path.join("other")).unwrap();
    std::fs::write(path.join("other/letter.txt"), "dear").unwrap();
    let mut all = String::new();
    for (name, arguments) in [
        ("nothing there yet", &["doctor", "--lake", "<dir>/lake"][..]),
        ("borders that are not there", &["doctor", "--lake", "<dir>/lake", "--boundaries", "<dir>/none"]),
        ("another folder for a lake", &["doctor", "--lake", "<dir>/other"]),
        (
            "a key of the wrong length",
            &["doctor", "--lake", "<dir>/lake", "--key-file", "<dir>/other/letter.txt"],
        ),
        ("a misspelt key", &["doctor", "--config", "<dir>/typo.toml"]),
        ("a configuration that is not there", &["doctor", "--config", "<dir>/none.toml"]),
    ] {
        writeln!(all, "## {name}\n{}", ours(&printed(path, arguments).stdout)).unwrap();
    }
    keep("doctor", &all);
}
