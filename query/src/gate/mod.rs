//! Which statements may be run.
//!
//! In: a question ([`Asked`]) and its door's parser. Out: [`Admitted`], which is made here and nowhere else,
//! or a refusal that names what was tried. The list says what is allowed; a statement that a later parser
//! learns is refused until somebody adds it. A second look follows on the plan ([`check_plan`]): parser and
//! planner would both have to be wrong.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::sqlparser::ast::{
    Expr, Select, Set, SetSessionAuthorizationParamKind, Statement, UtilityOption, Visit, Visitor,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};

use kayoi_schemas::tables::ReleaseTable;

use crate::ask::{Asked, Door};
use crate::error::QueryError;
use crate::purpose::Purpose;
use crate::session::{SessionSettings, Show};

mod around;
mod clients;
mod command;
mod execute;
mod first;
mod listing;
mod literals;
mod measure;
mod named;
mod names;
mod portal;
mod records;
mod rewrite;
mod setting;

pub(crate) use command::{Command, Fetch};
pub(crate) use first::{has_aggregate, looks_around};
use measure::{measure, weigh};
pub(crate) use names::MARK;
use setting::shown;

/// A statement that the gate let through, with the question that it belongs to.
///
/// Its fields are private to the gate, so that no other file can make one: whatever wants to be planned has
/// to come through the gate's own function.
#[derive(Clone)]
pub struct Admitted {
    asked: Arc<Asked>,
    allowed: Allowed,
}

/// What a statement is allowed to be.
#[derive(Clone)]
pub(crate) enum Allowed {
    /// A statement that only reads, and what its rows are for.
    Query(Box<Statement>, Purpose),
    /// A question for settings.
    Show(Show),
    /// A statement that its door carries out for the connection.
    Command(Command),
}

impl Admitted {
    /// The question, and what may be done for it.
    pub(crate) fn into_parts(self) -> (Arc<Asked>, Allowed) {
        (self.asked, self.allowed)
    }
}

impl fmt::Debug for Admitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admitted").field("asked", &self.asked).finish_non_exhaustive()
    }
}

/// A parser of SQL texts. A door may bring one that knows what its clients write; the gate sees what will be
/// run.
pub(crate) trait Parse: Send + Sync {
    /// The statements of a text.
    fn parse(&self, text: &str) -> Result<Vec<Statement>, ParserError>;
}

/// SQL in the dialect of Postgres, taken as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain;

impl Parse for Plain {
    fn parse(&self, text: &str) -> Result<Vec<Statement>, ParserError> {
        Parser::parse_sql(&PostgreSqlDialect {}, text)
    }
}

/// What `current_user` is where nobody signs in.
const NOBODY: &str = "anonymous";

/// Statements that a text may have.
const MOST_STATEMENTS: usize = 32;

/// Reads a question and lets its statements through. All are checked before any is let through. Call it on
/// [`crate::engine::Threads`].
///
/// # Errors
/// [`QueryError::TooComplex`], [`QueryError::Syntax`], [`QueryError::NotAllowed`], [`QueryError::Prepared`] or
/// [`QueryError::SeveralStatements`].
pub(crate) fn admit(asked: &Arc<Asked>, parser: &dyn Parse) -> Result<Vec<Admitted>, QueryError> {
    measure(asked.text())?;
    let admitted = |allowed| Admitted { asked: Arc::clone(asked), allowed };
    let mut text = asked.text().into();
    if asked.door() == Door::Postgres {
        if let Some(moved) = command::moved(asked.text())? {
            return Ok(vec![admitted(Allowed::Command(moved))]);
        }
        text = portal::fetched(asked.text());
    }
    let text = portal::of_table(text);
    let statements = parser.parse(&text).map_err(|error| unreadable(asked.text(), error))?;
    if statements.len() > MOST_STATEMENTS {
        return Err(QueryError::SeveralStatements { count: statements.len(), most: MOST_STATEMENTS });
    }
    // What one statement prepares the next one may execute.
    let mut settings = asked.settings().clone();
    let mut allowed = Vec::new();
    for statement in statements {
        let mut one = allow(asked.door(), &settings, statement)?;
        if let Allowed::Query(statement, _) = &mut one {
            names::tell_user(statement, asked.who().name().unwrap_or(NOBODY));
        }
        if let Allowed::Command(command @ (Command::Prepare(..) | Command::Deallocate(_))) = &one {
            command.carry_out(&mut settings);
        }
        allowed.push(admitted(one));
    }
    Ok(allowed)
}

/// As [`admit`], for a text that may hold one statement only; `None` when it holds none.
///
/// # Errors
/// Those of [`admit`].
pub(crate) fn admit_one(asked: &Arc<Asked>, parser: &dyn Parse) -> Result<Option<Admitted>, QueryError> {
    let mut admitted = admit(asked, parser)?;
    match admitted.len() {
        0 | 1 => Ok(admitted.pop()),
        count => Err(QueryError::SeveralStatements { count, most: 1 }),
    }
}

/// What a statement may be at a door. Only the Postgres wire and Flight have sessions that commands could be for.
fn allow(door: Door, settings: &SessionSettings, mut statement: Statement) -> Result<Allowed, QueryError> {
    let mut purpose = Purpose::Answer;
    if matches!(door, Door::Postgres | Door::Flight) {
        if let Some(nobody) = command_of_nobody(&statement)? {
            return Ok(Allowed::Command(nobody));
        }
        if let Some(command) = Command::of(&statement)? {
            return match command {
                Command::Fetch(_) | Command::Close(_) if door != Door::Postgres => {
                    Err(QueryError::NotAllowed(verb(&statement.to_string())))
                }
                command => Ok(Allowed::Command(command)),
            };
        }
    }
    if door == Door::Postgres {
        if let Some((name, inner, text)) = execute::prepared(&statement) {
            settings.check_prepare(&name, &text)?;
            let mut inner = inner.clone();
            named::write_out(&mut inner)?;
            check(&inner)?;
            return Ok(Allowed::Command(Command::Prepare(name, text)));
        }
        statement = execute::filled(statement, settings)?;
        (statement, purpose) = portal::unwrap(statement)?;
    }
    if let Some(show) = shown(&statement) {
        return Ok(Allowed::Show(show));
    }
    if let Statement::ShowFunctions { filter } = &statement {
        statement = listing::functions(filter.as_ref())?;
    }
    named::write_out(&mut statement)?;
    check(&statement)?;
    around::check(&statement)?;
    rewrite::rewrite(&mut statement)?;
    names::name_columns(&mut statement);
    literals::write_out(&mut statement)?;
    Ok(Allowed::Query(Box::new(statement), purpose))
}

/// Roles and authorizations of others: nobody signs in, so that only coming back to oneself is allowed.
fn command_of_nobody(statement: &Statement) -> Result<Option<Command>, QueryError> {
    let (is_own, what) = match statement {
        Statement::Set(Set::SetRole { role_name, .. }) => (role_name.is_none(), "SET ROLE"),
        Statement::Set(Set::SetSessionAuthorization(said)) => {
            (matches!(said.kind, SetSessionAuthorizationParamKind::Default), "SET SESSION AUTHORIZATION")
        }
        _ => return Ok(None),
    };
    if is_own { Ok(Some(Command::Other("SET".into()))) } else { Err(QueryError::Role(what)) }
}

/// Lets a statement pass when it and all that is nested in it only read.
///
/// # Errors
/// [`QueryError::NotAllowed`] naming the statement, or [`QueryError::TooComplex`].
fn check(statement: &Statement) -> Result<(), QueryError> {
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
                let is_off = |value: &Expr| {
                    ["off", "false", "0"].contains(&value.to_string().to_lowercase().trim_matches('\''))
                };
                let asks_to_run = |option: &UtilityOption| {
                    option.name.value.eq_ignore_ascii_case("analyze")
                        && !option.arg.as_ref().is_some_and(is_off)
                };
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
        refused = of_engine(node).or_else(|| doing(node).map(QueryError::NotAllowed));
        Ok(if refused.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    if let Some(refused) = refused {
        return Err(refused);
    }
    // DataFusion's own list, for node kinds that a later version adds.
    let reading = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let verified = walked.and_then(|_| reading.verify_plan(plan));
    verified.map_err(|_| QueryError::NotAllowed("a write inside the query".to_owned()))
}

/// Whether a plan reads figures, wherever in it.
pub(crate) fn reads_figures(plan: &LogicalPlan) -> bool {
    let mut reads = false;
    let walked = plan.apply_with_subqueries(|node| {
        reads |= matches!(node, LogicalPlan::TableScan(scan) if ReleaseTable::parse(scan.table_name.table()).is_some());
        Ok(if reads { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    // What cannot be walked may read anything.
    reads || walked.is_err()
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

/// The table of the engine's own settings, which its information schema brings along.
fn of_engine(node: &LogicalPlan) -> Option<QueryError> {
    let LogicalPlan::TableScan(scan) = node else { return None };
    let table = scan.table_name.table();
    let unknown =
        || QueryError::UnknownTable { table: format!("information_schema.{table}"), known: Vec::new() };
    (table == ENGINE_SETTINGS && scan.table_name.schema() == Some("information_schema")).then(unknown)
}

/// The name of that table.
const ENGINE_SETTINGS: &str = "df_settings";

/// A text that does not parse: a write in a dialect we do not read is still refused as a write.
fn unreadable(text: &str, error: ParserError) -> QueryError {
    let verb = verb(text);
    let first = verb.split(' ').next().unwrap_or_default();
    let is_copy_out = first == "COPY" && text.to_lowercase().contains("stdout");
    if WRITING.contains(&first) && !is_copy_out {
        return QueryError::NotAllowed(verb);
    }
    // A parser that rewrites loses line and column; the plain one has them.
    let error = Plain.parse(text).err().unwrap_or(error);
    let told = error.to_string();
    let told = told.trim_start_matches("sql parser error: ");
    let hint = if text.contains(FULL_WIDTH_SPACE) {
        "there is a full-width space (全角空白) in it: write a half-width one (半角) between words"
    } else {
        "SQL is read as PostgreSQL's; the place is where reading stopped"
    };
    QueryError::Syntax(format!("{told}\nhint: {hint}"))
}

/// What a Japanese keyboard writes between words.
const FULL_WIDTH_SPACE: char = '\u{3000}';

const WRITING: [&str; 20] = [
    "ALTER", "ATTACH", "CALL", "COPY", "CREATE", "DELETE", "DO", "DROP", "GRANT", "IMPORT", "INSERT",
    "INSTALL", "LOAD", "LOCK", "MERGE", "REFRESH", "REVOKE", "TRUNCATE", "UPDATE", "VACUUM",
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

/// The leading keywords, as `CREATE EXTERNAL TABLE`: nothing the asker named, so that it can stand in a
/// message.
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
