//! `EXPLAIN (FORMAT JSON)`, in the shape that PostgreSQL gives it.
//!
//! In: a statement that the gate has let through, then its plan. Out: a plan of one row, the plan of the question in JSON, for
//! clients that draw it or read a number of rows from it. It tells what a plain `EXPLAIN` tells and no more: steps, tables and
//! conditions. Numbers of rows come from the words of the question alone. What statistics of files would say counts rows
//! outside an asker's scope as well, so that they are asked by nobody here, and a table has [`UNKNOWN`] rows for everybody.

use datafusion::error::Result as DataFusionResult;
use datafusion::execution::SessionState;
use datafusion::logical_expr::{FetchType, LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::sql::sqlparser::ast::{AnalyzeFormat, AnalyzeFormatKind, Expr, Statement, UtilityOption};
use serde_json::{Map, Value, json};

/// What PostgreSQL calls the column.
const COLUMN: &str = "QUERY PLAN";
/// The rows of what nobody has counted: PostgreSQL's number for a function of which it knows as little.
const UNKNOWN: u64 = 1_000;

/// Whether options of an `EXPLAIN` ask for JSON.
pub(crate) fn is_json(options: Option<&[UtilityOption]>) -> bool {
    let is_json = |value: &Expr| value.to_string().trim_matches('\'').eq_ignore_ascii_case("json");
    let asks = |option: &UtilityOption| {
        option.name.value.eq_ignore_ascii_case("format") && option.arg.as_ref().is_some_and(is_json)
    };
    options.unwrap_or_default().iter().any(asks)
}

/// Takes the question out of an `EXPLAIN` that asks for JSON. Returns whether it was one.
pub(crate) fn take(statement: &mut Statement) -> bool {
    let Statement::Explain {
        format:
            Some(
                AnalyzeFormatKind::Keyword(AnalyzeFormat::JSON)
                | AnalyzeFormatKind::Assignment(AnalyzeFormat::JSON),
            ),
        analyze: false,
        statement: inner,
        ..
    } = &*statement
    else {
        return false;
    };
    let inner = inner.as_ref().clone();
    *statement = inner;
    true
}

/// A plan whose one row is another plan in JSON.
///
/// # Errors
/// Those of the optimizer, as when the question is run.
pub(crate) fn as_json(plan: &LogicalPlan, state: &SessionState) -> DataFusionResult<LogicalPlan> {
    let told = json!([{ "Plan": node(&state.optimize(plan)?) }]);
    LogicalPlanBuilder::empty(true).project(vec![lit(told.to_string()).alias(COLUMN)])?.build()
}

/// A step with those below it. Which columns a step gives and what they are called is part of a step in PostgreSQL.
fn node(plan: &LogicalPlan) -> Value {
    let mut told = Map::new();
    let mut tell = |name: &str, value: Value| {
        told.insert(name.to_owned(), value);
    };
    let kind = match plan {
        LogicalPlan::Projection(step) => return node(&step.input),
        LogicalPlan::SubqueryAlias(step) => return node(&step.input),
        LogicalPlan::TableScan(step) => {
            tell("Relation Name", step.table_name.table().into());
            tell("Schema", step.table_name.schema().unwrap_or(crate::catalog::SCHEMA).into());
            tell("Alias", step.table_name.table().into());
            if !step.filters.is_empty() {
                tell("Filter", texts(&step.filters).join(" AND ").into());
            }
            "Seq Scan"
        }
        LogicalPlan::Filter(step) => {
            tell("Filter", step.predicate.to_string().into());
            "Filter"
        }
        LogicalPlan::Aggregate(step) => {
            let is_plain = step.group_expr.is_empty();
            tell("Strategy", (if is_plain { "Plain" } else { "Hashed" }).into());
            if !is_plain {
                tell("Group Key", texts(&step.group_expr).into());
            }
            "Aggregate"
        }
        LogicalPlan::Sort(step) => {
            tell("Sort Key", texts(&step.expr).into());
            "Sort"
        }
        LogicalPlan::Join(step) => {
            let joins = step.join_type.to_string();
            let kind = ["Semi", "Anti"].into_iter().find(|kind| joins.ends_with(kind));
            tell("Join Type", kind.unwrap_or(&joins).into());
            if step.on.is_empty() { "Nested Loop" } else { "Hash Join" }
        }
        LogicalPlan::Limit(_) => "Limit",
        LogicalPlan::Union(_) => "Append",
        LogicalPlan::Window(_) => "WindowAgg",
        LogicalPlan::Distinct(_) => "Unique",
        LogicalPlan::Unnest(_) => "ProjectSet",
        LogicalPlan::Values(_) => "Values Scan",
        LogicalPlan::RecursiveQuery(_) => "Recursive Union",
        _ => "Result",
    };
    tell("Node Type", kind.into());
    // Nobody has measured what a step costs, and who draws a plan wants all four numbers.
    tell("Startup Cost", json!(0.0));
    tell("Total Cost", json!(0.0));
    tell("Plan Rows", rows(plan).into());
    tell("Plan Width", json!(0));
    let below: Vec<Value> = plan.inputs().into_iter().map(node).collect();
    if !below.is_empty() {
        tell("Plans", below.into());
    }
    Value::Object(told)
}

fn texts(expressions: &[impl ToString]) -> Vec<String> {
    expressions.iter().map(ToString::to_string).collect()
}

/// How many rows a step gives, by its words alone.
fn rows(plan: &LogicalPlan) -> u64 {
    let most = |limit: usize, rows: u64| rows.min(u64::try_from(limit).unwrap_or(u64::MAX));
    let below = || plan.inputs().into_iter().map(rows);
    match plan {
        LogicalPlan::EmptyRelation(step) => u64::from(step.produce_one_row),
        LogicalPlan::Values(step) => most(step.values.len(), u64::MAX),
        LogicalPlan::Aggregate(step) if step.group_expr.is_empty() => 1,
        LogicalPlan::TableScan(step) => step.fetch.map_or(UNKNOWN, |limit| most(limit, UNKNOWN)),
        LogicalPlan::Union(_) => below().fold(0, u64::saturating_add),
        LogicalPlan::Limit(step) => {
            let rows = below().max().unwrap_or(UNKNOWN);
            match step.get_fetch_type() {
                Ok(FetchType::Literal(Some(limit))) => most(limit, rows),
                _ => rows,
            }
        }
        _ => below().max().unwrap_or(UNKNOWN),
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::util::pretty::pretty_format_batches;

    use super::*;
    use crate::Door;
    use crate::engine::Limits;
    use crate::fixture::{answer, asked, engine};

    async fn told(sql: &str) -> Value {
        let told = answer(&engine(Limits::default()), asked(Door::Http, sql)).await.unwrap();
        let text = pretty_format_batches(told.batches()).unwrap().to_string();
        let (from, to) = (text.find('[').unwrap(), text.rfind(']').unwrap());
        serde_json::from_str(&text[from..=to]).unwrap()
    }

    #[tokio::test]
    async fn a_plan_has_the_shape_of_postgresql_and_tells_no_rows_but_those_of_the_question() {
        let said = told(
            "EXPLAIN (FORMAT JSON, ANALYZE false) SELECT kind, count(*) FROM connected_monthly GROUP BY kind LIMIT 7",
        );
        let said = said.await;
        let limit = &said[0]["Plan"];
        assert_eq!((&limit["Node Type"], &limit["Plan Rows"]), (&json!("Limit"), &json!(7)), "{said}");
        let group = &limit["Plans"][0];
        assert_eq!(
            (&group["Node Type"], &group["Strategy"]),
            (&json!("Aggregate"), &json!("Hashed")),
            "{said}"
        );
        let scan = &group["Plans"][0];
        assert_eq!(scan["Relation Name"], json!("connected_monthly"), "{said}");
        assert_eq!((&scan["Node Type"], &scan["Plan Rows"]), (&json!("Seq Scan"), &json!(UNKNOWN)), "{said}");
        let said = told("EXPLAIN (FORMAT 'json') SELECT count(*) FROM connected_monthly").await;
        assert_eq!(said[0]["Plan"]["Plan Rows"], json!(1), "{said}");
    }
}
