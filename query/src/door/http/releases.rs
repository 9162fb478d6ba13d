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
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::query::only_release;
use super::questions::Parameters;
use super::reply::{asked, document};
use super::{SharedSite, Site};
use crate::error::QueryError;
use crate::notice::Notice;
use crate::render::Rendering;

const MONTHS: &str = "SELECT month_text AS month, bool_or(status = 'published') AS has_final, \
    bool_or(status = 'provisional') AS has_provisional, bool_or(persons IS NOT NULL) AS has_any, \
    bool_and(status = 'not_computed') AS is_ahead FROM connected_monthly GROUP BY month_text ORDER BY month_text";

/// A month of a release, as its rows of connected people tell of it.
#[derive(Deserialize)]
struct MonthState {
    month: String,
    has_final: bool,
    has_provisional: bool,
    has_any: bool,
    is_ahead: bool,
}

impl MonthState {
    /// What stands beside the month; nothing beside one whose figures are final.
    fn status(&self) -> Option<Status> {
        if self.is_ahead {
            Some(Status::NotComputed)
        } else {
            self.has_provisional.then_some(Status::Provisional)
        }
    }
}

/// What is said of the release that a request names.
pub(super) async fn one(State(site): State<SharedSite>, said: Parameters, headers: HeaderMap) -> Response {
    let told = match said {
        Ok(Query(said)) => described(&site, &headers, &said).await,
        Err(rejection) => Err(Problem::bad(rejection.body_text())),
    };
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
    let release =
        releases.of(&only_release(said, "`rev` is the number of a release, `d` its definition")?).await?;
    let Some(release) = release else {
        let problem = Problem::new(StatusCode::NOT_FOUND, "there is no release yet");
        return Err(problem.with_hint("`kayoi aggregate` makes the first one"));
    };
    let newest = releases.newest().await?.map(|newest| newest.revision);
    let notice: &Notice = site.service.notice();
    let states = month_states(site, headers, &release).await?;
    let open = states
        .iter()
        .filter_map(|state| Some(json!({ "month": state.month, "status": state.status()?.as_str() })));
    Ok(json!({
        "revision": release.revision,
        "newest_revision": newest,
        "made_at": release.made_at,
        "series": release.series,
        "definition": release.definition,
        "definition_hash": release.definition_hash,
        "months": months(&release).iter().map(Month::to_string).collect::<Vec<_>>(),
        "newest_month": newest_month(&states),
        "unfinished_months": open.collect::<Vec<_>>(),
        "credit": notice.credit,
        "notice": { "ja": Notice::TERMS_JA, "en": Notice::TERMS_EN },
        "boundaries": notice.boundaries,
        "boundaries_are_simplified": notice.boundaries_are_simplified,
    }))
}

/// The months of a release, oldest first. A trial has no list of those that will not change.
async fn month_states(
    site: &Site,
    headers: &HeaderMap,
    release: &Manifest,
) -> Result<Vec<MonthState>, Problem> {
    #[derive(Default, Deserialize)]
    struct Rows {
        rows: Vec<MonthState>,
    }
    // Written as JSON and read again: such an answer is remembered, and each visit of the page asks for it.
    let asked = asked(headers, MONTHS, Some(release))?;
    let answer = match site.service.answer_with(asked, Vec::new(), Rendering::Json).await {
        Ok(answer) => answer,
        // Who sees other tables alone is told of the release all the same.
        Err(QueryError::UnknownTable { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut bytes = Vec::new();
    answer.into_reader()?.read_to_end(&mut bytes).map_err(QueryError::io)?;
    Ok(serde_json::from_slice::<Rows>(&bytes).unwrap_or_default().rows)
}

/// The newest month with a figure that will not change, or else with any.
fn newest_month(states: &[MonthState]) -> Option<&str> {
    let newest = |has: fn(&MonthState) -> bool| states.iter().rev().find(|state| has(state));
    let found = newest(|state| state.has_final).or_else(|| newest(|state| state.has_any));
    found.map(|state| state.month.as_str())
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
