//! What a condition guards is not calculated where the condition fails.
//!
//! In: a filter. Out: the same filter, in which `b <> 0 AND a / b > 1` is a CASE when its right side can fail.
//! The engine works out both sides of AND and OR for all rows of a batch, and makes AND and OR of a CASE that
//! somebody wrote; a division by zero would then fail the query that was careful about it. The rule stands
//! last, after those that take conditions apart and put them together.

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::{BinaryExpr, Expr, LogicalPlan, Operator, lit};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

use super::checked::Checked;

/// The rule.
#[derive(Debug)]
pub(crate) struct GuardChecked;

impl OptimizerRule for GuardChecked {
    fn name(&self) -> &str {
        "guard_checked"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(&self, plan: LogicalPlan, _config: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        match plan {
            LogicalPlan::Filter(mut filter) => {
                let guarded = guard(filter.predicate)?;
                filter.predicate = guarded.data;
                Ok(Transformed::new_transformed(LogicalPlan::Filter(filter), guarded.transformed))
            }
            other => Ok(Transformed::no(other)),
        }
    }
}

/// A filter drops a row for NULL as it does for false, so that a CASE may say false where AND would say NULL.
fn guard(predicate: Expr) -> Result<Transformed<Expr>> {
    match predicate {
        Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::And | Operator::Or), right }) => {
            let (left, right) = (guard(*left)?, guard(*right)?);
            let is_changed = left.transformed || right.transformed;
            let (left, right) = (left.data, right.data);
            if !can_fail(&right)? {
                let whole = BinaryExpr { left: Box::new(left), op, right: Box::new(right) };
                return Ok(Transformed::new_transformed(Expr::BinaryExpr(whole), is_changed));
            }
            let (then, otherwise) =
                if op == Operator::And { (right, lit(false)) } else { (lit(true), right) };
            Ok(Transformed::yes(Expr::Case(Case {
                expr: None,
                when_then_expr: vec![(Box::new(left), Box::new(then))],
                else_expr: Some(Box::new(otherwise)),
            })))
        }
        other => Ok(Transformed::no(other)),
    }
}

fn can_fail(expression: &Expr) -> Result<bool> {
    expression.exists(|inner| {
        Ok(match inner {
            Expr::ScalarFunction(function) => function.func.inner().is::<Checked>(),
            Expr::Cast(_) => true,
            _ => false,
        })
    })
}
