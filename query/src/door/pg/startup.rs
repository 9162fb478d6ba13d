//! The start of a connection. In: a start-up message. Out: a client that is told what kind of server this is.
//!
//! Own handler, since pgwire's default tells clients that they are superusers and may write.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use futures::Sink;
use pgwire::api::auth::{
    DefaultServerParameterProvider, StartupHandler, finish_authentication, protocol_negotiation,
    save_startup_parameters_to_metadata,
};
use pgwire::api::{
    ClientInfo, ConnectionGuard, ConnectionHandle, ConnectionManager, PidSecretKeyGenerator,
    RandomPidSecretKeyGenerator,
};
use pgwire::error::{PgWireError, PgWireResult};
use pgwire::messages::{PgWireBackendMessage, PgWireFrontendMessage};

use crate::session::SessionSettings;

pub(super) struct Startup {
    pub(super) connections: Arc<ConnectionManager>,
    pub(super) keys: Arc<RandomPidSecretKeyGenerator>,
}

#[async_trait]
impl StartupHandler for Startup {
    async fn on_startup<C>(&self, client: &mut C, message: PgWireFrontendMessage) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let PgWireFrontendMessage::Startup(startup) = message else {
            return Ok(());
        };
        protocol_negotiation(client, &startup).await?;
        save_startup_parameters_to_metadata(client, &startup);
        let (pid, key) = self.keys.generate(client);
        client.set_pid_and_secret_key(pid, key.clone());
        let (handle, guard) = self.connections.register(pid, key);
        client.session_extensions().insert::<Arc<ConnectionHandle>>(handle);
        client.session_extensions().insert::<ConnectionGuard>(guard);
        let said = client.metadata().iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let settings = SessionSettings::at_start(said);
        finish_authentication(client, &parameters(settings.time_zone())).await
    }
}

/// Drivers show times in the zone that they are told here.
fn parameters(time_zone: &str) -> DefaultServerParameterProvider {
    let mut parameters = DefaultServerParameterProvider::default();
    parameters.server_version = "16.6".to_owned();
    parameters.time_zone = time_zone.to_owned();
    parameters.is_superuser = false;
    parameters.in_hot_standby = true;
    parameters.default_transaction_read_only = true;
    parameters
}
