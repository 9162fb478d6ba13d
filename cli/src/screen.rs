//! Where words go: data to stdout, everything else to stderr.
//!
//! In: texts. Out: lines. Errors print their code and their chain, one cause a line, and their hint last.

use std::io::{ErrorKind, Write};

use crate::causes::Words;
use crate::coded::code_of;

/// Prints a line of data.
///
/// # Errors
/// When stdout cannot be written.
pub(crate) fn line(text: impl std::fmt::Display) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

/// Prints all that a reader has.
///
/// # Errors
/// When stdout cannot be written.
pub(crate) fn bytes(mut data: impl std::io::Read) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    std::io::copy(&mut data, &mut out)?;
    out.flush()?;
    Ok(())
}

/// Prints a line for the person at the terminal.
pub(crate) fn note(text: impl std::fmt::Display) {
    // A closed stderr leaves nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints an error with its causes.
pub(crate) fn error(error: &anyhow::Error) {
    let code = code_of(error);
    let words = Words::of(error.chain());
    for (depth, text) in words.says.iter().enumerate() {
        match depth {
            0 => note(format_args!("error[{code}]: {text}")),
            _ => note(format_args!("  because: {text}")),
        }
    }
    for hint in words.hints {
        note(format_args!("hint: {hint}"));
    }
}

/// Whether an error is only a reader that went away.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<std::io::Error>();
    cause.is_some_and(|cause| cause.kind() == ErrorKind::BrokenPipe)
}

/// A count with thousands separators, as 1,234,567.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in the largest binary unit that leaves a number of 1 or more.
pub(crate) fn size(bytes: u64) -> String {
    let units = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    match units.into_iter().find(|(_, bits)| bytes >> bits > 0) {
        Some((unit, bits)) => format!("{:.1} {unit}", bytes as f64 / (1_u64 << bits) as f64),
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_have_the_unit_that_leaves_a_readable_number() {
        assert_eq!([0, 1023, 1024, 3 << 29].map(super::size), ["0 B", "1023 B", "1.0 KiB", "1.5 GiB"]);
    }

    #[test]
    fn counts_have_separators() {
        assert_eq!([0, 999, 1000, 1_234_567].map(super::count), ["0", "999", "1,000", "1,234,567"]);
    }
}
