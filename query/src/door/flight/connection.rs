//! Connections of Flight: who gets one, how many calls it may have at once, and when it is over.
//!
//! In: a listener, with or without TLS. Out: when the server is asked to stop, after running answers are finished or
//! [`FINISH_TIME`] is over. tonic's own server sets no limit on connections and does not give up a client that takes
//! nothing; hyper's connection does, once it is given the sockets.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arrow_flight::flight_service_server::FlightServiceServer;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::{Code, Status};

use super::door::FlightDoor;
use super::incoming::{MESSAGE_BYTES, Measured, Room};
use super::sign_in::Peer;
use super::status::refusal;
use crate::door::admit::{Admission, Full, Place, Places, Waiting, raise_socket_limit};
use crate::door::patience::{Patient, WRITE_TIME};
use crate::door::tls::Tls;

/// Calls of a connection at once.
const CALLS: u32 = 32;
/// Bytes of the headers of a call: a token and what a proxy adds.
const HEADER_BYTES: u32 = 16 << 10;
/// Bytes that a client may send ahead on a call, and on a connection.
const CALL_WINDOW: u32 = 64 << 10;
const CONNECTION_WINDOW: u32 = 256 << 10;
/// Bytes of a call's answer that wait for a client that is slow.
const WAITING_BYTES: usize = 256 << 10;
/// How often a silent client is asked whether it is still there, and how long it may take to say so.
const PING_EVERY: Duration = Duration::from_secs(30);
const PONG_TIME: Duration = Duration::from_secs(20);
/// How long a client may take to begin TLS.
const TLS_TIME: Duration = Duration::from_secs(10);
/// How long running answers have to finish when the server stops.
const FINISH_TIME: Duration = Duration::from_secs(10);
/// How long to wait when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What connections share.
struct Shared {
    calls: FlightServiceServer<FlightDoor>,
    acceptor: Option<TlsAcceptor>,
    room: Room,
    stopped: watch::Receiver<bool>,
}

/// Serves connections until `shutdown` is over.
pub(super) async fn serve(
    listener: TcpListener,
    door: FlightDoor,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()>,
) {
    raise_socket_limit();
    let admission = Admission::new(Places::default());
    let (stop, stopped) = watch::channel(false);
    let shared = Arc::new(Shared {
        calls: FlightServiceServer::new(door).max_decoding_message_size(MESSAGE_BYTES),
        acceptor: tls.map(|tls| tls.acceptor(&["h2"])),
        room: Room::new(),
        stopped,
    });
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((socket, client)) => {
                    connections.spawn(admitted(Arc::clone(&shared), socket, client, admission.enter()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a flight connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
    drop(listener);
    // Nobody may be there to be told.
    let _ = stop.send(true);
    let finished = async { while connections.join_next().await.is_some() {} };
    if timeout(FINISH_TIME, finished).await.is_err() {
        tracing::debug!("flight connections are closed before they have finished");
    }
}

/// One connection until it is over, or its place is another's.
async fn admitted(shared: Arc<Shared>, socket: TcpStream, client: SocketAddr, waiting: Waiting) {
    let must_go = waiting.turn_to_go();
    // Rows go out in pieces that are large enough.
    let _ = socket.set_nodelay(true);
    let socket = Patient::new(socket, WRITE_TIME);
    let place = Arc::new(Mutex::new(Place::Waiting(waiting)));
    let Some(acceptor) = &shared.acceptor else {
        return converse(&shared, socket, client, place, &must_go).await;
    };
    let accepted = tokio::select! {
        accepted = timeout(TLS_TIME, acceptor.accept(socket)) => accepted,
        () = must_go.notified() => return,
    };
    match accepted {
        Ok(Ok(socket)) => converse(&shared, socket, client, place, &must_go).await,
        Ok(Err(error)) => tracing::debug!(%error, "a flight connection did not begin tls"),
        Err(_) => tracing::debug!("a flight connection took too long to begin tls"),
    }
}

async fn converse<S>(
    shared: &Shared,
    socket: S,
    client: SocketAddr,
    place: Arc<Mutex<Place>>,
    must_go: &Notify,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|mut request: Request<Incoming>| {
        let started = place.lock().unwrap_or_else(PoisonError::into_inner).start(client.ip());
        request.extensions_mut().insert(Peer(client.ip()));
        let request = request.map(|body| Measured::new(body, shared.room.clone()));
        let mut calls = shared.calls.clone();
        async move {
            match started {
                Ok(()) => calls.call(request).await,
                Err(Full) => Ok::<Response<Body>, Infallible>(no_place().into_http()),
            }
        }
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PONG_TIME)
        .max_concurrent_streams(CALLS)
        .max_header_list_size(HEADER_BYTES)
        .initial_stream_window_size(CALL_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(WAITING_BYTES)
        .serve_connection(TokioIo::new(socket), service);
    let mut connection = pin!(connection);
    let mut stopped = shared.stopped.clone();
    let mut stops = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a flight connection broke");
                }
                return;
            }
            () = must_go.notified() => return,
            _ = stopped.changed(), if !stops => {
                stops = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

fn no_place() -> Status {
    let message = "too many clients: the server, or your address, has no place left";
    refusal(Code::Unavailable, message, "close connections that you do not use, or try again later")
}
