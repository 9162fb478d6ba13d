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
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use kayoi_lake::Desk;

use crate::desk::audit_schema;

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
        if files.is_empty() {
            let schema = match projection {
                Some(columns) => Arc::new(self.schema().project(columns)?),
                None => self.schema(),
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let url = ObjectStoreUrl::parse(STORE)?;
        state.runtime_env().register_object_store(url.as_ref(), self.desk.audit_store());
        let source = Arc::new(ParquetSource::new(self.schema()));
        let group = FileGroup::new(files.into_iter().map(PartitionedFile::new_from_meta).collect());
        let config = FileScanConfigBuilder::new(url, source).with_file_group(group);
        let config = config.with_projection_indices(projection.cloned())?.with_limit(limit).build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
