//! Release tables for DataFusion: plain Parquet scans of the newest release.
//!
//! In: the lake's key to its releases, and a release table. Out: a `TableProvider`. Each question resolves the
//! newest release first, so a server shows a new one without a restart, and one question sees one release, whatever
//! tables it names. The key opens no internal table, so that a mistake here could not read one.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
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
use kayoi_lake::{Manifest, ReleaseReader};
use kayoi_schemas::tables::ReleaseTable;

use crate::comparison::with_forms;

/// The name under which DataFusion finds the store of the releases. An engine serves one lake, so that one
/// name does.
const STORE: &str = "kayoi://release";

/// A release table as DataFusion sees it.
#[derive(Debug)]
pub(crate) struct ReleaseProvider {
    releases: Releases,
    table: ReleaseTable,
}

/// When a question began, and the release that it reads.
type Read = (DateTime<Utc>, Option<Arc<Manifest>>);

/// The releases of a lake, for all tables alike: what one question reads is of one release.
#[derive(Debug, Clone)]
pub(crate) struct Releases {
    reader: ReleaseReader,
    /// The release that the last question read, and when that question began.
    last: Arc<Mutex<Option<Read>>>,
}

impl Releases {
    pub(crate) fn new(reader: &ReleaseReader) -> Self {
        Self { reader: reader.clone(), last: Arc::default() }
    }

    /// The release that a question reads: the newest when it asks for its first table, the same after that.
    async fn of_question(&self, began: Option<DateTime<Utc>>) -> Result<Option<Arc<Manifest>>> {
        let known = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(began), Some((of, manifest))) = (began, known)
            && began == of
        {
            return Ok(manifest);
        }
        let newest =
            self.reader.newest().await.map_err(|error| DataFusionError::External(Box::new(error)))?;
        let newest = newest.map(Arc::new);
        if let Some(began) = began {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((began, newest.clone()));
        }
        Ok(newest)
    }
}

impl ReleaseProvider {
    pub(crate) fn new(releases: &Releases, table: ReleaseTable) -> Self {
        Self { releases: releases.clone(), table }
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
        let began = state.execution_props().query_execution_start_time;
        let release = self.releases.of_question(began).await?;
        let files = release.map(|release| self.releases.reader.files(&release, self.table));
        let files = files.transpose().map_err(|error| DataFusionError::External(Box::new(error)))?;
        let files = files.unwrap_or_default();
        if files.is_empty() {
            let schema = match projection {
                Some(columns) => Arc::new(self.schema().project(columns)?),
                None => self.schema(),
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let url = ObjectStoreUrl::parse(STORE)?;
        // A map entry, the same each time: cheaper than to ask whether it is there.
        state.runtime_env().register_object_store(url.as_ref(), Arc::clone(self.releases.reader.store()));
        let source = Arc::new(ParquetSource::new(self.schema()));
        // One group: files are read one after the other, and rows come in the table's order.
        let group = FileGroup::new(files.into_iter().map(PartitionedFile::new_from_meta).collect());
        let config = FileScanConfigBuilder::new(url, source).with_file_group(group);
        let config = config.with_projection_indices(projection.cloned())?.with_limit(limit).build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
