//! Statements of clients that PostgreSQL takes and DataFusion does not, made plannable.
//!
//! In: a text. Out: its statements. The parser of `datafusion-pg-catalog` makes most of them so; here follows
//! what it leaves. It also makes NULL of a subquery among the columns that it takes for too hard, and the
//! first row of one that has several: harmless where a client asks for comments, wrong where somebody asks
//! for figures. A question that does not mention the catalog is therefore rewritten by [`rules`] without that
//! one, and means what its words say, or is an error.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    AccessExpr, BinaryOperator, Expr, Function, FunctionArguments, GroupByExpr, Ident, ObjectName, Query,
    Select, SelectItem, SetExpr, Statement, Subscript, TableAlias, TableFactor, TableWithJoins, Value,
    ValueWithSpan, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion_pg_catalog::sql::PostgresCompatibilityParser;
use datafusion_pg_catalog::sql::rules::{self, SqlStatementRewriteRule};

use super::by_name::{ByName, call, with_names};
use super::{joined, numbered, standard};
use crate::gate::{Parse, has_aggregate, looks_around};

/// The parser for clients that ask `pg_catalog` what there is.
pub(crate) struct Statements {
    of_catalog: PostgresCompatibilityParser,
    of_figures: Vec<Box<dyn SqlStatementRewriteRule>>,
}

impl Statements {
    pub(crate) fn new() -> Self {
        let of_figures: Vec<Box<dyn SqlStatementRewriteRule>> = vec![
            Box::new(rules::ResolveUnqualifiedIdentifier),
            Box::new(rules::RewriteArrayAnyAllOperation),
            Box::new(rules::StripCallableQualifier),
            Box::new(rules::FixArrayLiteral),
            Box::new(rules::CurrentUserVariableToSessionUserFunctionCall),
            Box::new(rules::StripCollate),
            Box::new(rules::RewritePgCatalogOperator),
            Box::new(rules::RewriteRegCastToSubquery::new()),
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
        let mut statements = Parser::parse_sql(&PostgreSqlDialect {}, text).ok()?;
        let _ = statements.visit(&mut ByName);
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

/// Makes plannable: a subquery that looks up one value of the catalog, or a list of them.
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
            Expr::CompoundFieldAccess { root, access_chain } => from_one(root, access_chain),
            Expr::Like { pattern, escape_char, .. } | Expr::ILike { pattern, escape_char, .. } => {
                escape_by_backslash(pattern, escape_char, self.of_catalog);
            }
            Expr::CompoundIdentifier(parts)
                if parts.last().is_some_and(|last| last.value.eq_ignore_ascii_case("ctid")) =>
            {
                // Where a row lies, which is nowhere that a client could come back to.
                *expression = Expr::Value(Value::Null.with_empty_span());
            }
            Expr::Function(function) => {
                if let Some(list) = as_list(function) {
                    *expression = list;
                } else if let Some(rows) = of_rows(function) {
                    *expression = rows;
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        if self.of_catalog {
            joined::by_elements(select);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        if self.of_catalog {
            joined::picked(query);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, alias, args, .. } = factor {
            let told = name.to_string().to_ascii_lowercase();
            let called = told.trim_start_matches("pg_catalog.");
            let as_table = CALLED.iter().find(|(function, _)| args.is_some() && *function == called);
            if let Some((_, table)) = as_table {
                *args = None;
                *name = ObjectName::from(vec![Ident::new("pg_catalog"), Ident::new(*table)]);
            } else if args.is_none() && told.starts_with("pg_") && !told.contains('.') {
                *name = ObjectName::from(vec![Ident::new("pg_catalog"), Ident::new(told)]);
            } else if args.is_none() {
                of_standard(name, alias);
            }
        }
        ControlFlow::Continue(())
    }
}

/// Functions that give the rows of a table.
const CALLED: [(&str, &str); 4] = [
    ("pg_available_extensions", "pg_available_extensions"),
    ("pg_lock_status", "pg_locks"),
    ("pg_prepared_xact", "pg_prepared_xacts"),
    ("pg_show_all_settings", "pg_settings"),
];

/// Turns a table of `information_schema` to the one that answers for it.
fn of_standard(name: &mut ObjectName, alias: &mut Option<TableAlias>) {
    let parts: Vec<String> =
        name.0.iter().filter_map(|part| part.as_ident()).map(|part| part.value.to_lowercase()).collect();
    let [.., schema, table] = parts.as_slice() else { return };
    if schema != "information_schema" || !standard::has(table) {
        return;
    }
    if alias.is_none() {
        *alias = Some(TableAlias { explicit: true, name: Ident::new(table), columns: Vec::new(), at: None });
    }
    let own = format!("{}{table}", standard::PREFIX);
    *name = ObjectName::from(vec![Ident::new("pg_catalog"), Ident::new(own)]);
}

/// Tables of the catalog that have no rows here, and lead to subqueries that DataFusion cannot plan.
const WITHOUT_ROWS: [&str; 2] = ["pg_policy", "pg_auth_members"];

/// `ARRAY(SELECT …)` of the catalog as a lookup, or as NULL where it finds nothing: in a table without rows, or
/// in a list, of which no row of the catalog has one.
fn as_list(function: &mut Function) -> Option<Expr> {
    let is_array = function.name.to_string().eq_ignore_ascii_case("array");
    let FunctionArguments::Subquery(query) = &mut function.args else { return None };
    if !is_array {
        return None;
    }
    let nothing =
        || Parser::new(&PostgreSqlDialect {}).try_with_sql("CAST(NULL AS TEXT[])").ok()?.parse_expr().ok();
    if query.with.is_some() {
        return nothing();
    }
    // The order of a list matters to nobody who asks for rights.
    query.order_by = None;
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let finds_nothing = |table: &TableWithJoins| match &table.relation {
        TableFactor::Table { args: Some(_), .. } | TableFactor::UNNEST { .. } => true,
        TableFactor::Table { name, .. } => {
            let name = name.to_string().to_ascii_lowercase();
            WITHOUT_ROWS.contains(&name.trim_start_matches("pg_catalog."))
        }
        TableFactor::Function { .. } => true,
        _ => false,
    };
    if select.from.iter().any(finds_nothing) {
        return nothing();
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

/// Lists of the catalog that PostgreSQL counts from 0, where it counts all others from 1.
const FROM_ZERO: [&str; 4] = ["indkey", "indclass", "indcollation", "indoption"];

/// `i.indkey[0]` as the same place counted from 1. The brackets around the name say that it is done.
fn from_one(root: &mut Expr, access_chain: &mut Vec<AccessExpr>) {
    let mut names = match &*root {
        Expr::Identifier(name) => vec![name.clone()],
        Expr::CompoundIdentifier(names) => names.clone(),
        _ => return,
    };
    let [dots @ .., AccessExpr::Subscript(Subscript::Index { index })] = access_chain.as_slice() else {
        return;
    };
    for dot in dots {
        let AccessExpr::Dot(Expr::Identifier(name)) = dot else { return };
        names.push(name.clone());
    }
    let is_from_zero = |name: &Ident| FROM_ZERO.iter().any(|column| name.value.eq_ignore_ascii_case(column));
    if !names.last().is_some_and(is_from_zero) {
        return;
    }
    let one = Expr::Value(Value::Number("1".to_owned(), false).with_empty_span());
    let index = Expr::BinaryOp {
        left: Box::new(Expr::Nested(Box::new(index.clone()))),
        op: BinaryOperator::Plus,
        right: Box::new(one),
    };
    *root = Expr::Nested(Box::new(Expr::CompoundIdentifier(names)));
    *access_chain = vec![AccessExpr::Subscript(Subscript::Index { index })];
}

/// A function that gives several rows among the columns, as `unnest` of the list of them.
fn of_rows(function: &mut Function) -> Option<Expr> {
    let name = function.name.to_string().to_ascii_lowercase();
    let list = match name.trim_start_matches("pg_catalog.").trim_start_matches("information_schema.") {
        "generate_subscripts" => numbered::PLACES,
        "_pg_expandarray" => numbered::ELEMENTS,
        "aclexplode" => "rights_of",
        _ => return None,
    };
    function.name = ObjectName::from(vec![Ident::new(list)]);
    Some(Expr::Function(call("unnest", Expr::Function(function.clone()))))
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
    let is_simple = aggregate == "array_agg"
        || !select.projection.iter().any(|item| item.to_string().contains('('))
        || (looks_around(select) && !has_aggregate(&select.projection));
    if query.with.is_some() || query.order_by.is_some() || !is_simple || !is_lookup(select) {
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
}

#[cfg(test)]
#[path = "statements_tests.rs"]
mod tests;
