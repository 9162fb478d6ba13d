//! A step of a plan through which rows come and nothing goes back.
//!
//! In: a plan whose rows may all be seen. Out: the same rows, of which the optimizer knows nothing else: it hands no condition,
//! limit or projection of a question down to what lies behind, where other rows still are, and learns no count from there.

use std::fmt;
use std::sync::Arc;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};

#[derive(Debug)]
pub(crate) struct Wall {
    behind: Arc<dyn ExecutionPlan>,
}

impl Wall {
    /// A wall in front of a plan.
    pub(crate) fn before(behind: Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
        Arc::new(Self { behind })
    }
}

impl DisplayAs for Wall {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wall")
    }
}

impl ExecutionPlan for Wall {
    fn name(&self) -> &str {
        "Wall"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.behind.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.behind]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let one = children.pop().filter(|_| children.is_empty());
        Ok(Self::before(
            one.ok_or_else(|| DataFusionError::Plan("a wall stands before one plan".to_owned()))?,
        ))
    }

    fn apply_expressions(
        &self,
        _visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        self.behind.execute(partition, context)
    }
}
