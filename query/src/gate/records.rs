//! Whole rows as values.
//!
//! In: a `SELECT`. Out: the same, where `row_to_json(t)` is the function of the columns of `t` and their names, for the engine
//! has no value that is a whole row. That is said where the columns are written: of a subquery in the `FROM` that names them all,
//! and of a release table. Another row stays as it was, and is refused by the planner.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Query, Select, SelectItem, SetExpr,
    TableAlias, TableFactor, Value, VisitorMut, visit_expressions_mut,
};
use kayoi_schemas::tables::ReleaseTable;

use super::first::{column, factors};
use super::names::folded;

/// Writes rows out.
pub(super) struct Records;

impl VisitorMut for Records {
    type Break = ();

    // Inner ones first: an alias means the nearest row that is called so.
    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let Select { projection, from, .. } = select;
        let factors: Vec<&TableFactor> = factors(from).collect();
        for item in projection {
            let (SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }) = item
            else {
                continue;
            };
            let _ = visit_expressions_mut(value, |expression| {
                write_out(expression, &factors);
                ControlFlow::<()>::Continue(())
            });
        }
        ControlFlow::Continue(())
    }
}

fn write_out(expression: &mut Expr, factors: &[&TableFactor]) {
    let Expr::Function(function) = expression else { return };
    let name = function.name.to_string().to_lowercase();
    if name.trim_start_matches("pg_catalog.") != "row_to_json" {
        return;
    }
    let FunctionArguments::List(list) = &mut function.args else { return };
    let [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(row)))] = list.args.as_slice() else {
        return;
    };
    let row = row.clone();
    let Some(columns) = factors.iter().find_map(|factor| columns_of(factor, &row)) else { return };
    let argument = |value: Expr| FunctionArg::Unnamed(FunctionArgExpr::Expr(value));
    list.args = columns
        .into_iter()
        .flat_map(|column| {
            let name = Value::SingleQuotedString(folded(&column)).with_empty_span();
            [argument(Expr::Value(name)), argument(Expr::CompoundIdentifier(vec![row.clone(), column]))]
        })
        .collect();
}

/// The columns of a table that is called so.
fn columns_of(factor: &TableFactor, called: &Ident) -> Option<Vec<Ident>> {
    let is_called = |name: &Ident| folded(name) == folded(called);
    match factor {
        TableFactor::Derived { subquery, alias: Some(alias), .. } if is_called(&alias.name) => {
            renamed(alias).or_else(|| of_query(subquery))
        }
        TableFactor::Table { name, alias, args: None, .. } => {
            let own = name.0.last()?.as_ident()?;
            if !is_called(alias.as_ref().map_or(own, |alias| &alias.name)) {
                return None;
            }
            let table = ReleaseTable::parse(&folded(own))?.table();
            Some(table.columns.iter().map(|column| Ident::new(column.name)).collect())
        }
        _ => None,
    }
}

/// `AS t (a, b)`.
fn renamed(alias: &TableAlias) -> Option<Vec<Ident>> {
    let names: Vec<Ident> = alias.columns.iter().map(|column| column.name.clone()).collect();
    (!names.is_empty()).then_some(names)
}

fn of_query(query: &Query) -> Option<Vec<Ident>> {
    let SetExpr::Select(select) = &*query.body else { return None };
    select.projection.iter().map(column).collect()
}
