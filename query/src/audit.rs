//! Where every question ends, whatever became of it.
//!
//! In: a question and its outcome. Out: one log line. [`record`] is the only function that writes about
//! questions, and each way to run one opens an [`Open`], which cannot be dropped unrecorded; an audit line
//! with who asked what will be written here. The log line holds no SQL: texts hold what people look for, and
//! logs are read by many.

use std::sync::Arc;
use std::time::Instant;

use crate::ask::Asked;
use crate::error::QueryError;

/// What became of a question.
#[derive(Debug)]
pub(crate) enum Outcome<'a> {
    /// An answer with this many rows was handed to the door.
    Answered { rows: usize },
    /// The question was refused, or failed.
    Refused(&'a QueryError),
    /// The values for the parameters of a prepared question do not fit it.
    Unbound,
    /// Nobody waited for the end: the client left or cancelled.
    Abandoned,
}

/// Writes down how a question ended.
fn record(asked: &Asked, started: Instant, outcome: &Outcome<'_>) {
    let door = asked.door();
    let milliseconds = started.elapsed().as_millis();
    match outcome {
        Outcome::Answered { rows } => tracing::info!(%door, milliseconds, rows, ok = true, "answered"),
        Outcome::Refused(error) => match error.cause() {
            Some(cause) => tracing::error!(%door, milliseconds, ok = false, %cause, "{error}"),
            None => tracing::info!(%door, milliseconds, ok = false, sqlstate = error.sqlstate(), "refused"),
        },
        Outcome::Unbound => tracing::info!(%door, milliseconds, ok = false, "unbound"),
        Outcome::Abandoned => tracing::info!(%door, milliseconds, ok = false, "abandoned"),
    }
}

/// A question that is being worked on. When it is dropped without an outcome, it was abandoned.
#[derive(Debug)]
pub(crate) struct Open {
    asked: Arc<Asked>,
    started: Instant,
    is_closed: bool,
}

impl Open {
    /// Starts the clock of a question.
    pub(crate) fn new(asked: &Arc<Asked>) -> Self {
        Self { asked: Arc::clone(asked), started: Instant::now(), is_closed: false }
    }

    /// Ends the question.
    pub(crate) fn close(mut self, outcome: &Outcome<'_>) {
        self.is_closed = true;
        record(&self.asked, self.started, outcome);
    }

    /// Puts the question aside: it is prepared, and will be opened again each time that it is run.
    pub(crate) fn set_aside(mut self) {
        self.is_closed = true;
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.is_closed {
            record(&self.asked, self.started, &Outcome::Abandoned);
        }
    }
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
