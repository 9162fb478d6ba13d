//! What the rows of a statement are for.
//!
//! In: what the gate has read of `COPY` and `DECLARE`. Out: plain values that travel with a question to where it
//! is worked on and back to its door, which alone acts on them: rows are made in the same way for all of them.

use serde::{Deserialize, Serialize};

/// Who takes the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// Who asked.
    #[default]
    Answer,
    /// Who asked, in the form of `COPY … TO STDOUT`.
    Copy(CopyForm),
    /// A cursor of the connection, from which they are fetched.
    Cursor(CursorForm),
}

/// How `COPY` writes rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CopyForm {
    /// As PostgreSQL's binary format.
    Binary,
    /// As lines of fields with backslashes before what would be taken for something else.
    Text {
        /// What stands between fields.
        delimiter: char,
        /// What stands for NULL.
        null: String,
        /// Whether the names of the columns come first.
        header: bool,
    },
    /// As lines of fields in quotes where they need them.
    Csv {
        /// What stands between fields.
        delimiter: char,
        /// What stands for NULL.
        null: String,
        /// Whether the names of the columns come first.
        header: bool,
        /// What stands around a field.
        quote: char,
        /// What stands before a quote in a field.
        escape: char,
        /// Columns that are quoted in any case.
        quoted: Vec<String>,
    },
}

/// A cursor, as it was declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CursorForm {
    /// Its name.
    pub(crate) name: String,
    /// Whether its rows go out in binary where the client says nothing else.
    pub(crate) is_binary: bool,
    /// Whether it outlives its transaction.
    pub(crate) is_held: bool,
}
