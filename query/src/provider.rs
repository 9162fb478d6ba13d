//! Release tables for DataFusion: plain Parquet scans of the newest version.
//!
//! In: the lake's key to its releases, and a release table. Out: a `TableProvider`. Each scan resolves the
//! newest version first, so a server shows a new release without a restart, and one query sees one version of
//! a table. The key opens no internal table, so that a mistake here could not read one.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use kayoi_lake::ReleaseReader;
use kayoi_schemas::tables::ReleaseTable;

use crate::comparison::with_forms;

/// The name under which DataFusion finds the store of the releases. An engine serves one lake, so that one
/// name does.
const STORE: &str = "kayoi://release";

/// A release table as DataFusion sees it.
#[derive(Debug)]
pub(crate) struct ReleaseProvider {
    reader: ReleaseReader,
    table: ReleaseTable,
}

impl ReleaseProvider {
    pub(crate) fn new(reader: &ReleaseReader, table: ReleaseTable) -> Self {
        Self { reader: reader.clone(), table }
    }
}

#[async_trait]
impl TableProvider for ReleaseProvider {
    fn schema(&self) -> SchemaRef {
        with_forms(&self.table.table().arrow_schema())
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
        let files = self.reader.files(self.table).await;
        let files = files.map_err(|error| DataFusionError::External(Box::new(error)))?;
        if files.is_empty() {
            let schema = match projection {
                Some(columns) => Arc::new(self.schema().project(columns)?),
                None => self.schema(),
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let url = ObjectStoreUrl::parse(STORE)?;
        // A map entry, the same each time: cheaper than to ask whether it is there.
        state.runtime_env().register_object_store(url.as_ref(), Arc::clone(self.reader.store()));
        let source = Arc::new(ParquetSource::new(self.schema()));
        let mut config = FileScanConfigBuilder::new(url, source);
        for file in files {
            config = config.with_file(PartitionedFile::new_from_meta(file));
        }
        let config = config.with_projection_indices(projection.cloned())?.with_limit(limit).build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
