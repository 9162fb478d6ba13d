//! Whether the server lives, and whether it can answer.
//!
//! In: nothing. Out: `ok`, or 503 and why not. Live is a process that answers at all; ready is one whose lake
//! has a release that can be read and whose workers answer, which is looked at most once in [`LOOK`], however
//! often a balancer asks.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::{SharedSite, Site};

/// How long a look is taken for true.
const LOOK: Duration = Duration::from_secs(1);
/// How long a worker may take to look at a statement.
const WORKER_TIME: Duration = Duration::from_secs(5);

/// What was found when it was last looked: `None` for ready, else why not.
#[derive(Debug, Default)]
pub(super) struct Readiness(Mutex<Option<(Instant, Option<String>)>>);

pub(super) async fn live() -> Response {
    told(StatusCode::OK, "ok\n".to_owned())
}

pub(super) async fn ready(State(site): State<SharedSite>) -> Response {
    // Held while it looks, so that others wait for the same look.
    let mut seen = site.readiness.0.lock().await;
    let known = seen.as_ref().filter(|(when, _)| when.elapsed() < LOOK).map(|(_, fault)| fault.clone());
    let fault = match known {
        Some(fault) => fault,
        None => {
            let fault = fault(&site).await;
            *seen = Some((Instant::now(), fault.clone()));
            fault
        }
    };
    match fault {
        None => told(StatusCode::OK, "ok\n".to_owned()),
        Some(fault) => told(StatusCode::SERVICE_UNAVAILABLE, format!("{fault}\n")),
    }
}

/// What keeps answers away.
async fn fault(site: &Site) -> Option<String> {
    match site.service.releases().newest().await {
        Ok(Some(_)) => {}
        Ok(None) => return Some("no release yet: `kayoi aggregate` makes one".to_owned()),
        Err(error) => {
            tracing::error!(cause = error.cause(), "not ready: the releases cannot be read");
            return Some("the releases cannot be read: the log has the cause".to_owned());
        }
    }
    match timeout(WORKER_TIME, site.service.is_working()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.parts().0),
        Err(_) => Some(format!("no worker has answered for {} s", WORKER_TIME.as_secs())),
    }
}

fn told(status: StatusCode, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        // What is kept by somebody on the way is wrong a second later.
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, text).into_response()
}
