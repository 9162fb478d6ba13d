//! The start of a connection. In: a start-up message, and what proves who it is of. Out: a client that is told what
//! kind of server this is, and [`Signed`], which says whose questions its are.
//!
//! Own handler, since pgwire's tell clients that they are superusers and may write, and keep of a password what
//! anybody could sign in with.

use std::fmt::Debug;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use futures::{Sink, SinkExt};
use pgwire::api::auth::{
    DefaultServerParameterProvider, StartupHandler, finish_authentication, protocol_negotiation,
    save_startup_parameters_to_metadata,
};
use pgwire::api::{
    ClientInfo, ConnectionGuard, ConnectionHandle, ConnectionManager, PgWireConnectionState,
    PidSecretKeyGenerator, RandomPidSecretKeyGenerator,
};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};
use pgwire::messages::startup::{Authentication, PasswordMessageFamily};
use pgwire::messages::{PgWireBackendMessage, PgWireFrontendMessage};
use tokio::sync::Mutex;

use crate::ask::Asker;
use crate::desk::{Directory, Scram};
use crate::session::SessionSettings;

/// The one way to sign in: the password itself is never sent.
const MECHANISM: &str = "SCRAM-SHA-256";

/// Who has signed in on a connection.
pub(super) struct Signed {
    directory: Arc<Directory>,
    asker: OnceLock<Asker>,
}

impl Signed {
    pub(super) fn new(directory: &Arc<Directory>) -> Arc<Self> {
        Arc::new(Self { directory: Arc::clone(directory), asker: OnceLock::new() })
    }

    /// Whose questions come over the connection.
    ///
    /// # Errors
    /// 28000 when nobody has signed in, or whoever did was taken off the list or given another scope since.
    pub(super) fn asker(&self) -> PgWireResult<Asker> {
        match self.asker.get() {
            Some(asker) if self.directory.still(asker) => Ok(asker.clone()),
            _ => Err(refusal("28000", "this connection is not signed in any more", "connect anew")),
        }
    }
}

pub(super) struct Startup {
    pub(super) connections: Arc<ConnectionManager>,
    pub(super) keys: Arc<RandomPidSecretKeyGenerator>,
    pub(super) signed: Arc<Signed>,
    pub(super) exchange: Mutex<Option<Scram>>,
}

#[async_trait]
impl StartupHandler for Startup {
    async fn on_startup<C>(&self, client: &mut C, message: PgWireFrontendMessage) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        match message {
            PgWireFrontendMessage::Startup(startup) => {
                protocol_negotiation(client, &startup).await?;
                save_startup_parameters_to_metadata(client, &startup);
                if self.signed.directory.is_open() {
                    return self.welcome(client, Asker::Anonymous).await;
                }
                client.set_state(PgWireConnectionState::AuthenticationInProgress);
                let ways = Authentication::SASL(vec![MECHANISM.to_owned()]);
                client.send(PgWireBackendMessage::Authentication(ways)).await?;
                Ok(())
            }
            PgWireFrontendMessage::PasswordMessageFamily(message) => self.exchanged(client, message).await,
            _ => Ok(()),
        }
    }
}

impl Startup {
    /// One message of SCRAM, and the answer to it.
    async fn exchanged<C>(&self, client: &mut C, message: PasswordMessageFamily) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let directory = &self.signed.directory;
        let mut exchange = self.exchange.lock().await;
        let Some(begun) = exchange.take() else {
            let first = message.into_sasl_initial_response()?;
            let name = client.metadata().get("user").cloned().unwrap_or_default();
            let address: IpAddr = client.socket_addr().ip();
            let data = first.data.unwrap_or_default();
            if first.auth_method != MECHANISM {
                return Err(refusal(
                    "28000",
                    "this server signs in by SCRAM-SHA-256 only",
                    "update the client",
                ));
            }
            let begun = directory.scram(&name, &data, address).await;
            let begun =
                begun.map_err(|_| refusal("08P01", "that is no message of SCRAM", "update the client"))?;
            let told = Authentication::SASLContinue(begun.server_first().to_owned().into());
            *exchange = Some(begun);
            client.send(PgWireBackendMessage::Authentication(told)).await?;
            return Ok(());
        };
        let last = message.into_sasl_response()?;
        let (asker, proof) = directory.proved(&begun, &last.data).map_err(|_| {
            let hint = "`kayoi user list` lists the users; `kayoi user password` gives one a new password";
            refusal("28P01", "password authentication failed", hint)
        })?;
        let told = Authentication::SASLFinal(proof.into());
        client.send(PgWireBackendMessage::Authentication(told)).await?;
        self.welcome(client, asker).await
    }

    async fn welcome<C>(&self, client: &mut C, asker: Asker) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        // Nobody signs in twice on a connection.
        let _ = self.signed.asker.set(asker);
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

fn refusal(sqlstate: &str, message: &str, hint: &str) -> PgWireError {
    let mut info = ErrorInfo::new("FATAL".to_owned(), sqlstate.to_owned(), message.to_owned());
    info.hint = Some(hint.to_owned());
    PgWireError::UserError(Box::new(info))
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
