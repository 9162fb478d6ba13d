//! Dates and times that go together as they do in PostgreSQL.
//!
//! In: a plan as it was asked, before the engine makes types fit. Out: the same plan, in which a date or a time
//! without a zone that meets one with a zone is on the clocks of that zone (the engine takes it for UTC, nine
//! hours off in Japan), moments of two units are taken from each other in one, a date to which an interval is added is a timestamp (the engine drops the hours), and
//! seconds that are extracted keep their fraction.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Cast, InList, ScalarFunction};
use datafusion::logical_expr::{Between, BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::AnalyzerRule;

use crate::typed::rewrite_node;

/// The rule.
#[derive(Debug)]
pub(crate) struct AlignMoments;

impl AnalyzerRule for AlignMoments {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        Ok(plan.transform_up_with_subqueries(|node| rewrite_node(node, align))?.data)
    }

    fn name(&self) -> &str {
        "align_moments"
    }
}

fn align(expression: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expression {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let adds = matches!(op, Operator::Plus | Operator::Minus);
            let (left, left_changed) = meet(*left, &right, adds, schema);
            let (right, right_changed) = meet(*right, &left, adds && op == Operator::Plus, schema);
            let (left, is_in_unit) = in_unit_of(left, &right, op, schema);
            let left_changed = left_changed || is_in_unit;
            let whole = Expr::BinaryExpr(BinaryExpr { left: Box::new(left), op, right: Box::new(right) });
            Ok(Transformed::new_transformed(whole, left_changed || right_changed))
        }
        Expr::Between(Between { expr, negated, low, high }) => {
            let (low, low_changed) = meet(*low, &expr, false, schema);
            let (high, high_changed) = meet(*high, &expr, false, schema);
            let (expr, changed) = meet(*expr, &low, false, schema);
            let whole = Between { expr: Box::new(expr), negated, low: Box::new(low), high: Box::new(high) };
            Ok(Transformed::new_transformed(Expr::Between(whole), changed || low_changed || high_changed))
        }
        Expr::InList(InList { expr, list, negated }) => {
            let mut is_changed = false;
            let mut aligned = Vec::new();
            for one in list {
                let (one, changed) = meet(one, &expr, false, schema);
                is_changed |= changed;
                aligned.push(one);
            }
            let whole = Expr::InList(InList { expr, list: aligned, negated });
            Ok(Transformed::new_transformed(whole, is_changed))
        }
        Expr::ScalarFunction(function) if function.func.name() == "date_part" => seconds(function, schema),
        other => Ok(Transformed::no(other)),
    }
}

/// One side of an operator, as the other side's type asks for; and whether that changed it.
fn meet(side: Expr, other: &Expr, is_added_to: bool, schema: &DFSchema) -> (Expr, bool) {
    let (Ok(own), Ok(met)) = (side.get_type(schema), other.get_type(schema)) else { return (side, false) };
    let without_zone = DataType::Timestamp(TimeUnit::Microsecond, None);
    let cast = |side: Expr, to: DataType| Expr::Cast(Cast::new(Box::new(side), to));
    match (&own, &met) {
        (DataType::Date32, DataType::Interval(_)) if is_added_to => (cast(side, without_zone), true),
        (DataType::Date32 | DataType::Timestamp(_, None), DataType::Timestamp(unit, Some(zone))) => {
            let zoned = DataType::Timestamp(*unit, Some(Arc::clone(zone)));
            (cast(cast(side, without_zone), zoned), true)
        }
        _ => (side, false),
    }
}

/// A moment from which another one is taken, in that one's unit and zone: `now()` has finer ones than columns, and the engine
/// takes moments of one type from each other only.
fn in_unit_of(side: Expr, other: &Expr, op: Operator, schema: &DFSchema) -> (Expr, bool) {
    let (Ok(own), Ok(met)) = (side.get_type(schema), other.get_type(schema)) else { return (side, false) };
    let is_moment = |of: &DataType| matches!(of, DataType::Timestamp(_, Some(_)));
    if op == Operator::Minus && is_moment(&own) && is_moment(&met) && own != met {
        (Expr::Cast(Cast::new(Box::new(side), met)), true)
    } else {
        (side, false)
    }
}

/// `date_part('second', …)` counts whole seconds only; its microseconds count them all.
fn seconds(mut function: ScalarFunction, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let part = match function.args.first() {
        Some(Expr::Literal(ScalarValue::Utf8(Some(part)) | ScalarValue::Utf8View(Some(part)), _)) => {
            part.to_lowercase()
        }
        _ => String::new(),
    };
    let has_time = match function.args.get(1).map(|value| value.get_type(schema)).transpose()? {
        Some(data_type) => {
            matches!(data_type, DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_))
        }
        None => false,
    };
    let per_unit = match part.as_str() {
        "second" | "seconds" if has_time => 1e6,
        "millisecond" | "milliseconds" if has_time => 1e3,
        _ => return Ok(Transformed::no(Expr::ScalarFunction(function))),
    };
    function.args[0] = Expr::Literal(ScalarValue::from("microsecond"), None);
    let micros = Expr::Cast(Cast::new(Box::new(Expr::ScalarFunction(function)), DataType::Float64));
    Ok(Transformed::yes(micros / Expr::Literal(ScalarValue::from(per_unit), None)))
}
