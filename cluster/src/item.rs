//! What is handed out: names of buckets, one a partition.
//!
//! In: buckets, the name of their run, and the text of a definition. Out: a source of one row a partition. Single rows, and not files, because an
//! engine may cut files anew or hand a part of one to another machine, and then count a device twice without an error.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::{DataFusionError, Result};
use datafusion::physical_plan::ExecutionPlan;
use kayoi_lake::{Bucket, RunId};

/// A bucket to measure, for which run, and by which definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// As `17/128`.
    pub(crate) bucket: String,
    /// The name of its run.
    pub(crate) run: String,
    /// The definition, as TOML.
    pub(crate) definition: String,
}

fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    Arc::new(Schema::new(vec![text("bucket"), text("run"), text("definition")]))
}

/// A partition of one row for each bucket.
pub(crate) fn source(buckets: &[Bucket], run: RunId, definition: &str) -> Result<Arc<dyn ExecutionPlan>> {
    let row = |bucket: &Bucket| {
        let texts = [bucket.to_string(), run.to_string(), definition.to_owned()];
        let columns = texts.map(|text| Arc::new(StringArray::from(vec![text])) as ArrayRef);
        Ok(vec![RecordBatch::try_new(schema(), columns.to_vec())?])
    };
    let partitions: Vec<Vec<RecordBatch>> = buckets.iter().map(row).collect::<Result<_>>()?;
    Ok(MemorySourceConfig::try_new_exec(&partitions, schema(), None)?)
}

/// The items of some rows.
pub(crate) fn items(batch: &RecordBatch) -> Result<Vec<Item>> {
    let column = |name: &str| {
        let column = batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        column.ok_or_else(|| DataFusionError::Plan(format!("a work item without `{name}`")))
    };
    let (buckets, runs, definitions) = (column("bucket")?, column("run")?, column("definition")?);
    let item = |row| Item {
        bucket: buckets.value(row).to_owned(),
        run: runs.value(row).to_owned(),
        definition: definitions.value(row).to_owned(),
    };
    Ok((0..buckets.len()).map(item).collect())
}
