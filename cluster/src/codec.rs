//! Our operator on the wire.
//!
//! In: plans. Out: bytes, and back. Ours is one word; everything else is Ballista's. An executor's codec has a bench,
//! those of driver and scheduler have none: they only pass the plan on.

use std::fmt;
use std::sync::Arc;

use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};

use crate::bench::Bench;
use crate::exec::{MeasureExec, is_measure};

/// What stands for our operator.
const WORD: &[u8] = b"kayoi.measure/3";

/// Writes and reads plans with our operator.
#[derive(Default)]
pub(crate) struct Codec {
    bench: Option<Arc<Bench>>,
    others: BallistaPhysicalExtensionCodec,
}

impl Codec {
    /// A codec whose plans can be run.
    pub(crate) fn of(bench: Arc<Bench>) -> Self {
        Self { bench: Some(bench), ..Self::default() }
    }
}

impl fmt::Debug for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codec").field("measures", &self.bench.is_some()).finish()
    }
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if bytes != WORD {
            return self.others.try_decode(bytes, inputs, context, converter);
        }
        match inputs {
            [input] => Ok(Arc::new(MeasureExec::new(Arc::clone(input), self.bench.clone()))),
            _ => Err(DataFusionError::Plan("MeasureExec has one input".to_owned())),
        }
    }

    fn try_encode(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        if is_measure(&plan) {
            bytes.extend(WORD);
            return Ok(());
        }
        self.others.try_encode(plan, bytes, converter)
    }
}
