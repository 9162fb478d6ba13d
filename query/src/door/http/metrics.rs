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
    if let Some(bytes) = resident_bytes() {
        gauge(&mut text, "kayoi_query_memory_bytes", "Resident memory of the server and its workers.", bytes);
    }
    if let Ok(Some(release)) = site.service.releases().newest().await {
        gauge(&mut text, "kayoi_query_release_revision", "The newest release.", release.revision);
        if let Some(made_at_s) = release.made_at_s() {
            let help = "When the newest release was made, seconds since 1970.";
            gauge(&mut text, "kayoi_query_release_published_seconds", help, made_at_s.cast_unsigned());
        }
    }
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(TYPE)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, text).into_response()
}

/// Resident memory of this process and of those that it started, bytes; nothing where the system does not tell.
fn resident_bytes() -> Option<u64> {
    let own = resident_bytes_of("self")?;
    let children = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("children")).ok();
    let lists: Vec<String> =
        std::fs::read_dir("/proc/self/task").ok()?.flatten().filter_map(children).collect();
    // A worker that has just ended counts for nothing.
    let workers = lists.iter().flat_map(|list| list.split_whitespace()).filter_map(resident_bytes_of);
    Some(own + workers.sum::<u64>())
}

fn resident_bytes_of(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

fn gauge(text: &mut String, name: &str, help: &str, value: u64) {
    // Writing to a text does not fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
}
