//! Who asked what, as a table.
//!
//! In: the batches of audit lines in the lake. Out: the table `audit`, for who may read it and in nobody else's
//! catalog.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use futures::FutureExt;
use futures::future::BoxFuture;
use kayoi_lake::Desk;

use crate::desk::audit_schema;
use crate::provided::Provide;
use crate::scan::{Files, scan};

/// The name of the table.
pub(crate) const AUDIT: &str = "audit";
/// The name under which DataFusion finds the store of the desk.
const STORE: &str = "kayoi://desk";

/// The lines of all servers, oldest day first.
#[derive(Debug)]
pub(crate) struct AuditTable {
    desk: Desk,
}

impl AuditTable {
    pub(crate) fn new(desk: &Desk) -> Self {
        Self { desk: desk.clone() }
    }
}

impl Provide for AuditTable {
    fn schema(&self) -> SchemaRef {
        audit_schema()
    }

    fn scan<'a>(
        &'a self,
        state: &'a dyn Session,
        projection: Option<&'a Vec<usize>>,
        _filters: &'a [Expr],
        limit: Option<usize>,
    ) -> BoxFuture<'a, Result<Arc<dyn ExecutionPlan>>> {
        async move {
            let files = self.desk.audit_files().await;
            let files = files.map_err(|error| DataFusionError::External(Box::new(error)))?;
            let files = files.into_iter().map(PartitionedFile::new_from_meta).collect();
            let read = Files { store: (STORE, &self.desk.audit_store()), schema: self.schema(), files };
            scan(state, read, projection, limit)
        }
        .boxed()
    }
}
