//! A task as the list of tasks knows it. In: the words behind its name. Out: how it ended.

use std::io::Write;
use std::process::{Command, ExitCode};

use kayoi_harness::parts::PartError;

/// One word behind `cargo xtask`.
pub(crate) struct Task {
    /// The word by which a person calls it.
    pub(crate) name: &'static str,
    /// What it is for, on one line.
    pub(crate) meaning: &'static str,
    /// Runs it with the words behind.
    pub(crate) run: fn(Vec<String>) -> Result<ExitCode, PartError>,
}

/// Whether a word asks for the usage.
pub(crate) fn is_help(word: &str) -> bool {
    ["help", "-h", "--help"].contains(&word)
}

/// The command of a task that has several, and the words behind it; without words it is `help`.
pub(crate) fn command(mut words: Vec<String>) -> (String, Vec<String>) {
    if words.is_empty() {
        return ("help".to_owned(), words);
    }
    let command = words.remove(0);
    (if is_help(&command) { "help".to_owned() } else { command }, words)
}

/// The error of a command that a task does not have.
pub(crate) fn unknown(command: &str) -> PartError {
    PartError::WrongUse(format!("unknown command `{command}`"))
}

/// Prints data and ends its line. A reader that has closed the pipe has read enough.
pub(crate) fn print(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Hands over to a program, with the terminal's input and output; its exit code is the task's.
pub(crate) fn hand_over(command: &mut Command) -> Result<ExitCode, PartError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status();
    let status = status.map_err(|source| PartError::Io { action: format!("run `{program}`"), source })?;
    // A program that a signal ended has no code.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
