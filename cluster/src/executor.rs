//! The process that measures.
//!
//! In: a bench, and where the scheduler is. Out: nothing; it measures what it is handed until it is stopped. SIGTERM lets it
//! leave: what it has begun is handed to another.

use std::path::PathBuf;
use std::sync::Arc;

use ballista_core::error::BallistaError;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;

use crate::bench::Bench;
use crate::codec::Codec;
use crate::error::ClusterError;
use crate::scheduler::{HEARTBEAT_SECONDS, LARGEST_MESSAGE, LARGEST_MESSAGE_BYTES};
use crate::stores::NoStores;
use crate::tls::{Tls, TlsFiles, external_host, policy, rows};

/// How often what is left of old jobs is deleted, and how old it is then, seconds: it is a row a bucket.
const CLEAN_UP_SECONDS: u64 = 3_600;
/// For how long a scheduler that is not there yet is waited for, seconds.
const CONNECT_SECONDS: u16 = 120;

/// Where an executor is and what it may do.
#[derive(Debug, Clone)]
pub struct ExecutorOptions {
    /// Host and port of the scheduler.
    pub scheduler: (String, u16),
    /// The address to listen on.
    pub host: String,
    /// The name by which driver and scheduler call it, if it is another one.
    pub called: Option<String>,
    /// The port of rows, and that of commands, which there is in clear alone.
    pub ports: (u16, u16),
    /// Buckets that are measured at once; each holds its pings in memory.
    pub tasks: usize,
    /// A folder of its own for rows that wait for the driver.
    pub work_dir: PathBuf,
    /// What it shows to others, and whom it believes; in clear without.
    pub tls: Option<TlsFiles>,
}

/// Measures buckets until it is stopped.
///
/// # Errors
/// [`ClusterError::Start`] when a port cannot be had or the scheduler does not answer, [`ClusterError::Tls`] when a
/// certificate cannot be had.
pub async fn execute(bench: &Arc<Bench>, options: &ExecutorOptions) -> Result<(), ClusterError> {
    let tls = Tls::load(options.tls.as_ref())?;
    let called = options.called.as_deref().unwrap_or(&options.host);
    bench.stands_on(format!("{called}:{}", options.ports.0));
    let config = ExecutorProcessConfig {
        bind_host: options.host.clone(),
        external_host: external_host(tls.as_ref(), options.called.as_deref(), &options.host)?,
        port: options.ports.0,
        // With TLS there are no commands: a number would lead the scheduler to somebody else.
        grpc_port: if tls.is_some() { 0 } else { options.ports.1 },
        scheduler_host: options.scheduler.0.clone(),
        scheduler_port: options.scheduler.1,
        scheduler_connect_timeout_seconds: CONNECT_SECONDS,
        vcores: options.tasks,
        work_dir: Some(options.work_dir.to_string_lossy().into_owned()),
        job_data_ttl_seconds: CLEAN_UP_SECONDS,
        job_data_clean_up_interval_seconds: CLEAN_UP_SECONDS,
        grpc_max_decoding_message_size: LARGEST_MESSAGE_BYTES,
        grpc_max_encoding_message_size: LARGEST_MESSAGE_BYTES,
        executor_heartbeat_interval_seconds: HEARTBEAT_SECONDS,
        override_runtime_producer: Some(Arc::new(|_| {
            RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(NoStores)).build_arc()
        })),
        override_physical_codec: Some(Arc::new(Codec::of(Arc::clone(bench)))),
        task_scheduling_policy: policy(tls.as_ref()),
        override_config_producer: tls.as_ref().map(Tls::sessions),
        override_arrow_flight_service: tls.as_ref().map(|tls| rows(tls, LARGEST_MESSAGE)),
        override_create_grpc_client_endpoint: tls.as_ref().map(Tls::endpoints),
        ..ExecutorProcessConfig::default()
    };
    let failed = |source: BallistaError| ClusterError::Start {
        part: "executor",
        hint: "is the scheduler there, are the ports free, and may this user write the work folder?",
        source: Box::new(source),
    };
    start_executor_process(Arc::new(config)).await.map_err(failed)
}
