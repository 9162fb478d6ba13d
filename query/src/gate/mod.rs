//! Which statements may be run.
//!
//! In: SQL text or parsed statements. Out: one reading statement, or a refusal that names what was tried. The
//! list says what is allowed; a statement that a later parser learns is refused until somebody adds it. A second
//! look follows on the plan ([`check_plan`]): parser and planner would both have to be wrong.

use std::ops::ControlFlow;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::sqlparser::ast::{Select, Statement, UtilityOption, Visit, Visitor};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};

use crate::error::QueryError;

mod measure;

pub(crate) use measure::measure;
use measure::weigh;

/// Reads SQL text and lets one reading statement through. Call it on [`crate::engine::Threads`].
///
/// # Errors
/// [`QueryError::TooComplex`], [`QueryError::Syntax`], [`QueryError::NotAllowed`],
/// [`QueryError::SeveralStatements`] or [`QueryError::Empty`].
pub(crate) fn read(sql: &str) -> Result<Statement, QueryError> {
    measure(sql)?;
    let statements =
        Parser::parse_sql(&PostgreSqlDialect {}, sql).map_err(|error| unreadable(sql, &error))?;
    statements.iter().try_for_each(check)?;
    one(statements)
}

/// The only statement of a list.
pub(crate) fn one(mut statements: Vec<Statement>) -> Result<Statement, QueryError> {
    match (statements.len(), statements.pop()) {
        (1, Some(statement)) => Ok(statement),
        (0, _) => Err(QueryError::Empty),
        (count, _) => Err(QueryError::SeveralStatements(count)),
    }
}

/// Lets a statement pass when it and all that is nested in it only read.
///
/// # Errors
/// [`QueryError::NotAllowed`] naming the statement, or [`QueryError::TooComplex`].
pub(crate) fn check(statement: &Statement) -> Result<(), QueryError> {
    match statement.visit(&mut Gate) {
        ControlFlow::Continue(()) => weigh(statement),
        ControlFlow::Break(refused) => Err(QueryError::NotAllowed(refused)),
    }
}

/// Walks a statement and stops at the first thing that does more than read, by its name.
struct Gate;

impl Visitor for Gate {
    type Break = String;

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<String> {
        match statement {
            Statement::Explain { analyze, options, .. } => {
                let asks_to_run = |option: &UtilityOption| option.name.value.eq_ignore_ascii_case("analyze");
                if *analyze || options.iter().flatten().any(asks_to_run) {
                    return ControlFlow::Break("EXPLAIN ANALYZE".to_owned());
                }
                ControlFlow::Continue(())
            }
            Statement::Query(_)
            | Statement::ExplainTable { .. }
            | Statement::ShowCatalogs { .. }
            | Statement::ShowColumns { .. }
            | Statement::ShowCreate { .. }
            | Statement::ShowDatabases { .. }
            | Statement::ShowFunctions { .. }
            | Statement::ShowSchemas { .. }
            | Statement::ShowTables { .. }
            | Statement::ShowVariable { .. }
            | Statement::ShowVariables { .. }
            | Statement::ShowViews { .. } => ControlFlow::Continue(()),
            other => ControlFlow::Break(verb(&other.to_string())),
        }
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<String> {
        match select.into {
            Some(_) => ControlFlow::Break("SELECT INTO".to_owned()),
            None => ControlFlow::Continue(()),
        }
    }
}

/// Refuses a plan that does anything but read, wherever in it.
pub(crate) fn check_plan(plan: &LogicalPlan) -> Result<(), QueryError> {
    let mut refused = None;
    let walked = plan.apply_with_subqueries(|node| {
        refused = doing(node);
        Ok(if refused.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    if let Some(name) = refused {
        return Err(QueryError::NotAllowed(name));
    }
    // DataFusion's own list, for node kinds that a later version adds.
    let reading = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let verified = walked.and_then(|_| reading.verify_plan(plan));
    verified.map_err(|_| QueryError::NotAllowed("a write inside the query".to_owned()))
}

/// What a node does besides reading.
fn doing(node: &LogicalPlan) -> Option<String> {
    match node {
        LogicalPlan::Ddl(ddl) => Some(ddl.name().to_owned()),
        LogicalPlan::Dml(dml) => Some(dml.op.to_string().to_uppercase()),
        LogicalPlan::Copy(_) => Some("COPY".to_owned()),
        LogicalPlan::Statement(statement) => Some(statement.name().to_owned()),
        LogicalPlan::Analyze(_) => Some("EXPLAIN ANALYZE".to_owned()),
        LogicalPlan::Extension(extension) => Some(extension.node.name().to_owned()),
        _ => None,
    }
}

/// A text that does not parse: a write in a dialect we do not read is still refused as a write.
pub(crate) fn unreadable(sql: &str, error: &ParserError) -> QueryError {
    let verb = verb(sql);
    let first = verb.split(' ').next().unwrap_or_default();
    if WRITING.contains(&first) {
        return QueryError::NotAllowed(verb);
    }
    QueryError::Syntax(error.to_string().trim_start_matches("sql parser error: ").to_owned())
}

const WRITING: [&str; 22] = [
    "ALTER", "ATTACH", "CALL", "COPY", "CREATE", "DELETE", "DO", "DROP", "EXECUTE", "GRANT", "IMPORT",
    "INSERT", "INSTALL", "LOAD", "LOCK", "MERGE", "PREPARE", "REFRESH", "REVOKE", "TRUNCATE", "UPDATE",
    "VACUUM",
];

const OBJECTS: [&str; 16] = [
    "DATABASE",
    "EXTENSION",
    "EXTERNAL",
    "FUNCTION",
    "INDEX",
    "MATERIALIZED",
    "OR",
    "REPLACE",
    "ROLE",
    "SCHEMA",
    "SEQUENCE",
    "TABLE",
    "TEMPORARY",
    "TYPE",
    "USER",
    "VIEW",
];

/// The leading keywords, as `CREATE EXTERNAL TABLE`: nothing the asker named, so that it can stand in a message.
fn verb(sql: &str) -> String {
    let mut words = sql.split_whitespace().map(|word| word.trim_end_matches(';').to_ascii_uppercase());
    let mut verb = words.next().unwrap_or_default();
    for word in words.take_while(|word| OBJECTS.contains(&word.as_str())) {
        verb = format!("{verb} {word}");
    }
    verb
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
