//! Statements that a connection has prepared in SQL.
//!
//! In: `PREPARE` and `EXECUTE`. Out: a text to remember, and the statement that a text becomes when its parameters
//! are filled. They are filled in the parsed statement and not in its text, so that a value stays a value, and what
//! comes out is checked as if it had been sent.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    CastKind, Expr, Statement, Value, ValueWithSpan, visit_expressions, visit_expressions_mut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

use super::portal::named;
use crate::error::QueryError;
use crate::session::{PreparedText, SessionSettings};

/// What a `PREPARE` remembers: a name, the statement and its text.
pub(super) fn prepared(statement: &Statement) -> Option<(String, &Statement, PreparedText)> {
    let Statement::Prepare { name, data_types, statement } = statement else { return None };
    let types = data_types.iter().map(ToString::to_string).collect();
    Some((named(name), statement, PreparedText { types, text: statement.to_string() }))
}

/// The statement that an `EXECUTE` stands for; any other as it is.
///
/// # Errors
/// [`QueryError::Prepared`] when nothing has that name, or it takes other parameters.
pub(super) fn filled(statement: Statement, settings: &SessionSettings) -> Result<Statement, QueryError> {
    let Statement::Execute { name: Some(name), parameters, immediate: false, .. } = &statement else {
        return Ok(statement);
    };
    let name = name.0.last().and_then(|part| part.as_ident()).map(named).unwrap_or_default();
    let unknown =
        QueryError::Prepared { sqlstate: "26000", told: "does not exist", hint: "PREPARE it first" };
    let text = settings.prepared(&name).ok_or(unknown)?;
    let mut parsed = Parser::parse_sql(&PostgreSqlDialect {}, &text.text).unwrap_or_default();
    let Some(mut inner) = parsed.pop() else { return Ok(statement) };
    let hint = "EXECUTE it with one value for each of $1, $2 …";
    let mut most = 0;
    let _ = visit_expressions(&inner, |expression| {
        most = most.max(place(expression).unwrap_or(0));
        ControlFlow::<()>::Continue(())
    });
    if parameters.len() != most.max(text.types.len()) {
        return Err(QueryError::Prepared { sqlstate: "42601", told: "takes another number of values", hint });
    }
    // Values first, so that a value is never looked at for places.
    let values = parameters.iter().enumerate().map(|(at, value)| typed(value, text.types.get(at)));
    let values: Vec<Expr> = values.collect::<Result<_, _>>()?;
    let _ = visit_expressions_mut(&mut inner, |expression| {
        if let Some(value) = place(expression).and_then(|number| values.get(number.checked_sub(1)?)) {
            *expression = value.clone();
        }
        ControlFlow::<()>::Continue(())
    });
    Ok(inner)
}

/// The number of a place such as `$1`.
fn place(expression: &Expr) -> Option<usize> {
    match expression {
        Expr::Value(ValueWithSpan { value: Value::Placeholder(place), .. }) => {
            place.strip_prefix('$')?.parse().ok()
        }
        _ => None,
    }
}

/// A value, as the type that was told for it.
fn typed(value: &Expr, of: Option<&String>) -> Result<Expr, QueryError> {
    let nested = |value: &Expr| Expr::Nested(Box::new(value.clone()));
    let Some(of) = of else { return Ok(nested(value)) };
    let unreadable = |error| QueryError::Syntax(format!("{error}"));
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(of).map_err(unreadable)?;
    let data_type = parser.parse_data_type().map_err(unreadable)?;
    Ok(Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(nested(value)),
        data_type,
        array: false,
        format: None,
    })
}
