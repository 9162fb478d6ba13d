//! TLS both ways between the processes of a cluster.
//!
//! In: a certificate, its key, and the authority that has signed those of all others. Out: listeners that let nobody in who
//! has no certificate of that authority, and clients that show theirs and believe no other server; the name that is called
//! must be one of the server's certificate. Whoever asked for TLS gets it or gets no process.
//!
//! The services are Ballista's, and we serve them: Ballista binds its own servers in clear. A relay before those would leave
//! them open on loopback to every user of the machine, and could not listen everywhere, since Ballista tells others the number
//! of the port that it has bound itself. So nothing is bound in clear: the scheduler's calls and an executor's rows are given
//! sockets whose handshake is over ([`connections`]). An executor's commands are a server that nobody but Ballista can make, so
//! it is not made: with TLS an executor asks for buckets instead of being told them (`PullStaged`), on the connection that it
//! has opened. It has one port then, and a job that is given up ends with the buckets that are begun.
//!
//! Ballista calls `http://` wherever it has no word for TLS, and tonic leaves TLS out at such an address whatever it is told:
//! [`calls`] rewrites the address.

mod files;
mod connections;
mod calls;
mod served;

use std::net::IpAddr;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use rustls::ServerConfig;
use tonic::transport::ClientTlsConfig;

pub use files::{TlsError, TlsFiles};
pub(crate) use served::{rows, serve_scheduler};

/// What a process shows to others, and whom it believes.
#[derive(Clone)]
pub(crate) struct Tls {
    server: Arc<ServerConfig>,
    client: ClientTlsConfig,
}

impl Tls {
    /// Loads it, where there is any.
    ///
    /// # Errors
    /// [`TlsError`]: which file is wrong, and what about it.
    pub(crate) fn load(files: Option<&TlsFiles>) -> Result<Option<Self>, TlsError> {
        files.map(files::load).transpose()
    }
}

/// How buckets come to executors.
pub(crate) fn policy(tls: Option<&Tls>) -> TaskSchedulingPolicy {
    match tls {
        None => TaskSchedulingPolicy::PushStaged,
        Some(_) => TaskSchedulingPolicy::PullStaged,
    }
}

/// The name by which others call an executor, without a port. In clear the scheduler takes the address that it comes from; with TLS it has to
/// be one that the certificate is for.
///
/// # Errors
/// [`TlsError::Nameless`] when it listens at every address and says no name.
pub(crate) fn external_host(
    tls: Option<&Tls>,
    called: Option<&str>,
    host: &str,
) -> Result<Option<String>, TlsError> {
    match (called, tls) {
        (Some(called), _) => Ok(Some(called.to_owned())),
        (None, None) => Ok(None),
        (None, Some(_)) if host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified()) => {
            Err(TlsError::Nameless)
        }
        (None, Some(_)) => Ok(Some(host.to_owned())),
    }
}
