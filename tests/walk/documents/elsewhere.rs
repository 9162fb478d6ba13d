//! Commands that run on other machines: the pages beside units, compose and the chart show them, and no test can run them.
//!
//! In: the code blocks of these pages. Out: subcommands and options of `kayoi` that the program does not have. What stands
//! around them (`docker compose run`, `kubectl exec`, `systemd-run`) is of other programs.

use super::page::{Block, Page};
use super::{parser, shell};

const PAGES: [&str; 3] =
    ["deploy/compose/README.md", "deploy/helm/kayoi/README.md", "deploy/systemd/README.md"];
/// What stands before the arguments of `kayoi` within a longer command. The services of compose are `kayoi` with a command
/// of their own, which further words take the place of.
const BEFORE: [&str; 7] = [
    "-- kayoi ",
    "'kayoi ",
    "\" kayoi ",
    "/usr/bin/kayoi ",
    "run --rm maintain ",
    "run --rm aggregate ",
    "run --rm simulate ",
];
/// What ends them.
const AFTER: [&str; 5] = ["'", " < ", " > ", " | ", " && "];

/// The command of `kayoi` in a command; `None` where there is none.
fn ours(command: &str) -> Option<Vec<String>> {
    let inner = BEFORE.iter().find_map(|before| command.split_once(before).map(|(_, rest)| rest));
    let arguments = inner.or_else(|| command.strip_prefix("kayoi "))?;
    let end = AFTER.iter().filter_map(|after| arguments.find(after)).min().unwrap_or(arguments.len());
    Some(shell::words(&format!("kayoi {}", &arguments[..end])))
}

#[test]
fn every_command_of_kayoi_on_other_machines_is_one() {
    let (mut seen, mut unknown) = (0, Vec::new());
    for page in PAGES.map(Page::read) {
        // Those of a machine of one's own stand as text there, so that nobody takes them for what a test runs.
        let is_shell = |block: &&Block| matches!(block.language.as_str(), "sh" | "text");
        for block in page.blocks().iter().filter(is_shell) {
            for words in shell::commands("sh", &block.text).iter().filter_map(|command| ours(command)) {
                seen += 1;
                let wrong = parser::unknown_name(&words);
                unknown.extend(wrong.map(|wrong| format!("{}: {words:?}: {wrong}", page.path)));
            }
        }
    }
    assert!(unknown.is_empty(), "no such command or option: {unknown:#?}");
    assert!(seen > 15, "only {seen} commands were seen");
}

#[test]
fn the_command_is_found_within_those_of_others() {
    let words = |command: &str| ours(command).map(|words| words.join(" "));
    let run = |command: &str| words(command).unwrap();
    assert_eq!(run("runuser -u kayoi -- kayoi lake info --lake lake"), "kayoi lake info --lake lake");
    assert_eq!(
        run("systemd-run sh -c 'A=\"$B/c\" kayoi lake forget --id-file -' < ids"),
        "kayoi lake forget --id-file -"
    );
    assert_eq!(run("docker compose run --rm maintain lake buckets 2"), "kayoi lake buckets 2");
    assert_eq!(words("helm install kayoi deploy/helm/kayoi -n kayoi"), None);
}
