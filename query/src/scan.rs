//! A scan of Parquet files in a store of the lake.
//!
//! In: files, in the order of their rows. Out: a plan that reads them one after the other, or nothing where there are
//! none. What stands at the end of a file is read once per process, and not for each question.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::Statistics;
use datafusion::common::stats::Precision;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use object_store::ObjectStore;

use crate::remembered::Remembered;

/// What is read: columns of files in a store, under the name by which DataFusion finds it.
pub(crate) struct Files<'a> {
    pub(crate) store: (&'static str, &'a Arc<dyn ObjectStore>),
    pub(crate) schema: SchemaRef,
    pub(crate) files: Vec<PartitionedFile>,
}

/// How many times as large rows are in memory as in a file: `connected_monthly` of a nation has 5 bytes a row there, and some 200 here.
const PACKED: usize = 40;

/// The plan that reads files.
pub(crate) fn scan(
    state: &dyn Session,
    read: Files<'_>,
    projection: Option<&Vec<usize>>,
    limit: Option<usize>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let Files { store: (name, store), schema, files } = read;
    if files.is_empty() {
        let schema = match projection {
            Some(columns) => Arc::new(schema.project(columns)?),
            None => schema,
        };
        return Ok(Arc::new(EmptyExec::new(schema)));
    }
    let url = ObjectStoreUrl::parse(name)?;
    // A map entry, the same each time: cheaper than to ask whether it is there.
    state.runtime_env().register_object_store(url.as_ref(), Arc::clone(store));
    let cache = state.runtime_env().cache_manager.get_file_metadata_cache();
    let readers = Remembered::new(store, cache);
    let source =
        Arc::new(ParquetSource::new(Arc::clone(&schema)).with_parquet_file_reader_factory(Arc::new(readers)));
    // The planner holds the smaller side of a join in memory: that it can tell, it is told how large this one is. Packed bytes
    // are a fraction of what they are in memory, and so are those of every table.
    let mut size = Statistics::new_unknown(&schema);
    let packed: u64 = files.iter().map(|file| file.object_meta.size).sum();
    size.total_byte_size =
        Precision::Inexact(usize::try_from(packed).unwrap_or(usize::MAX).saturating_mul(PACKED));
    // One group: files are read one after the other, and rows come in their order.
    let group = FileGroup::new(files);
    let config = FileScanConfigBuilder::new(url, source).with_file_group(group).with_statistics(size);
    let config = config.with_projection_indices(projection.cloned())?.with_limit(limit).build();
    Ok(DataSourceExec::from_data_source(config))
}
