//! Who asks over HTTP.
//!
//! In: a request's `Authorization`: a name with a password, or a token; or the cookie of a session. Out: the request's [`Asker`], which every
//! question of it is asked by. It is known before any handler runs and as long as one runs; a handler outside that
//! finds nobody and asks nothing. What tells nothing of figures, such as whether the server lives, needs no name.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::cookie;
use super::problem::Problem;
use crate::ask::Asker;
use crate::desk::{Directory, Refused};
use crate::error::QueryError;

tokio::task_local! {
    static ASKER: Asker;
    /// What the figures are for, by the session of the page.
    static PURPOSE: Option<String>;
}

/// The address of the client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// What anybody may fetch.
const FOR_EVERYBODY: [&str; 8] = [
    "/healthz",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/openapi.json",
    "/v1/session",
    "/v1/statuses",
    "/v1/municipalities",
];
/// What the role `public` may fetch besides: what the page is made of, and no SQL of anybody's own.
const FOR_THE_PUBLIC: [&str; 6] =
    ["/v1/questions", "/v1/tables", "/v1/functions", "/v1/boundaries", "/v1/tiles", "/v1/release"];

/// Who asks what is being answered.
///
/// # Errors
/// [`QueryError::SignIn`] where nobody has signed in.
pub(super) fn asker() -> Result<Asker, QueryError> {
    ASKER.try_with(Asker::clone).map_err(|_| QueryError::SignIn)
}

/// What the figures are for, where the request comes from a session that says so.
pub(super) fn purpose() -> Option<String> {
    PURPOSE.try_with(Option::clone).ok().flatten()
}

/// Lets a request through as its asker's, or refuses it.
pub(super) async fn signed_in(
    State(directory): State<Arc<Directory>>,
    request: Request,
    next: Next,
) -> Response {
    if FOR_EVERYBODY.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    let asker = match peer {
        _ if directory.is_open() => Ok(Asker::Anonymous),
        Some(peer) => of(&directory, request.headers(), peer).await,
        None => Err(Refused),
    };
    // Who says a wrong name is told so; who says none is the public, where there is one.
    let is_nobody = !request.headers().contains_key(header::AUTHORIZATION);
    let asker = match asker {
        Err(refused) if is_nobody && is_for_the_public(request.uri().path()) => {
            directory.public().ok_or(refused)
        }
        asker => asker,
    };
    match asker {
        Ok(asker) => {
            let session = cookie::secret(request.headers()).filter(|_| is_nobody);
            let purpose = session.and_then(|secret| directory.purpose_of_session(secret));
            ASKER.scope(asker, PURPOSE.scope(purpose, next.run(request))).await
        }
        Err(refused) => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, refused.to_string());
            let problem =
                problem.with_hint("send `Authorization: Bearer TOKEN`, or a name and a password as Basic");
            let mut response = problem.response(request.headers());
            // A browser would ask by itself, in the middle of a page that has a form for it.
            let is_script = request.headers().get("sec-fetch-mode").is_some_and(|mode| mode != "navigate");
            if !is_script {
                let way = HeaderValue::from_static("Basic realm=\"kayoi\", charset=\"UTF-8\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, way);
            }
            response
        }
    }
}

fn is_for_the_public(path: &str) -> bool {
    let below =
        |start: &str| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    FOR_THE_PUBLIC.into_iter().any(below)
}

async fn of(directory: &Directory, headers: &HeaderMap, peer: IpAddr) -> Result<Asker, Refused> {
    let Some(said) = headers.get(header::AUTHORIZATION) else {
        return cookie::secret(headers).and_then(|secret| directory.session(secret)).ok_or(Refused);
    };
    let said = said.to_str().map_err(|_| Refused)?;
    let (way, what) = said.split_once(' ').ok_or(Refused)?;
    if way.eq_ignore_ascii_case("bearer") {
        return directory.token(what.trim(), peer).await;
    }
    if !way.eq_ignore_ascii_case("basic") {
        return Err(Refused);
    }
    let both = STANDARD.decode(what.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let (name, password) = both.as_deref().and_then(|both| both.split_once(':')).ok_or(Refused)?;
    directory.password(name, password, peer).await
}
