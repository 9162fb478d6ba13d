//! How clients of the Postgres wire speak: their parser and their catalog.
//!
//! In: an engine. Out: a context with `pg_catalog` and a parser, for every question that comes through that
//! door. What clients ask of `pg_catalog` is answered by `datafusion-pg-catalog` from release tables alone.
//! Its static tables and the catalog refer to each other and are never freed, so that they are made once per
//! process. The rewriting that makes `pg_catalog` queries plannable comes before the gate, as its parser, so
//! that the gate sees what will be run.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use datafusion::prelude::SessionContext;
use datafusion_pg_catalog::pg_catalog::context::EmptyContextProvider;
use datafusion_pg_catalog::setup_pg_catalog;
use kayoi_schemas::tables::ReleaseTable;

use crate::catalog::{CATALOG, Catalog};
use crate::engine::Engine;
use crate::error::QueryError;
use crate::functions;
use crate::gate::Parse;
use crate::metadata::{self, Statements};

/// A context to plan in, and a parser.
pub(crate) struct Dialect {
    context: SessionContext,
    parser: Statements,
}

impl Dialect {
    /// The dialect of Postgres clients.
    pub(crate) fn postgres(engine: &Engine, catalog: &Catalog) -> Result<Self, QueryError> {
        let context = engine.separate_session(catalog)?;
        setup_pg_catalog(&context, CATALOG, EmptyContextProvider).map_err(QueryError::Internal)?;
        let tables: Vec<ReleaseTable> = catalog.tables().collect();
        metadata::complete(&context, &tables, &catalog.others(), &catalog.views())
            .map_err(|error| QueryError::Internal(Box::new(error)))?;
        context.register_udf(unlock_all());
        functions::close(&context);
        Ok(Self { context, parser: Statements::new() })
    }

    /// A context for one question.
    pub(crate) fn session(&self) -> SessionContext {
        SessionContext::new_with_state(self.context.state())
    }

    pub(crate) fn parser(&self) -> &dyn Parse {
        &self.parser
    }
}

/// `pg_advisory_unlock_all()`, which connection pools call before they reuse a connection. Nothing is ever
/// locked here.
fn unlock_all() -> ScalarUDF {
    let nothing = Arc::new(|_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(ScalarValue::Utf8(None))));
    create_udf("pg_advisory_unlock_all", Vec::new(), DataType::Utf8, Volatility::Volatile, nothing)
}
