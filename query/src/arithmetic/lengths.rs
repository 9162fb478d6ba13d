//! Intervals that are compared by how long they are.
//!
//! In: an expression whose parts are settled. Out: the same, in which intervals stand as their lengths wherever two of them are
//! compared, in the sense of PostgreSQL: a month has 30 days and a day 24 hours. The engine compares months first, then
//! days, then the rest. What sorts, groups and joins by intervals is in [`super::keys`].

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, DFSchema, ScalarValue, not_impl_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::{
    AggregateFunction, Case, InList, InSubquery, ScalarFunction, WindowFunction, WindowFunctionDefinition,
};
use datafusion::logical_expr::{
    AggregateUDF, Between, BinaryExpr, Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder, SortExpr,
    Subquery, WindowFrameBound, WindowFrameUnits,
};
use datafusion::optimizer::AnalyzerRule;

use super::call;
use super::checked::Operation;
use super::wide::extreme;
use crate::comparison::compares;
use crate::typed::rewrite_node;

/// The rule that orders the rows of windows by the length of intervals. It stands before the engine makes types fit, which knows no
/// frame over an order of intervals.
#[derive(Debug)]
pub(crate) struct OrderByLength;

impl AnalyzerRule for OrderByLength {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        Ok(plan.transform_up_with_subqueries(|node| rewrite_node(node, ordered_by_length))?.data)
    }

    fn name(&self) -> &str {
        "order_by_length"
    }
}

/// A window whose order and parts go by the length of intervals.
fn ordered_by_length(expression: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let Expr::WindowFunction(mut window) = expression else { return Ok(Transformed::no(expression)) };
    // What has no type yet, such as a parameter, is no interval.
    let is_length = |key: &Expr| key.get_type(schema).is_ok_and(|of| is_interval(&of));
    let mut is_changed = false;
    let frame = &window.params.window_frame;
    let is_bounded = [&frame.start_bound, &frame.end_bound].into_iter().any(|bound| match bound {
        WindowFrameBound::Preceding(by) | WindowFrameBound::Following(by) => !by.is_null(),
        WindowFrameBound::CurrentRow => false,
    });
    let is_range = is_bounded && frame.units == WindowFrameUnits::Range;
    for key in &mut window.params.order_by {
        if is_length(&key.expr) {
            if is_range {
                return not_impl_err!(
                    "a frame of RANGE with a bound, in an order of intervals\n\
                     hint: order by their seconds, extract(epoch FROM x), with a number as the bound"
                );
            }
            key.expr = length(std::mem::take(&mut key.expr));
            is_changed = true;
        }
    }
    for part in &mut window.params.partition_by {
        if is_length(part) {
            *part = length(std::mem::take(part));
            is_changed = true;
        }
    }
    Ok(Transformed::new_transformed(Expr::WindowFunction(window), is_changed))
}

/// One expression, its parts being done.
pub(super) fn compared(expression: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let of = |one: &Expr| Ok::<_, DataFusionError>(is_interval(&one.get_type(schema)?));
    match expression {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) if compares(op) && of(&left)? && of(&right)? => {
            let [left, right] = [left, right].map(|side| Box::new(length(*side)));
            Ok(Transformed::yes(Expr::BinaryExpr(BinaryExpr { left, op, right })))
        }
        Expr::Between(Between { expr, negated, low, high }) if of(&expr)? => {
            let [expr, low, high] = [expr, low, high].map(|one| Box::new(length(*one)));
            Ok(Transformed::yes(Expr::Between(Between { expr, negated, low, high })))
        }
        Expr::InList(InList { expr, list, negated }) if of(&expr)? => {
            let (expr, list) = (Box::new(length(*expr)), list.into_iter().map(length).collect());
            Ok(Transformed::yes(Expr::InList(InList { expr, list, negated })))
        }
        Expr::InSubquery(InSubquery { expr, subquery, negated }) if of(&expr)? => {
            let (expr, subquery) = (Box::new(length(*expr)), measured(subquery)?);
            Ok(Transformed::yes(Expr::InSubquery(InSubquery { expr, subquery, negated })))
        }
        Expr::Case(Case { expr: Some(subject), when_then_expr, else_expr }) if of(&subject)? => {
            let arms = when_then_expr.into_iter().map(|(when, then)| (Box::new(length(*when)), then));
            let subject = Some(Box::new(length(*subject)));
            Ok(Transformed::yes(Expr::Case(Case::new(subject, arms.collect(), else_expr))))
        }
        Expr::ScalarFunction(function) => chosen(function, schema),
        Expr::AggregateFunction(function) => aggregated(function, schema),
        Expr::WindowFunction(window) => over_window(*window, schema),
        other => Ok(Transformed::no(other)),
    }
}

/// A subquery of intervals as one of their lengths.
fn measured(subquery: Subquery) -> Result<Subquery> {
    let Subquery { subquery: plan, outer_ref_columns, spans } = subquery;
    let lengths: Vec<Expr> =
        plan.schema().iter().map(|field| length(Expr::Column(Column::from(field)))).collect();
    let plan = LogicalPlanBuilder::from(plan).project(lengths)?.build()?;
    Ok(Subquery { subquery: Arc::new(plan), outer_ref_columns, spans })
}

/// A function that gives one of its arguments back, by comparing them.
fn chosen(function: ScalarFunction, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let is_of_intervals = match function.args.first() {
        Some(first) if ["greatest", "least", "nullif"].contains(&function.func.name()) => {
            is_interval(&first.get_type(schema)?)
        }
        _ => false,
    };
    if !is_of_intervals {
        return Ok(Transformed::no(Expr::ScalarFunction(function)));
    }
    if let ("nullif", [value, other]) = (function.func.name(), function.args.as_slice()) {
        let null = Expr::Literal(ScalarValue::try_from(&value.get_type(schema)?)?, None);
        let is_equal = length(value.clone()).eq(length(other.clone()));
        let arms = vec![(Box::new(is_equal), Box::new(null))];
        return Ok(Transformed::yes(Expr::Case(Case::new(None, arms, Some(Box::new(value.clone()))))));
    }
    let numbers = function.args.into_iter().map(|one| call(Operation::Ordered, vec![one])).collect();
    let chosen = Expr::ScalarFunction(ScalarFunction::new_udf(function.func, numbers));
    Ok(Transformed::yes(call(Operation::Interval, vec![chosen])))
}

fn aggregated(function: AggregateFunction, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let AggregateFunction { func, mut params } = function;
    let mut is_changed = false;
    for key in &mut params.order_by {
        is_changed |= by_length(key, schema)?;
    }
    let (func, is_other) = instead(func, &mut params.args, params.distinct, schema)?;
    let whole = Expr::AggregateFunction(AggregateFunction { func, params });
    Ok(Transformed::new_transformed(whole, is_changed || is_other))
}

fn over_window(window: WindowFunction, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let WindowFunction { fun, mut params } = window;
    let (fun, is_other) = match fun {
        WindowFunctionDefinition::AggregateUDF(func) => {
            let (func, is_other) = instead(func, &mut params.args, params.distinct, schema)?;
            (WindowFunctionDefinition::AggregateUDF(func), is_other)
        }
        other @ WindowFunctionDefinition::WindowUDF(_) => (other, false),
    };
    let whole = Expr::WindowFunction(Box::new(WindowFunction { fun, params }));
    Ok(Transformed::new_transformed(whole, is_other))
}

/// What stands for an aggregate that compares its arguments, and whether it is another one.
fn instead(
    func: Arc<AggregateUDF>,
    arguments: &mut [Expr],
    is_distinct: bool,
    schema: &DFSchema,
) -> Result<(Arc<AggregateUDF>, bool)> {
    let Some(first) = arguments.first_mut() else { return Ok((func, false)) };
    if !is_interval(&first.get_type(schema)?) {
        return Ok((func, false));
    }
    if let Some(extreme) = extreme(func.name()) {
        return Ok((Arc::new(extreme), true));
    }
    match func.name() {
        "count" if is_distinct => *first = length(std::mem::take(first)),
        name if is_distinct => {
            return not_impl_err!(
                "{name} with DISTINCT over intervals\nhint: take SELECT DISTINCT of them in a subquery first"
            );
        }
        _ => return Ok((func, false)),
    }
    Ok((func, true))
}

/// Makes a key of an order one of length, if it is an interval, and says whether it was.
pub(super) fn by_length(key: &mut SortExpr, schema: &DFSchema) -> Result<bool> {
    let is_length = is_interval(&key.expr.get_type(schema)?);
    if is_length {
        key.expr = length(std::mem::take(&mut key.expr));
    }
    Ok(is_length)
}

/// How long an interval is.
pub(super) fn length(interval: Expr) -> Expr {
    call(Operation::Length, vec![interval.unalias()])
}

pub(super) fn is_interval(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Interval(_))
}
