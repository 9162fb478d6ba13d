//! Arrow Flight SQL: notebooks by ADBC, tools by its JDBC driver, DuckDB and Polars above them.
//!
//! In: connections of gRPC. Out: rows as Arrow has them, without a detour over text. Whoever has a driver signs in
//! with a user name and a password, which gives a token ([`sign_in`]); the rows that it is promised come in exactly
//! the columns that it was told ([`columns`]); a ticket cannot be forged and holds nothing open ([`seal`]).
//!
//! Bounded are: connections, as at the other doors; calls of a connection; bytes and time of a call's messages;
//! prepared statements, tokens and open answers, in number and where they are large in bytes.

use std::sync::Arc;

use tokio::net::TcpListener;

use crate::desk::Directory;
use crate::door::tls::Tls;
use crate::error::QueryError;
use crate::service::Service;

mod status;
mod seal;
mod sign_in;
mod columns;
mod running;
mod answers;
mod parameters;
mod statements;
mod metadata;
mod server_facts;
mod type_facts;
mod actions;
mod door;
mod calls;
mod incoming;
mod connection;

/// Serves Arrow Flight SQL until `shutdown` is over, with TLS where there is a certificate; running answers are
/// finished, within limits.
///
/// # Errors
/// [`QueryError::Serve`] when the listener fails.
pub async fn serve_flight(
    service: Arc<Service>,
    directory: Arc<Directory>,
    listener: TcpListener,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), QueryError> {
    let failed = |source| QueryError::Serve { door: "flight", source };
    let door = door::FlightDoor::new(service, directory).map_err(failed)?;
    connection::serve(listener, door, tls, shutdown).await;
    Ok(())
}

#[cfg(test)]
#[path = "flight_tests.rs"]
mod tests;
