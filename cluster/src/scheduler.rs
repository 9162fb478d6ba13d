//! The process that hands out buckets.
//!
//! In: where to listen. Out: nothing; it runs until it is stopped. It keeps no state that is worth anything: when it dies,
//! the driver submits what has no note to the next one.

use std::net::SocketAddr;
use std::sync::Arc;

use ballista_core::error::BallistaError;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;

use crate::codec::Codec;
use crate::error::ClusterError;
use crate::tls::{Tls, TlsFiles, policy, serve_scheduler};

/// The largest message, bytes: a plan names each bucket of a nation with the text of its definition.
pub(crate) const LARGEST_MESSAGE_BYTES: u32 = 64 << 20;
/// The same as a length.
pub(crate) const LARGEST_MESSAGE: usize = LARGEST_MESSAGE_BYTES as usize;
/// After so many seconds without a word an executor is lost: its buckets are handed out again.
pub(crate) const EXECUTOR_TIMEOUT_SECONDS: u64 = 30;
/// How often an executor says that it lives, seconds.
pub(crate) const HEARTBEAT_SECONDS: u64 = 5;

/// Where a scheduler listens.
#[derive(Debug, Clone)]
pub struct SchedulerOptions {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The name by which executors call it.
    pub called: String,
    /// What it shows to others, and whom it believes; in clear without.
    pub tls: Option<TlsFiles>,
}

/// Hands out buckets until it is dropped.
///
/// # Errors
/// [`ClusterError::Start`] when the address cannot be had, [`ClusterError::Tls`] when a certificate cannot.
pub async fn schedule(options: &SchedulerOptions) -> Result<(), ClusterError> {
    let tls = Tls::load(options.tls.as_ref())?;
    let config = SchedulerConfig {
        external_host: options.called.clone(),
        bind_host: options.listen.ip().to_string(),
        bind_port: options.listen.port(),
        grpc_server_max_decoding_message_size: LARGEST_MESSAGE_BYTES,
        grpc_server_max_encoding_message_size: LARGEST_MESSAGE_BYTES,
        grpc_client_max_message_size: LARGEST_MESSAGE_BYTES,
        executor_timeout_seconds: EXECUTOR_TIMEOUT_SECONDS,
        expire_dead_executor_interval_seconds: HEARTBEAT_SECONDS,
        no_executors_grace_period_seconds: EXECUTOR_TIMEOUT_SECONDS,
        override_physical_codec: Some(Arc::new(Codec::default())),
        scheduling_policy: policy(tls.as_ref()),
        override_create_grpc_client_endpoint: tls.as_ref().map(Tls::endpoints),
        use_tls: tls.is_some(),
        ..SchedulerConfig::default()
    };
    let failed = |source: BallistaError| ClusterError::Start {
        part: "scheduler",
        hint: "is the port free, and may this user have it? --port takes another",
        source: Box::new(source),
    };
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(failed)?;
    match &tls {
        None => start_server(cluster, options.listen, Arc::new(config)).await,
        Some(tls) => serve_scheduler(tls, cluster, options.listen, config, LARGEST_MESSAGE).await,
    }
    .map_err(failed)
}
