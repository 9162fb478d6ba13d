//! What clients write and the planner does not read.
//!
//! In: an expression, or a table of a `FROM`. Out: the same in words that the planner knows. Each entry is what a client sends
//! by itself, whose user cannot say it another way.

use datafusion::sql::sqlparser::ast::{
    DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectName, TableFactor,
    TypedString, Value, ValueWithSpan,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// Patterns of `to_date` and `to_timestamp` that are how dates and moments are written anyway. Superset sends no other.
const DATES: [&str; 1] = ["YYYY-MM-DD"];
const MOMENTS: [&str; 4] =
    ["YYYY-MM-DD HH24:MI:SS", "YYYY-MM-DD HH24:MI:SS.US", "YYYY-MM-DD HH24:MI:SS.MS", "YYYY-MM-DD HH24:MI"];

/// Reads what a client meant.
///
/// # Errors
/// A refusal with its hint, for a pattern that is not read.
pub(super) fn understood(expression: &mut Expr) -> Result<(), String> {
    match expression {
        Expr::TypedString(TypedString { data_type, value, .. }) if is_moment(data_type) => {
            to_the_second(value)
        }
        Expr::Cast { expr, data_type, .. } if is_moment(data_type) => {
            if let Expr::Value(value) = &mut **expr {
                to_the_second(value);
            }
        }
        Expr::Substring { expr, substring_from: Some(pattern), substring_for: None, .. }
            if is_text(pattern) =>
        {
            // A text after FROM is a regular expression, of which the part in brackets is meant, or the whole.
            if let Some(meant) = read(&format!("(regexp_match({expr}, {pattern}))[1]")) {
                *expression = meant;
            }
        }
        Expr::Function(function) => {
            if let Some(meant) = since(function) {
                *expression = meant;
            } else if let Some(meant) = read_by_pattern(function)? {
                *expression = meant;
            }
        }
        _ => {}
    }
    Ok(())
}

/// A function of `pg_catalog` in a `FROM`: the planner knows tables alone by their schema.
pub(super) fn without_catalog(factor: &mut TableFactor) {
    let (TableFactor::Table { name, args: Some(_), .. } | TableFactor::Function { name, .. }) = factor else {
        return;
    };
    let is_of_catalog = |first: &str| first.eq_ignore_ascii_case("pg_catalog");
    if let [schema, own] = name.0.as_slice()
        && schema.as_ident().is_some_and(|schema| is_of_catalog(&schema.value))
    {
        *name = ObjectName(vec![own.clone()]);
    }
    as_unnest(factor);
}

/// `pg_catalog.unnest(…)` as the word that it is for the parser without its schema.
fn as_unnest(factor: &mut TableFactor) {
    let TableFactor::Table { name, alias, args: Some(called), with_ordinality, .. } = factor else { return };
    if !name.to_string().eq_ignore_ascii_case("unnest") {
        return;
    }
    let list = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(list)) => Some(list.clone()),
        _ => None,
    };
    let Some(array_exprs) = called.args.iter().map(list).collect::<Option<Vec<_>>>() else { return };
    *factor = TableFactor::UNNEST {
        alias: alias.take(),
        array_exprs,
        with_offset: false,
        with_offset_alias: None,
        with_ordinality: *with_ordinality,
    };
}

fn is_moment(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Timestamp(..) | DataType::TimestampNtz(..) | DataType::Datetime(_))
}

/// `2026-03-01 12:00` is a moment for PostgreSQL, and the planner wants its seconds.
fn to_the_second(value: &mut ValueWithSpan) {
    let Value::SingleQuotedString(text) = &mut value.value else { return };
    let bytes = text.as_bytes();
    let digits =
        |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let is = |at: usize, signs: &[u8]| bytes.get(at).is_some_and(|sign| signs.contains(sign));
    let is_to_the_minute = digits(0, 4)
        && is(4, b"-")
        && digits(5, 7)
        && is(7, b"-")
        && digits(8, 10)
        && is(10, b" T")
        && digits(11, 13)
        && is(13, b":")
        && digits(14, 16)
        && (bytes.len() == 16 || is(16, b"+-Z "));
    if is_to_the_minute {
        text.insert_str(16, ":00");
    }
}

fn read_by_pattern(function: &Function) -> Result<Option<Expr>, String> {
    let name = function.name.to_string().to_lowercase();
    let (patterns, data_type) = match name.trim_start_matches("pg_catalog.") {
        "to_date" => (&DATES[..], "date"),
        "to_timestamp" => (&MOMENTS[..], "timestamptz"),
        _ => return Ok(None),
    };
    let FunctionArguments::List(list) = &function.args else { return Ok(None) };
    let [
        FunctionArg::Unnamed(FunctionArgExpr::Expr(text)),
        FunctionArg::Unnamed(FunctionArgExpr::Expr(pattern)),
    ] = list.args.as_slice()
    else {
        return Ok(None);
    };
    let is_known = |known: &&&str| matches!(pattern, Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(pattern), .. }) if pattern.eq_ignore_ascii_case(known));
    if patterns.iter().find(is_known).is_none() {
        return Err(format!(
            "{name} with this pattern\nhint: {name}(x, '{}'), or x::{data_type}",
            patterns[0]
        ));
    }
    Ok(read(&format!("CAST({text} AS {data_type})")))
}

/// `age(x)`, which is the time from x to the beginning of today.
fn since(function: &Function) -> Option<Expr> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let [FunctionArg::Unnamed(FunctionArgExpr::Expr(moment))] = list.args.as_slice() else { return None };
    let name = function.name.to_string().to_lowercase();
    if name.trim_start_matches("pg_catalog.") != "age" {
        return None;
    }
    read(&format!("age(current_date, {moment})"))
}

fn is_text(expression: &Expr) -> bool {
    matches!(expression, Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(_), .. }))
}

/// An expression of ours.
pub(super) fn read(text: &str) -> Option<Expr> {
    Parser::new(&PostgreSqlDialect {}).try_with_sql(text).and_then(|mut parser| parser.parse_expr()).ok()
}
