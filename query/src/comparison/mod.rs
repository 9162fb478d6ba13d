//! Comparisons that could never be true, refused before they answer.
//!
//! In: a plan as it was asked, before the engine makes types fit. Out: the plan, or an error that shows the
//! form to write. The engine compares a text with a number or a date by making both texts, and finds nothing;
//! PostgreSQL has no such operator and says so. A text whose column has a form, such as a month, is held to
//! it: `'2026-04-01'` stands before no month and equals none. A literal in quotes has no type of its own, so
//! that it may stand beside anything. What clients ask of catalogs is left alone: types differ there.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Between, BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::AnalyzerRule;

use crate::typed::columns_of;
use crate::types::sql_type;

mod form;

use form::Form;
pub(crate) use form::with_forms;

/// Two things that cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ComparisonError {
    /// Their types have nothing in common.
    #[error("cannot compare {left} with {right}{shown}\nhint: {hint}")]
    Types {
        /// One type.
        left: String,
        /// The other.
        right: String,
        /// The columns of the comparison, to find it by.
        shown: String,
        /// What to write.
        hint: String,
    },
    /// A literal that no value of the column looks like.
    #[error("`{column}` is never `{literal}`: it is {form}\nhint: write it as {example}")]
    Form {
        /// The column.
        column: String,
        /// The literal.
        literal: String,
        /// What its values are.
        form: &'static str,
        /// One of them.
        example: String,
    },
}

/// The rule.
#[derive(Debug)]
pub(crate) struct CheckComparisons;

impl AnalyzerRule for CheckComparisons {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        if !asks_catalog(&plan)? {
            plan.apply_with_subqueries(|node| check_node(node).map(|()| TreeNodeRecursion::Continue))?;
        }
        Ok(plan)
    }

    fn name(&self) -> &str {
        "check_comparisons"
    }
}

fn asks_catalog(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(|node| {
        let schema = match node {
            LogicalPlan::TableScan(scan) => scan.table_name.schema(),
            _ => None,
        };
        Ok(matches!(schema, Some("pg_catalog" | "information_schema")))
    })
}

fn check_node(node: &LogicalPlan) -> Result<()> {
    let schema = columns_of(node)?;
    if let LogicalPlan::Join(join) = node {
        for (left, right) in &join.on {
            compare(left, right, true, &schema)?;
        }
    }
    node.apply_expressions(|expression| {
        expression.apply(|inner| check(inner, &schema).map(|()| TreeNodeRecursion::Continue))
    })?;
    Ok(())
}

fn check(expression: &Expr, schema: &DFSchema) -> Result<()> {
    match expression {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) if compares(*op) => {
            compare(left, right, !orders(*op), schema)
        }
        Expr::Between(Between { expr, low, high, .. }) => {
            compare(expr, low, false, schema)?;
            compare(expr, high, false, schema)
        }
        Expr::InList(list) => list.list.iter().try_for_each(|one| compare(&list.expr, one, true, schema)),
        Expr::InSubquery(within) => {
            let rows = within.subquery.subquery.schema();
            let types = rows.fields().first().map(|field| field.data_type().clone());
            let stand_in = Expr::Literal(ScalarValue::try_from(&types.unwrap_or(DataType::Null))?, None);
            compare(&within.expr, &stand_in, true, schema)
        }
        Expr::Case(case) => match &case.expr {
            Some(subject) => {
                case.when_then_expr.iter().try_for_each(|(when, _)| compare(subject, when, true, schema))
            }
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Whether an operator compares two values.
pub(crate) fn compares(operator: Operator) -> bool {
    use Operator::{Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq};
    matches!(operator, Eq | NotEq | Lt | LtEq | Gt | GtEq | IsDistinctFrom | IsNotDistinctFrom)
}

fn orders(operator: Operator) -> bool {
    matches!(operator, Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq)
}

/// Types that may be compared among each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    Number,
    Boolean,
    Day,
    TimeOfDay,
    Length,
}

fn class(data_type: &DataType) -> Option<Class> {
    Some(match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Class::Text,
        DataType::Boolean => Class::Boolean,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Class::Day,
        DataType::Time32(_) | DataType::Time64(_) => Class::TimeOfDay,
        DataType::Interval(_) | DataType::Duration(_) => Class::Length,
        number if number.is_numeric() => Class::Number,
        _ => return None,
    })
}

fn compare(left: &Expr, right: &Expr, is_equality: bool, schema: &DFSchema) -> Result<()> {
    let refuse = |error: ComparisonError| Err(DataFusionError::External(Box::new(error)));
    for (side, literal) in [(left, quoted(right)), (right, quoted(left))] {
        if let (Some(literal), Some((column, form))) = (literal, Form::of(side, schema))
            && !form.fits(literal, is_equality)
        {
            return refuse(ComparisonError::Form {
                column,
                example: form.example(literal),
                literal: literal.chars().take(60).collect(),
                form: form.words(),
            });
        }
    }
    if quoted(left).is_some() || quoted(right).is_some() {
        return Ok(());
    }
    // What has no type yet, such as a parameter, is the planner's to judge.
    let (Ok(left_type), Ok(right_type)) = (left.get_type(schema), right.get_type(schema)) else {
        return Ok(());
    };
    match (class(&left_type), class(&right_type)) {
        (Some(one), Some(other)) if one != other => refuse(ComparisonError::Types {
            left: sql_type(&left_type),
            right: sql_type(&right_type),
            shown: columns(left, right),
            hint: hint(one, other, left, right),
        }),
        _ => Ok(()),
    }
}

/// The columns that are compared, as a part of a message.
fn columns(left: &Expr, right: &Expr) -> String {
    let name = |side: &Expr| match side {
        Expr::Column(column) => Some(format!("`{}`", column.name)),
        _ => None,
    };
    let names: Vec<String> = [left, right].into_iter().filter_map(name).collect();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(" and ")) }
}

/// A text in quotes without a cast.
fn quoted(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Literal(
            ScalarValue::Utf8(Some(text))
            | ScalarValue::LargeUtf8(Some(text))
            | ScalarValue::Utf8View(Some(text)),
            _,
        ) => Some(text),
        _ => None,
    }
}

fn hint(one: Class, other: Class, left: &Expr, right: &Expr) -> String {
    let number = [left, right].into_iter().find_map(|side| match side {
        Expr::Literal(value, _) if value.data_type().is_numeric() => Some(value.to_string()),
        _ => None,
    });
    match ([one, other].contains(&Class::Text), [one, other].contains(&Class::Day), number) {
        (true, _, Some(number)) => format!("put the number in quotes, `'{number}'`, or cast the text to bigint"),
        (true, true, _) => {
            "make the date a text of the same form, as in `to_char(date, 'YYYY-MM')`, or cast the text to date"
                .to_owned()
        }
        _ => "cast one side to the type of the other, as in `CAST(x AS text)`".to_owned(),
    }
}

#[cfg(test)]
#[path = "comparison_tests.rs"]
mod tests;
