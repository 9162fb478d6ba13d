//! Tables as somebody with a narrower scope sees them.
//!
//! In: a table, and whose rows may be seen of it. Out: a table without the other rows. It stands in the catalog in place of
//! the whole one, so that no words of a question lead around it. Rows are taken away inside the scan, behind a [`Wall`]:
//! were the scope's condition and the question's one condition, the question's could be worked out for rows that are taken
//! away, and its error would tell their values. Only what cannot fail is let through. Rows of prefectures, blocks of them and
//! the country stay, as do tables that name no municipality.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::DFSchema;
use datafusion::error::Result;
use datafusion::functions::expr_fn::{char_length, starts_with};
use datafusion::logical_expr::{Expr, Operator, lit};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::prelude::ident;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::desk::Areas;
use crate::provided::{Provide, provided};
use crate::wall::Wall;

/// Columns that say whose figure a row is; in the second a prefecture, a block or the country may stand.
const OF_MUNICIPALITY: &str = "municipality_code";
const OF_AREA: &str = "area_code";
/// The column that says who delivered.
const OF_PARTNER: &str = "partner";
/// Digits of a municipality's code; no other area's code has as many letters.
const DIGITS: i32 = 5;

/// The part of a table that is about one partner's deliveries.
pub(crate) fn of_partner(table: Arc<dyn TableProvider>, partner: &str) -> Arc<dyn TableProvider> {
    provided(Part { whole: table, seen: ident(OF_PARTNER).eq(lit(partner)) })
}

/// The part of a table that lies in some areas.
pub(crate) fn within(table: &Arc<dyn TableProvider>, areas: &Areas) -> Arc<dyn TableProvider> {
    let Areas::Only(codes) = areas else { return Arc::clone(table) };
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
        within(OF_AREA).or(char_length(ident(OF_AREA)).not_eq(lit(DIGITS)))
    } else {
        return Arc::clone(table);
    };
    provided(Part { whole: Arc::clone(table), seen })
}

/// The rows of a table for which a condition holds.
#[derive(Debug)]
struct Part {
    whole: Arc<dyn TableProvider>,
    seen: Expr,
}

/// What is read of the whole, which rows of it are kept, and what of them is shown.
struct Read {
    columns: Vec<usize>,
    kept: Arc<dyn PhysicalExpr>,
    shown: Vec<(Arc<dyn PhysicalExpr>, String)>,
}

impl Part {
    fn read(&self, state: &dyn Session, projection: Option<&Vec<usize>>, filters: &[Expr]) -> Result<Read> {
        let schema = self.whole.schema();
        let kept = filters.iter().filter(|filter| cannot_fail(filter)).cloned();
        let kept = kept.fold(self.seen.clone(), Expr::and);
        let places = projection.cloned().unwrap_or_else(|| (0..schema.fields().len()).collect());
        let mut columns: BTreeSet<usize> = places.iter().copied().collect();
        for column in kept.column_refs() {
            columns.insert(schema.index_of(&column.name)?);
        }
        let columns: Vec<usize> = columns.into_iter().collect();
        let read: SchemaRef = Arc::new(schema.project(&columns)?);
        let kept = state.create_physical_expr(kept, &DFSchema::try_from(Schema::clone(&read))?)?;
        let shown = |at: &usize| -> Result<(Arc<dyn PhysicalExpr>, String)> {
            let name = schema.field(*at).name();
            Ok((Arc::new(Column::new_with_schema(name, &read)?), name.clone()))
        };
        Ok(Read { shown: places.iter().map(shown).collect::<Result<_>>()?, columns, kept })
    }
}

impl Provide for Part {
    fn schema(&self) -> SchemaRef {
        self.whole.schema()
    }

    /// It is asked again above the wall: here it only spares files and rows.
    fn takes(&self, filter: &Expr) -> bool {
        cannot_fail(filter)
    }

    fn scan<'a>(
        &'a self,
        state: &'a dyn Session,
        projection: Option<&'a Vec<usize>>,
        filters: &'a [Expr],
        _limit: Option<usize>,
    ) -> BoxFuture<'a, Result<Arc<dyn ExecutionPlan>>> {
        let read = self.read(state, projection, filters);
        async move {
            let Read { columns, kept, shown } = read?;
            let all = self.whole.scan(state, Some(&columns), &[], None).await?;
            let kept = Arc::new(FilterExec::try_new(kept, all)?);
            Ok(Wall::before(Arc::new(ProjectionExec::try_new(shown, kept)?)))
        }
        .boxed()
    }
}

/// Whether a condition is a comparison of a column as it is with values, which has an answer for every row.
fn cannot_fail(filter: &Expr) -> bool {
    let is_column = |side: &Expr| matches!(side, Expr::Column(_));
    let is_value = |side: &Expr| matches!(side, Expr::Literal(..));
    match filter {
        Expr::BinaryExpr(sides) => match sides.op {
            Operator::And | Operator::Or => cannot_fail(&sides.left) && cannot_fail(&sides.right),
            Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq => {
                is_column(&sides.left) && is_value(&sides.right)
                    || is_value(&sides.left) && is_column(&sides.right)
            }
            _ => false,
        },
        Expr::InList(list) => is_column(&list.expr) && list.list.iter().all(is_value),
        Expr::Between(range) => is_column(&range.expr) && is_value(&range.low) && is_value(&range.high),
        Expr::IsNull(side) | Expr::IsNotNull(side) => is_column(side),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{AsArray, RecordBatch, StringArray};
    use datafusion::arrow::datatypes::{DataType, Field};
    use datafusion::catalog::MemTable;
    use datafusion::prelude::SessionContext;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn other_towns_are_taken_away_and_larger_areas_stay() {
        let codes = ["20321", "20201", "13101", "20", "JP", "block_chubu"];
        let schema = Arc::new(Schema::new(vec![Field::new(OF_AREA, DataType::Utf8, false)]));
        let column = Arc::new(StringArray::from_iter_values(codes));
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![column]).unwrap();
        let table: Arc<dyn TableProvider> = Arc::new(MemTable::try_new(schema, vec![vec![batch]]).unwrap());
        let session = SessionContext::new();
        let areas = Areas::Only(["20321".to_owned()].into());
        session.register_table("areas", within(&table, &areas)).unwrap();
        let rows = session.sql("SELECT area_code FROM areas").await.unwrap().collect().await.unwrap();
        let seen: BTreeSet<String> = rows
            .iter()
            .flat_map(|batch| batch.column(0).as_string::<i32>().iter().flatten().map(str::to_owned))
            .collect();
        assert_eq!(seen, ["20", "20321", "JP", "block_chubu"].map(str::to_owned).into());
    }
}
