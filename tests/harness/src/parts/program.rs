//! Programs that help and end. In: a command. Out: what it printed, or an error with the last lines of what
//! it said.

use std::process::{Command, Output};

use super::PartError;

/// How many last lines of a program tell what it failed with.
const LAST_LINES: usize = 5;

/// Runs a command to its end.
pub(crate) fn output(command: &mut Command) -> Result<Output, PartError> {
    command.output().map_err(|source| not_run(command, source))
}

/// Runs a command to its end; it must succeed. Returns what it printed.
pub(crate) fn run(action: &str, command: &mut Command) -> Result<String, PartError> {
    let output = output(command)?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let said = [printed.as_str(), &String::from_utf8_lossy(&output.stderr)].concat();
    Err(PartError::Refused { action: action.to_owned(), said: last_lines(&said) })
}

/// The error of a command that did not even start.
pub(crate) fn not_run(command: &Command, source: std::io::Error) -> PartError {
    let program = command.get_program().to_string_lossy().into_owned();
    if source.kind() == std::io::ErrorKind::NotFound {
        return PartError::NotInstalled { program };
    }
    PartError::Io { action: format!("run `{program}`"), source }
}

/// The end of a log.
pub(crate) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}
