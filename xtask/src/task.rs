//! A task as the list of tasks knows it. In: its command and the words behind. Out: how it ended.

use std::io::Write;
use std::process::{Command, ExitCode};

use kayoi_harness::parts::PartError;

/// One word behind `cargo xtask`.
pub(crate) struct Task {
    /// The word.
    pub(crate) name: &'static str,
    /// What it is for, on one line.
    pub(crate) meaning: &'static str,
    /// Runs one of its commands.
    pub(crate) run: fn(&str, Vec<String>) -> Result<ExitCode, PartError>,
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
