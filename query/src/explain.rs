//! What went wrong inside the engine, in the asker's words.
//!
//! In: an error of DataFusion, the names of the tables, the size of the memory pool. Out: a [`QueryError`].
//! DataFusion gives texts where a door needs kinds, so that some of it is read from texts here; whatever is
//! not recognised counts as our fault and is only named. It stands above [`crate::error`] and
//! [`crate::functions`], so that neither has to know the other.

use datafusion::arrow::error::ArrowError;
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;

use crate::arithmetic::ArithmeticError;
use crate::comparison::ComparisonError;
use crate::error::QueryError;
use crate::functions::{FunctionError, PatternError};

/// Translates an error of DataFusion. `known` are the tables there are; `memory_bytes` is the size of the
/// pool.
pub(crate) fn explain(error: DataFusionError, known: &[String], memory_bytes: usize) -> QueryError {
    if let Some(told) = told_by_us(&error) {
        return told;
    }
    if let Some(told) = told_by_pattern(&error) {
        return QueryError::Pattern(told);
    }
    match error.find_root() {
        DataFusionError::SQL(parser, _) => {
            QueryError::Syntax(hinted(&parser.to_string(), "SQL is read as PostgreSQL's"))
        }
        DataFusionError::SchemaError(schema, _) => explain_schema(schema),
        DataFusionError::Plan(message) => explain_plan(message, known),
        DataFusionError::NotImplemented(message) if is_around(message) => {
            QueryError::Unsupported(AROUND.to_owned())
        }
        DataFusionError::NotImplemented(message) => QueryError::Unsupported(hinted(message, OTHERWISE)),
        DataFusionError::Execution(message) if message.starts_with(MORE_THAN_ONE) => QueryError::SeveralRows,
        DataFusionError::Execution(message) | DataFusionError::Configuration(message) => {
            if is_overflow(message) {
                QueryError::OutOfRange("a value".to_owned())
            } else {
                QueryError::Value(hinted(message, VALUE))
            }
        }
        DataFusionError::ArrowError(arrow, _) if is_askers_fault(arrow) => explain_value(arrow),
        DataFusionError::ResourcesExhausted(_) => QueryError::Memory { limit: memory_bytes },
        _ => QueryError::Internal(Box::new(error)),
    }
}

fn explain_schema(error: &SchemaError) -> QueryError {
    let SchemaError::FieldNotFound { field, valid_fields } = error else {
        return QueryError::Plan(error.to_string());
    };
    let mut nearest: Vec<&str> = valid_fields.iter().map(|valid| valid.name()).collect();
    nearest.sort_by_key(|name| strsim::levenshtein(&field.name.to_lowercase(), name));
    nearest.dedup();
    let nearest = nearest.into_iter().take(3).map(str::to_owned).collect();
    QueryError::UnknownColumn { column: field.flat_name(), nearest }
}

/// Tells an error of the planner, which has no types for these, only texts.
fn explain_plan(message: &str, known: &[String]) -> QueryError {
    let table = message.strip_prefix("table '").and_then(|rest| rest.split_once("' not found"));
    if let Some((table, _)) = table {
        let table = table.strip_prefix("kayoi.public.").unwrap_or(table).to_owned();
        return QueryError::UnknownTable { table, known: known.to_vec() };
    }
    if message.starts_with("Correlated scalar subquery must be aggregated") {
        return QueryError::Unsupported(SEVERAL.to_owned());
    }
    if is_around(message) {
        return QueryError::Unsupported(AROUND.to_owned());
    }
    // What a function of ours says about its arguments comes wrapped.
    if let Some((_, told)) = message.split_once("coercion failed with: Error during planning: ") {
        return QueryError::Plan(told.split(". No function matches").next().unwrap_or(told).to_owned());
    }
    match message.strip_prefix("Invalid function ") {
        Some(rest) => QueryError::UnknownFunction(format!("unknown function {}", rest.replace('\n', " "))),
        None => QueryError::Plan(hinted(message, TYPES)),
    }
}

/// What Kayoi's own functions and operators said about a value.
fn told_by_us(error: &DataFusionError) -> Option<QueryError> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(this) = cause {
        if let Some(told) = this.downcast_ref::<FunctionError>() {
            return Some(match told {
                FunctionError::SeveralRows => QueryError::SeveralRows,
                told => QueryError::Value(told.to_string()),
            });
        }
        if let Some(told) = this.downcast_ref::<PatternError>() {
            return Some(QueryError::Unsupported(told.to_string()));
        }
        if let Some(told) = this.downcast_ref::<ComparisonError>() {
            return Some(match told {
                ComparisonError::Types { .. } => QueryError::Types(told.to_string()),
                ComparisonError::Form { .. } => QueryError::InvalidText(told.to_string()),
            });
        }
        if let Some(told) = this.downcast_ref::<ArithmeticError>() {
            return Some(match told {
                ArithmeticError::OutOfRange(_) => QueryError::OutOfRange(told.to_string()),
                ArithmeticError::DivisionByZero => QueryError::DivisionByZero,
            });
        }
        cause = this.source();
    }
    None
}

/// What is wrong with a regular expression. The crate that compiles it is DataFusion's own choice, so that its
/// error is known by its text only; the expression is the asker's.
fn told_by_pattern(error: &DataFusionError) -> Option<String> {
    let text = error.to_string();
    let words =
        ["regex parse error", "Regular expression did not compile", "Compiled regex exceeds size limit"];
    let at = words.iter().find_map(|words| text.find(words))?;
    let told = text[at..].split("\nThis issue was likely").next().unwrap_or_default();
    Some(told.trim_end_matches('.').to_owned())
}

/// What Arrow says about a value.
fn explain_value(error: &ArrowError) -> QueryError {
    match error {
        ArrowError::DivideByZero => QueryError::DivisionByZero,
        ArrowError::ArithmeticOverflow(_) => QueryError::OutOfRange("a value".to_owned()),
        ArrowError::ComputeError(message) | ArrowError::InvalidArgumentError(message)
            if is_overflow(message) =>
        {
            QueryError::OutOfRange("a value".to_owned())
        }
        // Arrow's texts: a number that does not fit, and a text that is none.
        ArrowError::CastError(message)
            if message.starts_with("Can't cast value") || message.starts_with("value of ") =>
        {
            QueryError::OutOfRange("a value that is cast".to_owned())
        }
        ArrowError::CastError(message) if message.starts_with("Cannot cast string") => {
            QueryError::InvalidText(hinted(&in_words(message), TEXT))
        }
        ArrowError::ParseError(message) => QueryError::InvalidText(hinted(message, TEXT)),
        // A subquery without a row is NULL, which its column was said not to hold.
        ArrowError::InvalidArgumentError(message) if message.contains("non-nullable") => {
            QueryError::Unsupported(hinted("a subquery that gives no row", "use coalesce(max(x)) in it"))
        }
        other => QueryError::Value(hinted(&other.to_string(), VALUE)),
    }
}

/// Whether the engine says that it could not join a subquery to the rows that it looks at. It prints its own nodes with it.
fn is_around(message: &str) -> bool {
    let words = ["Accessing outer reference column", "Correlated scalar subquery can only be used"];
    let is_left = message.starts_with("Physical plan does not support")
        && (message.contains("Subquery")
            || message.contains("OuterReferenceColumn")
            || message.contains("Exists"));
    is_left || words.iter().any(|words| message.starts_with(words))
}

/// What the engine says of a subquery that looks at no row around it.
const MORE_THAN_ONE: &str = "Scalar subquery returned more than one row";
const SEVERAL: &str = "a subquery that looks at the row around it and may give several rows\n\
                       hint: make one of them, with max(x), or with ORDER BY … LIMIT 1";
const AROUND: &str = "a subquery that looks at the row around it, in this place or by this condition\n\
                      hint: put it into the FROM, grouped by what it is compared with, and join it";
const OTHERWISE: &str = "say it another way; `SHOW FUNCTIONS` lists the functions there are";
const TYPES: &str = "look at the types: CAST(x AS type) makes them fit";
const VALUE: &str = "a CASE leaves out the rows whose value does not fit";
const TEXT: &str =
    "numbers are digits, dates are written as 2026-04-03; a CASE leaves out the rows that do not fit";

/// The engine's message without its own advice, and with a hint that helps who asked.
fn hinted(message: &str, hint: &str) -> String {
    let message = message.split("\nThis issue was likely").next().unwrap_or(message);
    let message = message.trim_start_matches("Internal error: ").trim_end();
    match message.split_once(". Supported values are: ") {
        _ if message.contains("\nhint: ") => message.to_owned(),
        Some((message, supported)) => format!("{message}\nhint: supported are {supported}"),
        None => format!("{message}\nhint: {hint}"),
    }
}

/// A text of Arrow about a text that is no number or date, with SQL's word for the type.
fn in_words(message: &str) -> String {
    let words = [
        ("Int64", "a bigint"),
        ("Int32", "an integer"),
        ("Int16", "a smallint"),
        ("Float64", "a number"),
        ("Float32", "a number"),
        ("Date32", "a date"),
        ("Boolean", "a boolean"),
    ];
    let told =
        message.strip_prefix("Cannot cast string '").and_then(|rest| rest.rsplit_once("' to value of "));
    let Some((text, kind)) = told else { return message.to_owned() };
    let kind = kind.trim_end_matches(" type");
    let kind = words.iter().find(|(engine, _)| *engine == kind).map_or("of that type", |(_, word)| word);
    format!("`{text}` is not {kind}")
}

fn is_overflow(message: &str) -> bool {
    let message = message.to_lowercase();
    message.contains("overflow")
        || message.contains("is too large to store")
        || message.contains("out of range")
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
