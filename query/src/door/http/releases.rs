//! `/v1/release` and `/v1/statuses`: what must be known before a figure is read.
//!
//! In: perhaps the number of a release, the newest by default. Out: its definition, its months and what must stand beside its
//! figures; and the closed list of what may stand in the place of a figure, with its words.

use std::collections::BTreeMap;
use std::io::Read;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kayoi_lake::Manifest;
use kayoi_schemas::figure::Status;
use kayoi_schemas::time::Month;
use serde_json::{Value, json};

use super::problem::Problem;
use super::query::only_revision;
use super::reply::{asked, document};
use super::{SharedSite, Site};
use crate::error::QueryError;
use crate::notice::Notice;
use crate::render::Rendering;

const NEWEST: &str = "SELECT max(month_text) FILTER (WHERE status = 'published') AS final, \
    max(month_text) FILTER (WHERE persons IS NOT NULL) AS any FROM connected_monthly";

/// What is said of the release that a request names.
pub(super) async fn one(
    State(site): State<SharedSite>,
    Query(said): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let told = described(&site, &headers, &said).await;
    match told {
        Ok(told) => {
            document(&headers, &told, None).await.unwrap_or_else(|problem| problem.response(&headers))
        }
        Err(problem) => problem.response(&headers),
    }
}

async fn described(
    site: &Site,
    headers: &HeaderMap,
    said: &BTreeMap<String, String>,
) -> Result<Value, Problem> {
    let releases = site.service.releases();
    let release = releases.of(only_revision(said, "`rev` is the number of a release")?).await?;
    let Some(release) = release else {
        let problem = Problem::new(StatusCode::NOT_FOUND, "there is no release yet");
        return Err(problem.with_hint("`kayoi release` makes the first one"));
    };
    let newest = releases.newest().await?.map(|newest| newest.revision);
    let notice: &Notice = site.service.notice();
    Ok(json!({
        "revision": release.revision,
        "newest_revision": newest,
        "made_at": release.made_at,
        "series": release.series,
        "definition": release.definition,
        "definition_hash": release.definition_hash,
        "months": months(&release).iter().map(Month::to_string).collect::<Vec<_>>(),
        "newest_month": newest_month(site, headers, &release).await?,
        "provisional_months": release.provisional.keys().collect::<Vec<_>>(),
        "credit": notice.credit,
        "notice": { "ja": Notice::TERMS_JA, "en": Notice::TERMS_EN },
        "boundaries": notice.boundaries,
        "boundaries_are_simplified": notice.boundaries_are_simplified,
    }))
}

/// The newest month with a figure that will not change, or else with any. A trial has no list of such months.
async fn newest_month(
    site: &Site,
    headers: &HeaderMap,
    release: &Manifest,
) -> Result<Option<String>, Problem> {
    // Written as JSON and read again: such an answer is remembered, and each visit of the page asks for it.
    let asked = asked(headers, NEWEST, Some(release))?;
    let answer = site.service.answer_with(asked, Vec::new(), Rendering::Json).await?;
    let mut bytes = Vec::new();
    answer.into_reader()?.read_to_end(&mut bytes).map_err(QueryError::io)?;
    let told: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let row = &told["rows"][0];
    let text = |column: &str| row[column].as_str().map(str::to_owned);
    Ok(text("final").or_else(|| text("any")))
}

/// The months that a release has rows of, oldest first.
fn months(release: &Manifest) -> Vec<Month> {
    let ends =
        release.months.as_ref().and_then(|(first, last)| Some((Month::parse(first)?, Month::parse(last)?)));
    ends.map_or_else(Vec::new, |(first, last)| (first.0..=last.0).map(Month).collect())
}

/// What may stand in the place of a figure.
pub(super) async fn statuses(headers: HeaderMap) -> Response {
    let statuses = Status::ALL.map(|status| {
        json!({
            "status": status.as_str(),
            "has_value": status.has_value(),
            "word": { "ja": status.japanese(), "en": status.as_str().replace('_', " ") },
            "note": { "ja": status.note_ja(), "en": status.note_en() },
        })
    });
    let told = json!({ "statuses": statuses });
    document(&headers, &told, None).await.unwrap_or_else(|problem| problem.response(&headers))
}
