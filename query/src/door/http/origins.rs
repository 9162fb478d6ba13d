//! The sites whose pages may ask, by CORS.
//!
//! In: `--allow-origin`. Out: which of them a request comes from, the answer to a browser that asks first, and
//! the headers that let a page read an answer. Nothing is allowed unless an operator names it; credentials are not,
//! so that a page reads nothing by a session that its visitor has here.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

const METHODS: &str = "GET, HEAD, POST, OPTIONS";
const HEADERS: &str = "accept, accept-language, authorization, content-type, if-none-match, kayoi-purpose";
const EXPOSED: &str = "content-disposition, content-encoding, etag, kayoi-revision, retry-after, vary";
/// How long a browser remembers what it was told, seconds.
const MAX_AGE: &str = "600";

/// The sites whose pages may ask; none by default.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Origins as browsers write them, `https://example.org`, or `*` for every one.
    pub fn new(origins: impl IntoIterator<Item = String>) -> Self {
        let plain = |origin: String| origin.trim().trim_end_matches('/').to_lowercase();
        Self(origins.into_iter().map(plain).collect())
    }

    /// Whether a text is an origin: a scheme and a host, and nothing after them.
    pub fn is_origin(text: &str) -> bool {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        text == "*"
            || rest.is_some_and(|rest| {
                !rest.is_empty() && !rest.trim_end_matches('/').contains(['/', '?', '#', '@'])
            })
    }

    /// The origin of a request when it is one of them.
    pub(super) fn of<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        let mut said = headers.get_all(ORIGIN).iter();
        let (Some(origin), None) = (said.next(), said.next()) else { return None };
        let text = origin.to_str().ok()?.to_lowercase();
        let is_one = text != "null" && self.0.iter().any(|one| one == "*" || *one == text);
        is_one.then_some(origin)
    }
}

/// The answer to a browser that asks before it sends what a page wants; `None` for any other request.
pub(super) fn preflight(method: &Method, headers: &HeaderMap) -> Option<Response> {
    if method != Method::OPTIONS || !headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let allowed = [
        (ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS)),
        (ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS)),
        (ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE)),
    ];
    Some((StatusCode::NO_CONTENT, allowed).into_response())
}

/// Lets the page of an allowed origin read a response.
pub(super) fn let_read(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    let varies = headers.get_all(VARY).iter().filter_map(|value| value.to_str().ok());
    if !varies.flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("origin")) {
        headers.append(VARY, HeaderValue::from_static("origin"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(origins: &[&str], said: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, HeaderValue::from_static(said));
        Origins::new(origins.iter().map(|&origin| origin.to_owned())).of(&headers).is_some()
    }

    #[test]
    fn only_the_named_origins_may_ask() {
        let named = ["https://Town.example.jp/", "http://localhost:5173"];
        assert!(from(&named, "https://town.example.jp"));
        assert!(from(&named, "http://localhost:5173"));
        for other in [
            "http://town.example.jp",
            "https://town.example.jp:444",
            "https://town.example.jp.evil.example",
            "https://a.town.example.jp",
            "http://localhost",
            "null",
        ] {
            assert!(!from(&named, other), "{other}");
        }
        assert!(
            from(&["*"], "https://any.example") && !from(&["*"], "null") && !from(&[], "https://a.example")
        );
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_no_path() {
        for right in ["*", "https://example.jp", "http://localhost:5173", "https://example.jp/"] {
            assert!(Origins::is_origin(right), "{right}");
        }
        for wrong in ["example.jp", "https://", "https://example.jp/a", "ftp://example.jp", "", "https://a@b"]
        {
            assert!(!Origins::is_origin(wrong), "{wrong}");
        }
    }
}
