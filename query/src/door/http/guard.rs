//! Which requests come from somebody who knows where this server is.
//!
//! In: a request. Out: the same with its whole body, or a refusal. There is no password, so that a page of
//! another site must not ask through a visitor's browser. It could not read an answer (no CORS header is
//! sent), unless its own name were made to point here, hence the look at `Host`; and it could make the server
//! work, hence the look at `Origin` and at what browsers say of a request's site. A program says none of it
//! and is let in.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use tokio::time::timeout;

use super::origins::{Origins, let_read, preflight};
use super::problem::Problem;

/// Bytes of the largest body: more than the longest question.
const LARGEST_BODY: usize = 1 << 20;
/// Bytes of a larger one that are read all the same.
const MOST_READ: usize = 16 << 20;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The names by which this server may be called, besides `localhost`, addresses of this machine's own, and
/// the address that a client is connected to.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// Names as people write them, without a port.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|name| plain(&name)).collect())
    }

    fn is_named(&self, host: &str) -> bool {
        self.0.iter().any(|name| *name == host)
    }

    fn allow(&self, host: &str, local: IpAddr) -> bool {
        let host = plain(host);
        match host.parse::<IpAddr>() {
            Ok(address) => {
                let address = address.to_canonical();
                address.is_loopback() || address == local.to_canonical() || self.is_named(&host)
            }
            Err(_) => host == "localhost" || self.is_named(&host),
        }
    }
}

/// A host without brackets, in small letters.
fn plain(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_lowercase()
}

/// The address of this machine on which a request came in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Local(pub(super) IpAddr);

/// Why a request is refused: status, message, hint.
type Refusal = (StatusCode, String, Option<&'static str>);

/// Lets a request through, with its body, or refuses it. A page of an allowed origin may read either.
pub(super) async fn guard(
    State(guarded): State<Arc<(Hosts, Origins)>>,
    request: Request,
    next: Next,
) -> Response {
    let (hosts, origins) = &*guarded;
    let allowed = origins.of(request.headers()).cloned();
    let mut response = match check(hosts, allowed.is_some(), &request) {
        Ok(()) => let_in(allowed.is_some(), request, next).await,
        Err((status, message, hint)) => {
            let problem = Problem::new(status, message);
            let problem = if let Some(hint) = hint { problem.with_hint(hint) } else { problem };
            problem.response(request.headers())
        }
    };
    if let Some(origin) = allowed {
        let_read(&mut response, origin);
    }
    response
}

async fn let_in(is_of_page: bool, request: Request, next: Next) -> Response {
    if let Some(told) = is_of_page.then(|| preflight(request.method(), request.headers())).flatten() {
        return told;
    }
    let (head, body) = request.into_parts();
    let refuse = |status, message: &str| Problem::new(status, message).response(&head.headers);
    match timeout(BODY_TIME, whole(body)).await {
        Ok(Ok(Some(body))) => next.run(Request::from_parts(head, Body::from(body))).await,
        Ok(Ok(None)) => {
            let message = format!("the body is larger than `{LARGEST_BODY}` bytes");
            refuse(StatusCode::PAYLOAD_TOO_LARGE, &message)
        }
        Ok(Err(_)) => refuse(StatusCode::BAD_REQUEST, "the body is cut short"),
        Err(_) => {
            let message = format!("the body took longer than `{}` s", BODY_TIME.as_secs());
            refuse(StatusCode::REQUEST_TIMEOUT, &message)
        }
    }
}

/// A whole body; `None` when it is too large. Some more of it is read and thrown away, because a client that
/// is still sending would not see the answer.
async fn whole(body: Body) -> Result<Option<Bytes>, axum::Error> {
    let mut pieces = body.into_data_stream();
    let (mut read, mut kept) = (0, BytesMut::new());
    while let Some(piece) = pieces.try_next().await? {
        read += piece.len();
        if read > MOST_READ {
            break;
        }
        if read <= LARGEST_BODY {
            kept.extend_from_slice(&piece);
        }
    }
    Ok((read <= LARGEST_BODY).then(|| kept.freeze()))
}

fn check(hosts: &Hosts, is_allowed: bool, request: &Request) -> Result<(), Refusal> {
    let local = request.extensions().get::<Local>().map_or(IpAddr::from([127, 0, 0, 1]), |local| local.0);
    let headers = request.headers();
    let host = host(headers, request.version())?;
    for named in host.iter().chain(request.uri().authority()) {
        if !hosts.allow(named.host(), local) {
            let message = format!("this server is not called `{}`", named.host());
            let hint = "kayoi serve --allow-host NAME lets a name in";
            return Err((StatusCode::FORBIDDEN, message, Some(hint)));
        }
    }
    if is_allowed {
        return Ok(());
    }
    let foreign = |hint| (StatusCode::FORBIDDEN, "another site may not ask".to_owned(), Some(hint));
    for origin in headers.get_all(ORIGIN) {
        if !is_own(hosts, origin.to_str().unwrap_or_default(), host.as_ref()) {
            return Err(foreign("ask from the page of this server, or from a program without `Origin`"));
        }
    }
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if matches!(said("sec-fetch-site"), "cross-site" | "same-site") && said("sec-fetch-mode") != "navigate" {
        return Err(foreign("open the address itself, or ask from the page of this server"));
    }
    Ok(())
}

/// What the client calls this server. Only HTTP/1.0 may leave it out.
fn host(headers: &HeaderMap, version: Version) -> Result<Option<Authority>, Refusal> {
    let bad = || (StatusCode::BAD_REQUEST, "the request needs one header `Host`".to_owned(), None);
    let mut all = headers.get_all(HOST).iter();
    match (all.next(), all.next()) {
        (None, _) if version == Version::HTTP_10 => Ok(None),
        (Some(host), None) => {
            let authority = Authority::try_from(host.as_bytes()).map_err(|_| bad())?;
            if authority.as_str().contains('@') { Err(bad()) } else { Ok(Some(authority)) }
        }
        _ => Err(bad()),
    }
}

/// Whether an origin is this server, by the name that the request calls it or one that the operator gave.
fn is_own(hosts: &Hosts, origin: &str, host: Option<&Authority>) -> bool {
    let Some((scheme, rest)) = origin.split_once("://") else { return false };
    let port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return false,
    };
    let Ok(origin) = rest.parse::<Authority>() else { return false };
    let same = |host: &Authority| {
        plain(host.host()) == plain(origin.host())
            && host.port_u16().unwrap_or(port) == origin.port_u16().unwrap_or(port)
    };
    // A name of the operator's may stand for a proxy before this server; another port of this host does not.
    let is_same_host = host.is_some_and(|host| plain(host.host()) == plain(origin.host()));
    host.is_some_and(same) || (!is_same_host && hosts.is_named(&plain(origin.host())))
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
