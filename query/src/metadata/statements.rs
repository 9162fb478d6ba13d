//! Statements of clients that PostgreSQL takes and DataFusion does not, made plannable.
//!
//! In: a text. Out: its statements. The parser of `datafusion-pg-catalog` makes most of them so; here follows
//! what it leaves. Only what is said about `pg_catalog` is touched, so that a question about figures means
//! what its words say.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, GroupByExpr, Ident, ObjectName, Query, Select, SelectItem, SetExpr, Statement,
    TableFactor, Value, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion_pg_catalog::sql::PostgresCompatibilityParser;

use crate::gate::Parse;

/// The parser for clients that ask `pg_catalog` what there is.
pub(crate) struct Statements(PostgresCompatibilityParser);

impl Statements {
    pub(crate) fn new() -> Self {
        Self(PostgresCompatibilityParser::new())
    }
}

impl Parse for Statements {
    fn parse(&self, text: &str) -> Result<Vec<Statement>, ParserError> {
        let mut statements = match with_names(text)? {
            Some(named) => self.0.parse(&named)?,
            None => self.0.parse(text)?,
        };
        let _ = statements.visit(&mut Plannable);
        Ok(statements)
    }
}

/// Columns in which the catalog has the names of functions, where PostgreSQL has numbers that it shows as
/// names.
const NAMING: [&str; 14] = [
    "typinput",
    "typoutput",
    "typreceive",
    "typsend",
    "typmodin",
    "typmodout",
    "typanalyze",
    "typsubscript",
    "amhandler",
    "oprcode",
    "oprrest",
    "oprjoin",
    "prosupport",
    "aggfnoid",
];

/// The text with functions compared by name. The other parser would make numbers of them, and compare a name
/// with a number.
fn with_names(text: &str) -> Result<Option<String>, ParserError> {
    let small = text.to_ascii_lowercase();
    if !NAMING.iter().any(|column| small.contains(column)) {
        return Ok(None);
    }
    let mut statements = Parser::parse_sql(&PostgreSqlDialect {}, text)?;
    let _ = statements.visit(&mut ByName);
    Ok(Some(statements.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
}

struct ByName;

impl VisitorMut for ByName {
    type Break = ();

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        match expression {
            Expr::BinaryOp { left, op: BinaryOperator::Eq | BinaryOperator::NotEq, right } => {
                if names_function(left) {
                    by_name(right);
                } else if names_function(right) {
                    by_name(left);
                }
            }
            Expr::Cast { expr, data_type, .. } if is_regproc(data_type) && names_function(expr) => {
                *expression = expr.as_ref().clone();
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// `'pg_catalog.array_in'::regproc` and `p.oid`, beside a column that has names.
fn by_name(other: &mut Expr) {
    match other {
        Expr::Cast { expr, data_type, .. } if is_regproc(data_type) => {
            let Expr::Value(value) = expr.as_mut() else { return };
            if let Value::SingleQuotedString(name) = &mut value.value {
                if let Some(bare) = name.strip_prefix("pg_catalog.") {
                    *name = bare.to_owned();
                }
                *other = expr.as_ref().clone();
            }
        }
        Expr::CompoundIdentifier(parts) => {
            if let Some(last) = parts.last_mut()
                && last.value.eq_ignore_ascii_case("oid")
            {
                *last = Ident::new("proname");
            }
        }
        _ => {}
    }
}

fn names_function(expression: &Expr) -> bool {
    let last = match expression {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(parts) => parts.last(),
        _ => None,
    };
    last.is_some_and(|name| NAMING.iter().any(|column| name.value.eq_ignore_ascii_case(column)))
}

fn is_regproc(data_type: &DataType) -> bool {
    let name = data_type.to_string().to_ascii_lowercase().replace('"', "");
    matches!(name.trim_start_matches("pg_catalog."), "regproc" | "regprocedure")
}

/// Makes two things plannable: a subquery that looks up one value of the catalog, and columns that would
/// have the same name.
struct Plannable;

impl VisitorMut for Plannable {
    type Break = ();

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        if let Expr::Subquery(query) = expression {
            look_up_one(query);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        if let SetExpr::Select(select) = query.body.as_mut() {
            tell_apart(&mut select.projection);
        }
        ControlFlow::Continue(())
    }
}

/// Puts the one value of a lookup into `max`, because DataFusion takes a correlated subquery only if it can
/// see that there is at most one row. PostgreSQL would fail on more; oids are unique.
fn look_up_one(query: &mut Query) {
    if query.with.is_some() {
        return;
    }
    let SetExpr::Select(select) = query.body.as_mut() else { return };
    if !is_lookup(select) {
        return;
    }
    let [item] = select.projection.as_mut_slice() else { return };
    let value = match item {
        SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. } => value,
        _ => return,
    };
    let looked_up = std::mem::replace(value, Expr::Identifier(Ident::new("x")));
    *value = Expr::Function(max_of(looked_up));
    query.order_by = None;
    query.limit_clause = None;
}

fn is_lookup(select: &Select) -> bool {
    let of_catalog = |factor: &TableFactor| match factor {
        TableFactor::Table { name, args: None, .. } => {
            let name = name.to_string().to_ascii_lowercase();
            name.trim_start_matches("pg_catalog.").starts_with("pg_")
        }
        _ => false,
    };
    let is_plain = matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
    is_plain
        && select.having.is_none()
        && select.distinct.is_none()
        && select.selection.is_some()
        && !select.from.is_empty()
        && select.from.iter().all(|table| {
            of_catalog(&table.relation) && table.joins.iter().all(|join| of_catalog(&join.relation))
        })
        && !select.projection.iter().any(|item| item.to_string().contains('('))
}

fn max_of(value: Expr) -> Function {
    Function {
        name: ObjectName::from(vec![Ident::new("max")]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(value))],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    }
}

/// Gives a column that would have the name of another one a name of its own. PostgreSQL lets two have the
/// same.
fn tell_apart(columns: &mut [SelectItem]) {
    let mut seen = BTreeSet::new();
    for column in columns {
        let SelectItem::UnnamedExpr(value) = column else { continue };
        if seen.insert(value.to_string()) {
            continue;
        }
        let name = match &*value {
            Expr::Function(function) => function.name.to_string(),
            Expr::Identifier(name) => name.value.clone(),
            Expr::CompoundIdentifier(parts) => {
                parts.last().map(|last| last.value.clone()).unwrap_or_default()
            }
            _ => "?column?".to_owned(),
        };
        let alias = (2..).map(|number| format!("{name}_{number}")).find(|alias| seen.insert(alias.clone()));
        let Some(alias) = alias else { continue };
        let value = value.clone();
        *column = SelectItem::ExprWithAlias { expr: value, alias: Ident::with_quote('"', alias) };
    }
}
