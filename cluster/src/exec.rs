//! The operator that measures: a row in, a bucket measured, a row out.
//!
//! In: work items. Out: for each the name of its bucket, and who measured it; no number of what was measured. Each row stands
//! for itself, so that any partitioning is right, and says which bucket it is: partitions are numbered anew in every task. Only
//! an executor has a bench; a plan that is run elsewhere fails.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PhysicalExpr, PlanProperties,
    SendableRecordBatchStream,
};
use futures::StreamExt;

use crate::bench::{Bench, Fault};
use crate::item::{Item, items};

/// Measures the buckets that its input names.
pub(crate) struct MeasureExec {
    input: Arc<dyn ExecutionPlan>,
    bench: Option<Arc<Bench>>,
    properties: Arc<PlanProperties>,
}

/// What an executor says when a bucket is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// As `17/128`.
    pub(crate) bucket: String,
    /// Who measured it, or found its note.
    pub(crate) executor: String,
}

fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    Arc::new(Schema::new(vec![text("bucket"), text("executor")]))
}

/// The answers of some rows.
pub(crate) fn answers(batch: &RecordBatch) -> Result<Vec<Answer>> {
    let column = |name: &str| {
        let column = batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        column.ok_or_else(|| DataFusionError::Plan(format!("an answer without `{name}`")))
    };
    let (buckets, executors) = (column("bucket")?, column("executor")?);
    let answer =
        |row| Answer { bucket: buckets.value(row).to_owned(), executor: executors.value(row).to_owned() };
    Ok((0..buckets.len()).map(answer).collect())
}

impl MeasureExec {
    pub(crate) fn new(input: Arc<dyn ExecutionPlan>, bench: Option<Arc<Bench>>) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema()),
            input.output_partitioning().clone(),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { input, bench, properties: Arc::new(properties) }
    }
}

impl fmt::Debug for MeasureExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasureExec").field("input", &self.input).finish_non_exhaustive()
    }
}

impl DisplayAs for MeasureExec {
    fn fmt_as(&self, _form: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MeasureExec")
    }
}

impl ExecutionPlan for MeasureExec {
    fn name(&self) -> &str {
        "MeasureExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        // A row is a whole bucket: nothing is gained by moving it.
        vec![false]
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let one = children.pop().filter(|_| children.is_empty());
        let input = one.ok_or_else(|| DataFusionError::Plan("MeasureExec has one input".to_owned()))?;
        Ok(Arc::new(Self::new(input, self.bench.clone())))
    }

    fn apply_expressions(
        &self,
        _visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let bench = self.bench.clone().ok_or_else(|| {
            DataFusionError::Plan("buckets are measured by `kayoi cluster executor` alone".to_owned())
        })?;
        let mut input = self.input.execute(partition, context)?;
        let mut builder = RecordBatchReceiverStream::builder(schema(), 1);
        let (sender, runtime) = (builder.tx(), tokio::runtime::Handle::current());
        // Measuring reads, computes and writes for minutes: it must not keep a thread that answers others.
        builder.spawn_blocking(move || {
            while let Some(batch) = runtime.block_on(input.next()) {
                for item in items(&batch?)? {
                    let row = measured(&bench, &item)?;
                    if sender.blocking_send(Ok(row)).is_err() {
                        // Nobody waits for it any more: the job was cancelled.
                        return Ok(());
                    }
                }
            }
            Ok(())
        });
        Ok(builder.build())
    }
}

fn measured(bench: &Bench, item: &Item) -> Result<RecordBatch> {
    bench.measure(item).map_err(|fault| match fault {
        // Of all errors the engine tries again after these alone.
        Fault::Store { .. } => DataFusionError::IoError(std::io::Error::other(fault)),
        Fault::Other { .. } => DataFusionError::Execution(fault.to_string()),
    })?;
    let texts = [item.bucket.as_str(), bench.executor()];
    let columns = texts.map(|text| Arc::new(StringArray::from(vec![text])) as ArrayRef);
    Ok(RecordBatch::try_new(schema(), columns.to_vec())?)
}

/// The operator in a plan, if it is one.
pub(crate) fn is_measure(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let any: &dyn Any = plan.as_ref();
    any.is::<MeasureExec>()
}
