use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;

fn started() -> (SocketAddr, Metrics) {
    let metrics = Metrics::default();
    (serve(([127, 0, 0, 1], 0).into(), metrics.clone()).unwrap(), metrics)
}

fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn get(address: SocketAddr, path: &str) -> String {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: kayoi\r\n\r\n"))
}

#[test]
fn metrics_are_served_as_prometheus_reads_them() {
    let (address, metrics) = started();
    metrics.lost(5);
    let answer = get(address, "/metrics?name[]=x");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("Content-Type: text/plain; version=0.0.4"), "{answer}");
    assert!(answer.contains("\nkayoi_lost_records_total 5\n"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
}

#[test]
fn health_follows_the_pipeline() {
    let (address, metrics) = started();
    assert!(get(address, "/health/live").starts_with("HTTP/1.1 200"));
    assert!(get(address, "/health/ready").starts_with("HTTP/1.1 503"), "the lake was not asked yet");
    metrics.health().lake_answered(true);
    assert!(get(address, "/health/ready").ends_with("\r\n\r\nok\n"));
    metrics.commit_failed();
    assert!(get(address, "/health/ready").contains("refused the last commit"));
}

#[test]
fn other_paths_and_methods_are_told_what_there_is() {
    let (address, _) = started();
    assert!(get(address, "/").starts_with("HTTP/1.1 404") && get(address, "/").contains("/health/ready"));
    let posted = ask(address, "POST /metrics HTTP/1.1\r\n\r\n");
    assert!(posted.starts_with("HTTP/1.1 405") && posted.contains("Allow: GET, HEAD"), "{posted}");
    let head = ask(address, "HEAD /health/live HTTP/1.1\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn a_request_that_is_none_costs_only_its_connection() {
    let (address, _) = started();
    let silent = TcpStream::connect(address).unwrap();
    let mut endless = TcpStream::connect(address).unwrap();
    // The server hangs up somewhere on the way.
    let _ = endless.write_all(&[b'x'; 64 * 1024]);
    assert!(ask(address, "\u{0}\u{1}\r\n\r\n").starts_with("HTTP/1.1 400"));
    assert!(get(address, "/health/live").starts_with("HTTP/1.1 200"));
    drop(silent);
}

#[test]
fn more_connections_than_allowed_are_closed_unanswered() {
    let (address, _) = started();
    let mut silent: Vec<TcpStream> =
        (0..MOST_CONNECTIONS).map(|_| TcpStream::connect(address).unwrap()).collect();
    // The listener takes connections in order, so all of the silent ones are counted by now.
    let mut refused = TcpStream::connect(address).unwrap();
    assert_eq!(refused.read(&mut [0; 1]).unwrap_or(0), 0);
    let mut asks = silent.remove(0);
    asks.write_all(b"GET /health/live HTTP/1.1\r\n\r\n").unwrap();
    let mut answer = String::new();
    asks.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\r\nConnection: close\r\n"), "{answer}");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let (address, metrics) = started();
    let error = serve(address, metrics).unwrap_err().to_string();
    assert!(error.contains(&format!("`{address}`")) && error.contains("hint:"), "{error}");
}
