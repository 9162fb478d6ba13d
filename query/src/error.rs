//! Why a question has no answer, in words for the person who asked.
//!
//! In: what was found wrong, by whichever room found it. Out: [`QueryError`], which knows its SQLSTATE and
//! its HTTP status, so that every door reports the same thing. What the asker did wrong is told in full; what
//! broke on our side is only named, since its cause may hold paths of the lake, and goes to the log. This
//! file knows no other file of the crate, so that all of them may use it; `explain.rs` translates
//! the errors of DataFusion.

use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use serde::{Deserialize, Serialize};

/// An error of a question that was worked on in another process, as its door reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    sqlstate: String,
    http_status: u16,
    text: String,
    /// The letter of the statement at which it was found, from 1.
    position: Option<usize>,
    /// What broke on our side, for the log.
    cause: Option<String>,
}

impl Refusal {
    /// An error of a question in these words.
    pub(crate) fn of(error: QueryError, asked: &str) -> Self {
        let cause = error.cause();
        Self {
            position: error.position_in(asked),
            sqlstate: error.sqlstate().to_owned(),
            http_status: error.http_status(),
            text: error.to_string(),
            cause,
        }
    }
}

/// A question without an answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The text holds no statement.
    #[error("the query is empty\nhint: try `SELECT * FROM connected_monthly LIMIT 10`")]
    Empty,
    /// The text cannot be read as SQL.
    #[error("cannot read the SQL: {0}")]
    Syntax(String),
    /// The statement would do more than read.
    #[error(
        "`{0}` is not allowed: this door is read-only\n\
         hint: ask with SELECT, WITH, VALUES, SHOW, DESCRIBE or EXPLAIN (without ANALYZE)"
    )]
    NotAllowed(String),
    /// More than one statement at once.
    #[error("`{count}` statements at once, and `{most}` are allowed here\nhint: send them one by one")]
    SeveralStatements {
        /// How many there are.
        count: usize,
        /// How many a text of this door may have.
        most: usize,
    },
    /// A statement that PREPARE should remember, or has not.
    #[error("the prepared statement {told}\nhint: {hint}")]
    Prepared {
        /// What PostgreSQL says for it.
        sqlstate: &'static str,
        /// What is wrong with it.
        told: &'static str,
        /// What helps.
        hint: &'static str,
    },
    /// A query that nests too deep.
    #[error(
        "the query is too complex: it has more than `{limit}` {what}\n\
         hint: replace chains of OR by IN (…) or a join with VALUES"
    )]
    TooComplex {
        /// How many are allowed.
        limit: usize,
        /// What is counted.
        what: &'static str,
    },
    /// A table that is not there.
    #[error("unknown table `{table}`{}", tables_hint(known))]
    UnknownTable {
        /// The name that was asked for.
        table: String,
        /// The tables there are.
        known: Vec<String>,
    },
    /// A column that is not there.
    #[error("unknown column `{column}`{}", nearest_hint(nearest))]
    UnknownColumn {
        /// The name that was asked for.
        column: String,
        /// The most similar columns, nearest first.
        nearest: Vec<String>,
    },
    /// A function that is not there.
    #[error("{0}\nhint: `SHOW FUNCTIONS` lists them all, those of Kayoi first")]
    UnknownFunction(String),
    /// A setting that there is not.
    #[error("unknown setting `{0}`\nhint: `SHOW ALL` lists them")]
    UnknownSetting(String),
    /// A setting that tells what the server is.
    #[error("setting `{0}` cannot be changed\nhint: `SHOW ALL` lists all settings and their values")]
    FixedSetting(String),
    /// A value that a setting does not take here.
    #[error("setting `{name}` cannot be `{value}`\nhint: it may be {allowed}")]
    Setting {
        /// The setting.
        name: String,
        /// The value.
        value: String,
        /// What it may be.
        allowed: String,
    },
    /// A value that does not fit its place in a named question.
    #[error("{0}")]
    Question(String),
    /// Somebody else's role or authorization.
    #[error("`{0}` is not allowed\nhint: nobody signs in here, so that all may ask the same")]
    Role(&'static str),
    /// A statement in a transaction of which one has failed.
    #[error(
        "the transaction has failed: statements are ignored until it ends\n\
         hint: send ROLLBACK; the first error says why"
    )]
    FailedTransaction,
    /// A number that its type cannot hold.
    #[error("{0} is out of range\nhint: cast to double precision before calculating, or use smaller numbers")]
    OutOfRange(String),
    /// A division by zero.
    #[error("division by zero\nhint: divide by NULLIF(divisor, 0) to get NULL instead")]
    DivisionByZero,
    /// A subquery that stands for one value, of which there are several.
    #[error(
        "a subquery that stands for one value gives more than one row\n\
         hint: make one of them, with max(x), or with ORDER BY … LIMIT 1"
    )]
    SeveralRows,
    /// A text that is not what it is cast to.
    #[error("{0}")]
    InvalidText(String),
    /// Types that do not go together.
    #[error("{0}")]
    Types(String),
    /// A query that cannot be planned.
    #[error("cannot plan the query: {0}")]
    Plan(String),
    /// SQL that the engine does not have.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// A value that an expression cannot take.
    #[error("{0}")]
    Value(String),
    /// A regular expression that cannot be read, or is too large.
    #[error("{0}\nhint: the syntax is that of Rust's regex crate, without look-around and back references")]
    Pattern(String),
    /// The answer has more rows than it may have.
    #[error("the answer has more than `{limit}` rows\nhint: add a LIMIT or a WHERE, or aggregate")]
    TooManyRows {
        /// How many rows an answer may have.
        limit: usize,
    },
    /// The answer takes more bytes than it may take.
    #[error("the answer is larger than `{limit}` bytes\nhint: add a LIMIT or a WHERE, or take fewer columns")]
    TooLarge {
        /// How many bytes an answer may take in memory.
        limit: usize,
    },
    /// The query needs more memory than it may have.
    #[error(
        "the query needs more than the `{limit}` bytes of memory of this server\n\
         hint: add a WHERE, or sort and group fewer rows"
    )]
    Memory {
        /// Bytes of the pool.
        limit: usize,
    },
    /// The query took too long.
    #[error("the query took longer than `{seconds}` s\nhint: add a WHERE, or ask for less at once")]
    Timeout {
        /// How many seconds a question may take.
        seconds: u64,
    },
    /// The statement took longer than its connection allows.
    #[error(
        "the statement took longer than its own limit of `{milliseconds}` ms\n\
         hint: `SET statement_timeout = 0` leaves the server's limit"
    )]
    StatementTimeout {
        /// The limit.
        milliseconds: u128,
    },
    /// A format nobody knows.
    #[error(
        "unknown format `{0}`\n\
         hint: the formats are json, ndjson, csv, csv-excel, csv-excel-ja, arrow, parquet, xlsx, xlsx-ja and table"
    )]
    UnknownFormat(String),
    /// Values for parameters that are not those of the query.
    #[error(
        "the query has `{parameters}` parameters and got `{values}` values\n\
         hint: $1 is the first value, $2 the second"
    )]
    Given {
        /// How many parameters the query has.
        parameters: usize,
        /// How many values came with it.
        values: usize,
    },
    /// A release that is not there.
    #[error("there is no release `{revision}`{}", releases_hint(.known))]
    UnknownRevision {
        /// The number that was asked for.
        revision: u64,
        /// The releases that can be read.
        known: Vec<u64>,
    },
    /// A definition by which no release was made, or not the one whose number was named.
    #[error(
        "there is no release of definition `{0}`\n\
         hint: without a definition the newest release is read, and its answer says by which it was made"
    )]
    UnknownDefinition(String),
    /// A column that a format cannot hold.
    #[error(
        "the answer cannot be written as {format}\n\
         hint: try format `json`, or cast lists and structures to text"
    )]
    Render {
        /// The format, in the words of the message.
        format: &'static str,
        /// What the writer said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What another process found wrong.
    #[error("{}", .0.text)]
    Refused(Box<Refusal>),
    /// The question cannot be put on record.
    #[error(
        "the question cannot be put on record, and is not answered without\nhint: ask the operator: the server's log has the cause"
    )]
    Audit,
    /// Nobody has signed in, or not rightly.
    #[error("sign in first\nhint: the operator adds users with `kayoi user add`")]
    SignIn,
    /// Nobody knows yet what the figures are for.
    #[error(
        "say first what the figures are for\n\
         hint: SET kayoi.purpose = '…' in SQL, the header Kayoi-Purpose over HTTP, the field of the page where one signs in"
    )]
    Purpose,
    /// Too many questions at once.
    #[error("too many questions at once\nhint: ask again in a few seconds")]
    Busy,
    /// A query that nests deeper than can be worked on.
    #[error("the query nests too deep\nhint: replace chains of OR by IN (…) or a join with VALUES")]
    TooDeep,
    /// Something broke on our side.
    #[error("the query failed inside the server\nhint: its log has the cause")]
    Internal(#[source] Box<DataFusionError>),
    /// A door cannot be served.
    #[error("cannot serve the {door} door")]
    Serve {
        /// The door, as logs name it.
        door: &'static str,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

/// The place that a message names by line and column, in characters from 1, as PostgreSQL counts.
fn place(message: &str, text: &str) -> Option<usize> {
    let (_, place) = message.rsplit_once("Line: ")?;
    let (line, column) = place.split_once(", Column: ")?;
    let digits = column.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(column.len());
    let (line, column): (usize, usize) = (line.parse().ok()?, column[..digits].parse().ok()?);
    let before = text.split_inclusive('\n').take(line.checked_sub(1)?);
    Some(before.map(|line| line.chars().count()).sum::<usize>() + column)
}

fn nearest_hint(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("\nhint: the nearest are {}", nearest.join(", ")) }
}

fn releases_hint(known: &[u64]) -> String {
    match known {
        [] => "\nhint: `kayoi aggregate` makes one".to_owned(),
        [only] => format!("\nhint: there is release {only} alone"),
        [first, .., last] => {
            format!("\nhint: {} releases can be read, of {first} to {last}", known.len())
        }
    }
}

fn tables_hint(known: &[String]) -> String {
    match known {
        [] => "\nhint: `SHOW TABLES` lists them".to_owned(),
        known => format!("\nhint: the tables are {}", known.join(", ")),
    }
}

impl QueryError {
    /// The SQLSTATE of PostgreSQL's appendix A that drivers act on.
    pub fn sqlstate(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.sqlstate,
            Self::Busy => "53300",
            Self::Audit => "58030",
            Self::SignIn => "28000",
            Self::Prepared { sqlstate, .. } => sqlstate,
            Self::Empty | Self::Syntax(_) | Self::SeveralStatements { .. } => "42601",
            Self::NotAllowed(_) => "25006",
            Self::UnknownTable { .. } => "42P01",
            Self::UnknownColumn { .. } => "42703",
            Self::UnknownFunction(_) | Self::Types(_) => "42883",
            Self::UnknownSetting(_) => "42704",
            Self::FixedSetting(_) => "55P02",
            Self::Role(_) => "42501",
            Self::Purpose => "55000",
            Self::FailedTransaction => "25P02",
            Self::OutOfRange(_) => "22003",
            Self::DivisionByZero => "22012",
            Self::SeveralRows => "21000",
            Self::InvalidText(_) => "22P02",
            Self::Plan(_) => "42000",
            Self::Unsupported(_) => "0A000",
            Self::Pattern(_) => "2201B",
            Self::Given { .. } => "08P01",
            Self::UnknownRevision { .. } | Self::UnknownDefinition(_) => "42704",
            Self::Setting { .. }
            | Self::Value(_)
            | Self::Question(_)
            | Self::UnknownFormat(_)
            | Self::Render { .. } => "22023",
            Self::TooComplex { .. } | Self::TooDeep => "54001",
            Self::TooManyRows { .. } | Self::TooLarge { .. } => "54000",
            Self::Memory { .. } => "53200",
            Self::Timeout { .. } | Self::StatementTimeout { .. } => "57014",
            Self::Internal(_) | Self::Serve { .. } => "XX000",
        }
    }

    /// The HTTP status.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal.http_status,
            Self::Busy | Self::Audit => 503,
            Self::SignIn => 401,
            Self::NotAllowed(_) | Self::Role(_) | Self::Purpose => 403,
            Self::UnknownTable { .. } | Self::UnknownRevision { .. } | Self::UnknownDefinition(_) => 404,
            Self::Timeout { .. } => 408,
            Self::Internal(_) | Self::Serve { .. } => 500,
            _ => 400,
        }
    }

    /// The letter of the statement at which it was found, from 1, where that is known.
    pub fn position(&self) -> Option<usize> {
        if let Self::Refused(refusal) = self { refusal.position } else { None }
    }

    /// Looks for what is wrong in the words of the asker. DataFusion tells names and seldom places.
    fn position_in(&self, asked: &str) -> Option<usize> {
        let name = match self {
            Self::Refused(refusal) => return refusal.position,
            Self::Syntax(told) | Self::Unsupported(told) => return place(told, asked),
            Self::UnknownTable { table, .. } => table,
            Self::UnknownColumn { column, .. } => column,
            Self::UnknownFunction(name) => name.split('\'').nth(1).unwrap_or(name),
            _ => return None,
        };
        let word = name.rsplit('.').next()?.trim_matches(['`', '"']).to_lowercase();
        let small = asked.to_lowercase();
        let is_part = |sign: char| sign.is_alphanumeric() || sign == '_';
        let at = small.match_indices(&word).map(|(at, _)| at).find(|&at| {
            let before = small[..at].chars().next_back();
            let after = small[at + word.len()..].chars().next();
            !word.is_empty() && !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })?;
        Some(small[..at].chars().count() + 1)
    }

    /// What broke on our side, for the log and for nobody else.
    pub(crate) fn cause(&self) -> Option<String> {
        match self {
            Self::Internal(cause) => Some(cause.strip_backtrace()),
            Self::Refused(refusal) => refusal.cause.clone(),
            _ => None,
        }
    }

    /// Our own fault, in Arrow.
    pub(crate) fn internal(error: ArrowError) -> Self {
        Self::Internal(Box::new(error.into()))
    }

    /// Our own fault, or the system's.
    pub(crate) fn io(error: std::io::Error) -> Self {
        Self::Internal(Box::new(DataFusionError::IoError(error)))
    }

    /// The message without its hint, and the hint.
    pub fn parts(&self) -> (String, Option<String>) {
        message_and_hint(&self.to_string())
    }
}

/// The text of an error of this house, and the hint that follows it.
pub(crate) fn message_and_hint(text: &str) -> (String, Option<String>) {
    match text.split_once("\nhint: ") {
        Some((message, hint)) => (message.to_owned(), Some(hint.to_owned())),
        None => (text.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters_of_the_whole_text() {
        let text = "SELECT '長野',\n  persons FORM t";
        let said = "cannot read the SQL: Expected: end, found: t at Line: 2, Column: 16";
        assert_eq!(place(said, text), Some(29));
        assert_eq!(text.chars().nth(28), Some('t'));
        assert_eq!(place("unknown table `t`", text), None);
        assert_eq!(place("at Line: 0, Column: 1", text), None);
    }
}
