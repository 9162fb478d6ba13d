//! Tables as somebody with a narrower scope sees them.
//!
//! In: a table, and whose figures may be seen of it. Out: a table without the other municipalities' rows. It stands in
//! the catalog in place of the whole one, so that no words of a question lead around it. Rows of prefectures and the
//! country stay, as do tables that name no municipality.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::error::Result as DataFusionResult;
use datafusion::functions::expr_fn::{char_length, starts_with};
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, lit};
use datafusion::prelude::ident;

use crate::desk::Areas;

/// Columns that say whose figure a row is; in the second a prefecture or the country may stand.
const OF_MUNICIPALITY: &str = "municipality_code";
const OF_AREA: &str = "area_code";
/// Digits of a municipality's code.
const DIGITS: i32 = 5;

/// The part of a table that lies in some areas.
pub(crate) fn within(
    table: &Arc<dyn TableProvider>,
    areas: &Areas,
) -> DataFusionResult<Arc<dyn TableProvider>> {
    let Areas::Only(codes) = areas else { return Ok(Arc::clone(table)) };
    let schema = table.schema();
    let has = |column: &str| schema.field_with_name(column).is_ok();
    let within = |column: &str| {
        let of = |code: &String| match code.len() {
            2 => starts_with(ident(column), lit(code.as_str())),
            _ => ident(column).eq(lit(code.as_str())),
        };
        codes.iter().map(of).reduce(Expr::or).unwrap_or_else(|| lit(false))
    };
    let seen = if has(OF_MUNICIPALITY) {
        within(OF_MUNICIPALITY)
    } else if has(OF_AREA) {
        within(OF_AREA).or(char_length(ident(OF_AREA)).lt(lit(DIGITS)))
    } else {
        return Ok(Arc::clone(table));
    };
    let plan = LogicalPlanBuilder::scan("whole", provider_as_source(Arc::clone(table)), None)?;
    Ok(Arc::new(ViewTable::new(plan.filter(seen)?.build()?, None)))
}
