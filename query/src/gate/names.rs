//! The names of columns that an asker has not named.
//!
//! In: a statement that was let through. Out: the same with PostgreSQL's names, so that `SELECT count(*)` has a column
//! `count` here too: the planner would call it by its own words for the expression. Two columns may have one name
//! in PostgreSQL and not in the planner; the second then carries a [`MARK`] and a number, which doors take away.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Query, SelectItem,
    SetExpr, Statement, Value, VisitMut, VisitorMut, visit_expressions_mut,
};

use crate::functions::ONLY_ROW;

/// What stands before the number of a column whose name another one has.
pub(crate) const MARK: char = '\u{1F}';

/// What PostgreSQL calls a column of which nothing tells a name.
const NAMELESS: &str = "?column?";

/// Names every column that has no name.
pub(super) fn name_columns(statement: &mut Statement) {
    let _ = statement.visit(&mut Namer);
}

/// Puts the asker's name where a query asks for it. To be called when columns have their names.
pub(super) fn tell_user(statement: &mut Statement, name: &str) {
    let _ = visit_expressions_mut(statement, |expression| {
        if let Expr::Function(function) = expression {
            let asked = function.name.to_string().to_lowercase();
            if ["current_user", "session_user", "current_role", "user"]
                .contains(&asked.trim_start_matches("pg_catalog."))
            {
                *expression = Expr::Value(Value::SingleQuotedString(name.to_owned()).with_empty_span());
            }
        }
        ControlFlow::<()>::Continue(())
    });
}

struct Namer;

impl VisitorMut for Namer {
    type Break = ();

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        named(&mut query.body);
        ControlFlow::Continue(())
    }
}

/// Of a set operation the first part names the columns.
fn named(body: &mut SetExpr) {
    match body {
        SetExpr::Select(select) => name_items(&mut select.projection),
        SetExpr::SetOperation { left, right, .. } => {
            named(left);
            named(right);
        }
        _ => {}
    }
}

fn name_items(items: &mut [SelectItem]) {
    let mut taken = BTreeSet::new();
    for item in items {
        let (name, value) = match item {
            SelectItem::UnnamedExpr(value) => (of(value).0, value.clone()),
            SelectItem::ExprWithAlias { expr, alias } => (alias.value.clone(), expr.clone()),
            _ => continue,
        };
        let own = taken.insert(name.clone());
        let is_plain = matches!(value, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        if own && (is_plain || matches!(item, SelectItem::ExprWithAlias { .. })) {
            continue;
        }
        let mut marked = (2..).map(|number| format!("{name}{MARK}{number}"));
        let alias = if own { Some(name.clone()) } else { marked.find(|name| taken.insert(name.clone())) };
        if let Some(alias) = alias {
            *item = SelectItem::ExprWithAlias { expr: value, alias: Ident::with_quote('"', alias) };
        }
    }
}

/// A name, and how much it says: a type's name gives way to a column's, as in PostgreSQL's `FigureColname`.
fn of(value: &Expr) -> (String, u8) {
    let strong = |name: &str| (name.to_owned(), 2);
    match value {
        Expr::Identifier(name) => strong(&folded(name)),
        Expr::CompoundIdentifier(parts) => strong(&parts.last().map(folded).unwrap_or_default()),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => of(inner),
        Expr::CompoundFieldAccess { root, .. } => of(root),
        Expr::Function(function) => strong(&of_function(function)),
        Expr::Cast { expr, data_type, .. } => match of(expr) {
            (name, 2..) => strong(&name),
            _ => (of_type(data_type), 1),
        },
        Expr::TypedString(typed) => (of_type(&typed.data_type), 1),
        Expr::Interval(_) => ("interval".to_owned(), 1),
        Expr::Case { else_result, .. } => match else_result.as_deref().map(of) {
            Some((name, 2..)) => strong(&name),
            _ => ("case".to_owned(), 1),
        },
        Expr::Extract { .. } => strong("extract"),
        Expr::Ceil { .. } => strong("ceil"),
        Expr::Floor { .. } => strong("floor"),
        Expr::Position { .. } => strong("position"),
        Expr::Substring { .. } => strong("substring"),
        Expr::Trim { .. } => strong("btrim"),
        Expr::Overlay { .. } => strong("overlay"),
        Expr::AtTimeZone { .. } => strong("timezone"),
        Expr::Array(_) => strong("array"),
        Expr::Exists { .. } => strong("exists"),
        Expr::Tuple(_) => strong("row"),
        Expr::Subquery(query) => of_query(query).unwrap_or_else(|| (NAMELESS.to_owned(), 0)),
        _ => (NAMELESS.to_owned(), 0),
    }
}

fn of_function(function: &Function) -> String {
    let name = function.name.0.last().and_then(|part| part.as_ident()).map(folded).unwrap_or_default();
    match (name.as_str(), &function.args) {
        ("array", FunctionArguments::Subquery(query)) => of_query(query).map_or(name, |(name, _)| name),
        (ONLY_ROW, FunctionArguments::List(list)) => match list.args.first() {
            Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(value))) => of(value).0,
            _ => name,
        },
        _ => name,
    }
}

fn of_query(query: &Query) -> Option<(String, u8)> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    match select.projection.first()? {
        SelectItem::UnnamedExpr(value) => Some(of(value)),
        SelectItem::ExprWithAlias { alias, .. } => Some((folded(alias), 2)),
        _ => None,
    }
}

/// A name as PostgreSQL keeps it: small where it was not quoted.
pub(super) fn folded(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() }
}

fn of_type(data_type: &DataType) -> String {
    let told = data_type.to_string().to_lowercase();
    let word = told.split('(').next().unwrap_or_default().trim();
    let name = match word {
        "int" | "integer" | "int4" => "int4",
        "bigint" | "int8" => "int8",
        "smallint" | "int2" => "int2",
        "double precision" | "double" | "float" | "float8" => "float8",
        "real" | "float4" => "float4",
        "boolean" | "bool" => "bool",
        "decimal" | "numeric" | "dec" => "numeric",
        "character varying" | "varchar" => "varchar",
        "character" | "char" => "bpchar",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        other => other.rsplit('.').next().unwrap_or(other).trim_end_matches("[]"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
    use datafusion::sql::sqlparser::parser::Parser;

    use super::*;

    fn names(columns: &str) -> Vec<String> {
        let mut parsed =
            Parser::parse_sql(&PostgreSqlDialect {}, &format!("SELECT {columns} FROM t")).unwrap();
        name_columns(&mut parsed[0]);
        let Statement::Query(query) = &parsed[0] else { unreachable!("a query was parsed") };
        let SetExpr::Select(select) = query.body.as_ref() else { unreachable!("a query was parsed") };
        let name = |item: &SelectItem| match item {
            SelectItem::ExprWithAlias { alias, .. } => alias.value.clone(),
            other => other.to_string(),
        };
        select.projection.iter().map(name).collect()
    }

    #[test]
    fn columns_have_the_names_that_postgresql_gives() {
        let columns = "count(*), Max(a), a::text, 1::int, '1'::date, a + 1, CASE WHEN a THEN 1 END, \
                       CASE WHEN a THEN 1 ELSE b END, (SELECT max(c) FROM u), extract(year FROM a), t.a, \
                       rank() OVER (ORDER BY a), ARRAY[1], date '2026-01-01', coalesce(a, 1), EXISTS (SELECT 1)";
        let expected = [
            "count",
            "max",
            "a",
            "int4",
            "date",
            "?column?",
            "case",
            "b",
            "max\u{1F}2",
            "extract",
            "a\u{1F}2",
            "rank",
            "array",
            "date\u{1F}2",
            "coalesce",
            "exists",
        ];
        assert_eq!(names(columns), expected);
    }
}
