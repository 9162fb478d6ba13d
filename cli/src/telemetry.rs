//! Metrics and health over HTTP: `/metrics`, `/health/live`, `/health/ready`.
//!
//! In: an address and [`Metrics`]. Out: a thread that answers `GET` and `HEAD`, until the process ends. It
//! has a runtime of its own and shares nothing with the pipeline but the numbers, so that it answers when the
//! pipeline stands still. Nobody who reaches the port can take files or memory from ingest: a request has a
//! few seconds and a few kilobytes, and at most [`MOST_CONNECTIONS`] are open at once.
//!
//! Paths and answers are axum's. Connections are hyper's, which axum stands on: `axum::serve` can set neither
//! a time for the request nor its size.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use kayoi_ingest::metrics::{CONTENT_TYPE, Metrics};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::coded::coded;

/// Time for the head of a request, and as much again for its answer.
const REQUEST_TIME: Duration = Duration::from_secs(5);
/// Bytes of the largest head of a request: a line and a client's usual headers.
const LARGEST_REQUEST: usize = 8 * 1024;
/// Connections at once; more are closed unanswered.
const MOST_CONNECTIONS: usize = 32;
/// Rest after the system had no connection to give.
const REST: Duration = Duration::from_millis(100);

const TEXT: &str = "text/plain; charset=utf-8";

/// Serves metrics and health. Returns the address, whose port is another one when 0 was asked for.
///
/// # Errors
/// When the address cannot be had, or no thread can be started.
pub(crate) fn serve(listen: SocketAddr, metrics: Metrics) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(listen).with_context(|| {
        coded!(
            Address,
            "cannot listen on `{listen}`\n\
             hint: metrics.listen must be an address of this machine with a port that no other program has; \
             0 takes a free one"
        )
    })?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "metrics have no password: anybody who reaches this address can read them");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let accept = move || runtime.block_on(accept(listener, answers(metrics)));
    std::thread::Builder::new().name("telemetry".to_owned()).spawn(accept)?;
    Ok(address)
}

async fn accept(listener: tokio::net::TcpListener, answers: Router) {
    let open = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: asking again at once would only burn a core.
            tokio::time::sleep(REST).await;
            continue;
        };
        let Ok(held) = Arc::clone(&open).try_acquire_owned() else { continue };
        let answers = answers.clone();
        tokio::spawn(async move {
            exchange(stream, answers).await;
            drop(held);
        });
    }
}

/// One request and its answer. Nobody waits for the end of it: a client that went away needs no answer.
async fn exchange(stream: TcpStream, answers: Router) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_TIME)
        .max_buf_size(LARGEST_REQUEST)
        .keep_alive(false)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(answers));
    // A client that does not take its answer would hold the connection without this.
    let _ = tokio::time::timeout(2 * REQUEST_TIME, connection).await;
}

fn answers(metrics: Metrics) -> Router {
    Router::new()
        .route("/metrics", get(exposition))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .fallback(nothing_here)
        .method_not_allowed_fallback(only_get)
        .with_state(metrics)
}

async fn exposition(State(metrics): State<Metrics>) -> Response {
    answer(StatusCode::OK, CONTENT_TYPE, metrics.text())
}

async fn live(State(metrics): State<Metrics>) -> Response {
    verdict(metrics.health().live())
}

async fn ready(State(metrics): State<Metrics>) -> Response {
    verdict(metrics.health().ready())
}

fn verdict(found: Result<(), String>) -> Response {
    match found {
        Ok(()) => answer(StatusCode::OK, TEXT, "ok\n".to_owned()),
        Err(reason) => answer(StatusCode::SERVICE_UNAVAILABLE, TEXT, format!("{reason}\n")),
    }
}

async fn nothing_here(method: Method) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return only_get().await;
    }
    let paths = "there are /metrics, /health/live and /health/ready\n".to_owned();
    answer(StatusCode::NOT_FOUND, TEXT, paths)
}

async fn only_get() -> Response {
    let refusal = answer(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET and HEAD\n".to_owned());
    ([(header::ALLOW, "GET, HEAD")], refusal).into_response()
}

fn answer(status: StatusCode, media_type: &'static str, body: String) -> Response {
    // What is kept by somebody on the way is wrong a second later.
    (status, [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-store")], body).into_response()
}

#[cfg(test)]
#[path = "telemetry_tests.rs"]
mod tests;
