//! The argument parser of the binary, asked without running anything.
//!
//! In: the words of a command. Out: whether `kayoi` takes them. The options are the very source that the
//! binary is made of, so that a flag that is gone there is gone here.

#[allow(dead_code, unused_imports, reason = "the binary reads the fields and names the types")]
#[path = "../../../cli/src/args/mod.rs"]
mod args;

use clap::{CommandFactory, Parser};

use args::Cli;

/// Whether the binary would take a command, else what it would say.
pub fn parse(words: &[String]) -> Result<(), String> {
    Cli::try_parse_from(words).map(drop).map_err(|error| error.to_string())
}

/// The first flag or subcommand of a command in prose that the binary does not have. Values may be left out
/// there, so that only names are looked at.
pub fn unknown_name(words: &[String]) -> Option<String> {
    let mut command = Cli::command();
    command.build();
    let mut here = &command;
    for word in &words[1..] {
        if let Some(flag) = word.strip_prefix("--") {
            let flag = flag.split('=').next().unwrap_or_default();
            if !has_flag(here, flag) {
                return Some(word.clone());
            }
        } else if let Some(below) = here.find_subcommand(word) {
            here = below;
        } else if here.has_subcommands() && word != "…" {
            return Some(word.clone());
        }
    }
    None
}

/// Whether any command of the binary has a flag.
pub fn is_flag(flag: &str) -> bool {
    let mut command = Cli::command();
    command.build();
    is_below(&command, flag)
}

fn is_below(command: &clap::Command, flag: &str) -> bool {
    has_flag(command, flag) || command.get_subcommands().any(|below| is_below(below, flag))
}

fn has_flag(command: &clap::Command, flag: &str) -> bool {
    command.get_arguments().any(|argument| argument.get_long() == Some(flag))
}

#[test]
fn names_of_the_binary_are_known() {
    let words = |text: &str| crate::documents::shell::words(text);
    assert_eq!(unknown_name(&words("kayoi lake forget --id-file ids.txt")), None);
    assert_eq!(unknown_name(&words("kayoi lake forged")), Some("forged".to_owned()));
    assert_eq!(unknown_name(&words("kayoi query --formats csv")), Some("--formats".to_owned()));
    assert!(parse(&words("kayoi query \"SELECT 1\" --lake here")).is_ok());
    assert!(parse(&words("kayoi lake forget --lake here")).is_err());
    assert!(is_flag("keep-pings-days") && !is_flag("keep-pings"));
}
