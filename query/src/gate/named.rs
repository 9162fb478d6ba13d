//! Named questions in a `FROM`, as what they ask.
//!
//! In: a statement. Out: the same with a subquery in the place of each function, and of each view, that is a question. It is done
//! before the statement is looked at, so that a question may do no more than what is written out. A view is none of the engine's:
//! its newest month is then found as that of any question, and its tables are those that the asker sees.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName, Select, SelectItem,
    SelectItemQualifiedWildcardKind, Statement, TableAlias, TableFactor, Value, ValueWithSpan, VisitMut,
    VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

use super::names::folded;
use crate::catalog::CATALOG;
use crate::error::QueryError;
use crate::questions::{Argument, QuestionFunction, QuestionView, VIEWS};

/// Questions of a statement that are written out: each is as long as what one may type, and is planned whole.
const MOST_QUESTIONS: usize = 4;

/// Writes questions out.
///
/// # Errors
/// [`QueryError::Question`] when a value does not fit its place, or for too many of them.
pub(super) fn write_out(statement: &mut Statement) -> Result<(), QueryError> {
    let mut named = Named { found: 0 };
    match VisitMut::visit(statement, &mut named) {
        ControlFlow::Break(refused) => Err(refused),
        ControlFlow::Continue(()) => Ok(()),
    }
}

struct Named {
    found: usize,
}

impl VisitorMut for Named {
    type Break = QueryError;

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<QueryError> {
        let found = match asked(factor) {
            Ok(found) => found,
            Err(refused) => return ControlFlow::Break(refused),
        };
        let Some(subquery) = found else { return ControlFlow::Continue(()) };
        self.found += 1;
        if self.found > MOST_QUESTIONS {
            let told = format!(
                "a statement asks {MOST_QUESTIONS} named questions at most\nhint: ask the others after it"
            );
            return ControlFlow::Break(QueryError::Question(told));
        }
        *factor = subquery;
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<QueryError> {
        for item in &mut select.projection {
            if let SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) = item
                && let Some(view) = view(name)
            {
                *name = ObjectName::from(vec![Ident::new(&view.name)]);
            }
        }
        ControlFlow::Continue(())
    }

    /// A column by all its names, as tools write it, by those that it has when the view is written out.
    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<QueryError> {
        let Expr::CompoundIdentifier(parts) = expression else { return ControlFlow::Continue(()) };
        let Some((column, of)) = parts.split_last() else { return ControlFlow::Continue(()) };
        let view = of_names(&of.iter().collect::<Vec<_>>());
        if let Some(view) = view {
            let column = column.clone();
            *parts = vec![Ident::new(&view.name), column];
        }
        ControlFlow::Continue(())
    }
}

/// What a factor of a `FROM` asks, if it is a named question.
fn asked(factor: &TableFactor) -> Result<Option<TableFactor>, QueryError> {
    let (name, arguments, alias) = match factor {
        TableFactor::Table { name, args: Some(arguments), alias, .. } => (name, &arguments.args, alias),
        TableFactor::Function { name, args, alias, .. } => (name, args, alias),
        TableFactor::Table { name, args: None, alias, sample: None, .. } => {
            let shown = |view: &QuestionView| subquery(&view.sql, &view.name, alias.clone());
            return view(name).map(shown).transpose();
        }
        _ => return Ok(None),
    };
    let asks = |function: &QuestionFunction| written_out(function, arguments, alias.clone());
    function(name).map(asks).transpose()
}

/// The view that a name is, in its schema.
fn view(name: &ObjectName) -> Option<&'static QuestionView> {
    of_names(&name.0.iter().filter_map(|part| part.as_ident()).collect::<Vec<_>>())
}

fn of_names(names: &[&Ident]) -> Option<&'static QuestionView> {
    let (schema, view) = match names {
        [schema, view] => (schema, view),
        [catalog, schema, view] if folded(catalog) == CATALOG => (schema, view),
        _ => return None,
    };
    if folded(schema) == VIEWS { QuestionView::named(&folded(view)) } else { None }
}

/// The question that a function is, where its name has no schema or ours.
fn function(name: &ObjectName) -> Option<&'static QuestionFunction> {
    let text = name.to_string();
    QuestionFunction::named(text.strip_prefix("public.").unwrap_or(&text))
}

fn written_out(
    function: &QuestionFunction,
    arguments: &[FunctionArg],
    alias: Option<TableAlias>,
) -> Result<TableFactor, QueryError> {
    let arguments = arguments.iter().map(argument).collect::<Result<_, _>>()?;
    let sql = function.sql(arguments).map_err(|refused| QueryError::Question(refused.told()))?;
    subquery(&sql, &function.name, alias)
}

/// A query in a `FROM`, by its own name where it is given none.
fn subquery(sql: &str, name: &str, alias: Option<TableAlias>) -> Result<TableFactor, QueryError> {
    let parsed =
        Parser::new(&PostgreSqlDialect {}).try_with_sql(sql).and_then(|mut parser| parser.parse_query());
    let subquery = parsed.map_err(|error| QueryError::Plan(error.to_string()))?;
    let alias = alias.unwrap_or_else(|| TableAlias {
        explicit: true,
        name: Ident::new(name),
        columns: Vec::new(),
        at: None,
    });
    Ok(TableFactor::Derived { lateral: false, subquery, alias: Some(alias), sample: None })
}

fn argument(argument: &FunctionArg) -> Result<Argument, QueryError> {
    match argument {
        FunctionArg::Unnamed(value) => Ok(Argument::At(text(value)?)),
        FunctionArg::Named { name, arg, .. } => Ok(Argument::Named(name.value.to_lowercase(), text(arg)?)),
        // As the dialect of PostgreSQL reads `town => '20214'`.
        FunctionArg::ExprNamed { name: Expr::Identifier(name), arg, .. } => {
            Ok(Argument::Named(name.value.to_lowercase(), text(arg)?))
        }
        FunctionArg::ExprNamed { .. } => Err(no_value()),
    }
}

fn text(value: &FunctionArgExpr) -> Result<String, QueryError> {
    let FunctionArgExpr::Expr(Expr::Value(ValueWithSpan { value, .. })) = value else {
        return Err(no_value());
    };
    match value {
        Value::SingleQuotedString(text) => Ok(text.clone()),
        Value::Number(number, _) => Ok(number.to_string()),
        _ => Err(no_value()),
    }
}

fn no_value() -> QueryError {
    QueryError::Unsupported(
        "an argument of a named question that is no value\nhint: write it out, as in town_summary('20214'), or with a month, town_summary('20214', month => '2026-05')"
            .to_owned(),
    )
}
