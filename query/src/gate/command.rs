//! Statements that clients of the Postgres wire send besides queries.
//!
//! In: a parsed statement. Out: a [`Command`], when it is one of those that are acknowledged without effect.
//! There is nothing to set and nothing to commit in a read-only snapshot, and a client that were refused here
//! would not start.

use std::borrow::Cow;

use datafusion::sql::sqlparser::ast::Statement;
use serde::{Deserialize, Serialize};

/// A statement without effect, by what the client must be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Command {
    /// A transaction starts.
    Begin,
    /// A transaction ends, with this tag.
    End(Cow<'static, str>),
    /// Anything else, with this tag.
    Other(Cow<'static, str>),
}

impl Command {
    /// The command that a statement is; `None` for one that must be checked.
    pub(super) fn of(statement: &Statement) -> Option<Self> {
        Some(match statement {
            Statement::StartTransaction { .. } => Self::Begin,
            Statement::Commit { .. } => Self::End("COMMIT".into()),
            Statement::Rollback { savepoint: None, .. } => Self::End("ROLLBACK".into()),
            Statement::Rollback { .. } => Self::Other("ROLLBACK".into()),
            Statement::Savepoint { .. } => Self::Other("SAVEPOINT".into()),
            Statement::ReleaseSavepoint { .. } => Self::Other("RELEASE".into()),
            Statement::Set(_) => Self::Other("SET".into()),
            Statement::Reset(_) => Self::Other("RESET".into()),
            Statement::Discard { .. } => Self::Other("DISCARD ALL".into()),
            Statement::Deallocate { .. } => Self::Other("DEALLOCATE".into()),
            Statement::Close { .. } => Self::Other("CLOSE CURSOR".into()),
            Statement::UNLISTEN { .. } => Self::Other("UNLISTEN".into()),
            _ => return None,
        })
    }
}
