//! The Postgres wire: psql, JDBC, ODBC, notebooks, BI tools.
//!
//! In: TCP connections. Out: answers, or errors with SQLSTATE and hint. No SQL is read, planned or run here:
//! see [`crate::service`].
//!
//! There is no password and no TLS yet: bind to a loopback address, and put an authenticating proxy in front
//! of anything wider. A wider address is served with a warning. Not supported: `COPY`, SQL-level `PREPARE`
//! and cursors.

use std::sync::Arc;
use std::time::Duration;

use pgwire::api::auth::StartupHandler;
use pgwire::api::cancel::{CancelHandler, DefaultCancelHandler};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::{ConnectionManager, PgWireServerHandlers, RandomPidSecretKeyGenerator};
use pgwire::error::{ErrorInfo, PgWireError};
use pgwire::tokio::process_socket;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::error::QueryError;
use crate::service::Service;

mod startup;
mod allowance;
mod statement;
mod remembered;
mod queries;

use queries::Queries;
use startup::Startup;

/// How long to wait when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves the Postgres wire until `shutdown` is over; open connections are then closed.
///
/// # Errors
/// [`QueryError::Serve`] when the listener fails.
pub async fn serve_pg(
    service: Arc<Service>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), QueryError> {
    let address = listener.local_addr().map_err(|source| QueryError::Serve { door: "postgres", source })?;
    if !address.ip().is_loopback() {
        let told = "the postgres door has no password: anybody who reaches this address can query";
        tracing::warn!(%address, "{told}");
    }
    let server = Server::new(service);
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return Ok(()),
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    connections.spawn(process_socket(socket, None, server.connection()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a postgres connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

/// What connections share.
struct Server {
    service: Arc<Service>,
    connections: Arc<ConnectionManager>,
    keys: Arc<RandomPidSecretKeyGenerator>,
}

impl Server {
    fn new(service: Arc<Service>) -> Self {
        Self {
            service,
            connections: Arc::new(ConnectionManager::new()),
            keys: Arc::new(RandomPidSecretKeyGenerator::default()),
        }
    }

    fn connection(&self) -> Connection {
        Connection {
            queries: Arc::new(Queries::new(&self.service)),
            startup: Arc::new(Startup {
                connections: Arc::clone(&self.connections),
                keys: Arc::clone(&self.keys),
            }),
            cancel: Arc::new(DefaultCancelHandler::new(Arc::clone(&self.connections))),
        }
    }
}

/// The handlers of one connection.
struct Connection {
    queries: Arc<Queries>,
    startup: Arc<Startup>,
    cancel: Arc<DefaultCancelHandler>,
}

impl PgWireServerHandlers for Connection {
    fn simple_query_handler(&self) -> Arc<impl SimpleQueryHandler> {
        Arc::clone(&self.queries)
    }

    fn extended_query_handler(&self) -> Arc<impl ExtendedQueryHandler> {
        Arc::clone(&self.queries)
    }

    fn startup_handler(&self) -> Arc<impl StartupHandler> {
        Arc::clone(&self.startup)
    }

    fn cancel_handler(&self) -> Arc<impl CancelHandler> {
        Arc::clone(&self.cancel)
    }
}

impl From<QueryError> for PgWireError {
    fn from(error: QueryError) -> Self {
        Self::UserError(Box::new(error.into()))
    }
}

impl From<QueryError> for ErrorInfo {
    fn from(error: QueryError) -> Self {
        let (message, hint) = error.parts();
        let mut info = Self::new("ERROR".to_owned(), error.sqlstate().to_owned(), message);
        info.hint = hint;
        info
    }
}

#[cfg(test)]
#[path = "pg_tests.rs"]
mod tests;
