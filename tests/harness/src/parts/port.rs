//! Ports of this machine. In: a number. Out: whether somebody listens there, or numbers that nobody uses now.
//!
//! Between finding a free port and a server's binding it another process may take it: code that asks for free
//! ports tries again when the server does not start.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::PartError;

/// How long the own machine may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Random first ports that are tried before it is said that none is free.
const ATTEMPTS: usize = 1000;

/// Connects to a server of this machine.
pub(crate) fn connect(port: u16) -> io::Result<TcpStream> {
    TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), CONNECT_TIMEOUT)
}

/// Fails when somebody listens there.
pub(crate) fn expect_free(port: u16) -> Result<(), PartError> {
    if connect(port).is_ok() { Err(PartError::PortTaken(port)) } else { Ok(()) }
}

/// A port that is free now, with others at these distances from it that are free too.
///
/// # Errors
/// When there is none.
pub fn free_with(distances: &[u16]) -> Result<u16, PartError> {
    let take = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let none = |source| PartError::Io { action: "find a free port".to_owned(), source };
    for _ in 0..ATTEMPTS {
        let first = take(0).map_err(none)?;
        let port = first.local_addr().map_err(none)?.port();
        // All are held until the last is found, so that they differ.
        let others: Option<Vec<TcpListener>> =
            distances.iter().map(|distance| take(port.checked_add(*distance)?).ok()).collect();
        if others.is_some() {
            return Ok(port);
        }
    }
    Err(none(io::Error::other(format!("none has free ones at the distances {distances:?}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_somebody_listens_on_is_not_free() {
        let port = free_with(&[1]).unwrap();
        expect_free(port).unwrap();
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        assert_eq!(expect_free(port).unwrap_err().to_string(), format!("port `{port}` is taken"));
    }
}
