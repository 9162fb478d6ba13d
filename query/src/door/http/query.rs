//! `/v1/query`: any question in SQL.
//!
//! In: an address with `sql=`, a body of SQL, or a body of JSON with values for `$1`, `$2` …. Out: its
//! answer. A body says what it is by `Content-Type`; what `curl --data` and a form of a page send is SQL, or
//! fields with one of the name `sql`.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::SharedSite;
use super::problem::{Problem, bare};
use super::reply::{Put, reply};
use super::values::values;
use crate::newest::Wanted;

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Address {
    sql: Option<String>,
    format: Option<String>,
    rev: Option<String>,
    d: Option<String>,
}

type Parameters = Result<Query<Address>, QueryRejection>;

/// A question as a JSON object.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    sql: String,
    #[serde(default)]
    parameters: Vec<Value>,
    format: Option<String>,
    rev: Option<u64>,
    d: Option<String>,
}

pub(super) async fn get(
    State(site): State<SharedSite>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Response {
    let put = address(parameters).and_then(|address| {
        let release = wanted(address.rev.as_deref(), address.d)?;
        let text = address.sql.unwrap_or_default();
        Ok(Put { text, format: address.format, release, ..Put::default() })
    });
    answered(&site, &headers, put).await
}

pub(super) async fn post(
    State(site): State<SharedSite>,
    parameters: Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let put = address(parameters).and_then(|address| {
        let mut put = in_body(&headers, &body)?;
        put.format = put.format.or(address.format);
        let Wanted { revision, definition } = wanted(address.rev.as_deref(), address.d)?;
        put.release.revision = put.release.revision.or(revision);
        put.release.definition = put.release.definition.or(definition);
        Ok(put)
    });
    answered(&site, &headers, put).await
}

async fn answered(site: &SharedSite, headers: &HeaderMap, put: Result<Put, Problem>) -> Response {
    let replied = match put {
        Ok(put) => reply(site, headers, put).await,
        Err(problem) => Err(problem),
    };
    replied.unwrap_or_else(|problem| problem.response(headers))
}

fn address(parameters: Parameters) -> Result<Address, Problem> {
    parameters.map(|Query(address)| address).map_err(|rejection| Problem::bad(rejection.body_text()))
}

/// The release that `rev` and `d` name.
///
/// # Errors
/// 400 for what is no number.
pub(super) fn wanted(rev: Option<&str>, definition: Option<String>) -> Result<Wanted, Problem> {
    let definition = definition.filter(|definition| !definition.is_empty());
    Ok(Wanted { revision: revision(rev)?, definition })
}

fn revision(said: Option<&str>) -> Result<Option<u64>, Problem> {
    match said {
        None | Some("newest") => Ok(None),
        Some(said) => said.parse().map(Some).map_err(|_| {
            let problem = Problem::bad("`rev` is not the number of a release");
            problem.with_hint("`kayoi release list` shows them; without `rev` the newest is read")
        }),
    }
}

/// The release that is named where an address takes nothing else.
///
/// # Errors
/// 400 for another parameter, with the hint, and for what is no number.
pub(super) fn only_release(said: &BTreeMap<String, String>, hint: &str) -> Result<Wanted, Problem> {
    if let Some(other) = said.keys().find(|name| !["rev", "d"].contains(&name.as_str())) {
        return Err(Problem::bad(format!("unknown parameter `{other}`")).with_hint(hint));
    }
    wanted(said.get("rev").map(String::as_str), said.get("d").cloned())
}

/// A question that stands in a body.
fn in_body(headers: &HeaderMap, body: &Bytes) -> Result<Put, Problem> {
    let said = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    match bare(said.unwrap_or_default()).to_ascii_lowercase().as_str() {
        "application/json" => {
            let object: Object =
                json(body, "{\"sql\": \"SELECT …\", \"parameters\": [], \"format\": \"json\"}")?;
            let values = values(object.parameters)?;
            let release = Wanted { revision: object.rev, definition: object.d };
            Ok(Put { text: object.sql, values, format: object.format, release, ..Put::default() })
        }
        "" | "text/plain" | "application/sql" | "application/x-sql" => {
            Ok(Put { text: text(body)?, ..Put::default() })
        }
        "application/x-www-form-urlencoded" if body.starts_with(b"sql=") => {
            let mut put = Put::default();
            for (name, value) in form_urlencoded::parse(body) {
                match &*name {
                    "sql" => put.text = value.into_owned(),
                    "format" => put.format = Some(value.into_owned()),
                    "rev" => put.release.revision = revision(Some(&value))?,
                    "d" => put.release.definition = Some(value.into_owned()),
                    other => return Err(Problem::bad(format!("unknown field `{other}`"))),
                }
            }
            Ok(put)
        }
        "application/x-www-form-urlencoded" => Ok(Put { text: text(body)?, ..Put::default() }),
        other => {
            let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("a body of `{other}`"));
            Err(problem.with_hint(
                "send SQL as `text/plain` or `application/sql`, or an object as `application/json`",
            ))
        }
    }
}

fn text(body: &Bytes) -> Result<String, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::bad("the body is not UTF-8"))?;
    // What editors of Windows put before a text.
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}

/// A body of JSON.
///
/// # Errors
/// 400 that shows how it should look.
pub(super) fn json<'a, T: Deserialize<'a>>(body: &'a Bytes, example: &str) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::bad(format!("cannot read the JSON: {error}")).with_hint(format!("it looks like `{example}`"))
    })
}
