//! Several named questions in one request.
//!
//! In: `[{"name": …, "parameters": {…}}, …]`, perhaps `rev=` and `d=`. Out: one list of JSON, in the same order, each with a status of
//! its own: what one question cannot say must not keep the others away. All are of one release. Answers come
//! one after the other from where they wait, so that a long list needs no more memory than a short one.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use kayoi_lake::Manifest;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::coding::{self, Coding};
use super::problem::{Problem, is_japanese};
use super::query::{json, only_release};
use super::questions::{Filled, Parameters, filled};
use super::reply::{asked, had, joined, mark, of_release};
use super::{SharedSite, Site, accept, tag};
use crate::error::QueryError;
use crate::newest::Wanted;
use crate::render::Rendering;

/// Most questions of a request.
const MOST: usize = 50;

/// One question of several.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    name: String,
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
}

/// An answer that waits to be sent, and its length.
type Waiting = (Box<dyn Read + Send>, u64);

pub(super) async fn post(
    State(site): State<SharedSite>,
    said: Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answered = async {
        let Query(said) = said.map_err(|rejection| Problem::bad(rejection.body_text()))?;
        let hint =
            "values of questions stand in the body; `rev` is the number of a release, `d` its definition";
        let wanted = only_release(&said, hint)?;
        let all: Vec<One> =
            json(&body, "[{\"name\": \"origin-towns\", \"parameters\": {\"town\": \"20214\"}}]")?;
        if all.len() > MOST {
            let problem = Problem::bad(format!("`{}` questions at once", all.len()));
            return Err(problem.with_hint(format!("ask at most {MOST} in one request")));
        }
        answer(&site, &headers, &wanted, all).await
    };
    answered.await.unwrap_or_else(|problem: Problem| problem.response(&headers))
}

async fn answer(
    site: &Site,
    headers: &HeaderMap,
    wanted: &Wanted,
    all: Vec<One>,
) -> Result<Response, Problem> {
    let release = site.service.releases().of(wanted).await?;
    let release = release.as_deref();
    let filled: Vec<(String, Result<Filled, Problem>)> =
        all.into_iter().map(|one| (one.name.clone(), one.filled())).collect();
    let tag = tag_of(site, release, &filled);
    let coding = accept::coding(headers);
    if let Some((tag, has)) = had(tag.as_deref(), headers, coding) {
        for one in filled.iter().filter_map(|(_, one)| one.as_ref().ok()) {
            site.service.unchanged(asked(headers, &one.sql, release)?).await?;
        }
        let mut response = axum::http::StatusCode::NOT_MODIFIED.into_response();
        mark(response.headers_mut(), Some((tag, has)), release);
        return Ok(response);
    }
    let (mut reader, mut length): Waiting = (Box::new(Cursor::new(b"[")), 1);
    for (position, (name, one)) in filled.into_iter().enumerate() {
        let (next, bytes) = match answered(site, headers, release, one).await {
            Ok(waiting) => waiting,
            Err(problem) => refused(&name, &problem, headers),
        };
        let comma: &[u8] = if position == 0 { b"" } else { b"," };
        reader = Box::new(reader.chain(Cursor::new(comma)).chain(next));
        length += bytes + comma.len() as u64;
    }
    let reader = Box::new(reader.chain(Cursor::new(b"]")));
    let coding = coding.for_length(length + 1);
    let (body, length) = coding::body(reader, length + 1, coding).await.map_err(QueryError::io)?;
    let mut response = body.into_response();
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(Rendering::Json.media_type()));
    fields.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(length) = length {
        fields.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if coding != Coding::Identity {
        fields.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    mark(fields, tag.as_deref().map(|tag| (tag, coding)), release);
    Ok(response)
}

impl One {
    fn filled(self) -> Result<Filled, Problem> {
        let text = |value: Value| match value {
            Value::String(text) => Ok(text),
            // A code of a prefecture is easily written as a number.
            Value::Number(number) if number.is_u64() => Ok(number.to_string()),
            _ => Err(Problem::bad("a parameter is a code: a text of digits")),
        };
        let said = self.parameters.into_iter().map(|(name, value)| text(value).map(|text| (name, text)));
        filled(&self.name, said.collect::<Result<_, _>>()?)
    }
}

async fn answered(
    site: &Site,
    headers: &HeaderMap,
    release: Option<&Manifest>,
    one: Result<Filled, Problem>,
) -> Result<Waiting, Problem> {
    let Filled { sql, about, stating } = one?;
    let answer =
        site.service.answer_with(asked(headers, &sql, release)?, Vec::new(), Rendering::Json).await?;
    let mut before = Map::new();
    before.insert("status".to_owned(), 200.into());
    before.extend(about);
    Ok(joined(answer, of_release(before, release), Some(&stating))?)
}

fn refused(name: &str, problem: &Problem, headers: &HeaderMap) -> Waiting {
    let mut said = problem.to_json(is_japanese(headers));
    said["name"] = name.into();
    said["status"] = problem.status.as_u16().into();
    let bytes = said.to_string().into_bytes();
    let length = bytes.len() as u64;
    (Box::new(Cursor::new(bytes)), length)
}

/// The tag of all answers; none when one of them cannot be had, or changes by itself.
fn tag_of(
    site: &Site,
    release: Option<&Manifest>,
    filled: &[(String, Result<Filled, Problem>)],
) -> Option<String> {
    let mut texts = Vec::new();
    for (_, one) in filled {
        texts.push(one.as_ref().ok()?.sql.as_str());
    }
    let beside = tag::hashed(&texts);
    tag::tag(&tag::Origin {
        release,
        notice: site.service.notice(),
        form: Rendering::Json,
        asker: &super::asker::asker().ok()?,
        text: &texts.join(";"),
        beside: &beside,
    })
}
