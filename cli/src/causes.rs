//! What an error and its causes say, each thing once.
//!
//! In: the chain of an error. Out: its lines, the outermost first, and its hints. Libraries repeat in their own words what
//! their causes say, a store's answer up to five times: a line that stands within one before it is left out.

use std::error::Error;

/// The words of an error.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// What went wrong, and because of what.
    pub(crate) says: Vec<String>,
    /// What to do, the nearest to the cause last.
    pub(crate) hints: Vec<String>,
}

impl Words {
    /// Those of an error and its causes, the outermost first.
    pub(crate) fn of<'e>(causes: impl Iterator<Item = &'e (dyn Error + 'static)>) -> Self {
        let mut words = Self::default();
        for cause in causes {
            for line in cause.to_string().lines() {
                match line.strip_prefix("hint: ") {
                    Some(hint) => words.hints.push(hint.to_owned()),
                    None if words.says.iter().any(|said| said.contains(line)) => {}
                    None => words.says.push(line.to_owned()),
                }
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_cause_that_was_told_is_not_told_again() {
        let refused = Err::<(), _>(anyhow::Error::msg("connection refused"));
        let asked = refused.context("GET failed: connection refused");
        let error = asked.context("cannot read `a`\nhint: is it there?").unwrap_err();
        let words = Words::of(error.chain());
        assert_eq!(words.says, ["cannot read `a`", "GET failed: connection refused"]);
        assert_eq!(words.hints, ["is it there?"]);
    }
}
