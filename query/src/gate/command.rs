//! Statements that clients of the Postgres wire send besides queries.
//!
//! In: a parsed statement. Out: a [`Command`], when it is one of those that are acknowledged without effect.
//! There is nothing to set and nothing to commit in a read-only snapshot, and a client that were refused here
//! would not start.

use datafusion::sql::sqlparser::ast::Statement;

/// A statement without effect, by what the client must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// A transaction starts.
    Begin,
    /// A transaction ends, with this tag.
    End(&'static str),
    /// Anything else, with this tag.
    Other(&'static str),
}

impl Command {
    /// The command that a statement is; `None` for one that must be checked.
    pub(super) fn of(statement: &Statement) -> Option<Self> {
        Some(match statement {
            Statement::StartTransaction { .. } => Self::Begin,
            Statement::Commit { .. } => Self::End("COMMIT"),
            Statement::Rollback { savepoint: None, .. } => Self::End("ROLLBACK"),
            Statement::Rollback { .. } => Self::Other("ROLLBACK"),
            Statement::Savepoint { .. } => Self::Other("SAVEPOINT"),
            Statement::ReleaseSavepoint { .. } => Self::Other("RELEASE"),
            Statement::Set(_) => Self::Other("SET"),
            Statement::Reset(_) => Self::Other("RESET"),
            Statement::Discard { .. } => Self::Other("DISCARD ALL"),
            Statement::Deallocate { .. } => Self::Other("DEALLOCATE"),
            Statement::Close { .. } => Self::Other("CLOSE CURSOR"),
            Statement::UNLISTEN { .. } => Self::Other("UNLISTEN"),
            _ => return None,
        })
    }
}
