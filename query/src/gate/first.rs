//! Subqueries that take the first row they find, or the only one.
//!
//! In: a subquery among values. Out: the same, where `(SELECT x … ORDER BY y LIMIT 1)` is `(SELECT first_value(x ORDER BY y) …)`,
//! if it looks at tables around it. The planner joins such a subquery to what it looks at only where it sees that there is one
//! row for each of them: of an aggregate it knows, of a limit it does not. Both are the first row's value, and NULL where there
//! is no row. One that says nothing of how many rows it has is its first row's value, and an error where there are more
//! (SQLSTATE 21000), as in PostgreSQL.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use datafusion::functions_aggregate::all_default_aggregate_functions;
use datafusion::logical_expr::AggregateUDF;
use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Ident, LimitClause, OrderBy, OrderByKind, Query, Select, SelectItem, SetExpr,
    TableFactor, TableWithJoins, Value, ValueWithSpan, Visit, visit_expressions,
};

use super::clients::read;
use super::names::folded;
use crate::functions::ONLY_ROW;

/// Names of functions that make one value of several rows.
static AGGREGATES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let names = |function: Arc<AggregateUDF>| {
        let aliases = function.aliases().to_vec();
        aliases.into_iter().chain([function.name().to_owned()])
    };
    all_default_aggregate_functions().into_iter().flat_map(names).collect()
});

/// What a subquery that looks around and takes one row means; `None` for any other.
pub(super) fn of(query: &Query) -> Option<Expr> {
    let SetExpr::Select(select) = &*query.body else { return None };
    let [SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }] =
        select.projection.as_slice()
    else {
        return None;
    };
    if query.with.is_some() || query.fetch.is_some() || !takes_one(query) || !is_plain(select) {
        return None;
    }
    let is_of_several = of_several_rows(value)?;
    if !looks_around(select) {
        return None;
    }
    let mut first = select.clone();
    // What is made of several rows is one row already, in whatever order.
    if !is_of_several {
        let item = &select.projection[0];
        let order = match &query.order_by {
            Some(order) => format!(" {}", meant(order, item, value)?),
            None => String::new(),
        };
        let expr = read(&format!("first_value({value}{order})"))?;
        first.projection = vec![match column(item) {
            Some(alias) => SelectItem::ExprWithAlias { expr, alias },
            None => SelectItem::UnnamedExpr(expr),
        }];
    }
    read(&format!("({first})"))
}

/// What a subquery that looks around and has one row, as its asker says, means; `None` for any other. It is written out twice, so that
/// one with further subqueries in it is left as it is: those would be doubled with each that they stand in.
pub(super) fn only(query: &Query) -> Option<Expr> {
    let SetExpr::Select(select) = &*query.body else { return None };
    let [item @ (SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. })] =
        select.projection.as_slice()
    else {
        return None;
    };
    let is_whole = query.with.is_none() && query.fetch.is_none() && query.limit_clause.is_none();
    if !is_whole
        || !is_plain(select)
        || of_several_rows(value)?
        || has_subquery(select)
        || !looks_around(select)
    {
        return None;
    }
    let mut first = select.clone();
    let expr = read(&format!("first_value({value})"))?;
    first.projection = vec![match column(item) {
        Some(alias) => SelectItem::ExprWithAlias { expr, alias },
        None => SelectItem::UnnamedExpr(expr),
    }];
    let mut count = select.clone();
    count.projection = vec![SelectItem::UnnamedExpr(read("count(*)")?)];
    read(&format!("{ONLY_ROW}(({first}), ({count}))"))
}

/// Whether a query holds another one as a value or a condition.
fn has_subquery(select: &Select) -> bool {
    let walked = visit_expressions(select, |expression| match expression {
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    walked.is_break()
}

/// What a column is called, where its words say so.
pub(super) fn column(item: &SelectItem) -> Option<Ident> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.clone()),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.clone()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().cloned(),
        _ => None,
    }
}

/// The tables and what stands for one, in a `FROM`.
pub(super) fn factors(from: &[TableWithJoins]) -> impl Iterator<Item = &TableFactor> {
    from.iter()
        .flat_map(|from| [&from.relation].into_iter().chain(from.joins.iter().map(|join| &join.relation)))
}

/// Whether a subquery has names of tables that it does not bring along.
pub(crate) fn looks_around(select: &Select) -> bool {
    let own: HashSet<String> = factors(&select.from).filter_map(name).collect();
    let looks = visit_expressions(select, |expression| match expression {
        Expr::CompoundIdentifier(parts)
            if parts.len() == 2 && !own.contains(&parts[0].value.to_lowercase()) =>
        {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    looks.is_break()
}

/// Whether a value is made of several rows, as `max(x)` is; `None` where it is one of a window.
fn of_several_rows(value: &Expr) -> Option<bool> {
    let mut is_of_several = false;
    let walked = visit_expressions(value, |expression| match expression {
        Expr::Function(function) if function.over.is_some() => ControlFlow::Break(()),
        Expr::Function(function) => {
            is_of_several |= is_aggregate(&function.name.to_string());
            ControlFlow::Continue(())
        }
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    walked.is_continue().then_some(is_of_several)
}

/// Whether an expression holds a function that makes one value of several rows.
pub(crate) fn has_aggregate(expression: &impl Visit) -> bool {
    let walked = visit_expressions(expression, |inner| match inner {
        Expr::Function(function) if is_aggregate(&function.name.to_string()) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    walked.is_break()
}

fn is_aggregate(name: &str) -> bool {
    let name = name.to_lowercase();
    AGGREGATES.contains(name.trim_start_matches("pg_catalog."))
}

/// What a table of a `FROM` is called, small.
pub(super) fn name(factor: &TableFactor) -> Option<String> {
    let alias = match factor {
        TableFactor::Table { alias, name, .. } => {
            let own = name.0.last().and_then(|part| part.as_ident());
            alias.as_ref().map(|alias| &alias.name).or(own)
        }
        TableFactor::Derived { alias, .. }
        | TableFactor::UNNEST { alias, .. }
        | TableFactor::Function { alias, .. }
        | TableFactor::NestedJoin { alias, .. } => alias.as_ref().map(|alias| &alias.name),
        _ => None,
    };
    alias.map(|alias: &Ident| alias.value.to_lowercase())
}

fn takes_one(query: &Query) -> bool {
    let is_one = |limit: &Expr| matches!(limit, Expr::Value(ValueWithSpan { value: Value::Number(rows, _), .. }) if rows == "1");
    matches!(
        &query.limit_clause,
        Some(LimitClause::LimitOffset { limit: Some(limit), offset: None, limit_by })
            if limit_by.is_empty() && is_one(limit)
    )
}

fn is_plain(select: &Select) -> bool {
    let is_grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
    !is_grouped
        && select.distinct.is_none()
        && select.top.is_none()
        && select.having.is_none()
        && select.qualify.is_none()
}

/// An order in which the number or the other name of the column is the column.
fn meant(order: &OrderBy, item: &SelectItem, value: &Expr) -> Option<OrderBy> {
    let mut order = order.clone();
    let OrderByKind::Expressions(by) = &mut order.kind else { return None };
    for one in by {
        let is_column = match (&one.expr, item) {
            (Expr::Value(ValueWithSpan { value: Value::Number(place, _), .. }), _) => place == "1",
            (Expr::Identifier(name), SelectItem::ExprWithAlias { alias, .. }) => {
                folded(name) == folded(alias)
            }
            _ => false,
        };
        if is_column {
            one.expr = value.clone();
        } else if matches!(one.expr, Expr::Value(_)) {
            return None;
        }
    }
    Some(order)
}
