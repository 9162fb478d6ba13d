//! Statements that clients of the Postgres wire send besides queries.
//!
//! In: a parsed statement. Out: a [`Command`], when it is one that its door carries out: it sets something
//! for the connection, or begins and ends transactions, of which there is nothing to commit.

use std::borrow::Cow;

use datafusion::sql::sqlparser::ast::{CloseCursor, Statement};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use serde::{Deserialize, Serialize};

use super::portal;
use super::setting::{changes, modes};
use crate::error::QueryError;
use crate::session::{Change, Lasting, PreparedText, SessionSettings};

/// A statement that changes nothing but its own connection, by what the client must be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Command {
    /// A transaction starts, with these settings.
    Begin(Vec<Change>),
    /// A transaction ends, with this tag.
    End(Cow<'static, str>),
    /// Settings change, with this tag.
    Set(Vec<Change>, Cow<'static, str>),
    /// Rows are taken from a cursor.
    Fetch(Fetch),
    /// A cursor is closed, or all.
    Close(Option<String>),
    /// A text is remembered under a name.
    Prepare(String, PreparedText),
    /// A remembered text is forgotten, or all.
    Deallocate(Option<String>),
    /// Anything else, with this tag.
    Other(Cow<'static, str>),
}

/// What is taken from a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fetch {
    /// The cursor.
    pub(crate) name: String,
    /// How many rows, from where it stands; `None` for all.
    pub(crate) count: Option<usize>,
    /// Whether they are passed over instead of shown.
    pub(crate) is_move: bool,
}

impl Command {
    /// The command that a statement is; `None` for one that must be checked.
    ///
    /// # Errors
    /// [`QueryError::Unsupported`] for a cursor that would go back.
    pub(super) fn of(statement: &Statement) -> Result<Option<Self>, QueryError> {
        Ok(of_cursor(statement)?.or_else(|| Self::of_connection(statement)))
    }

    fn of_connection(statement: &Statement) -> Option<Self> {
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
            Statement::Deallocate { name, .. } => {
                let name = portal::named(name);
                Self::Deallocate(Some(name).filter(|name| name != "all"))
            }
            Statement::UNLISTEN { .. } => Self::Other("UNLISTEN".into()),
            _ => return None,
        })
    }

    /// Carries it out for a connection.
    pub(crate) fn carry_out(&self, settings: &mut SessionSettings) {
        match self {
            Self::Begin(_) => settings.begin(),
            Self::End(tag) => settings.end(*tag == "COMMIT"),
            Self::Prepare(name, text) => settings.prepare(name, text),
            Self::Deallocate(name) => settings.deallocate(name.as_deref()),
            Self::Set(..) | Self::Fetch(_) | Self::Close(_) | Self::Other(_) => {}
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
            _ => &[],
        }
    }
}

/// The command that takes rows of a cursor, or closes it; `None` for another statement.
///
/// # Errors
/// [`QueryError::Unsupported`] for a direction in which no cursor goes here.
fn of_cursor(statement: &Statement) -> Result<Option<Command>, QueryError> {
    Ok(Some(match statement {
        Statement::Fetch { name, direction, into: None, .. } => Command::Fetch(Fetch {
            name: portal::named(name),
            count: portal::count(direction)?,
            is_move: false,
        }),
        Statement::Close { cursor: CloseCursor::All } => Command::Close(None),
        Statement::Close { cursor: CloseCursor::Specific { name } } => {
            Command::Close(Some(portal::named(name)))
        }
        _ => return Ok(None),
    }))
}

/// The command of a text that is one `MOVE`; `None` for another text.
///
/// # Errors
/// [`QueryError::Unsupported`] for a direction in which no cursor goes here.
pub(super) fn moved(text: &str) -> Result<Option<Command>, QueryError> {
    let text = text.trim().trim_end_matches(';');
    let Some((word, rest)) = text.split_once(char::is_whitespace) else { return Ok(None) };
    if !word.eq_ignore_ascii_case("move") {
        return Ok(None);
    }
    let parsed = Parser::parse_sql(&PostgreSqlDialect {}, &portal::fetched(&format!("FETCH {rest}")));
    let Ok([statement]) = parsed.as_deref() else { return Ok(None) };
    Ok(of_cursor(statement)?.map(|command| match command {
        Command::Fetch(fetch) => Command::Fetch(Fetch { is_move: true, ..fetch }),
        other => other,
    }))
}
