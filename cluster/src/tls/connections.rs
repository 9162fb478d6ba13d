//! Connections whose handshake is over.
//!
//! In: an address. Out: sockets of peers that have shown a certificate of the authority, in whatever order they came to
//! that. The others are closed and told of in the log: a server that is given these sockets never meets them.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::Tls;

/// What is spoken inside TLS.
pub(super) const PROTOCOL: &[u8] = b"h2";
/// How long either side may take for the handshake.
pub(super) const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// Handshakes at once: a cluster has fewer processes that start at the same moment.
const HANDSHAKES: usize = 256;
/// Connections that wait for the server to take them.
const WAITING: usize = 16;
/// How long to wait when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A peer that has shown who it is.
type Admitted = TlsStream<TcpStream>;

/// Those who were let in, as they come.
pub(super) struct Connections(mpsc::Receiver<Admitted>);

impl Stream for Connections {
    type Item = io::Result<Admitted>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.poll_recv(context).map(|socket| socket.map(Ok))
    }
}

impl Tls {
    /// Listens. It ends when what it gives is dropped.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub(super) async fn connections(&self, address: SocketAddr) -> io::Result<Connections> {
        let listener = TcpListener::bind(address).await?;
        let (admit, admitted) = mpsc::channel(WAITING);
        tokio::spawn(listen(listener, TlsAcceptor::from(Arc::clone(&self.server)), admit));
        Ok(Connections(admitted))
    }
}

async fn listen(listener: TcpListener, acceptor: TlsAcceptor, admit: mpsc::Sender<Admitted>) {
    let mut handshakes = JoinSet::new();
    loop {
        tokio::select! {
            () = admit.closed() => return,
            Some(_) = handshakes.join_next() => {}
            accepted = listener.accept(), if handshakes.len() < HANDSHAKES => match accepted {
                Ok((socket, peer)) => {
                    handshakes.spawn(handshake(acceptor.clone(), socket, peer, admit.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection of the cluster");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

async fn handshake(
    acceptor: TlsAcceptor,
    socket: TcpStream,
    peer: SocketAddr,
    admit: mpsc::Sender<Admitted>,
) {
    // Messages go out in pieces that are large enough.
    let _ = socket.set_nodelay(true);
    match timeout(HANDSHAKE_TIME, acceptor.accept(socket)).await {
        Ok(Ok(socket)) => {
            // The server may have ended meanwhile.
            let _ = admit.send(socket).await;
        }
        // A probe that looks whether the port is open.
        Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            tracing::debug!(%peer, "a connection of the cluster was closed before it said anything");
        }
        Ok(Err(error)) => tracing::warn!(%peer, %error, "a connection of the cluster was refused"),
        Err(_) => tracing::warn!(%peer, "a connection of the cluster took too long to say who it is"),
    }
}
