//! The page that people open, and the files it is made of.
//!
//! In: addresses, and the files of the page from whoever serves it. Out: the page; where it was built without
//! Node, a small page for SQL at each of them. The page tells nothing of figures by itself: it asks as any other client, so
//! that anybody may fetch it. Its files have names by their content and may be kept for ever; the page itself is asked for
//! anew each time, or it would look for files that are gone. The files come from outside, so that another page is another
//! program and not another engine, which takes minutes to compile.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use flate2::read::GzDecoder;

use super::coding::{self, Coding};
use super::problem::Problem;
use super::{SharedSite, accept, tag};

/// A file of the page.
#[derive(Debug, Clone)]
pub struct PageFile {
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// SHA-256 of that.
    pub sha256: [u8; 32],
}

/// The file of a name, as `index.html` or `assets/x.js.br`; `None` for each name where the page was not built.
pub type PageFiles = fn(&str) -> Option<PageFile>;

const INDEX: &str = "index.html";
pub(super) const SMALL: &str = include_str!("index.html");
/// The small page holds its own script and style, and talks to this server only.
const SMALL_POLICY: &str =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'";
/// The page reaches no other host. Charts write styles into their drawings; the map works in a thread made of a blob.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// In `assets` a name is of one content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The addresses of the page, each in Japanese, and in English below `/en`.
const ADDRESSES: [&str; 11] = [
    "/t/{code}",
    "/t/{code}/report",
    "/p/{code}",
    "/map",
    "/sql",
    "/data",
    "/data/{table}",
    "/method",
    "/method/{term}",
    "/quality",
    "/signin",
];

/// Whether the page is part of this program.
pub(super) fn is_built(files: PageFiles) -> bool {
    files(INDEX).is_some()
}

/// Whether an address is the page or a file of it.
pub(super) fn routes() -> Router<SharedSite> {
    let mut router = Router::new()
        .route("/", get(page))
        .route("/en", get(page))
        .route("/en/", get(page))
        .route("/icon.svg", get(file))
        .route("/assets/{*path}", get(file));
    for address in ADDRESSES {
        router = router.route(address, get(page)).route(&format!("/en{address}"), get(page));
    }
    router
}

async fn page(State(site): State<SharedSite>, uri: Uri, headers: HeaderMap) -> Response {
    shown(site.page, &uri, &headers).await
}

/// The page, whatever the address: it says itself where it cannot help.
pub(super) async fn shown(files: PageFiles, uri: &Uri, headers: &HeaderMap) -> Response {
    let Some(index) = files(INDEX) else {
        let policy = HeaderValue::from_static(SMALL_POLICY);
        return ([(CONTENT_SECURITY_POLICY, policy)], Html(SMALL)).into_response();
    };
    let path = uri.path();
    // What reads it aloud has to know the language before any script runs.
    if path != "/en"
        && !path.starts_with("/en/")
        && let Some(response) = sent(files, INDEX, headers).await
    {
        return response;
    }
    let text = String::from_utf8_lossy(&index.bytes).replacen("<html lang=\"ja\">", "<html lang=\"en\">", 1);
    whole("text/html; charset=utf-8", text.into_bytes(), "en", headers).await
}

async fn file(State(site): State<SharedSite>, uri: Uri, headers: HeaderMap) -> Response {
    let name = uri.path().trim_start_matches('/');
    match sent(site.page, name, &headers).await {
        Some(mut response) => {
            if name.starts_with("assets/") {
                response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
            }
            response
        }
        None => Problem::new(StatusCode::NOT_FOUND, "no such file of the page").response(&headers),
    }
}

/// A file as it was compressed when it was built, or as a client can read it; `None` where there is none.
async fn sent(files: PageFiles, name: &str, headers: &HeaderMap) -> Option<Response> {
    let media_type = media_type(name);
    let compressed = |ending: &str| files(&format!("{name}.{ending}"));
    if let Some(packed) = accept::takes(headers, "br").then(|| compressed("br")).flatten() {
        return Some(packed_as("br", packed, media_type, headers));
    }
    let unpacked = match (files(name), compressed("gz")) {
        (Some(file), _) => file.bytes.into_owned(),
        (None, Some(packed)) if accept::takes(headers, "gzip") => {
            return Some(packed_as("gzip", packed, media_type, headers));
        }
        (None, packed) => {
            let mut unpacked = Vec::new();
            GzDecoder::new(packed?.bytes.as_ref()).read_to_end(&mut unpacked).ok()?;
            unpacked
        }
    };
    Some(whole(media_type, unpacked, "", headers).await)
}

fn packed_as(
    coding: &'static str,
    file: PageFile,
    media_type: &'static str,
    headers: &HeaderMap,
) -> Response {
    let hash = hex(&file.sha256);
    let has = tag::known(&hash, headers, Coding::Identity);
    let mut response = if has.is_some() {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let length = HeaderValue::from(file.bytes.len());
        let mut response = file.bytes.into_owned().into_response();
        response.headers_mut().insert(CONTENT_LENGTH, length);
        response
    };
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    // Its hash is that of the compressed bytes.
    marked(&mut response, &hash, Coding::Identity, media_type);
    response
}

/// Bytes that are compressed now, if at all.
async fn whole(media_type: &'static str, bytes: Vec<u8>, variant: &str, headers: &HeaderMap) -> Response {
    let hash = tag::hashed(&[variant, &blake3::hash(&bytes).to_hex()]);
    let coding = accept::coding(headers).for_length(bytes.len() as u64);
    let has = tag::known(&hash, headers, coding);
    let mut response = match has {
        Some(_) => StatusCode::NOT_MODIFIED.into_response(),
        None => {
            let length = bytes.len() as u64;
            match coding::body(Box::new(Cursor::new(bytes)), length, coding).await {
                Ok((body, _)) => body.into_response(),
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
    };
    let coding = has.unwrap_or(coding);
    if coding != Coding::Identity {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    marked(&mut response, &hash, coding, media_type);
    response
}

fn marked(response: &mut Response, hash: &str, coding: Coding, media_type: &'static str) {
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag::header(hash, coding)) {
        headers.insert(ETAG, tag);
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<PageFile> {
        None
    }

    fn built(name: &str) -> Option<PageFile> {
        let bytes: &[u8] = match name {
            "index.html" => b"<html lang=\"ja\">",
            "assets/a.js" => b"1",
            _ => return None,
        };
        Some(PageFile { bytes: bytes.into(), sha256: [7; 32] })
    }

    #[tokio::test]
    async fn each_address_is_the_page_with_its_policy() {
        for files in [none as PageFiles, built] {
            for address in ["/", "/t/20214?m=2026-10", "/en/t/20214"] {
                let response = shown(files, &Uri::from_static(address), &HeaderMap::new()).await;
                assert_eq!(response.status(), StatusCode::OK);
                let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
                assert!(policy.starts_with("default-src 'none'"), "{policy}");
                assert_eq!(
                    policy == SMALL_POLICY,
                    !is_built(files),
                    "the small page where there is no other"
                );
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_there_is_not_is_not_sent() {
        assert!(sent(built, "assets/a.js", &HeaderMap::new()).await.is_some());
        for name in ["assets/none.js", "assets/../index.html", "icon.svg.br"] {
            assert!(sent(built, name, &HeaderMap::new()).await.is_none(), "{name}");
        }
    }
}
