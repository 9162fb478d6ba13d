//! How a process calls others.
//!
//! In: an endpoint that Ballista has made. Out: one that shows our certificate and believes those of the authority alone.

use std::error::Error;
use std::sync::Arc;

use ballista_core::ConfigProducer;
use ballista_core::extension::{EndpointOverrideFn, SessionConfigExt};
use ballista_core::utils::{GrpcClientConfig, create_grpc_client_endpoint};
use datafusion::prelude::SessionConfig;
use tonic::transport::{ClientTlsConfig, Endpoint};

use super::Tls;

impl Tls {
    /// What Ballista asks before it connects to anybody.
    pub(crate) fn endpoints(&self) -> EndpointOverrideFn {
        let client = self.client.clone();
        Arc::new(move |endpoint: Endpoint| secured(endpoint, client.clone()))
    }

    /// A session in which rows of others are fetched with TLS.
    pub(crate) fn session(&self, session: SessionConfig) -> SessionConfig {
        session
            .with_ballista_use_tls(true)
            .with_ballista_override_create_grpc_client_endpoint(self.endpoints())
    }

    /// The sessions of an executor's tasks.
    pub(crate) fn sessions(&self) -> ConfigProducer {
        let tls = self.clone();
        Arc::new(move || tls.session(SessionConfig::new_with_ballista()))
    }
}

fn secured(endpoint: Endpoint, client: ClientTlsConfig) -> Result<Endpoint, Box<dyn Error + Send + Sync>> {
    let address = endpoint.uri().to_string();
    let endpoint = match address.strip_prefix("http://") {
        // An endpoint keeps its address: it is made again, with the times that Ballista gives it.
        Some(rest) => {
            create_grpc_client_endpoint(format!("https://{rest}"), Some(&GrpcClientConfig::default()))?
        }
        None => endpoint,
    };
    Ok(endpoint.tls_config(client)?)
}
