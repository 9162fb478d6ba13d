//! Whole numbers as SQL has them.
//!
//! In: a plan. Out: the same with `bigint` for the unsigned numbers that `row_number()`, `rank()` and lengths give. SQL has no
//! such type: clients of the Postgres wire were told `numeric`, of which some make a number with a point.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast};

/// The plan with signed columns.
///
/// # Errors
/// None that is known: a column of a plan's schema is one of the plan.
pub(crate) fn signed(plan: LogicalPlan) -> Result<LogicalPlan> {
    let is_unsigned = |data_type: &DataType| {
        matches!(data_type, DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64)
    };
    if !plan.schema().fields().iter().any(|field| is_unsigned(field.data_type())) {
        return Ok(plan);
    }
    let columns = plan.schema().iter().map(|(table, field)| {
        let column = Expr::Column(Column::new(table.cloned(), field.name()));
        match is_unsigned(field.data_type()) {
            true => cast(column, DataType::Int64).alias_qualified(table.cloned(), field.name()),
            false => column,
        }
    });
    let columns: Vec<Expr> = columns.collect();
    LogicalPlanBuilder::from(plan).project(columns)?.build()
}
