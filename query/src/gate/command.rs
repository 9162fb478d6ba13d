//! Statements that clients of the Postgres wire send besides queries.
//!
//! In: a parsed statement. Out: a [`Command`], when it is one that its door carries out: it sets something
//! for the connection, or begins and ends transactions, of which there is nothing to commit.

use std::borrow::Cow;

use datafusion::sql::sqlparser::ast::Statement;
use serde::{Deserialize, Serialize};

use super::setting::{changes, modes};
use crate::session::{Change, Lasting, SessionSettings};

/// A statement that changes nothing but its own connection, by what the client must be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Command {
    /// A transaction starts, with these settings.
    Begin(Vec<Change>),
    /// A transaction ends, with this tag.
    End(Cow<'static, str>),
    /// Settings change, with this tag.
    Set(Vec<Change>, Cow<'static, str>),
    /// Anything else, with this tag.
    Other(Cow<'static, str>),
}

impl Command {
    /// The command that a statement is; `None` for one that must be checked.
    pub(super) fn of(statement: &Statement) -> Option<Self> {
        let tag = match statement {
            Statement::Reset(_) => "RESET",
            Statement::Discard { .. } => "DISCARD ALL",
            _ => "SET",
        };
        if let Some(changes) = changes(statement) {
            return Some(Self::Set(changes, tag.into()));
        }
        Some(match statement {
            Statement::StartTransaction { modes: said, .. } => {
                Self::Begin(modes(said, "transaction_", Lasting::Transaction))
            }
            Statement::Commit { .. } => Self::End("COMMIT".into()),
            Statement::Rollback { savepoint: None, .. } => Self::End("ROLLBACK".into()),
            Statement::Rollback { .. } => Self::Other("ROLLBACK".into()),
            Statement::Savepoint { .. } => Self::Other("SAVEPOINT".into()),
            Statement::ReleaseSavepoint { .. } => Self::Other("RELEASE".into()),
            Statement::Deallocate { .. } => Self::Other("DEALLOCATE".into()),
            Statement::Close { .. } => Self::Other("CLOSE CURSOR".into()),
            Statement::UNLISTEN { .. } => Self::Other("UNLISTEN".into()),
            _ => return None,
        })
    }

    /// Carries it out for a connection.
    pub(crate) fn carry_out(&self, settings: &mut SessionSettings) {
        match self {
            Self::Begin(_) => settings.begin(),
            Self::End(tag) => settings.end(*tag == "COMMIT"),
            Self::Set(..) | Self::Other(_) => {}
        }
        self.changes().iter().for_each(|change| settings.apply(change));
    }

    /// Whether it ends a transaction, or goes back to a point in it, which a failed one allows.
    pub(crate) fn ends_transaction(&self) -> bool {
        matches!(self, Self::End(_)) || matches!(self, Self::Other(tag) if tag == "ROLLBACK")
    }

    /// What the command sets.
    pub(crate) fn changes(&self) -> &[Change] {
        match self {
            Self::Begin(changes) | Self::Set(changes, _) => changes,
            Self::End(_) | Self::Other(_) => &[],
        }
    }
}
