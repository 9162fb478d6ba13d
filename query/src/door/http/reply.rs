//! From a question to the response that carries its answer.
//!
//! In: a [`Put`]. Out: the rows in the form that the client takes, or 304 when it has them, or a [`Problem`].
//! Every route that runs SQL ends here.

use std::io::{Cursor, Read};
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use datafusion::common::ScalarValue;
use kayoi_lake::Manifest;
use serde_json::{Map, Value};

use super::asker::{asker, purpose};
use super::coding::{self, Coding};
use super::problem::Problem;
use super::stating::Stating;
use super::{Site, accept, tag};
use crate::ask::{Asked, Door};
use crate::desk::Role;
use crate::error::QueryError;
use crate::newest::Wanted;
use crate::questions::AnswerRow;
use crate::render::Rendering;
use crate::service::Answer;
use crate::session::SessionSettings;

/// Bytes of an answer that is stated in a sentence: rows that a person reads.
const STATED_BYTES: u64 = 1 << 20;
/// Tells which release an answer is of, whatever its form.
pub(super) const REVISION: HeaderName = HeaderName::from_static("kayoi-revision");
/// What an answer depends on beside its address.
const VARIES_BY: &str = "accept, accept-encoding, origin";

/// A question with all that its client wants of the answer.
#[derive(Debug, Default)]
pub(super) struct Put {
    pub(super) text: String,
    pub(super) values: Vec<ScalarValue>,
    /// The form that is named.
    pub(super) format: Option<String>,
    /// The release that is named.
    pub(super) release: Wanted,
    /// What stands before the rows when they come as one object.
    pub(super) before: Map<String, Value>,
    /// What states the answer, for a named question.
    pub(super) stating: Option<Stating>,
    /// What a file of the answer is named after: a question or a table, and values of its parameters.
    pub(super) file: Vec<String>,
}

/// Answers a question.
///
/// # Errors
/// [`Problem`] for whatever keeps the answer away.
pub(super) async fn reply(site: &Site, headers: &HeaderMap, put: Put) -> Result<Response, Problem> {
    let form = accept::form(put.format.as_deref(), headers)?;
    let release = site.service.releases().of(&put.release).await?;
    let asked = asked(headers, &put.text, release.as_deref())?;
    let beside = format!("{:?}{}", put.values, Value::from(put.before.clone()));
    let tag = tag::tag(&tag::Origin {
        release: release.as_deref(),
        notice: site.service.notice(),
        form,
        asker: asked.who(),
        text: &put.text,
        beside: &beside,
    });
    let coding = if form.is_compressed() { Coding::Identity } else { accept::coding(headers) };
    if let Some((tag, has)) = had(tag.as_deref(), headers, coding) {
        site.service.unchanged(asked).await?;
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        mark(response.headers_mut(), Some((tag, has)), release.as_deref());
        return Ok(response);
    }
    let answer = site.service.answer_with(asked, put.values, form).await?;
    let before =
        if form == Rendering::Json { of_release(put.before, release.as_deref()) } else { Map::new() };
    let (reader, length) = joined(answer, before, put.stating.as_ref().filter(|_| form == Rendering::Json))?;
    let coding = coding.for_length(length);
    let (body, length) = coding::body(reader, length, coding).await.map_err(QueryError::io)?;
    let mut response = written(form, coding, body, length, &put.file);
    mark(response.headers_mut(), tag.as_deref().map(|tag| (tag, coding)), release.as_deref());
    Ok(response)
}

/// The tag of an answer that the client has, and in which compression.
pub(super) fn had<'a>(
    tag: Option<&'a str>,
    headers: &HeaderMap,
    wanted: Coding,
) -> Option<(&'a str, Coding)> {
    let tag = tag?;
    tag::known(tag, headers, wanted).map(|has| (tag, has))
}

/// In which header a client says what the figures are for.
const PURPOSE: &str = "kayoi-purpose";

/// A question that reads one release, whatever comes meanwhile.
///
/// # Errors
/// [`QueryError::SignIn`] where nobody has signed in.
pub(super) fn asked(
    headers: &HeaderMap,
    text: &str,
    release: Option<&Manifest>,
) -> Result<Asked, QueryError> {
    let asked = Asked::new(asker()?, Door::Http, text);
    let mut settings = SessionSettings::default();
    // In Japanese, too: programs send UTF-8.
    let said = headers.get(PURPOSE).and_then(|purpose| std::str::from_utf8(purpose.as_bytes()).ok());
    let said = said.map(str::to_owned);
    if let Some(purpose) = said.or_else(purpose) {
        settings = settings.with_purpose(&purpose);
    }
    Ok(match release {
        Some(release) => asked.with_settings(settings.reading(release.revision)),
        None => asked.with_settings(settings),
    })
}

/// The object before the rows of a question that says of which release they are.
pub(super) fn of_release(mut before: Map<String, Value>, release: Option<&Manifest>) -> Map<String, Value> {
    if let Some(release) = release.filter(|_| !before.is_empty()) {
        before.insert("revision".to_owned(), release.revision.into());
        before.insert("definition".to_owned(), release.definition.as_str().into());
        before.insert("definition_hash".to_owned(), release.definition_hash.as_str().into());
        before.insert("series".to_owned(), release.series.as_str().into());
    }
    before
}

/// The bytes of an answer, with more fields in its object. Rows are not read again.
pub(super) fn joined(
    answer: Answer,
    mut before: Map<String, Value>,
    stating: Option<&Stating>,
) -> Result<(Box<dyn Read + Send>, u64), QueryError> {
    let length = answer.byte_count();
    let mut reader = answer.into_reader()?;
    if let Some(stating) = stating.filter(|_| length <= STATED_BYTES) {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(QueryError::io)?;
        // Its rows are objects by the names of the columns.
        let told: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let rows = told.get("rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let rows: Vec<AnswerRow> = rows.iter().filter_map(|row| row.as_object().cloned()).collect();
        before.insert("sentence".to_owned(), stating.of(&rows));
        reader = Box::new(Cursor::new(bytes));
    }
    if before.is_empty() {
        return Ok((reader, length));
    }
    let mut fields = Value::from(before).to_string();
    fields.pop();
    fields.push(',');
    // The brace that opens the object of the answer.
    reader.read_exact(&mut [0]).map_err(QueryError::io)?;
    let length = length - 1 + fields.len() as u64;
    Ok((Box::new(Cursor::new(fields.into_bytes()).chain(reader)), length))
}

fn written(form: Rendering, coding: Coding, body: Body, length: Option<u64>, file: &[String]) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if coding != Coding::Identity {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    let name = form.file_ending().map(|ending| file_name(file, ending));
    let disposition = name.map(|name| format!("attachment; filename=\"{name}\""));
    if let Some(Ok(disposition)) = disposition.map(|text| HeaderValue::from_str(&text)) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

/// The name under which a browser saves an answer, in ASCII: `kayoi-season-index-20321-2026-09.csv`.
fn file_name(of: &[String], ending: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' };
    let mut name = "kayoi".to_owned();
    for piece in of.iter().filter(|piece| !piece.is_empty()) {
        name.push('-');
        name.extend(piece.chars().map(plain));
    }
    format!("{name}.{ending}")
}

/// What stands on every answer and on every "not changed".
pub(super) fn mark(headers: &mut HeaderMap, tag: Option<(&str, Coding)>, release: Option<&Manifest>) {
    // A cache may keep it and has to ask whether it is still the newest; one for several people may keep what all of them see.
    let is_own = asker().is_ok_and(|asker| asker.name().is_some() && asker.scope().role != Role::Public);
    let kept = if is_own { "private, no-cache" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(VARY, HeaderValue::from_static(VARIES_BY));
    if let Some(Ok(tag)) = tag.map(|(tag, coding)| HeaderValue::from_str(&tag::header(tag, coding))) {
        headers.insert(ETAG, tag);
    }
    if let Some(release) = release {
        headers.insert(REVISION, HeaderValue::from(release.revision));
    }
}

/// A response that is made of JSON in memory, with a tag of its bytes.
pub(super) async fn document(
    headers: &HeaderMap,
    value: &Value,
    release: Option<&Arc<Manifest>>,
) -> Result<Response, Problem> {
    let text = value.to_string();
    let tag = tag::hashed(&[&text]);
    let coding = accept::coding(headers).for_length(text.len() as u64);
    let has = tag::known(&tag, headers, coding);
    let mut response = if has.is_some() {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let length = text.len() as u64;
        let reader = Box::new(Cursor::new(text.into_bytes()));
        let (body, length) = coding::body(reader, length, coding).await.map_err(QueryError::io)?;
        written(Rendering::Json, coding, body, length, &[])
    };
    mark(response.headers_mut(), Some((&tag, has.unwrap_or(coding))), release.map(Arc::as_ref));
    Ok(response)
}
