//! `/v1/kpi`: what towns aim at.
//!
//! In: a target as JSON, from an officer of the town. Out: the target as it is kept, and which change the town's figures
//! could show at all. Targets are read by the question `targets` or the table `kpi_targets`, through every door.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use kayoi_lake::Desk;
use kayoi_schemas::time::Clock;
use serde_json::json;

use super::asker::asker;
use super::problem::Problem;
use super::query::json as from_json;
use super::reply::asked;
use super::{SharedSite, Site};
use crate::ask::Asker;
use crate::desk::rfc3339;
use crate::error::message_and_hint;
use crate::targets::{NewTarget, Sight, TargetError, add_target, remove_target, sight, sight_question};

const EXAMPLE: &str = "{\"town\": \"20214\", \"name\": \"…\", \"kind\": \"connected\", \"fiscal_year\": 2027, \"persons\": 5000}";

pub(super) async fn add(State(site): State<SharedSite>, headers: HeaderMap, body: Bytes) -> Response {
    let added = async {
        let new = from_json::<NewTarget>(&body, EXAMPLE)?.checked().map_err(|error| wrong(&error))?;
        let (asker, desk) = may_write(&site, &new.town)?;
        let release =
            site.service.releases().newest().await?.ok_or_else(|| wrong(&TargetError::NoRelease))?;
        let seen = seen(&site, &headers, &new, &release).await?;
        let by = asker.name().map(str::to_owned);
        let target = new.written(&release, by, rfc3339(Clock::System.now()));
        let target = add_target(desk, target).await.map_err(|error| wrong(&error))?;
        Ok((target, seen))
    };
    match added.await {
        Ok((target, seen)) => {
            (StatusCode::CREATED, axum::Json(json!({ "target": target, "sight": seen }))).into_response()
        }
        Err(problem) => Problem::response(&problem, &headers),
    }
}

pub(super) async fn remove(
    State(site): State<SharedSite>,
    place: Result<Path<(String, u64)>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let removed = async {
        let hint = "the address of a target is its town and its number, /v1/kpi/20214/3";
        let Path((town, number)) =
            place.map_err(|rejection| Problem::bad(rejection.body_text()).with_hint(hint))?;
        let (_, desk) = may_write(&site, &town)?;
        remove_target(desk, &town, number).await.map_err(|error| wrong(&error))
    };
    match removed.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(problem) => problem.response(&headers),
    }
}

/// Who writes, and the key to write with.
fn may_write<'a>(site: &'a Site, town: &str) -> Result<(Asker, &'a Desk), Problem> {
    let asker = asker()?;
    let may = match &asker {
        Asker::Anonymous => true,
        Asker::Person { scope, .. } => scope.may_aim(town),
    };
    let desk = site.directory.desk().filter(|_| may).ok_or_else(|| {
        let problem = Problem::new(StatusCode::FORBIDDEN, format!("you may not write targets of `{town}`"));
        problem.with_hint("`kayoi user add NAME --role officer --area CODE` lets somebody")
    })?;
    Ok((asker, desk))
}

async fn seen(
    site: &Site,
    headers: &HeaderMap,
    new: &NewTarget,
    release: &kayoi_lake::Manifest,
) -> Result<Sight, Problem> {
    let text = sight_question(&new.town, &new.kind);
    let rows = site.service.rows(asked(headers, &text, Some(release))?).await?.cells()?;
    Ok(sight(rows.first(), new.persons))
}

fn wrong(error: &TargetError) -> Problem {
    let status = match error {
        TargetError::Unknown(_) => StatusCode::NOT_FOUND,
        TargetError::TooMany | TargetError::Busy | TargetError::NoRelease => StatusCode::CONFLICT,
        TargetError::List(_) | TargetError::Lake(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let (message, hint) = message_and_hint(&error.to_string());
    let problem = Problem::new(status, message);
    match hint {
        Some(hint) => problem.with_hint(hint),
        None => problem,
    }
}
