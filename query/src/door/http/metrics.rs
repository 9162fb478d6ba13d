//! `/metrics`: what was asked, how it ended and how long it took, for Prometheus.
//!
//! In: the counts of [`crate::meter`]. Out: its text. Labels are doors and outcomes, never what somebody asked.

use std::fmt::Write;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::SharedSite;
use crate::meter;

const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) async fn exposition(State(site): State<SharedSite>) -> Response {
    let mut text = meter::exposition();
    let (waiting, working) = site.service.worker_counts();
    gauge(&mut text, "kayoi_query_workers_waiting", "Workers that wait for a question.", waiting as u64);
    gauge(&mut text, "kayoi_query_workers_working", "Workers that work on a question.", working as u64);
    let spooled = site.service.spooled_bytes();
    gauge(
        &mut text,
        "kayoi_query_spooled_bytes",
        "Bytes of answers that wait on disk for their readers.",
        spooled,
    );
    if let Ok(Some(release)) = site.service.releases().newest().await {
        gauge(&mut text, "kayoi_query_release_revision", "The newest release.", release.revision);
    }
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(TYPE)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, text).into_response()
}

fn gauge(text: &mut String, name: &str, help: &str, value: u64) {
    // Writing to a text does not fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
}
