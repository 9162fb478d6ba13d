//! Ballista's services behind TLS.
//!
//! In: what Ballista would serve in clear. Out: the same calls, to those whom [`super::connections`] lets in. Probes over HTTP
//! are no such calls and are not answered.

use std::net::SocketAddr;
use std::sync::Arc;

use arrow_flight::flight_service_server::FlightServiceServer;
use ballista_core::error::BallistaError;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer;
use ballista_core::utils::{GrpcServerConfig, create_grpc_server};
use ballista_executor::ArrowFlightServerProvider;
use ballista_executor::flight_service::BallistaFlightService;
use ballista_executor::shutdown::Shutdown;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::create_scheduler;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tonic::transport::Server;

use super::Tls;

/// Hands out buckets at an address until it is dropped. A message has `largest` bytes at most.
pub(crate) async fn serve_scheduler(
    tls: &Tls,
    cluster: BallistaCluster,
    listen: SocketAddr,
    config: SchedulerConfig,
    largest: usize,
) -> Result<(), BallistaError> {
    config.validate()?;
    let connections = tls.connections(listen).await?;
    let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await?;
    let calls = SchedulerGrpcServer::new(scheduler)
        .max_decoding_message_size(largest)
        .max_encoding_message_size(largest);
    Ok(Server::builder().add_service(calls).serve_with_incoming(connections).await?)
}

/// What serves the rows that wait in an executor's folder.
pub(crate) fn rows(tls: &Tls, largest: usize) -> Arc<ArrowFlightServerProvider> {
    let tls = tls.clone();
    Arc::new(move |folder: String, address: SocketAddr, shutdown: Shutdown, config: GrpcServerConfig| {
        tokio::spawn(serve_rows(tls.clone(), folder, address, shutdown, config, largest))
    })
}

async fn serve_rows(
    tls: Tls,
    folder: String,
    address: SocketAddr,
    mut shutdown: Shutdown,
    config: GrpcServerConfig,
    largest: usize,
) -> Result<(), BallistaError> {
    let connections = tls.connections(address).await?;
    let calls = FlightServiceServer::new(BallistaFlightService::new(folder))
        .max_decoding_message_size(largest)
        .max_encoding_message_size(largest);
    let server = create_grpc_server(&config).add_service(calls);
    Ok(server.serve_with_incoming_shutdown(connections, shutdown.recv()).await?)
}
