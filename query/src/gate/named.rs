//! Named questions in a `FROM`, as what they ask.
//!
//! In: a statement. Out: the same with a subquery in the place of each function that is a question. It is done before the
//! statement is looked at, so that a question may do no more than what is written out.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName, Statement, TableAlias, TableFactor, Value,
    ValueWithSpan, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::error::QueryError;
use crate::questions::{Argument, QuestionFunction};

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
        let (name, arguments, alias) = match factor {
            TableFactor::Table { name, args: Some(arguments), alias, .. } => {
                (&*name, &arguments.args, &*alias)
            }
            TableFactor::Function { name, args, alias, .. } => (&*name, &*args, &*alias),
            _ => return ControlFlow::Continue(()),
        };
        let Some(function) = function(name) else { return ControlFlow::Continue(()) };
        self.found += 1;
        if self.found > MOST_QUESTIONS {
            let told = format!(
                "a statement asks {MOST_QUESTIONS} named questions at most\nhint: ask the others after it"
            );
            return ControlFlow::Break(QueryError::Question(told));
        }
        match written_out(function, arguments, alias.clone()) {
            Ok(subquery) => {
                *factor = subquery;
                ControlFlow::Continue(())
            }
            Err(refused) => ControlFlow::Break(refused),
        }
    }
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
    let parsed =
        Parser::new(&PostgreSqlDialect {}).try_with_sql(&sql).and_then(|mut parser| parser.parse_query());
    let subquery = parsed.map_err(|error| QueryError::Plan(error.to_string()))?;
    let alias = alias.unwrap_or_else(|| TableAlias {
        explicit: true,
        name: Ident::new(function.name.clone()),
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
