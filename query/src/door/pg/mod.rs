//! The Postgres wire: psql, JDBC, ODBC, notebooks, BI tools.
//!
//! In: TCP connections. Out: answers, or errors with SQLSTATE and hint. No SQL is read, planned or run here:
//! see [`crate::service`].
//!
//! Where there are users, each connection signs in by SCRAM-SHA-256 and sees what its user may see.

use std::sync::Arc;
use std::time::Duration;

use pgwire::api::cancel::DefaultCancelHandler;
use pgwire::api::{ConnectionManager, RandomPidSecretKeyGenerator};
use pgwire::error::{ErrorInfo, PgWireError};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::desk::Directory;
use crate::door::admit::{Admission, Places, Waiting, raise_socket_limit};
use crate::door::tls::Tls;
use crate::error::QueryError;
use crate::service::Service;

mod check;
mod guard;
mod refusals;
mod startup;
mod allowance;
mod connection;
mod statement;
mod remembered;
mod columns;
mod written;
mod rows;
mod copy;
mod cursors;
mod queries;

use connection::{Ended, Handlers, converse};
use guard::Room;
use queries::Queries;
use refusals::Refusals;
use startup::{Signed, Startup};

/// How long to wait when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves the Postgres wire to who is in the directory until `shutdown` is over; open connections are then closed.
///
/// # Errors
/// [`QueryError::Serve`] when the listener fails.
pub async fn serve_pg(
    service: Arc<Service>,
    directory: Arc<Directory>,
    listener: TcpListener,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), QueryError> {
    raise_socket_limit();
    let server = Arc::new(Server::new(service, directory, tls.map(|tls| tls.acceptor(&["postgresql"]))));
    let admission = Admission::new(Places::default());
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return Ok(()),
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    connections.spawn(Arc::clone(&server).serve(socket, admission.enter()));
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
    directory: Arc<Directory>,
    connections: Arc<ConnectionManager>,
    keys: Arc<RandomPidSecretKeyGenerator>,
    refusals: Refusals,
    room: Room,
    acceptor: Option<TlsAcceptor>,
}

impl Server {
    fn new(service: Arc<Service>, directory: Arc<Directory>, acceptor: Option<TlsAcceptor>) -> Self {
        Self {
            service,
            directory,
            connections: Arc::new(ConnectionManager::new()),
            keys: Arc::new(RandomPidSecretKeyGenerator::default()),
            refusals: Refusals::default(),
            room: Room::new(),
            acceptor,
        }
    }

    async fn serve(self: Arc<Self>, socket: TcpStream, waiting: Waiting) {
        match converse(socket, self.handlers(), waiting).await {
            Ok(()) => {}
            Err(Ended::Malformed(reason)) => self.refusals.note(reason),
            Err(Ended::Broken(error)) => tracing::debug!(%error, "a postgres connection broke"),
        }
    }

    fn handlers(&self) -> Handlers<Queries> {
        let signed = Signed::new(&self.directory);
        Handlers {
            queries: Arc::new(Queries::new(&self.service, &signed)),
            startup: Arc::new(Startup {
                connections: Arc::clone(&self.connections),
                keys: Arc::clone(&self.keys),
                signed,
                exchange: Mutex::new(None),
            }),
            cancel: Arc::new(DefaultCancelHandler::new(Arc::clone(&self.connections))),
            room: self.room.clone(),
            acceptor: self.acceptor.clone(),
        }
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
        info.position = error.position().map(|position| position.to_string());
        info
    }
}

#[cfg(test)]
#[path = "pg_tests.rs"]
mod tests;
