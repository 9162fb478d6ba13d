//! Why a question has no answer, in words for the person who asked.
//!
//! In: DataFusion's errors. Out: [`QueryError`], which knows its SQLSTATE and its HTTP status, so that every
//! door reports the same thing. What the asker did wrong is told in full; what broke on our side is only named,
//! since its cause may hold paths of the lake, and goes to the log.

use datafusion::arrow::error::ArrowError;
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;

use crate::functions::FunctionError;

/// A question without an answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// There is no statement.
    #[error("the query is empty\nhint: try `SELECT * FROM connected_monthly LIMIT 10`")]
    Empty,
    /// The text is no SQL.
    #[error("cannot read the SQL: {0}")]
    Syntax(String),
    /// The statement would do more than read.
    #[error(
        "`{0}` is not allowed: this door is read-only\nhint: ask with SELECT, WITH, VALUES, SHOW, DESCRIBE or EXPLAIN (without ANALYZE)"
    )]
    NotAllowed(String),
    /// More than one statement at once.
    #[error("`{0}` statements at once: one query is allowed\nhint: send them one by one")]
    SeveralStatements(usize),
    /// A query that nests too deep.
    #[error(
        "the query is too complex: it has more than `{limit}` {what}\nhint: replace chains of OR by IN (…) or a join with VALUES"
    )]
    TooComplex {
        /// How many are allowed.
        limit: usize,
        /// Of what.
        what: &'static str,
    },
    /// A table that is not there.
    #[error("unknown table `{table}`\nhint: the tables are {}", known.join(", "))]
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
    #[error("{0}\nhint: `SHOW FUNCTIONS` lists them all; `kayoi query --functions` explains those of Kayoi")]
    UnknownFunction(String),
    /// A query that cannot be planned.
    #[error("cannot plan the query: {0}")]
    Plan(String),
    /// SQL that the engine does not have.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// A value that an expression cannot take.
    #[error("{0}")]
    Value(String),
    /// Too many rows.
    #[error("the answer has more than `{limit}` rows\nhint: add a LIMIT or a WHERE, or aggregate")]
    TooManyRows {
        /// Rows allowed.
        limit: usize,
    },
    /// Too many bytes.
    #[error("the answer is larger than `{limit}` bytes\nhint: add a LIMIT or a WHERE, or take fewer columns")]
    TooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// The query needs more memory than it may have.
    #[error(
        "the query needs more than the `{limit}` bytes of memory of this server\nhint: add a WHERE, or sort and group fewer rows"
    )]
    Memory {
        /// Bytes of the pool.
        limit: usize,
    },
    /// The query took too long.
    #[error("the query took longer than `{seconds}` s\nhint: add a WHERE, or ask for less at once")]
    Timeout {
        /// Seconds allowed.
        seconds: u64,
    },
    /// A format nobody knows.
    #[error("unknown format `{0}`\nhint: the formats are table, csv, json and parquet")]
    UnknownFormat(String),
    /// A column that a format cannot hold.
    #[error(
        "the answer cannot be written as {format}\nhint: try format `json`, or cast lists and structures to text"
    )]
    Render {
        /// The format.
        format: &'static str,
        /// What the writer said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Something broke on our side.
    #[error("the query failed inside the server\nhint: its log has the cause")]
    Internal(#[source] Box<DataFusionError>),
    /// A door cannot be served.
    #[error("cannot serve the {door} door")]
    Serve {
        /// The door.
        door: &'static str,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

fn nearest_hint(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("\nhint: the nearest are {}", nearest.join(", ")) }
}

impl QueryError {
    /// The SQLSTATE of PostgreSQL's appendix A that drivers act on.
    pub fn sqlstate(&self) -> &'static str {
        match self {
            Self::Empty | Self::Syntax(_) | Self::SeveralStatements(_) => "42601",
            Self::NotAllowed(_) => "25006",
            Self::UnknownTable { .. } => "42P01",
            Self::UnknownColumn { .. } => "42703",
            Self::UnknownFunction(_) => "42883",
            Self::Plan(_) => "42000",
            Self::Unsupported(_) => "0A000",
            Self::Value(_) | Self::UnknownFormat(_) | Self::Render { .. } => "22023",
            Self::TooComplex { .. } => "54001",
            Self::TooManyRows { .. } | Self::TooLarge { .. } => "54000",
            Self::Memory { .. } => "53200",
            Self::Timeout { .. } => "57014",
            Self::Internal(_) | Self::Serve { .. } => "XX000",
        }
    }

    /// The HTTP status.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::NotAllowed(_) => 403,
            Self::UnknownTable { .. } => 404,
            Self::Timeout { .. } => 408,
            Self::Internal(_) | Self::Serve { .. } => 500,
            _ => 400,
        }
    }

    /// The message without its hint, and the hint.
    pub fn parts(&self) -> (String, Option<String>) {
        let text = self.to_string();
        match text.split_once("\nhint: ") {
            Some((message, hint)) => (message.to_owned(), Some(hint.to_owned())),
            None => (text, None),
        }
    }

    /// Translates an error of the engine. `known` are the tables there are; `memory_bytes` is the pool.
    pub(crate) fn from_engine(error: DataFusionError, known: &[String], memory_bytes: usize) -> Self {
        if let Some(told) = told_by_function(&error) {
            return Self::Value(told);
        }
        match error.find_root() {
            DataFusionError::SQL(parser, _) => Self::Syntax(parser.to_string()),
            DataFusionError::SchemaError(schema, _) => Self::from_schema(schema),
            DataFusionError::Plan(message) => Self::from_plan(message, known),
            DataFusionError::NotImplemented(message) => Self::Unsupported(message.clone()),
            DataFusionError::Execution(message) | DataFusionError::Configuration(message) => {
                Self::Value(message.clone())
            }
            DataFusionError::ArrowError(arrow, _) if is_askers_fault(arrow) => Self::Value(arrow.to_string()),
            DataFusionError::ResourcesExhausted(_) => Self::Memory { limit: memory_bytes },
            _ => Self::Internal(Box::new(error)),
        }
    }

    fn from_schema(error: &SchemaError) -> Self {
        let SchemaError::FieldNotFound { field, valid_fields } = error else {
            return Self::Plan(error.to_string());
        };
        let mut nearest: Vec<&str> = valid_fields.iter().map(|valid| valid.name()).collect();
        nearest.sort_by_key(|name| strsim::levenshtein(&field.name.to_lowercase(), name));
        nearest.dedup();
        let nearest = nearest.into_iter().take(3).map(str::to_owned).collect();
        Self::UnknownColumn { column: field.flat_name(), nearest }
    }

    /// The planner has no types for these, only texts.
    fn from_plan(message: &str, known: &[String]) -> Self {
        let table = message.strip_prefix("table '").and_then(|rest| rest.split_once("' not found"));
        if let Some((table, _)) = table {
            let table = table.strip_prefix("kayoi.public.").unwrap_or(table).to_owned();
            return Self::UnknownTable { table, known: known.to_vec() };
        }
        // What a function of ours says about its arguments comes wrapped.
        if let Some((_, told)) = message.split_once("coercion failed with: Error during planning: ") {
            return Self::Plan(told.split(". No function matches").next().unwrap_or(told).to_owned());
        }
        match message.strip_prefix("Invalid function ") {
            Some(rest) => Self::UnknownFunction(format!("unknown function {}", rest.replace('\n', " "))),
            None => Self::Plan(message.to_owned()),
        }
    }
}

/// What one of Kayoi's SQL functions said about a value.
fn told_by_function(error: &DataFusionError) -> Option<String> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(this) = cause {
        if let Some(told) = this.downcast_ref::<FunctionError>() {
            return Some(told.to_string());
        }
        cause = this.source();
    }
    None
}

fn is_askers_fault(error: &ArrowError) -> bool {
    matches!(
        error,
        ArrowError::CastError(_)
            | ArrowError::ParseError(_)
            | ArrowError::ComputeError(_)
            | ArrowError::DivideByZero
            | ArrowError::ArithmeticOverflow(_)
            | ArrowError::InvalidArgumentError(_)
    )
}
