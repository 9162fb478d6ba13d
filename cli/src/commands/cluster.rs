//! `kayoi cluster`: the two processes of a cluster, in a program that was built with it.

#[cfg(feature = "cluster")]
use std::path::PathBuf;

use kayoi_aggregate::AggregateOptions;
#[cfg(feature = "cluster")]
use kayoi_cluster::{Bench, ExecutorOptions, SchedulerOptions, TlsFiles};
use kayoi_lake::Lake;

use crate::args::ClusterOptions;
#[cfg(feature = "cluster")]
use crate::args::{ClusterCommand, ClusterTlsOptions, ExecutorCommand, SchedulerCommand};
#[cfg(not(feature = "cluster"))]
use crate::coded::refuse;

/// What a program says that was built without it.
#[cfg(not(feature = "cluster"))]
const WITHOUT: &str = "this program was built without the cluster\nhint: `cargo install --path cli --features cluster` builds one with it; `kayoi aggregate --bucket K/N` needs none";

#[cfg(not(feature = "cluster"))]
pub(crate) fn run(_options: &ClusterOptions) -> anyhow::Result<()> {
    refuse!(Cluster, "{WITHOUT}")
}

#[cfg(feature = "cluster")]
pub(crate) fn run(options: &ClusterOptions) -> anyhow::Result<()> {
    match &options.command {
        ClusterCommand::Scheduler(options) => scheduler(options),
        ClusterCommand::Executor(options) => executor(options),
    }
}

#[cfg(feature = "cluster")]
fn scheduler(options: &SchedulerCommand) -> anyhow::Result<()> {
    let scheduler = SchedulerOptions {
        listen: (options.host, options.port).into(),
        called: options.called.clone().unwrap_or_else(|| options.host.to_string()),
        tls: tls(&options.tls),
    };
    let secure = if scheduler.tls.is_some() { "s" } else { "" };
    crate::screen::note(format_args!("scheduler: http{secure}://{}", scheduler.listen));
    until_stopped(kayoi_cluster::schedule(&scheduler))
}

#[cfg(feature = "cluster")]
fn executor(options: &ExecutorCommand) -> anyhow::Result<()> {
    use anyhow::Context;
    use kayoi_geography::{Geography, Offices};

    let lake = super::open(&options.lake.lake)?;
    let geography = Geography::open_or_simplified(options.geography.boundaries.as_deref())?;
    let offices = options.offices.as_deref().map_or_else(|| Ok(Offices::none()), Offices::read)?;
    let work_dir = &options.work_dir;
    std::fs::create_dir_all(work_dir).with_context(|| {
        format!(
            "cannot make `{}`\nhint: name a folder that this user may write with --work-dir",
            work_dir.display()
        )
    })?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let executor = ExecutorOptions {
        scheduler: options.scheduler.clone(),
        host: options.host.to_string(),
        called: options.called.clone(),
        ports: (options.port, options.grpc_port),
        tasks: options.tasks.map_or(cores, usize::from),
        work_dir: work_dir.clone(),
        tls: tls(&options.tls),
    };
    let bench = Bench::new(lake, geography, offices, options.piece_pings);
    crate::screen::note(format_args!("executor: {} buckets at once", executor.tasks));
    until_stopped(kayoi_cluster::execute(bench, &executor))
}

#[cfg(feature = "cluster")]
fn tls(options: &ClusterTlsOptions) -> Option<TlsFiles> {
    files(options.tls_cert.as_ref(), options.tls_key.as_ref(), options.tls_ca.as_ref())
}

/// All three or none: fewer are refused before.
#[cfg(feature = "cluster")]
fn files(
    certificate: Option<&PathBuf>,
    key: Option<&PathBuf>,
    authority: Option<&PathBuf>,
) -> Option<TlsFiles> {
    Some(TlsFiles { certificate: certificate?.clone(), key: key?.clone(), authority: authority?.clone() })
}

/// Has a cluster measure what nobody has measured.
///
/// # Errors
/// When the cluster measures nothing, or the program was built without one.
#[cfg(feature = "cluster")]
pub(crate) fn measure(
    scheduler: &str,
    options: &crate::args::AggregateOptions,
    definition: String,
    lake: &Lake,
    run: &AggregateOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<()> {
    let (certificate, key) = (options.cluster_tls_cert.as_ref(), options.cluster_tls_key.as_ref());
    let driver = kayoi_cluster::Driver {
        scheduler: scheduler.to_owned(),
        tls: files(certificate, key, options.cluster_tls_ca.as_ref()),
        definition,
    };
    Ok(kayoi_cluster::measure_on(&driver, lake, run, progress)?)
}

#[cfg(not(feature = "cluster"))]
pub(crate) fn measure(
    _scheduler: &str,
    _options: &crate::args::AggregateOptions,
    _definition: String,
    _lake: &Lake,
    _run: &AggregateOptions,
    _progress: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<()> {
    refuse!(Cluster, "{WITHOUT}")
}

/// Ballista's processes end by themselves on SIGTERM; what does not is dropped.
#[cfg(feature = "cluster")]
fn until_stopped(work: impl Future<Output = Result<(), kayoi_cluster::ClusterError>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = work => ended.map_err(anyhow::Error::from),
            () = crate::stop::signal() => Ok(()),
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    ended
}
