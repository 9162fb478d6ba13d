//! Release tables for DataFusion: plain Parquet scans of the newest version.
//!
//! In: a release table of the lake. Out: a `TableProvider`. Each scan resolves the newest version first, so a
//! server shows a new release without a restart, and one query sees one version. Internal tables cannot be
//! asked for: the constructor takes a [`ReleaseTable`].

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use chrono::DateTime;
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
use kayoi_schemas::tables::ReleaseTable;
use object_store::ObjectMeta;

use crate::location::Location;
use crate::table::DeltaTable;

/// A release table as DataFusion sees it.
#[derive(Debug)]
pub(crate) struct ReleaseProvider {
    pub(crate) location: Location,
    pub(crate) table: ReleaseTable,
}

#[async_trait::async_trait]
impl TableProvider for ReleaseProvider {
    fn schema(&self) -> SchemaRef {
        self.table.table().arrow_schema()
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
        let external = |error| DataFusionError::External(Box::new(error));
        let table = DeltaTable::open(self.table.table(), &self.location).await.map_err(external)?;
        let files = match table {
            Some(table) => table.files().await.map_err(external)?,
            None => Vec::new(),
        };
        if files.is_empty() {
            let schema = self.schema();
            let schema = match projection {
                Some(columns) => Arc::new(schema.project(columns)?),
                None => schema,
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let source = Arc::new(ParquetSource::new(self.schema()));
        let url = ObjectStoreUrl::parse(self.location.store_url())?;
        // A map entry, the same each time: cheaper than to ask whether it is there.
        state.runtime_env().register_object_store(url.as_ref(), Arc::clone(self.location.store()));
        let mut config = FileScanConfigBuilder::new(url, source);
        for file in files {
            config = config.with_file(PartitionedFile::new_from_meta(ObjectMeta {
                location: self.location.key(&file.path),
                last_modified: DateTime::UNIX_EPOCH,
                size: file.size_bytes,
                e_tag: None,
                version: None,
            }));
        }
        let config = config.with_projection_indices(projection.cloned())?.with_limit(limit).build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
