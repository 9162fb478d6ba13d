//! Connections of HTTP: who gets one, and how long it may do nothing.
//!
//! In: a listener, and what answers requests. Out: when the server is asked to stop, after running answers
//! are finished or [`FINISH_TIME`] is over: a client that takes a little now and then would hold the server for ever. `axum::serve` can set none of these times and holds any number of connections.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::asker::Peer;
use super::guard::Local;
use super::problem::Problem;
use crate::door::admit::{Admission, Full, Place, Places, Waiting, raise_socket_limit};
use crate::door::patience::{Patient, WRITE_TIME};
use crate::door::socket::Socket;
use crate::door::tls::Tls;

/// How long a client may take to send the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Bytes of the largest head. A question may stand in the address.
const LARGEST_HEAD: usize = 128 << 10;
/// How long running answers have to finish when the server stops: as long as a question may take.
const FINISH_TIME: Duration = Duration::from_secs(30);
/// How long to wait when the system has no more sockets to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// The header by which a proxy says how its client came.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Serves connections until `shutdown` is over.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()>,
) {
    let acceptor = tls.map(|tls| tls.acceptor(&["http/1.1"]));
    raise_socket_limit();
    let admission = Admission::new(Places::default());
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((socket, client)) => {
                    let waiting = admission.enter();
                    let acceptor = acceptor.clone();
                    connections.spawn(converse(socket, client, acceptor, router.clone(), waiting, stopped.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept an http connection");
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
        tracing::debug!("http connections are closed before they have finished");
    }
}

async fn converse(
    socket: TcpStream,
    client: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    waiting: Waiting,
    mut stopped: watch::Receiver<bool>,
) {
    let Ok(local) = socket.local_addr() else { return };
    let must_go = waiting.turn_to_go();
    let socket = match acceptor {
        None => Socket::Clear(socket),
        Some(acceptor) => {
            let accepted = tokio::select! {
                accepted = timeout(HEAD_TIME, acceptor.accept(socket)) => accepted,
                () = must_go.notified() => return,
            };
            match accepted {
                Ok(Ok(socket)) => Socket::Secure(Box::new(socket)),
                // A client that speaks in clear, or not at all.
                Ok(Err(_)) | Err(_) => return,
            }
        }
    };
    let is_secure = matches!(socket, Socket::Secure(_));
    let place = Arc::new(Mutex::new(Place::Waiting(waiting)));
    let answers = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let started = place.lock().unwrap_or_else(PoisonError::into_inner).start(client.ip());
        request.extensions_mut().insert(Local(local.ip()));
        request.extensions_mut().insert(Peer(client.ip()));
        if is_secure {
            // As a proxy would say it, so that links to this server begin with https.
            request.headers_mut().insert(FORWARDED_PROTO, HeaderValue::from_static("https"));
        }
        let answers = answers.clone();
        async move {
            match started {
                Ok(()) => answers.call(request).await,
                Err(Full) => Ok::<Response, Infallible>(no_place(request.headers())),
            }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Patient::new(socket, WRITE_TIME)), service);
    let mut connection = pin!(connection);
    let mut stops = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "an http connection broke");
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

fn no_place(headers: &HeaderMap) -> Response {
    let message = "too many clients: the server, or your address, has no place left";
    let hint = "close connections that you do not use, or try again later";
    let mut refusal =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, message).with_hint(hint).response(headers);
    refusal.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    refusal
}
