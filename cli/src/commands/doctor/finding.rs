//! What a check found, why it matters, and what to mend.
//!
//! In: facts and errors. Out: [`Finding`]s for people or as JSON. An error's own hint becomes the finding's, and
//! so does its code.

use std::error::Error;
use std::fmt;

use serde::Serialize;

use crate::causes::Words;
use crate::coded::code_in;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Nothing to do.
    Ok,
    /// Could not be checked, or there is nothing to check.
    Skipped,
    /// Works, but somebody should know.
    Warning,
    /// Ingest fails with it, or does harm.
    Problem,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// What was looked at, as `lake`.
    pub(crate) check: &'static str,
    /// How bad it is.
    pub(crate) state: State,
    /// What was found.
    pub(crate) says: String,
    /// The code of the error that was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// Why it matters.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) why: &'static str,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
}

/// Why a finding matters and what to do about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Advice {
    /// Why it matters.
    pub(crate) why: &'static str,
    /// What to do.
    pub(crate) hint: &'static str,
}

impl Finding {
    /// Nothing to do.
    pub(crate) fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, state: State::Ok, says: says.into(), code: None, why: "", hint: None }
    }

    /// Not checked.
    pub(crate) fn skipped(check: &'static str, says: impl Into<String>) -> Self {
        Self { state: State::Skipped, ..Self::ok(check, says) }
    }

    /// Works, but somebody should know.
    pub(crate) fn warning(check: &'static str, says: impl Into<String>, advice: Advice) -> Self {
        Self::advised(check, State::Warning, says.into(), advice)
    }

    /// Fails, or does harm.
    pub(crate) fn problem(check: &'static str, says: impl Into<String>, advice: Advice) -> Self {
        Self::advised(check, State::Problem, says.into(), advice)
    }

    /// An error is a problem; its causes belong to what it says, and the last hint is the nearest to the
    /// cause.
    pub(crate) fn of_error(check: &'static str, error: &(dyn Error + 'static), why: &'static str) -> Self {
        let causes = || std::iter::successors(Some(error), |error| (**error).source());
        let Words { says, mut hints } = Words::of(causes());
        let code = code_in(causes());
        Self { check, state: State::Problem, says: says.join(": "), code, why, hint: hints.pop() }
    }

    fn advised(check: &'static str, state: State, says: String, advice: Advice) -> Self {
        let hint = (!advice.hint.is_empty()).then(|| advice.hint.to_owned());
        Self { check, state, says, code: None, why: advice.why, hint }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<8} {:<10} {}", self.state.as_str(), self.check, self.says)?;
        if let Some(code) = &self.code {
            write!(f, " [{code}]")?;
        }
        if !self.why.is_empty() {
            write!(f, "\n{:<19} {}", "", self.why)?;
        }
        match &self.hint {
            Some(hint) => write!(f, "\n{:<19} hint: {hint}", ""),
            None => Ok(()),
        }
    }
}
