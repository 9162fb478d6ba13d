//! The newest month of a table, found once.
//!
//! In: a statement that compares with `(SELECT max(month) FROM table)`, of one status perhaps, as nearly every question does. Out: the
//! same with the month itself. To find it as it is asked, a column of all rows of a table is read, thirty times what the question
//! itself reads: here months are tried from the newest on, since each has files of its own. A release never changes: what was
//! found is kept by its number, for each scope apart, in whose context this lives.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{Date32Type, Int64Type};
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement as ParsedStatement;
use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Query, Statement, Visit, Visitor, visit_expressions_mut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use kayoi_schemas::figure::Status;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::{Day, Month};

use crate::provider::Releases;

/// Answers that are kept: a release has some thirty tables, and nobody asks of many releases.
const MOST_KEPT: usize = 256;
/// What the subquery takes, as it is printed.
const NEWEST: &str = "max(month)";

/// What was found, by release and question.
#[derive(Debug)]
pub(crate) struct Latest {
    found: Mutex<HashMap<(u64, String), Option<Month>>>,
    releases: Option<Releases>,
}

impl Latest {
    /// Nothing yet.
    pub(crate) fn of(releases: Option<&Releases>) -> Self {
        Self { found: Mutex::default(), releases: releases.cloned() }
    }
}

/// Puts months in the place of the questions for them. What cannot be answered here is left as it is.
pub(crate) async fn found(statement: &mut Statement, context: &SessionContext, revision: u64) {
    let Statement::Query(_) = statement else { return };
    let Some(latest) = context.state().config().get_extension::<Latest>() else { return };
    let mut known = HashMap::new();
    for question in asked(statement) {
        let key = (revision, question.to_string());
        let kept = latest.found.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        let month = match kept {
            Some(month) => month,
            None => {
                let Some(month) = month_of(&question, context, &latest, revision).await else { continue };
                let mut kept = latest.found.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() >= MOST_KEPT {
                    kept.clear();
                }
                kept.insert(key.clone(), month);
                month
            }
        };
        known.insert(key.1, month);
    }
    let _ = visit_expressions_mut(statement, |expression| {
        if let Expr::BinaryOp { op, right, .. } = expression
            && is_comparison(op)
            && let Some(query) = subquery(right)
            && let Some((question, before)) = question(query)
            && let Some(month) = known.get(&question.to_string())
            && let Some(value) = written(*month, before)
        {
            **right = value;
        }
        ControlFlow::<()>::Continue(())
    });
}

/// The questions for a newest month that a statement has on the right of a comparison.
fn asked(statement: &Statement) -> Vec<Question> {
    let mut found = Found::default();
    let _ = statement.visit(&mut found);
    // A name that the statement gives itself is no table of ours.
    found.questions.retain(|question| !found.own.contains(question.table));
    found.questions
}

#[derive(Default)]
struct Found {
    questions: Vec<Question>,
    own: BTreeSet<String>,
}

impl Visitor for Found {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let names = query.with.iter().flat_map(|with| &with.cte_tables);
        self.own.extend(names.map(|cte| cte.alias.name.value.to_lowercase()));
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        if let Expr::BinaryOp { op, right, .. } = expression
            && is_comparison(op)
            && let Some((question, _)) = subquery(right).and_then(question)
            && !self.questions.contains(&question)
        {
            self.questions.push(question);
        }
        ControlFlow::Continue(())
    }
}

/// A question for the newest month of a table, of rows with one status or of all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    table: &'static str,
    status: Option<&'static str>,
}

impl std::fmt::Display for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SELECT {NEWEST} FROM {}", self.table)?;
        self.status.map_or(Ok(()), |status| write!(f, " WHERE status = '{status}'"))
    }
}

/// Whether an operator takes a date and the moment at which it begins for the same.
fn is_comparison(operator: &BinaryOperator) -> bool {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    matches!(operator, Eq | NotEq | Lt | LtEq | Gt | GtEq)
}

fn subquery(expression: &Expr) -> Option<&Query> {
    match expression {
        Expr::Subquery(query) => Some(query),
        Expr::Nested(inner) => subquery(inner),
        _ => None,
    }
}

/// What a subquery asks, if it is such a question, and how many months before the newest one it means.
fn question(query: &Query) -> Option<(Question, u16)> {
    let text = query.to_string();
    let (whole, rest) = text.strip_prefix("SELECT ")?.split_once(" FROM ")?;
    // The gate has given the column the name that PostgreSQL gives it.
    let whole = whole.split_once(" AS ").map_or(whole, |(whole, _)| whole);
    let before = months_before(whole)?;
    let (table, status) = match rest.split_once(" WHERE status = '") {
        Some((table, status)) => (table, Some(status.strip_suffix('\'')?)),
        None => (rest, None),
    };
    let table = ReleaseTable::parse(table)?.table().name;
    let status = match status {
        Some(word) => Some(Status::ALL.into_iter().map(Status::as_str).find(|known| *known == word)?),
        None => None,
    };
    Some((Question { table, status }, before))
}

/// 12 for `max(month) - INTERVAL '12 months'`, and 0 for the newest itself.
fn months_before(whole: &str) -> Option<u16> {
    match whole.strip_prefix(NEWEST)? {
        "" => Some(0),
        more => more.strip_prefix(" - INTERVAL '")?.strip_suffix(" months'")?.parse().ok(),
    }
}

/// The month that a question finds, if any row is meant; nothing when it cannot be asked in this context.
async fn month_of(
    question: &Question,
    context: &SessionContext,
    latest: &Latest,
    revision: u64,
) -> Option<Option<Month>> {
    let table = ReleaseTable::parse(question.table)?;
    let months = match &latest.releases {
        Some(releases) => releases.months(revision, table).await,
        None => None,
    };
    let Some(months) = months else {
        let column = answer(&question.to_string(), context).await?;
        let days = column.as_primitive_opt::<Date32Type>()?;
        return Some(days.is_valid(0).then(|| Day(days.value(0)).month()));
    };
    for month in months {
        let status = question.status.map_or(String::new(), |status| format!(" AND status = '{status}'"));
        let rows =
            format!("SELECT 1 FROM {} WHERE month = DATE '{month}-01'{status} LIMIT 1", question.table);
        let column = answer(&format!("SELECT count(*) FROM ({rows}) AS any_row"), context).await?;
        if column.as_primitive_opt::<Int64Type>()?.value(0) > 0 {
            return Some(Some(month));
        }
    }
    Some(None)
}

/// The only value of a statement of ours.
async fn answer(text: &str, context: &SessionContext) -> Option<ArrayRef> {
    let statement = Parser::new(&PostgreSqlDialect {}).try_with_sql(text).ok()?.parse_statement().ok()?;
    let plan =
        context.state().statement_to_plan(ParsedStatement::Statement(Box::new(statement))).await.ok()?;
    let batches = context.execute_logical_plan(plan).await.ok()?.collect().await.ok()?;
    batches.first().filter(|batch| batch.num_rows() == 1).map(|batch| Arc::clone(batch.column(0)))
}

/// So many months before a month, as it is written: a date and not the moment that PostgreSQL makes of it, since whatever is
/// compared with it compares the same.
fn written(month: Option<Month>, before: u16) -> Option<Expr> {
    let literal = month.map(|month| format!("'{}'", month.plus(-i32::from(before)).first_day()));
    let text = format!("CAST({} AS date)", literal.as_deref().unwrap_or("NULL"));
    Parser::new(&PostgreSqlDialect {}).try_with_sql(&text).ok()?.parse_expr().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> Statement {
        Parser::new(&PostgreSqlDialect {}).try_with_sql(sql).unwrap().parse_statement().unwrap()
    }

    fn questions(sql: &str) -> Vec<String> {
        asked(&read(sql)).iter().map(Question::to_string).collect()
    }

    #[test]
    fn only_what_asks_for_the_newest_month_of_a_table_is_found() {
        let newest = "SELECT max(month) FROM peers";
        let published = "SELECT max(month) FROM connected_monthly WHERE status = 'published'";
        let both = format!(
            "SELECT 1 FROM connected_monthly AS own WHERE own.month = ({published}) AND month > (({newest})) \
             AND month < (SELECT max(month) AS max FROM peers) AND month > (SELECT max(month) - INTERVAL '12 months' FROM connected_monthly WHERE status = 'published')"
        );
        assert_eq!(questions(&both), [published, newest]);
        for other in [
            "SELECT 1 FROM peers WHERE month = (SELECT min(month) FROM peers)",
            "SELECT 1 FROM peers WHERE month = (SELECT max(month) FROM pings)",
            "SELECT 1 FROM peers WHERE month = (SELECT max(month) FROM peers WHERE status = 'no status')",
            "SELECT 1 FROM peers WHERE month = (SELECT max(month) FROM peers WHERE municipality_code = '20202')",
            "SELECT 1 FROM peers WHERE month = (SELECT max(month) FROM peers LIMIT 1)",
            "SELECT 1 FROM peers WHERE month = (SELECT max(month) FROM peers, peers AS b)",
            "SELECT (SELECT max(month) FROM peers) FROM peers",
            "SELECT month - (SELECT max(month) - INTERVAL '12 months' FROM peers) FROM peers",
            "WITH peers AS (SELECT DATE '2026-01-01' AS month) SELECT 1 FROM peers WHERE month = (SELECT max(month) FROM peers)",
        ] {
            assert!(questions(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn a_month_stands_where_it_was_asked_for() {
        let written = |whole, month: Option<&str>| {
            let month = month.map(|day| Day::parse(day).unwrap().month());
            written(month, months_before(whole).unwrap()).unwrap().to_string()
        };
        assert_eq!(written("max(month)", Some("2026-03-01")), "CAST('2026-03-01' AS DATE)");
        assert_eq!(
            written("max(month) - INTERVAL '14 months'", Some("2026-03-01")),
            "CAST('2025-01-01' AS DATE)"
        );
        assert_eq!(written("max(month) - INTERVAL '12 months'", None), "CAST(NULL AS DATE)");
    }
}
