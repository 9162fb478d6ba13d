//! What a condition guards is not calculated where the condition fails.
//!
//! In: a filter. Out: the same filter, in which `b <> 0 AND a / b > 1` is a CASE when its right side can fail.
//! The engine works out both sides of AND and OR for all rows of a batch, and makes AND and OR of a CASE that
//! somebody wrote; a division by zero would then fail the query that was careful about it. The rule stands
//! last, after those that take conditions apart and put them together. Of `town = x AND a / b > 1` it makes
//! `town = x AND CASE WHEN town = x THEN a / b > 1 …`: rows of other towns are not even read.

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
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
                if !can_fail(&filter.predicate)? {
                    return Ok(Transformed::no(LogicalPlan::Filter(filter)));
                }
                let guarded = guard(filter.predicate.clone())?;
                if !guarded.transformed {
                    return Ok(Transformed::no(LogicalPlan::Filter(filter)));
                }
                // Who reads files sees through AND and not through a CASE: what cannot fail stands beside it as well.
                let mut parts = Vec::new();
                for part in split_conjunction(&filter.predicate) {
                    if !can_fail(part)? {
                        parts.push(part.clone());
                    }
                }
                parts.push(guarded.data);
                filter.predicate = conjunction(parts).unwrap_or_else(|| lit(true));
                Ok(Transformed::yes(LogicalPlan::Filter(filter)))
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
            if !can_fail(&right)? || is_guarded_by(&right, &left) {
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

/// Whether it is what [`guard`] made of it before: rules run again as long as they change anything.
fn is_guarded_by(right: &Expr, left: &Expr) -> bool {
    matches!(right, Expr::Case(case) if case.expr.is_none()
        && matches!(case.when_then_expr.as_slice(), [(when, _)] if when.as_ref() == left))
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
