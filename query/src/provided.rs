//! A table of ours as DataFusion sees it.
//!
//! In: what a table is and how it is read ([`Provide`]). Out: a `TableProvider`. The future of a scan is boxed before DataFusion's conditions stand on it:
//! with filters in it and under these the compiler proves for every type of a plan anew that it may go to another thread,
//! which takes it seconds for each table.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use futures::future::BoxFuture;

/// What a table is, and how it is read.
pub(crate) trait Provide: Debug + Send + Sync + 'static {
    /// Its columns.
    fn schema(&self) -> SchemaRef;

    /// Whether it is a table or a view.
    fn kind(&self) -> TableType {
        TableType::Base
    }

    /// The SQL that a view stands for.
    fn definition(&self) -> Option<&str> {
        None
    }

    /// Whether it leaves out rows for which a condition does not hold. They are looked at again whatever it does.
    fn takes(&self, _filter: &Expr) -> bool {
        false
    }

    /// The plan that reads columns of it, by their places, and at least `limit` rows where there are as many; `filters`
    /// are conditions that it takes.
    fn scan<'a>(
        &'a self,
        state: &'a dyn Session,
        projection: Option<&'a Vec<usize>>,
        filters: &'a [Expr],
        limit: Option<usize>,
    ) -> BoxFuture<'a, Result<Arc<dyn ExecutionPlan>>>;
}

/// A table as DataFusion sees it.
pub(crate) fn provided(table: impl Provide) -> Arc<dyn TableProvider> {
    Arc::new(Provided(Box::new(table)))
}

#[derive(Debug)]
struct Provided(Box<dyn Provide>);

impl TableProvider for Provided {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn table_type(&self) -> TableType {
        self.0.kind()
    }

    fn get_table_definition(&self) -> Option<&str> {
        self.0.definition()
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let taken = |filter: &&Expr| match self.0.takes(filter) {
            true => TableProviderFilterPushDown::Inexact,
            false => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(taken).collect())
    }

    // As `async_trait` writes it, without its async block.
    fn scan<'life0, 'life1, 'life2, 'life3, 'async_trait>(
        &'life0 self,
        state: &'life1 dyn Session,
        projection: Option<&'life2 Vec<usize>>,
        filters: &'life3 [Expr],
        limit: Option<usize>,
    ) -> Pin<Box<dyn Future<Output = Result<Arc<dyn ExecutionPlan>>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        'life2: 'async_trait,
        'life3: 'async_trait,
        Self: 'async_trait,
    {
        self.0.scan(state, projection, filters, limit)
    }
}
