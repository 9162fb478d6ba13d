//! A numeric beside a double, compared as PostgreSQL does.
//!
//! In: a plan as it was asked, before the engine makes types fit. Out: the same, in which a numeric that is compared with a double
//! is a double, too. The engine makes numerics of both, with fifteen digits behind the point, and has no room then for a
//! number of more than 23 digits before it.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Cast, InList};
use datafusion::logical_expr::{Between, BinaryExpr, Expr, ExprSchemable, LogicalPlan};
use datafusion::optimizer::AnalyzerRule;

use crate::comparison::compares;
use crate::typed::rewrite_node;

/// The rule.
#[derive(Debug)]
pub(crate) struct CompareAsDoubles;

impl AnalyzerRule for CompareAsDoubles {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        Ok(plan.transform_up_with_subqueries(|node| rewrite_node(node, compared))?.data)
    }

    fn name(&self) -> &str {
        "compare_as_doubles"
    }
}

fn compared(expression: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let double = |value: Expr| {
        let is_numeric = value.get_type(schema).is_ok_and(|of| of.is_decimal());
        if is_numeric { Expr::Cast(Cast::new(Box::new(value), DataType::Float64)) } else { value }
    };
    Ok(match expression {
        Expr::BinaryExpr(BinaryExpr { left, op, right })
            if compares(op) && is_mixed(&[left.as_ref(), right.as_ref()], schema) =>
        {
            let (left, right) = (Box::new(double(*left)), Box::new(double(*right)));
            Transformed::yes(Expr::BinaryExpr(BinaryExpr { left, op, right }))
        }
        Expr::Between(Between { expr, negated, low, high })
            if is_mixed(&[expr.as_ref(), low.as_ref(), high.as_ref()], schema) =>
        {
            let (low, high) = (Box::new(double(*low)), Box::new(double(*high)));
            Transformed::yes(Expr::Between(Between { expr: Box::new(double(*expr)), negated, low, high }))
        }
        Expr::InList(InList { expr, list, negated })
            if is_mixed(&list.iter().chain([expr.as_ref()]).collect::<Vec<_>>(), schema) =>
        {
            let list = list.into_iter().map(double).collect();
            Transformed::yes(Expr::InList(InList { expr: Box::new(double(*expr)), list, negated }))
        }
        other => Transformed::no(other),
    })
}

/// Whether there are numerics and doubles among values. What has no type yet, such as a parameter, is neither.
fn is_mixed(values: &[&Expr], schema: &DFSchema) -> bool {
    let types: Vec<DataType> = values.iter().filter_map(|value| value.get_type(schema).ok()).collect();
    types.iter().any(DataType::is_decimal) && types.iter().any(DataType::is_floating)
}
