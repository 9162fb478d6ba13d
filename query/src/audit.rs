//! Where every question ends, whatever became of it.
//!
//! In: a question and its outcome. Out: one log line, and where a server keeps an audit, one line of it, which is on
//! disk before the door has the answer. [`record`] is the only function that writes about questions, and each way to
//! run one opens an [`Open`], which cannot be dropped unrecorded. The log line holds no SQL: texts hold what people
//! look for, and logs are read by many; the audit holds it, and is the auditor's alone.

use std::sync::Arc;
use std::time::Instant;

use kayoi_schemas::time::Clock;

use crate::ask::Asked;
use crate::desk::{AuditJournal, Line, kept};
use crate::error::QueryError;
use crate::meter;

/// What became of a question.
#[derive(Debug)]
pub(crate) enum Outcome<'a> {
    /// An answer with this many rows was handed to the door.
    Answered { rows: usize },
    /// The question was refused, or failed.
    Refused(&'a QueryError),
    /// The values for the parameters of a prepared question do not fit it.
    Unbound,
    /// The asker has the answer already.
    Unchanged,
    /// Nobody waited for the end: the client left or cancelled.
    Abandoned,
}

impl Outcome<'_> {
    /// The word for it among the counts.
    fn word(&self) -> &'static str {
        match self {
            Self::Answered { .. } => "answered",
            Self::Refused(error) if error.http_status() >= 500 => "failed",
            Self::Refused(_) | Self::Unbound => "refused",
            Self::Unchanged => "unchanged",
            Self::Abandoned => "abandoned",
        }
    }
}

/// Writes down how a question ended.
fn record(asked: &Asked, started: Instant, outcome: &Outcome<'_>) {
    let door = asked.door();
    meter::count(door, outcome.word(), started.elapsed());
    let milliseconds = started.elapsed().as_millis();
    match outcome {
        Outcome::Answered { rows } => tracing::info!(%door, milliseconds, rows, ok = true, "answered"),
        Outcome::Refused(error) => match error.cause() {
            Some(cause) => tracing::error!(%door, milliseconds, ok = false, %cause, "{error}"),
            None => tracing::info!(%door, milliseconds, ok = false, sqlstate = error.sqlstate(), "refused"),
        },
        Outcome::Unchanged => tracing::info!(%door, milliseconds, ok = true, "unchanged"),
        Outcome::Unbound => tracing::info!(%door, milliseconds, ok = false, "unbound"),
        Outcome::Abandoned => tracing::info!(%door, milliseconds, ok = false, "abandoned"),
    }
}

/// A question that is being worked on. When it is dropped without an outcome, it was abandoned.
#[derive(Debug)]
pub(crate) struct Open {
    asked: Arc<Asked>,
    started: Instant,
    at_us: i64,
    audit: Option<AuditJournal>,
    is_closed: bool,
}

impl Open {
    /// Starts the clock of a question.
    pub(crate) fn new(asked: &Arc<Asked>, audit: Option<&AuditJournal>) -> Self {
        let at_us = Clock::System.now().0 * 1_000;
        Self {
            asked: Arc::clone(asked),
            started: Instant::now(),
            at_us,
            audit: audit.cloned(),
            is_closed: false,
        }
    }

    /// Ends the question, and comes back when that is on record.
    ///
    /// # Errors
    /// [`QueryError::Audit`] when it cannot be recorded: then nobody gets the answer.
    pub(crate) async fn close(mut self, outcome: &Outcome<'_>) -> Result<(), QueryError> {
        self.is_closed = true;
        record(&self.asked, self.started, outcome);
        match &self.audit {
            Some(audit) if !audit.write(self.line(outcome)).await => Err(QueryError::Audit),
            _ => Ok(()),
        }
    }

    /// Puts the question aside: it is prepared, and will be opened again each time that it is run.
    pub(crate) fn set_aside(mut self) {
        self.is_closed = true;
    }

    fn line(&self, outcome: &Outcome<'_>) -> Line {
        let (rows, refusal) = match outcome {
            Outcome::Answered { rows } => (i64::try_from(*rows).ok(), None),
            Outcome::Refused(error) => (None, Some(error.sqlstate().to_owned())),
            Outcome::Unchanged => (None, None),
            Outcome::Unbound => (None, Some("08P01".to_owned())),
            Outcome::Abandoned => (None, Some("57014".to_owned())),
        };
        let who = self.asked.who();
        Line {
            at_us: self.at_us,
            user: who.name().map(str::to_owned),
            role: who.scope().role.to_string(),
            door: self.asked.door().to_string(),
            purpose: self.asked.purpose().map(kept),
            sql: kept(self.asked.text()),
            rows,
            milliseconds: i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX),
            revision: self.asked.revision().and_then(|revision| i64::try_from(revision).ok()),
            refusal,
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.is_closed {
            record(&self.asked, self.started, &Outcome::Abandoned);
            if let Some(audit) = &self.audit {
                audit.note(self.line(&Outcome::Abandoned));
            }
        }
    }
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
