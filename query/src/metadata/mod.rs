//! What clients of the Postgres wire ask about the server before anybody asks about figures.
//!
//! In: a context that has `pg_catalog` from `datafusion-pg-catalog`. Out: the same context with the tables,
//! columns and functions that clients miss there, and statements made plannable that PostgreSQL takes and
//! DataFusion does not. An answer may be empty, for there are no keys, indexes, comments or rights of columns
//! here; it is no error, because drivers ask when a connection or a table is opened and give up on one.

use std::sync::Arc;

use datafusion::catalog::SchemaProvider;
use datafusion::error::{DataFusionError, Result as DataFusionResult};
use datafusion::prelude::SessionContext;

mod functions;
mod tables;
mod statements;

pub(crate) use statements::Statements;

use crate::catalog::CATALOG;

const PG_CATALOG: &str = "pg_catalog";

/// Adds what clients miss to a context with `pg_catalog`.
pub(crate) fn complete(context: &SessionContext) -> DataFusionResult<()> {
    for function in functions::all() {
        context.register_udf(function);
    }
    let missing = || DataFusionError::Internal("there is no pg_catalog to complete".to_owned());
    let catalog = context.catalog(CATALOG).ok_or_else(missing)?;
    let from: Arc<dyn SchemaProvider> = catalog.schema(PG_CATALOG).ok_or_else(missing)?;
    let completed = Arc::new(tables::Completed::new(from)?);
    catalog.register_schema(PG_CATALOG, completed)?;
    Ok(())
}
