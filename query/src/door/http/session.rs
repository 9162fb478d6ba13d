//! `/v1/session`: signing in for the page.
//!
//! In: a name and a password. Out: a cookie that scripts cannot read and other sites cannot send, and who one is. A wrong
//! password and a name that nobody has are refused alike, after the same work. The page needs no session where nobody has
//! to sign in, or where the operator lets everybody see.

use axum::Extension;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asker::Peer;
use super::cookie::{NAME, secret};
use super::problem::Problem;
use super::query::json;
use super::{SharedSite, Site};
use crate::ask::Asker;
use crate::desk::{Areas, SESSION};

/// Letters of a purpose, which each session keeps.
const PURPOSE_LETTERS: usize = 1_000;

/// A name and a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    name: String,
    password: String,
    /// What the figures are for.
    #[serde(default)]
    purpose: Option<String>,
}

/// Who one is.
pub(super) async fn get(State(site): State<SharedSite>, headers: HeaderMap) -> Response {
    let asker = secret(&headers).and_then(|secret| site.directory.session(secret));
    told(&site, asker.as_ref()).into_response()
}

/// Signs in.
pub(super) async fn post(
    State(site): State<SharedSite>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let signed_in = async {
        let SignIn { name, password, purpose } = json(&body, "{\"name\": \"taro\", \"password\": \"…\"}")?;
        let refused = || Problem::new(StatusCode::UNAUTHORIZED, crate::desk::Refused.to_string());
        let Some(Extension(Peer(address))) = peer else { return Err(refused()) };
        let asker = site.directory.password(&name, &password, address).await.map_err(|_| refused())?;
        let purpose = purpose.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if purpose.as_ref().is_some_and(|text| text.chars().count() > PURPOSE_LETTERS) {
            let problem = Problem::bad(format!("a purpose of more than `{PURPOSE_LETTERS}` letters"));
            return Err(problem.with_hint("a sentence is enough"));
        }
        let secret = site.directory.begin_session(&asker, purpose).ok_or_else(refused)?;
        Ok((asker, secret))
    };
    match signed_in.await {
        Ok((asker, secret)) => {
            let mut response = told(&site, Some(&asker)).into_response();
            set_cookie(&mut response, &secret, SESSION.as_secs(), site.is_secure);
            response
        }
        Err(problem) => problem.response(&headers),
    }
}

/// Signs out.
pub(super) async fn delete(State(site): State<SharedSite>, headers: HeaderMap) -> Response {
    if let Some(secret) = secret(&headers) {
        site.directory.end_session(secret);
    }
    let mut response = told(&site, None).into_response();
    set_cookie(&mut response, "", 0, site.is_secure);
    response
}

fn set_cookie(response: &mut Response, secret: &str, seconds: u64, is_secure: bool) {
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie = format!("{NAME}={secret}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
}

fn told(site: &Site, asker: Option<&Asker>) -> impl IntoResponse + use<> {
    let directory = &site.directory;
    let areas = asker.map(Asker::scope).map(|scope| match scope.areas {
        Areas::All => Vec::new(),
        Areas::Only(codes) => codes.into_iter().collect(),
    });
    let value: Value = json!({
        "needs_sign_in": !directory.is_open() && directory.public().is_none(),
        "has_users": !directory.is_open(),
        "signed_in": asker.is_some(),
        "name": asker.and_then(Asker::name),
        "areas": areas,
        "asks_purpose": site.service.asks_purpose(),
    });
    ([(CACHE_CONTROL, "no-store")], axum::Json(value))
}
