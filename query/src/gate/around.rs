//! Subqueries that look at the row around them and leave rows out.
//!
//! In: a statement as it was asked. Out: nothing, or a refusal that names the place. The planner joins a subquery to the rows that it
//! looks at. Which rows a `LIMIT`, an `OFFSET` or a `DISTINCT ON` leaves is then no longer known for each of them: of the
//! first it says so in words of its own, and of an `OFFSET` within `EXISTS` it says nothing and answers without it.
//! One row of an order is what [`super::first`] reads.

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Distinct, Expr, LimitClause, Query, SetExpr, Spanned, Statement, TableFactor, Value, ValueWithSpan,
    Visit, Visitor, visit_expressions,
};

use super::first;
use crate::error::QueryError;

/// Refuses a subquery whose rows the planner would lose or not find.
///
/// # Errors
/// [`QueryError::Unsupported`], with line and column.
pub(super) fn check(statement: &Statement) -> Result<(), QueryError> {
    match Visit::visit(statement, &mut Around) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(told) => Err(QueryError::Unsupported(told)),
    }
}

struct Around;

impl Visitor for Around {
    type Break = String;

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<String> {
        let (query, is_value) = match expression {
            Expr::Subquery(query) => (query, true),
            Expr::InSubquery { subquery, .. } | Expr::Exists { subquery, .. } => (subquery, false),
            _ => return ControlFlow::Continue(()),
        };
        // Whether there is one does not depend on how many are wanted.
        let is_limited = has_limit(query) && !matches!(expression, Expr::Exists { .. });
        let word = if has_offset(query) {
            "OFFSET"
        } else if is_limited && !(is_value && first::of(query).is_some()) {
            "LIMIT"
        } else if is_value && is_distinct_on(query) {
            "DISTINCT ON"
        } else {
            return ControlFlow::Continue(());
        };
        if !looks_out(query) {
            return ControlFlow::Continue(());
        }
        let start = query.body.span().start;
        // A door's own parser may have lost the place.
        let place = match start.line {
            0 => String::new(),
            line => format!(" at Line: {line}, Column: {}", start.column),
        };
        ControlFlow::Break(format!(
            "{word} in a subquery that looks at the row around it{place}\n\
             hint: number the rows in the FROM, row_number() OVER (PARTITION BY … ORDER BY …), and join those that are meant"
        ))
    }
}

fn has_offset(query: &Query) -> bool {
    match &query.limit_clause {
        Some(LimitClause::LimitOffset { offset: Some(offset), .. }) => !is_number(&offset.value, "0"),
        Some(LimitClause::OffsetCommaLimit { .. }) => true,
        _ => false,
    }
}

fn has_limit(query: &Query) -> bool {
    let is_null = |limit: &Expr| matches!(limit, Expr::Value(ValueWithSpan { value: Value::Null, .. }));
    let limit = match &query.limit_clause {
        Some(LimitClause::LimitOffset { limit, .. }) => limit.as_ref(),
        _ => None,
    };
    query.fetch.is_some() || limit.is_some_and(|limit| !is_null(limit))
}

fn is_number(expression: &Expr, digits: &str) -> bool {
    matches!(expression, Expr::Value(ValueWithSpan { value: Value::Number(number, _), .. }) if number == digits)
}

fn is_distinct_on(query: &Query) -> bool {
    matches!(&*query.body, SetExpr::Select(select) if matches!(select.distinct, Some(Distinct::On(_))))
}

/// Whether a subquery has names of tables that stand nowhere in it. One that stands in a subquery of its own counts as its own: what
/// is overlooked so is the planner's to refuse.
fn looks_out(query: &Query) -> bool {
    let mut own = Own(HashSet::new());
    let _ = Visit::visit(query, &mut own);
    let looks = visit_expressions(query, |expression| match expression {
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [table, _] if !own.0.contains(&table.value.to_lowercase()) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        },
        _ => ControlFlow::Continue(()),
    });
    looks.is_break()
}

/// The names of all tables in a query, small.
struct Own(HashSet<String>);

impl Visitor for Own {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        self.0.extend(first::name(factor));
        ControlFlow::Continue(())
    }
}
