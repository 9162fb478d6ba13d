//! Who asks over HTTP.
//!
//! In: a request's `Authorization`: a name with a password, or a token. Out: the request's [`Asker`], which every
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

use super::problem::Problem;
use crate::ask::Asker;
use crate::desk::{Directory, Refused};
use crate::error::QueryError;

tokio::task_local! {
    static ASKER: Asker;
}

/// The address of the client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// What anybody may fetch.
const FOR_EVERYBODY: [&str; 6] =
    ["/", "/healthz", "/health/live", "/health/ready", "/metrics", "/openapi.json"];

/// Who asks what is being answered.
///
/// # Errors
/// [`QueryError::SignIn`] where nobody has signed in.
pub(super) fn asker() -> Result<Asker, QueryError> {
    ASKER.try_with(Asker::clone).map_err(|_| QueryError::SignIn)
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
    match asker {
        Ok(asker) => ASKER.scope(asker, next.run(request)).await,
        Err(refused) => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, refused.to_string());
            let problem =
                problem.with_hint("send `Authorization: Bearer TOKEN`, or a name and a password as Basic");
            let mut response = problem.response(request.headers());
            let way = HeaderValue::from_static("Basic realm=\"kayoi\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, way);
            response
        }
    }
}

async fn of(directory: &Directory, headers: &HeaderMap, peer: IpAddr) -> Result<Asker, Refused> {
    let said = headers.get(header::AUTHORIZATION).and_then(|said| said.to_str().ok()).ok_or(Refused)?;
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
