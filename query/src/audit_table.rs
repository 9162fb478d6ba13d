//! Who asked what, as a table.
//!
//! In: the batches of audit lines in the lake. Out: the table `audit`, for who may read it and in nobody else's
//! catalog.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use kayoi_lake::Desk;

use crate::desk::audit_schema;
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

#[async_trait]
impl TableProvider for AuditTable {
    fn schema(&self) -> SchemaRef {
        audit_schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let files = self.desk.audit_files().await;
        let files = files.map_err(|error| DataFusionError::External(Box::new(error)))?;
        let files = files.into_iter().map(PartitionedFile::new_from_meta).collect();
        let read = Files { store: (STORE, &self.desk.audit_store()), schema: self.schema(), files };
        scan(state, read, projection, limit)
    }
}
