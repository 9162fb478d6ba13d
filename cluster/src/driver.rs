//! Has a cluster measure what nobody has measured.
//!
//! In: a lake, options, the address of a scheduler. Out: a note for every bucket. Buckets are handed out as single rows, since
//! an engine cuts files anew and shares them out among its tasks. The final stage has one partition: of several, Ballista keeps
//! those of a lost executor beside those of its successor. That stage answers when all is measured; how far a job is while it
//! runs, the notes in the lake say, and when all are there nobody waits for the job any more.

use std::pin::pin;
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
use futures::{Stream, StreamExt, stream};
use kayoi_aggregate::{AggregateOptions, SharedRun};
use kayoi_lake::{Bucket, Lake, RunId};
use tokio::time::error::Elapsed;
use tokio::time::{MissedTickBehavior, interval, timeout};
use url::Url;

use crate::codec::Codec;
use crate::error::ClusterError;
use crate::exec::{MeasureExec, answers};
use crate::handout::{Field, Heard, Progress, until_noted};
use crate::item::source;
use crate::scheduler::{EXECUTOR_TIMEOUT_SECONDS, HEARTBEAT_SECONDS, LARGEST_MESSAGE_BYTES};
use crate::tls::{Tls, TlsFiles};

/// After a try that measured nothing: a scheduler that was started again knows its executors by then.
const PAUSE: Duration = Duration::from_secs(HEARTBEAT_SECONDS);

/// How often the lake is asked which buckets have a note while a job runs: one request each time.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How long rows may take that lie ready, and a job of which all is noted: as long as an executor may say nothing.
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
/// [`ClusterError::Stuck`] when the cluster measures nothing any more; the notes of what it has measured stay.
/// [`ClusterError::Aggregate`] when somebody else has ended the run meanwhile. Before anything is asked, when address and
/// certificates do not fit, or a certificate cannot be had.
pub fn measure_on(
    driver: &Driver,
    lake: &Lake,
    options: &AggregateOptions,
    progress: &mut dyn FnMut(&Progress),
) -> Result<(), ClusterError> {
    let tls = secured(driver)?;
    let run = SharedRun::open(lake, options)?;
    let buckets = run.buckets();
    until_noted(&mut Shared { driver, tls, lake, run }, buckets, progress)
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
struct Shared<'a> {
    driver: &'a Driver,
    tls: Option<Tls>,
    lake: &'a Lake,
    run: SharedRun<'a>,
}

impl Field for Shared<'_> {
    fn unmeasured(&mut self) -> Result<Vec<Bucket>, ClusterError> {
        Ok(self.run.unmeasured()?)
    }

    fn submit(&mut self, buckets: &[Bucket], told: &mut dyn FnMut(Heard)) -> Result<(), DataFusionError> {
        self.lake.block_on(self.answered(buckets, told))
    }

    fn pause(&mut self) {
        std::thread::sleep(PAUSE);
    }
}

impl Shared<'_> {
    /// Submits buckets and waits for the end of the job, then for its rows.
    async fn answered(&self, buckets: &[Bucket], told: &mut dyn FnMut(Heard)) -> Result<(), DataFusionError> {
        let mut rows = watched(self.submitted(buckets), self.looks(), (buckets, ROWS_WITHIN), told).await?;
        // Whoever has them may stand still or be cut off by now, and Ballista would wait for ever.
        while let Some(batch) = timeout(ROWS_WITHIN, rows.next()).await.map_err(silent)? {
            for answer in answers(&batch?)? {
                told(Heard::Answer(answer));
            }
        }
        Ok(())
    }

    async fn submitted(&self, buckets: &[Bucket]) -> Result<SendableRecordBatchStream, DataFusionError> {
        let mut session = session(buckets.len())?;
        if let Some(tls) = &self.tls {
            session = tls.session(session);
        }
        let config: BallistaConfig = session.ballista_config();
        // No number of a process: in containers each driver is the first one.
        let id = format!("kayoi-{}", RunId::new());
        execute_physical_plan::<PhysicalPlanNode>(
            self.driver.scheduler.clone(),
            &config,
            plan(buckets, self.run.name(), &self.driver.definition)?,
            &Codec::default(),
            id,
            session,
        )
        .await
    }

    /// What has a note, every few seconds. A store that does not answer just then is asked the next time.
    fn looks(&self) -> impl Stream<Item = Vec<Bucket>> {
        let (run, mut every) = (&self.run, interval(LOOK_AGAIN));
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        stream::unfold(every, move |mut every| async move {
            every.tick().await;
            let noted = run.noted().await.unwrap_or_else(|error| {
                tracing::debug!(%error, "the lake does not say how far the run is");
                Vec::new()
            });
            Some((noted, every))
        })
    }
}

/// Waits for a job, and tells meanwhile which of its buckets have a note. When all have one, it may take `within` until it
/// ends: a scheduler may be cut off, and a task that nobody needs any more may stand still for hours.
async fn watched<T>(
    job: impl Future<Output = Result<T, DataFusionError>>,
    looks: impl Stream<Item = Vec<Bucket>>,
    (buckets, within): (&[Bucket], Duration),
    told: &mut dyn FnMut(Heard),
) -> Result<T, DataFusionError> {
    let mut job = pin!(job);
    let mut looks = pin!(looks);
    loop {
        let noted = tokio::select! {
            biased;
            ended = &mut job => return ended,
            Some(noted) = looks.next() => noted,
        };
        let is_all = buckets.iter().all(|bucket| noted.contains(bucket));
        told(Heard::Notes(noted));
        if is_all {
            return timeout(within, job).await.map_err(endless)?;
        }
    }
}

/// The error of a job of which all is noted.
fn endless(_late: Elapsed) -> DataFusionError {
    DataFusionError::Execution("every bucket has its note, and the job did not end".to_owned())
}

/// The error of rows that do not come.
fn silent(_late: Elapsed) -> DataFusionError {
    DataFusionError::Execution(format!("no row came within {} s of the job's end", ROWS_WITHIN.as_secs()))
}

/// What is submitted: each row of its source is a bucket, and all that comes back goes through one partition.
fn plan(buckets: &[Bucket], run: RunId, definition: &str) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
    let measure = MeasureExec::new(source(buckets, run, definition)?, None);
    Ok(Arc::new(CoalescePartitionsExec::new(Arc::new(measure))))
}

/// The settings of a job that has so many buckets.
fn session(buckets: usize) -> Result<SessionConfig, DataFusionError> {
    let mut session = SessionConfig::new_with_ballista().with_target_partitions(buckets.max(1));
    let (largest, alive) = (LARGEST_MESSAGE_BYTES.to_string(), EXECUTOR_TIMEOUT_SECONDS.to_string());
    let of_calls = [
        ("ballista.client.grpc_max_message_size", largest.as_str()),
        // A scheduler that stands still is found out as an executor is.
        ("ballista.client.grpc_http2_keepalive_interval_seconds", alive.as_str()),
    ];
    for (key, value) in SETTINGS.into_iter().chain(of_calls) {
        session.options_mut().set(key, value)?;
    }
    Ok(session)
}

#[cfg(test)]
#[path = "driver_tests.rs"]
mod tests;
