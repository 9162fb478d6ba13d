//! Metrics and health over HTTP: `/metrics`, `/health/live`, `/health/ready`.
//!
//! In: an address and [`Metrics`]. Out: a thread that answers `GET` and `HEAD`, until the process ends. It shares
//! nothing with the pipeline but the numbers, so that it answers when the pipeline stands still. It is written on
//! plain sockets because of its limits: a request has a few seconds and a few kilobytes, and at most
//! [`MOST_CONNECTIONS`] are open at once, so that nobody who reaches the port can take files or memory from ingest.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use kayoi_ingest::metrics::Metrics;

/// Time for a whole request, and for its answer.
const REQUEST_TIME: Duration = Duration::from_secs(5);
/// Bytes of the largest request: a line and a client's usual headers.
const LARGEST_REQUEST: usize = 8 * 1024;
/// Connections at once; more are closed unanswered.
const MOST_CONNECTIONS: usize = 32;
/// Rest after the system had no connection to give.
const REST: Duration = Duration::from_millis(100);

const TEXT: &str = "text/plain; charset=utf-8";
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

struct Answer {
    status: &'static str,
    media_type: &'static str,
    body: String,
}

/// Serves metrics and health. Returns the address, whose port is another one when 0 was asked for.
///
/// # Errors
/// When the address cannot be had, or no thread can be started.
pub fn serve(listen: SocketAddr, metrics: Metrics) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(listen).with_context(|| {
        format!("cannot listen on `{listen}`\nhint: metrics.listen must be an address of this machine with a port that no other program has; 0 takes a free one")
    })?;
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "metrics have no password: anybody who reaches this address can read them");
    }
    let accept = move || accept(&listener, &metrics);
    std::thread::Builder::new().name("telemetry".to_owned()).spawn(accept)?;
    Ok(address)
}

fn accept(listener: &TcpListener, metrics: &Metrics) {
    let open = Arc::new(());
    loop {
        let Ok((stream, _)) = listener.accept() else {
            // Out of file descriptors, most likely: asking again at once would only burn a core.
            std::thread::sleep(REST);
            continue;
        };
        let (held, metrics) = (Arc::clone(&open), metrics.clone());
        if Arc::strong_count(&open) > MOST_CONNECTIONS + 1 {
            continue;
        }
        let answering = std::thread::Builder::new().name("telemetry".to_owned()).spawn(move || {
            // A client that went away needs no answer.
            let _ = exchange(stream, &metrics);
            drop(held);
        });
        if answering.is_err() {
            std::thread::sleep(REST);
        }
    }
}

fn exchange(mut stream: TcpStream, metrics: &Metrics) -> std::io::Result<()> {
    stream.set_write_timeout(Some(REQUEST_TIME))?;
    let request = read_request(&mut stream)?;
    let (method, path) = first_line(&request).unwrap_or_default();
    let Answer { status, media_type, body } = answer(method, path, metrics);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    if method != "HEAD" {
        stream.write_all(body.as_bytes())?;
    }
    stream.flush()
}

/// Reads up to the empty line. What comes after it is no business of a `GET`.
fn read_request(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let deadline = Instant::now() + REQUEST_TIME;
    let (mut request, mut part) = (Vec::new(), [0; 1024]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || request.len() > LARGEST_REQUEST {
            return Err(ErrorKind::InvalidData.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut part)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            length => request.extend_from_slice(&part[..length]),
        }
    }
    Ok(request)
}

/// Method, and path without its query.
fn first_line(request: &[u8]) -> Option<(&str, &str)> {
    let line = request.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    Some((method, target.split('?').next().unwrap_or_default()))
}

fn answer(method: &str, path: &str, metrics: &Metrics) -> Answer {
    let verdict = |found: Result<(), String>| match found {
        Ok(()) => Answer { status: "200 OK", media_type: TEXT, body: "ok\n".to_owned() },
        Err(reason) => {
            Answer { status: "503 Service Unavailable", media_type: TEXT, body: format!("{reason}\n") }
        }
    };
    match (method, path) {
        ("GET" | "HEAD", "/metrics") => {
            Answer { status: "200 OK", media_type: METRICS, body: metrics.text() }
        }
        ("GET" | "HEAD", "/health/live") => verdict(metrics.health().live()),
        ("GET" | "HEAD", "/health/ready") => verdict(metrics.health().ready()),
        ("GET" | "HEAD", _) => {
            let body = "there are /metrics, /health/live and /health/ready\n".to_owned();
            Answer { status: "404 Not Found", media_type: TEXT, body }
        }
        _ => Answer {
            status: "405 Method Not Allowed\r\nAllow: GET, HEAD",
            media_type: TEXT,
            body: "only GET and HEAD\n".to_owned(),
        },
    }
}

#[cfg(test)]
#[path = "telemetry_tests.rs"]
mod tests;
