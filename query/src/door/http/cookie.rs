//! The cookie of a session of the page.
//!
//! In: the headers of a request. Out: the secret that its browser was given, if any. What it stands for the directory knows.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// Its name.
pub(super) const NAME: &str = "kayoi-session";

/// The secret of a request's session.
pub(super) fn secret(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(COOKIE).into_iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = all.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, secret)| secret)
}
