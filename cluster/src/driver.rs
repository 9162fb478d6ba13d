//! Has a cluster measure what nobody has measured.
//!
//! In: a lake, options, the address of a scheduler. Out: a note for every bucket. Buckets are handed out as single rows, since
//! an engine cuts files anew and shares them out among its tasks. The final stage has one partition: of several, Ballista keeps
//! those of a lost executor beside those of its successor.

use std::sync::Arc;
use std::time::Duration;

use ballista_core::config::BallistaConfig;
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::StreamExt;
use kayoi_aggregate::{AggregateError, AggregateOptions, unmeasured};
use kayoi_lake::{Bucket, Lake};
use tokio::time::error::Elapsed;
use url::Url;

use crate::codec::Codec;
use crate::error::ClusterError;
use crate::exec::{Answer, MeasureExec, answers};
use crate::handout::{Field, Progress, until_noted};
use crate::item::source;
use crate::scheduler::{EXECUTOR_TIMEOUT_SECONDS, HEARTBEAT_SECONDS, LARGEST_MESSAGE_BYTES};
use crate::tls::{Tls, TlsFiles};

/// After a try that measured nothing: a scheduler that was started again knows its executors by then.
const PAUSE: Duration = Duration::from_secs(HEARTBEAT_SECONDS);

/// How long rows may take that lie ready: as long as an executor may say nothing.
const ROWS_WITHIN: Duration = Duration::from_secs(EXECUTOR_TIMEOUT_SECONDS);

/// Settings of a job. They travel with it.
const SETTINGS: [(&str, &str); 3] = [
    // One bucket a task: one that fails repeats no other.
    ("ballista.scheduler.max_partitions_per_task", "1"),
    // Neither may an engine cut or share out anything by itself.
    ("datafusion.optimizer.repartition_file_scans", "false"),
    ("datafusion.execution.enable_file_stream_work_stealing", "false"),
];

/// Where the cluster is, and what it measures by.
#[derive(Debug, Clone)]
pub struct Driver {
    /// The scheduler, as `http://HOST:50050`, or `https://HOST:50050` with TLS.
    pub scheduler: String,
    /// What it shows to the others, and whom it believes; in clear without.
    pub tls: Option<TlsFiles>,
    /// The definition, as TOML.
    pub definition: String,
}

/// Has a cluster measure every bucket of a run. `progress` is told how far it is.
///
/// # Errors
/// [`ClusterError::Stuck`] when the cluster measures nothing any more; the notes of what it has measured stay. Before anything
/// is asked, when address and certificates do not fit, or a certificate cannot be had.
pub fn measure_on(
    driver: &Driver,
    lake: &Lake,
    options: &AggregateOptions,
    progress: &mut dyn FnMut(&Progress),
) -> Result<(), ClusterError> {
    let tls = secured(driver)?;
    let buckets = lake.buckets().map_err(AggregateError::from)?;
    until_noted(&mut Run { driver, tls, lake, options }, buckets, progress)
}

/// What the scheduler is called with: TLS where its address says so, and nothing else there.
fn secured(driver: &Driver) -> Result<Option<Tls>, ClusterError> {
    let url = Url::parse(&driver.scheduler).ok().filter(|url| url.host().is_some());
    match (url.as_ref().map(Url::scheme), &driver.tls) {
        (Some("http"), None) => Ok(None),
        (Some("https"), Some(files)) => Ok(Tls::load(Some(files))?),
        (Some("http"), Some(_)) => Err(ClusterError::Clear(driver.scheduler.clone())),
        (Some("https"), None) => Err(ClusterError::Bare(driver.scheduler.clone())),
        _ => Err(ClusterError::Address(driver.scheduler.clone())),
    }
}

/// A run of a lake, and the cluster that measures it.
struct Run<'a> {
    driver: &'a Driver,
    tls: Option<Tls>,
    lake: &'a Lake,
    options: &'a AggregateOptions,
}

impl Field for Run<'_> {
    fn unmeasured(&mut self) -> Result<Vec<Bucket>, ClusterError> {
        Ok(unmeasured(self.lake, self.options)?)
    }

    fn submit(&mut self, buckets: &[Bucket], told: &mut dyn FnMut(Answer)) -> Result<(), DataFusionError> {
        self.lake.block_on(answered(self.driver, self.tls.as_ref(), buckets, told))
    }

    fn pause(&mut self) {
        std::thread::sleep(PAUSE);
    }
}

/// Submits buckets and waits for the end of the job, then for its rows.
async fn answered(
    driver: &Driver,
    tls: Option<&Tls>,
    buckets: &[Bucket],
    told: &mut dyn FnMut(Answer),
) -> Result<(), DataFusionError> {
    let mut rows = submitted(driver, tls, buckets).await?;
    // Whoever has them may stand still or be cut off by now, and Ballista would wait for ever.
    while let Some(batch) = tokio::time::timeout(ROWS_WITHIN, rows.next()).await.map_err(silent)? {
        for answer in answers(&batch?)? {
            told(answer);
        }
    }
    Ok(())
}

/// The error of rows that do not come.
fn silent(_late: Elapsed) -> DataFusionError {
    DataFusionError::Execution(format!("no row came within {} s of the job's end", ROWS_WITHIN.as_secs()))
}

/// What is submitted: each row of its source is a bucket, and all that comes back goes through one partition.
fn plan(buckets: &[Bucket], definition: &str) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
    let measure = MeasureExec::new(source(buckets, definition)?, None);
    Ok(Arc::new(CoalescePartitionsExec::new(Arc::new(measure))))
}

/// The settings of a job that has so many buckets.
fn session(buckets: usize) -> Result<SessionConfig, DataFusionError> {
    let mut session = SessionConfig::new_with_ballista().with_target_partitions(buckets.max(1));
    let largest = LARGEST_MESSAGE_BYTES.to_string();
    let message = ("ballista.client.grpc_max_message_size", largest.as_str());
    for (key, value) in SETTINGS.into_iter().chain([message]) {
        session.options_mut().set(key, value)?;
    }
    Ok(session)
}

async fn submitted(
    driver: &Driver,
    tls: Option<&Tls>,
    buckets: &[Bucket],
) -> Result<SendableRecordBatchStream, DataFusionError> {
    let mut session = session(buckets.len())?;
    if let Some(tls) = tls {
        session = tls.session(session);
    }
    let config: BallistaConfig = session.ballista_config();
    let id = format!("kayoi-{}", std::process::id());
    execute_physical_plan::<PhysicalPlanNode>(
        driver.scheduler.clone(),
        &config,
        plan(buckets, &driver.definition)?,
        &Codec::default(),
        id,
        session,
    )
    .await
}

#[cfg(test)]
#[path = "driver_tests.rs"]
mod tests;
