//! Statements of clients that PostgreSQL takes and DataFusion does not, made plannable.
//!
//! In: a text. Out: its statements. The parser of `datafusion-pg-catalog` makes most of them so; here follows
//! what it leaves. It also makes NULL of a subquery among the columns that it takes for too hard, and the
//! first row of one that has several: harmless where a client asks for comments, wrong where somebody asks
//! for figures. A question that does not mention the catalog is therefore rewritten by [`rules`] without that
//! one, and means what its words say, or is an error.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    AccessExpr, BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, GroupByExpr, Ident, ObjectName, Query, Select, SelectItem, SetExpr, Statement,
    TableFactor, Value, ValueWithSpan, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion_pg_catalog::sql::PostgresCompatibilityParser;
use datafusion_pg_catalog::sql::rules::{self, SqlStatementRewriteRule};

use crate::gate::Parse;

/// The parser for clients that ask `pg_catalog` what there is.
pub(crate) struct Statements {
    of_catalog: PostgresCompatibilityParser,
    of_figures: Vec<Box<dyn SqlStatementRewriteRule>>,
}

impl Statements {
    pub(crate) fn new() -> Self {
        let of_figures: Vec<Box<dyn SqlStatementRewriteRule>> = vec![
            Box::new(rules::AliasDuplicatedProjectionRewrite),
            Box::new(rules::ResolveUnqualifiedIdentifier),
            Box::new(rules::RewriteArrayAnyAllOperation),
            Box::new(rules::StripCallableQualifier),
            Box::new(rules::FixArrayLiteral),
            Box::new(rules::CurrentUserVariableToSessionUserFunctionCall),
            Box::new(rules::StripCollate),
            Box::new(rules::RewritePgCatalogOperator),
            Box::new(rules::RewriteRegCastToSubquery::new()),
            Box::new(rules::FixVersionColumnName),
        ];
        Self { of_catalog: PostgresCompatibilityParser::new(), of_figures }
    }

    /// The statements of a text that asks for figures; `None` when it asks about the catalog.
    fn about_figures(&self, text: &str) -> Option<Vec<Statement>> {
        let small = text.to_ascii_lowercase();
        if CATALOG_WORDS.iter().any(|word| small.contains(word)) {
            return None;
        }
        // Some words of clients are none of the dialect, and known to the other parser only.
        let statements = Parser::parse_sql(&PostgreSqlDialect {}, text).ok()?;
        let rewrite = |statement| self.of_figures.iter().fold(statement, |so_far, rule| rule.rewrite(so_far));
        Some(statements.into_iter().map(rewrite).collect())
    }

    fn about_catalog(&self, text: &str) -> Result<Vec<Statement>, ParserError> {
        match with_names(text)? {
            Some(named) => self.of_catalog.parse(&named),
            None => self.of_catalog.parse(text),
        }
    }
}

/// What a question about the catalog mentions.
const CATALOG_WORDS: [&str; 3] = ["pg_", "information_schema", "to_reg"];

impl Parse for Statements {
    fn parse(&self, text: &str) -> Result<Vec<Statement>, ParserError> {
        let (mut statements, of_catalog) = match self.about_figures(text) {
            Some(statements) => (statements, false),
            None => (self.about_catalog(text)?, true),
        };
        let _ = statements.visit(&mut Plannable { of_catalog });
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

/// Functions that look up a number by name, as a cast does.
const LOOKING_UP: [&str; 4] = ["to_regclass", "to_regnamespace", "to_regproc", "to_regtype"];

/// The text with functions compared by name. The other parser would make numbers of them, and compare a name
/// with a number.
fn with_names(text: &str) -> Result<Option<String>, ParserError> {
    let small = text.to_ascii_lowercase();
    if !NAMING.iter().chain(&LOOKING_UP).any(|name| small.contains(name)) {
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
            Expr::Function(function) => {
                if let Some(cast) = as_cast(function) {
                    *expression = cast;
                }
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

/// `to_regtype('text')` as the cast that it is, with which the other parser can deal.
fn as_cast(function: &Function) -> Option<Expr> {
    let name = function.name.to_string().to_ascii_lowercase();
    let name = name.trim_start_matches("pg_catalog.");
    let FunctionArguments::List(list) = &function.args else { return None };
    let [FunctionArg::Unnamed(FunctionArgExpr::Expr(value))] = list.args.as_slice() else { return None };
    if !LOOKING_UP.contains(&name) || !matches!(value, Expr::Value(_)) {
        return None;
    }
    let cast = format!("CAST({value} AS {})", name.trim_start_matches("to_"));
    Parser::new(&PostgreSqlDialect {}).try_with_sql(&cast).ok()?.parse_expr().ok()
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

/// Makes plannable: a subquery that looks up one value of the catalog, or a list of them, and columns that
/// would have the same name.
struct Plannable {
    of_catalog: bool,
}

impl VisitorMut for Plannable {
    type Break = ();

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        match expression {
            Expr::Subquery(query) => {
                if self.of_catalog && asks_for_nothing(query) {
                    *expression = Expr::Value(Value::Null.with_empty_span());
                } else {
                    look_up(query, "max");
                }
            }
            Expr::CompoundFieldAccess { root, access_chain }
                if matches!(**root, Expr::Nested(_) | Expr::Function(_)) =>
            {
                access_chain.iter_mut().for_each(name_field);
            }
            Expr::Like { pattern, escape_char, .. } | Expr::ILike { pattern, escape_char, .. } => {
                escape_by_backslash(pattern, escape_char, self.of_catalog);
            }
            Expr::Function(function) => {
                if let Some(list) = as_list(function) {
                    *expression = list;
                }
            }
            _ => {}
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

/// `ARRAY(SELECT …)` of the catalog as a lookup.
fn as_list(function: &mut Function) -> Option<Expr> {
    let is_array = function.name.to_string().eq_ignore_ascii_case("array");
    let FunctionArguments::Subquery(query) = &mut function.args else { return None };
    if !is_array {
        return None;
    }
    look_up(query, "array_agg")?;
    Some(Expr::Subquery(query.clone()))
}

/// A pattern with another escape than the backslash, which is the only one that DataFusion has. Of a pattern
/// that is not there yet it is replaced when it is, which only a question about the catalog puts up with: a
/// doubled escape would not mean itself.
fn escape_by_backslash(pattern: &mut Expr, escape: &mut Option<ValueWithSpan>, of_catalog: bool) {
    let Some(Value::SingleQuotedString(sign)) = escape.as_ref().map(|escape| &escape.value) else { return };
    let mut signs = sign.chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else { return };
    if sign == '\\' {
        return;
    }
    match pattern {
        Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), .. }) => {
            let mut signs = text.chars();
            let mut escaped = String::new();
            while let Some(next) = signs.next() {
                match next {
                    next if next == sign => escaped.extend(['\\'].into_iter().chain(signs.next())),
                    '\\' => escaped.push_str("\\\\"),
                    next => escaped.push(next),
                }
            }
            *text = escaped;
        }
        _ if of_catalog => {
            let replaced = format!("replace({pattern}, '{sign}', '\\')");
            let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(&replaced);
            let Ok(parsed) = parsed.and_then(|mut parser| parser.parse_expr()) else { return };
            *pattern = parsed;
        }
        _ => return,
    }
    *escape = None;
}

/// `(record).field`, of which DataFusion knows the field as a text only.
fn name_field(access: &mut AccessExpr) {
    if let AccessExpr::Dot(field) = access
        && let Expr::Identifier(name) = field
    {
        *field = Expr::Value(Value::SingleQuotedString(name.value.to_lowercase()).with_empty_span());
    }
}

/// Whether a subquery asks for a default, or for options of an identity or a collation: the columns of release
/// tables have none of them.
fn asks_for_nothing(query: &Query) -> bool {
    let text = query.to_string();
    text.contains("json_build_object(") || text.contains("pg_attrdef")
}

/// Puts what is looked up into an aggregate, because DataFusion takes a correlated subquery only if it can see
/// that there is at most one row. For one value that is `max`: PostgreSQL would fail on more, and oids are
/// unique.
fn look_up(query: &mut Query, aggregate: &'static str) -> Option<()> {
    let SetExpr::Select(select) = query.body.as_mut() else { return None };
    if query.with.is_some() || query.order_by.is_some() || !is_lookup(select) {
        return None;
    }
    let [SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }] =
        select.projection.as_mut_slice()
    else {
        return None;
    };
    let looked_up = std::mem::replace(value, Expr::Identifier(Ident::new("x")));
    *value = Expr::Function(call(aggregate, looked_up));
    query.limit_clause = None;
    Some(())
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

fn call(name: &'static str, value: Expr) -> Function {
    Function {
        name: ObjectName::from(vec![Ident::new(name)]),
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

#[cfg(test)]
#[path = "statements_tests.rs"]
mod tests;
