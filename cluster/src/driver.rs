//! Has a cluster measure what nobody has measured.
//!
//! In: a lake, options, the address of a scheduler. Out: a note for every bucket. What has no note is submitted, again and
//! again, as long as each try measures something; the rows that come back only move the bar. The final stage has one
//! partition: of several, Ballista keeps those of a lost executor beside those of its successor.

use std::sync::Arc;

use ballista_core::config::BallistaConfig;
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::StreamExt;
use kayoi_aggregate::{AggregateOptions, unmeasured};
use kayoi_lake::{Bucket, Lake};
use url::Url;

use crate::codec::Codec;
use crate::error::ClusterError;
use crate::exec::MeasureExec;
use crate::item::source;
use crate::scheduler::LARGEST_MESSAGE_BYTES;
use crate::tls::{Tls, TlsFiles};

/// Tries in a row that measure nothing before the driver gives up.
const BARREN_ROUNDS: u32 = 3;

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

/// Has a cluster measure every bucket of a run. `progress` is told the buckets that are done, and all.
///
/// # Errors
/// [`ClusterError::Stuck`] when the cluster measures nothing any more; the notes of what it has measured stay. Before anything
/// is asked, when address and certificates do not fit, or a certificate cannot be had.
pub fn measure_on(
    driver: &Driver,
    lake: &Lake,
    options: &AggregateOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), ClusterError> {
    let tls = secured(driver)?;
    let mut barren = 0;
    let mut left = unmeasured(lake, options)?;
    while let Some(first) = left.first() {
        let all = first.of().count();
        let done = u64::from(all) - left.len() as u64;
        let tell = &mut |more: u64| progress(done + more, u64::from(all));
        let said = lake.block_on(round(driver, tls.as_ref(), &left, tell));
        let before = left.len();
        left = unmeasured(lake, options)?;
        barren = if left.len() < before { 0 } else { barren + 1 };
        if let Err(error) = &said {
            tracing::warn!(error = %error, left = left.len(), "the cluster did not end its job");
        }
        if barren == BARREN_ROUNDS {
            let nothing = || DataFusionError::Execution("it said nothing".to_owned());
            let source = Box::new(said.err().unwrap_or_else(nothing));
            return Err(ClusterError::Stuck { left: left.len(), of: all, rounds: barren, source });
        }
    }
    Ok(())
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

/// Submits buckets and waits for their rows.
async fn round(
    driver: &Driver,
    tls: Option<&Tls>,
    buckets: &[Bucket],
    progress: &mut dyn FnMut(u64),
) -> Result<(), DataFusionError> {
    let mut rows = submitted(driver, tls, buckets).await?;
    let mut done = 0;
    progress(done);
    while let Some(batch) = rows.next().await {
        done += batch?.num_rows() as u64;
        progress(done);
    }
    Ok(())
}

async fn submitted(
    driver: &Driver,
    tls: Option<&Tls>,
    buckets: &[Bucket],
) -> Result<SendableRecordBatchStream, DataFusionError> {
    let measure = MeasureExec::new(source(buckets, &driver.definition)?, None);
    let plan = Arc::new(CoalescePartitionsExec::new(Arc::new(measure)));
    let mut session = SessionConfig::new_with_ballista().with_target_partitions(buckets.len().max(1));
    let largest = LARGEST_MESSAGE_BYTES.to_string();
    let message = ("ballista.client.grpc_max_message_size", largest.as_str());
    for (key, value) in SETTINGS.into_iter().chain([message]) {
        session.options_mut().set(key, value)?;
    }
    if let Some(tls) = tls {
        session = tls.session(session);
    }
    let config: BallistaConfig = session.ballista_config();
    let id = format!("kayoi-{}", std::process::id());
    execute_physical_plan::<PhysicalPlanNode>(
        driver.scheduler.clone(),
        &config,
        plan,
        &Codec::default(),
        id,
        session,
    )
    .await
}
