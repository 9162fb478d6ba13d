//! `kayoi cluster`: the two processes of a cluster, in a program that was built with it.

#[cfg(feature = "cluster")]
use std::path::PathBuf;
#[cfg(feature = "cluster")]
use std::sync::Arc;

use kayoi_aggregate::AggregateOptions;
#[cfg(feature = "cluster")]
use kayoi_cluster::{Bench, ExecutorOptions, SchedulerOptions, TlsFiles};
use kayoi_lake::Lake;

use crate::args::ClusterOptions;
#[cfg(feature = "cluster")]
use crate::args::{ClusterCommand, ClusterTlsOptions, ExecutorCommand, SchedulerCommand};
#[cfg(not(feature = "cluster"))]
use crate::coded::refuse;
use crate::run_record::Figures;

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
    // Dropped here, and not in the runtime that it is lent to: a lake has one of its own.
    let bench = Arc::new(Bench::new(lake, geography, offices, options.piece_pings));
    crate::screen::note(format_args!("executor: {} buckets at once", executor.tasks));
    until_stopped(kayoi_cluster::execute(&bench, &executor))
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

/// Has the cluster of a scheduler measure, with the certificates of a command and by the text of a definition, what nobody has
/// measured. `bar` is told the buckets that are done, and all. Returns how many had been measured before; the figures are noted
/// also when it fails.
///
/// # Errors
/// When the cluster measures nothing, or the program was built without one.
#[cfg(feature = "cluster")]
pub(crate) fn measure(
    (scheduler, options, definition): (&str, &crate::args::AggregateOptions, String),
    lake: &Lake,
    run: &AggregateOptions,
    figures: &mut Figures,
    bar: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<u64> {
    let (certificate, key) = (options.cluster_tls_cert.as_ref(), options.cluster_tls_key.as_ref());
    let driver = kayoi_cluster::Driver {
        scheduler: scheduler.to_owned(),
        tls: files(certificate, key, options.cluster_tls_ca.as_ref()),
        definition,
    };
    let mut taken_over = 0;
    kayoi_cluster::measure_on(&driver, lake, run, &mut |seen: &kayoi_cluster::Progress| {
        taken_over = seen.taken_over;
        figures.insert("buckets_measured", seen.done.saturating_sub(seen.taken_over) as f64);
        figures.insert("buckets_taken_over", seen.taken_over as f64);
        figures.insert("buckets_failed", seen.all.saturating_sub(seen.done) as f64);
        figures.insert("buckets_submitted_again", seen.submitted_again as f64);
        figures.insert("executors", seen.executors.len() as f64);
        bar(seen.done, seen.all);
    })?;
    Ok(taken_over)
}

#[cfg(not(feature = "cluster"))]
pub(crate) fn measure(
    (_scheduler, _options, _definition): (&str, &crate::args::AggregateOptions, String),
    _lake: &Lake,
    _run: &AggregateOptions,
    _figures: &mut Figures,
    _bar: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<u64> {
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
