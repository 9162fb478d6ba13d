//! Subqueries among the columns of questions about the catalog, made such that the planner can join them.
//!
//! In: a `SELECT` or a query, whose lists are functions already. Out: the same, in which `x = ANY(list)` of a subquery that looks around
//! is an equality with one element of the list, since the planner joins the rows of an aggregate by equalities alone; and in which the rows
//! that `DISTINCT ON` picks from come from a `FROM`, where subqueries may stand. The lists are those of keys, whose elements differ.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Distinct, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, OrderByKind,
    Query, Select, SelectItem, SetExpr, Statement, TableFactor, visit_expressions, visit_expressions_mut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// The name of one element of a list.
const ELEMENT: &str = "element_of_list";

/// Writes the conditions of subqueries among the columns as equalities.
pub(super) fn by_elements(select: &mut Select) {
    for item in &mut select.projection {
        let (SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }) = item else {
            continue;
        };
        let _ = visit_expressions_mut(value, |expression| {
            if let Expr::Subquery(query) | Expr::Exists { subquery: query, .. } = expression {
                by_element(query);
            }
            ControlFlow::<()>::Continue(())
        });
    }
}

/// One subquery of one table, with one such condition.
fn by_element(query: &mut Query) -> Option<()> {
    let SetExpr::Select(select) = query.body.as_mut() else { return None };
    let [from] = select.from.as_mut_slice() else { return None };
    let TableFactor::Table { name, alias, args: None, .. } = &from.relation else { return None };
    let own = name.0.last()?.as_ident()?;
    let called = alias.as_ref().map_or(own, |alias| &alias.name).clone();
    if !from.joins.is_empty() {
        return None;
    }
    let list = to_equality(select.selection.as_mut()?, &called)?;
    let rows = format!("SELECT * FROM (SELECT *, unnest({list}) AS {ELEMENT} FROM {name}) AS {called}");
    from.relation = first_factor(&rows)?;
    Some(())
}

/// Makes the condition that a column around is in a list of the table's own an equality with an element; and gives the column with
/// the list.
fn to_equality(selection: &mut Expr, called: &Ident) -> Option<Ident> {
    match selection {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            to_equality(left, called).or_else(|| to_equality(right, called))
        }
        Expr::Nested(inner) => to_equality(inner, called),
        other => {
            let (sought, list) = in_list(other, called)?;
            let element = Expr::CompoundIdentifier(vec![called.clone(), Ident::new(ELEMENT)]);
            *other =
                Expr::BinaryOp { left: Box::new(sought), op: BinaryOperator::Eq, right: Box::new(element) };
            Some(list)
        }
    }
}

/// What is looked for, and the column with the list, of `array_contains(list, x.y)`.
fn in_list(condition: &Expr, called: &Ident) -> Option<(Expr, Ident)> {
    let Expr::Function(function) = condition else { return None };
    let FunctionArguments::List(list) = &function.args else { return None };
    let [
        FunctionArg::Unnamed(FunctionArgExpr::Expr(list)),
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::CompoundIdentifier(sought))),
    ] = list.args.as_slice()
    else {
        return None;
    };
    let is_called = |name: &Ident| name.value.eq_ignore_ascii_case(&called.value);
    let column = match list {
        Expr::Identifier(column) => column,
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [table, column] if is_called(table) => column,
            _ => return None,
        },
        _ => return None,
    };
    let is_meant = function.name.to_string().eq_ignore_ascii_case("array_contains")
        && matches!(sought.as_slice(), [table, _] if !is_called(table));
    is_meant.then(|| (Expr::CompoundIdentifier(sought.clone()), column.clone()))
}

/// Lets a `DISTINCT ON` with subqueries among its columns pick from rows that have them already, where what it goes by is among the
/// columns, too.
pub(super) fn picked(query: &mut Query) -> Option<()> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let Some(Distinct::On(on)) = &select.distinct else { return None };
    let has_subquery = visit_expressions(&select.projection, |expression| match expression {
        Expr::Subquery(_) | Expr::Exists { .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    if has_subquery.is_continue() {
        return None;
    }
    let names: Option<Vec<Ident>> = on.iter().map(|one| name_of(one, &select.projection)).collect();
    let names: Vec<String> = names?.iter().map(ToString::to_string).collect();
    let mut order_by = query.order_by.clone();
    if let Some(order) = &mut order_by {
        let OrderByKind::Expressions(keys) = &mut order.kind else { return None };
        for key in keys {
            key.expr = Expr::Identifier(name_of(&key.expr, &select.projection)?);
        }
    }
    let mut rows = select.clone();
    rows.distinct = None;
    let text = format!("SELECT DISTINCT ON ({}) * FROM ({rows}) AS rows_picked", names.join(", "));
    query.body = parsed(&text)?.body;
    query.order_by = order_by;
    Some(())
}

/// What a column that is such a value is called.
fn name_of(value: &Expr, columns: &[SelectItem]) -> Option<Ident> {
    columns.iter().find_map(|column| match column {
        SelectItem::ExprWithAlias { expr, alias } if expr == value => Some(alias.clone()),
        SelectItem::UnnamedExpr(expr) if expr == value => match expr {
            Expr::Identifier(name) => Some(name.clone()),
            Expr::CompoundIdentifier(parts) => parts.last().cloned(),
            _ => None,
        },
        _ => None,
    })
}

fn first_factor(text: &str) -> Option<TableFactor> {
    let query = parsed(text)?;
    let SetExpr::Select(select) = *query.body else { return None };
    Some(select.from.into_iter().next()?.relation)
}

fn parsed(text: &str) -> Option<Query> {
    match Parser::parse_sql(&PostgreSqlDialect {}, text).ok()?.pop()? {
        Statement::Query(query) => Some(*query),
        _ => None,
    }
}
