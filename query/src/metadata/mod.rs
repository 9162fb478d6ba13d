//! What clients of the Postgres wire ask about the server before anybody asks about figures.
//!
//! In: a context that has `pg_catalog` from `datafusion-pg-catalog`. Out: the same context with the tables,
//! columns and functions that clients miss there, and statements made plannable that PostgreSQL takes and
//! DataFusion does not. An answer may be empty, for there are no triggers, sequences or rights of columns
//! here; it is no error, because drivers ask when a connection or a table is opened and give up on one.

use std::sync::Arc;

use datafusion::catalog::SchemaProvider;
use datafusion::error::{DataFusionError, Result as DataFusionResult};
use datafusion::prelude::SessionContext;
use kayoi_schemas::tables::ReleaseTable;

mod filled;
mod relations;
mod keys;
mod numbered;
mod standard;
mod tables;
mod functions;
mod described;
mod quoting;
mod regclass;
mod by_name;
mod joined;
mod statements;

pub(crate) use statements::Statements;

use crate::catalog::{Beside, CATALOG};
use crate::questions::QuestionView;

const PG_CATALOG: &str = "pg_catalog";

/// Adds what clients miss to a context with `pg_catalog`. `release` and
/// `others` are the tables that it shows, `views` the questions beside them.
pub(crate) fn complete(
    context: &SessionContext,
    release: &[ReleaseTable],
    others: &[Beside],
    views: &[&'static QuestionView],
) -> DataFusionResult<()> {
    let missing = || DataFusionError::Internal("there is no pg_catalog to complete".to_owned());
    let catalog = context.catalog(CATALOG).ok_or_else(missing)?;
    let from: Arc<dyn SchemaProvider> = catalog.schema(PG_CATALOG).ok_or_else(missing)?;
    let completed = tables::Completed::new(&from, release, others, views)?;
    for function in functions::all()
        .into_iter()
        .chain(described::all(completed.comments(), completed.keys(), completed.relations()))
        .chain(quoting::all())
        .chain(numbered::all())
        .chain(regclass::all(completed.relations()))
    {
        context.register_udf(function);
    }
    catalog.register_schema(PG_CATALOG, Arc::new(completed))?;
    Ok(())
}
