//! The Postgres wire: psql, JDBC, ODBC, notebooks, BI tools.
//!
//! In: TCP connections. Out: answers, or errors with SQLSTATE and hint. Each connection has its own context.
//! What clients ask of `pg_catalog` is answered by `datafusion-pg-catalog` from release tables alone. Its
//! static tables and this server's catalog refer to each other and are never freed, so that they are made
//! once per server and not once per connection.
//!
//! There is no password and no TLS yet: bind to a loopback address, and put an authenticating proxy in front
//! of anything wider. A wider address is served with a warning. Not supported: `COPY`, SQL-level `PREPARE`
//! and cursors; `SET` is accepted and ignored.

use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use datafusion::prelude::SessionContext;
use datafusion_pg_catalog::pg_catalog::context::EmptyContextProvider;
use datafusion_pg_catalog::setup_pg_catalog;
use datafusion_pg_catalog::sql::PostgresCompatibilityParser;
use pgwire::api::auth::StartupHandler;
use pgwire::api::cancel::{CancelHandler, DefaultCancelHandler};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::{ConnectionManager, PgWireServerHandlers, RandomPidSecretKeyGenerator};
use pgwire::error::{ErrorInfo, PgWireError};
use pgwire::tokio::process_socket;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::answer::Session;
use crate::catalog::CATALOG;
use crate::engine::Engine;
use crate::error::QueryError;
use crate::gate::Parse;

mod startup;
mod parameters;
mod statement;
mod queries;

use queries::Queries;
use startup::Startup;
use statement::CatalogParser;

/// How long to wait when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves the Postgres wire until `shutdown` is over; open connections are then closed.
///
/// # Errors
/// [`QueryError::Internal`] when the catalog cannot be set up.
pub async fn serve_pg(
    engine: Arc<Engine>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), QueryError> {
    let address = listener.local_addr().map_err(|source| QueryError::Serve { door: "postgres", source })?;
    if !address.ip().is_loopback() {
        let told = "the postgres door has no password: anybody who reaches this address can query";
        tracing::warn!(%address, "{told}");
    }
    let server = Server::new(engine)?;
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return Ok(()),
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    // What a client prepares is as deep as its query and is dropped with the connection.
                    let threads = server.engine.threads().handle();
                    connections.spawn_on(process_socket(socket, None, server.connection()), threads);
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
    engine: Arc<Engine>,
    template: SessionContext,
    parser: Arc<CatalogParser>,
    connections: Arc<ConnectionManager>,
    keys: Arc<RandomPidSecretKeyGenerator>,
}

impl Server {
    fn new(engine: Arc<Engine>) -> Result<Self, QueryError> {
        let template = engine.separate_session()?;
        setup_pg_catalog(&template, CATALOG, EmptyContextProvider).map_err(QueryError::Internal)?;
        template.register_udf(unlock_all());
        Ok(Self {
            engine,
            template,
            parser: Arc::new(CatalogParser(PostgresCompatibilityParser::new())),
            connections: Arc::new(ConnectionManager::new()),
            keys: Arc::new(RandomPidSecretKeyGenerator::default()),
        })
    }

    fn connection(&self) -> Connection {
        let context = SessionContext::new_with_state(self.template.state());
        let parser: Arc<dyn Parse> = self.parser.clone();
        Connection {
            queries: Arc::new(Queries::new(Session::new(&self.engine, context, parser))),
            startup: Arc::new(Startup {
                connections: Arc::clone(&self.connections),
                keys: Arc::clone(&self.keys),
            }),
            cancel: Arc::new(DefaultCancelHandler::new(Arc::clone(&self.connections))),
        }
    }
}

/// `pg_advisory_unlock_all()`, which connection pools call before they reuse a connection. Nothing is ever
/// locked here.
fn unlock_all() -> ScalarUDF {
    let nothing = Arc::new(|_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(ScalarValue::Utf8(None))));
    create_udf("pg_advisory_unlock_all", Vec::new(), DataType::Utf8, Volatility::Volatile, nothing)
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
        let (message, hint) = error.parts();
        let mut info = ErrorInfo::new("ERROR".to_owned(), error.sqlstate().to_owned(), message);
        info.hint = hint;
        Self::UserError(Box::new(info))
    }
}

#[cfg(test)]
#[path = "pg_tests.rs"]
mod tests;
