//! Rows that are sorted, grouped and joined by intervals.
//!
//! In: a node of a plan whose types are settled. Out: the same, with the length of an interval for the interval where rows are put
//! in order or told apart by it. A group shows the interval of one of its rows, as in PostgreSQL, where `GROUP BY` of 30 days
//! and of a month is one group too.

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, DFSchema, not_impl_err};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::first_value;
use datafusion::logical_expr::utils::grouping_set_to_exprlist;
use datafusion::logical_expr::{
    Aggregate, Distinct, Expr, ExprSchemable, JoinConstraint, LogicalPlan, LogicalPlanBuilder,
};

use super::lengths::{by_length, is_interval, length};

/// The node, and whether it is another one, of which columns may be NULL that could not be.
pub(super) fn keyed(node: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    match node {
        LogicalPlan::Sort(mut sort) => {
            let mut is_changed = false;
            for key in &mut sort.expr {
                is_changed |= by_length(key, sort.input.schema())?;
            }
            Ok(Transformed::new_transformed(LogicalPlan::Sort(sort), is_changed))
        }
        LogicalPlan::Aggregate(aggregate) => grouped(aggregate),
        LogicalPlan::Distinct(Distinct::All(input))
            if input.schema().fields().iter().any(|field| is_interval(field.data_type())) =>
        {
            let columns = input.schema().iter().map(|field| Expr::Column(Column::from(field))).collect();
            grouped(Aggregate::try_new(input, columns, Vec::new())?)
        }
        LogicalPlan::Distinct(Distinct::On(mut on)) => {
            let mut is_changed = false;
            for key in &mut on.on_expr {
                if is_of_intervals(key, on.input.schema())? {
                    *key = length(std::mem::take(key));
                    is_changed = true;
                }
            }
            for key in on.sort_expr.iter_mut().flatten() {
                is_changed |= by_length(key, on.input.schema())?;
            }
            Ok(Transformed::new_transformed(LogicalPlan::Distinct(Distinct::On(on)), is_changed))
        }
        LogicalPlan::Join(mut join) => {
            let mut is_changed = false;
            for (left, right) in &mut join.on {
                if is_of_intervals(left, join.left.schema())? && is_of_intervals(right, join.right.schema())?
                {
                    *left = length(std::mem::take(left));
                    *right = length(std::mem::take(right));
                    // What USING joins by are columns; which of them `*` shows is settled by now.
                    join.join_constraint = JoinConstraint::On;
                    is_changed = true;
                }
            }
            Ok(Transformed::new_transformed(LogicalPlan::Join(join), is_changed))
        }
        other => Ok(Transformed::no(other)),
    }
}

fn is_of_intervals(key: &Expr, schema: &DFSchema) -> Result<bool> {
    Ok(is_interval(&key.get_type(schema)?))
}

/// Groups by lengths, above which the first interval of a group has the name of the key.
fn grouped(aggregate: Aggregate) -> Result<Transformed<LogicalPlan>> {
    let schema = aggregate.input.schema();
    // Each key once, as in the columns of the node.
    let group = grouping_set_to_exprlist(&aggregate.group_expr)?;
    let mut is_by_interval = false;
    for key in &group {
        is_by_interval |= is_of_intervals(key, schema)?;
    }
    if !is_by_interval {
        return Ok(Transformed::no(LogicalPlan::Aggregate(aggregate)));
    }
    if matches!(aggregate.group_expr.as_slice(), [Expr::GroupingSet(_)]) {
        return not_impl_err!(
            "GROUPING SETS, ROLLUP and CUBE of intervals\nhint: group by their seconds, extract(epoch FROM x)"
        );
    }
    let (mut keys, mut values) = (Vec::new(), aggregate.aggr_expr.clone());
    // Where each column of the old node is among those of the new one.
    let mut places = Vec::new();
    for key in &group {
        if is_of_intervals(key, schema)? {
            let name = format!("an interval of group key {}", keys.len() + 1);
            places.push(group.len() + values.len());
            values.push(first_value((*key).clone().unalias(), Vec::new()).alias(name));
            keys.push(length((*key).clone()));
        } else {
            places.push(keys.len());
            keys.push((*key).clone());
        }
    }
    let key_count = keys.len();
    places.extend((0..aggregate.aggr_expr.len()).map(|at| key_count + at));
    let by_lengths = Aggregate::try_new(aggregate.input.clone(), keys, values)?;
    let columns: Vec<Expr> = aggregate
        .schema
        .iter()
        .zip(places)
        .map(|((table, field), place)| {
            let column = Column::from(by_lengths.schema.qualified_field(place));
            Expr::Column(column).alias_qualified(table.cloned(), field.name())
        })
        .collect();
    let plan = LogicalPlanBuilder::from(LogicalPlan::Aggregate(by_lengths)).project(columns)?.build()?;
    Ok(Transformed::yes(plan))
}
