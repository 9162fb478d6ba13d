//! The features of a collection, some at a time.
//!
//! In: `limit`, `offset`, `bbox`. Out: GeoJSON with links to what comes next. The figures are asked for as
//! any question is, and only those of the page meet their outlines, so that a page is as large as its limit.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use chrono::{DateTime, NaiveDate};
use datafusion::arrow::json::writer::{JsonArray, WriterBuilder};
use kayoi_geography::Register;
use kayoi_lake::Manifest;
use kayoi_schemas::ids::MunicipalityCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::collection::Collection;
use super::{CRS, GEOJSON, JSON, base, check_form, link, named};
use crate::door::http::boundaries::{Bounds, Outlines, feature, geo, nobody, properties};
use crate::door::http::problem::Problem;
use crate::door::http::reply::{REVISION, asked};
use crate::door::http::{SharedSite, Site};
use crate::error::QueryError;
use crate::job::Form;
use crate::service::Done;

/// Features of a page unless more are asked for, and the most.
const LIMIT: usize = 100;
const MOST: usize = 2_000;

/// What stands in the address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::door::http) struct Page {
    limit: Option<usize>,
    offset: Option<usize>,
    bbox: Option<String>,
    #[serde(rename = "bbox-crs")]
    bbox_crs: Option<String>,
    crs: Option<String>,
    f: Option<String>,
    datetime: Option<String>,
}

type Parameters = Result<Query<Page>, QueryRejection>;

/// The figures of each municipality.
type Figures = BTreeMap<MunicipalityCode, Map<String, Value>>;

pub(in crate::door::http) async fn items(
    State(site): State<SharedSite>,
    Path(id): Path<String>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Response {
    let sent = async {
        let Query(page) = parameters.map_err(|rejection| {
            Problem::bad(rejection.body_text()).with_hint("limit, offset, bbox, datetime and f are taken")
        })?;
        check_form(page.f.as_deref())?;
        check_datetime(page.datetime.as_deref())?;
        if let Some(other) = [&page.crs, &page.bbox_crs].into_iter().flatten().find(|said| *said != CRS) {
            return Err(
                Problem::bad(format!("unknown reference system `{other}`")).with_hint(format!("only {CRS}"))
            );
        }
        page_of(&site, &headers, named(&id)?, &page).await
    };
    sent.await.unwrap_or_else(|problem: Problem| problem.response(&headers))
}

pub(in crate::door::http) async fn item(
    State(site): State<SharedSite>,
    Path((id, code)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let sent = async {
        let collection = named(&id)?;
        // The standard wants 404 of whatever is no feature.
        let code = MunicipalityCode::parse(&code).map_err(|_| no_feature())?;
        let outlines = site.outlines().await?;
        let release = site.service.releases().newest().await?;
        let mut figures = figures(&site, &headers, collection, release.as_deref()).await?;
        if !is_feature(&outlines, code) {
            return Err(nobody(code));
        }
        let text = written(&outlines, code, figures.as_mut().and_then(|figures| figures.remove(&code)))?;
        let mut response = geo(&headers, text).map_err(QueryError::io)?;
        say_release(&mut response, release.as_deref());
        Ok(response)
    };
    sent.await.unwrap_or_else(|problem: Problem| problem.response(&headers))
}

fn no_feature() -> Problem {
    let problem = Problem::new(StatusCode::NOT_FOUND, "there is no such feature");
    problem.with_hint("features are called by the five digits of their municipality, as 20214")
}

/// A moment or a span of time, which every feature is of: none has a property of time (OGC 17-069r4, 7.15.4).
///
/// # Errors
/// 400 for what is neither.
fn check_datetime(said: Option<&str>) -> Result<(), Problem> {
    let is_moment = |text: &str| {
        matches!(text, "" | "..")
            || DateTime::parse_from_rfc3339(text).is_ok()
            || NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
    };
    let is_good = |said: &str| match said.split_once('/') {
        Some((from, to)) => is_moment(from) && is_moment(to),
        None => !said.is_empty() && said != ".." && is_moment(said),
    };
    if said.is_none_or(is_good) {
        return Ok(());
    }
    Err(Problem::bad("`datetime` cannot be read")
        .with_hint("2026-01-01T00:00:00Z, or a span as 2026-01-01T00:00:00Z/.."))
}

async fn page_of(
    site: &Site,
    headers: &HeaderMap,
    collection: &Collection,
    page: &Page,
) -> Result<Response, Problem> {
    let limit = page.limit.unwrap_or(LIMIT);
    if limit == 0 {
        return Err(Problem::bad("`limit` is 1 at least"));
    }
    let (limit, offset) = (limit.min(MOST), page.offset.unwrap_or_default());
    let within = page.bbox.as_deref().map(bbox).transpose()?;
    let outlines = site.outlines().await?;
    let release = site.service.releases().newest().await?;
    let mut figures = figures(site, headers, collection, release.as_deref()).await?;
    let is_within = |code: &MunicipalityCode| {
        let bounds = outlines.town(*code).map(|town| town.bounds);
        is_feature(&outlines, *code)
            && within.is_none_or(|within| bounds.is_some_and(|bounds| bounds.meets(&within)))
    };
    let leads = figures.as_ref().map(leads).unwrap_or_default();
    let others = outlines.codes().filter(|code| !leads.contains(code));
    let matched: Vec<MunicipalityCode> = leads.iter().copied().chain(others).filter(is_within).collect();
    let shown = matched.iter().skip(offset).take(limit);
    let mut features = Vec::new();
    for code in shown {
        features.push(written(&outlines, *code, figures.as_mut().and_then(|figures| figures.remove(code)))?);
    }
    let address = |offset: usize| {
        let bbox = page.bbox.as_ref().map(|bbox| format!("&bbox={bbox}")).unwrap_or_default();
        format!(
            "{}/ogc/collections/{}/items?limit={limit}&offset={offset}{bbox}",
            base(headers),
            collection.id
        )
    };
    let mut links = vec![link("self", GEOJSON, address(offset))];
    if offset.saturating_add(features.len()) < matched.len() && !features.is_empty() {
        links.push(link("next", GEOJSON, address(offset + limit)));
    }
    links.push(link("collection", JSON, format!("{}/ogc/collections/{}", base(headers), collection.id)));
    let notice = site.service.notice();
    let mut text = json!({
        "type": "FeatureCollection",
        "numberMatched": matched.len(),
        "numberReturned": features.len(),
        "credit": notice.credit,
        "boundaries": notice.boundaries,
        "links": links,
    })
    .to_string();
    text.pop();
    text.push_str(",\"features\":[");
    text.push_str(&features.join(","));
    text.push_str("]}");
    let mut response = geo(headers, text).map_err(QueryError::io)?;
    say_release(&mut response, release.as_deref());
    Ok(response)
}

/// The codes that come first: for each figure one that has it. Clients take the type of a column from the first
/// ten features, and would take one that is withheld in all of them for a text.
fn leads(figures: &Figures) -> Vec<MunicipalityCode> {
    let mut missing: Vec<&String> =
        figures.values().next().map(|row| row.keys().collect()).unwrap_or_default();
    let mut leads = Vec::new();
    for (code, row) in figures {
        let before = missing.len();
        missing.retain(|name| row.get(*name).is_none_or(Value::is_null));
        if missing.len() < before {
            leads.push(*code);
        }
        if missing.is_empty() {
            break;
        }
    }
    leads
}

/// Whether a code is one of those that have figures: a municipality and no ward of one.
fn is_feature(outlines: &Outlines, code: MunicipalityCode) -> bool {
    Register::japan().get(code).is_some() && outlines.town(code).is_some()
}

/// The figures of a collection; `None` when it has none.
async fn figures(
    site: &Site,
    headers: &HeaderMap,
    collection: &Collection,
    release: Option<&Manifest>,
) -> Result<Option<Figures>, Problem> {
    let Some(sql) = collection.sql else { return Ok(None) };
    let done = site.service.answer_all(asked(headers, sql, release)?, Form::Rows).await?.pop();
    let answer = match done {
        Some(Done::Rows(answer, _)) => answer,
        Some(Done::Refused(error)) => return Err(error.into()),
        Some(Done::Command(_)) | None => return Err(QueryError::Empty.into()),
    };
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(Vec::new());
    for batch in answer.into_batches()? {
        let batch = batch.map_err(QueryError::internal)?;
        writer.write(&batch).map_err(QueryError::internal)?;
    }
    writer.finish().map_err(QueryError::internal)?;
    let rows: Vec<Map<String, Value>> =
        serde_json::from_slice(&writer.into_inner()).map_err(|error| QueryError::io(error.into()))?;
    let of = |mut row: Map<String, Value>| {
        let code = row.remove("municipality_code")?;
        Some((MunicipalityCode::parse(code.as_str()?).ok()?, row))
    };
    Ok(Some(rows.into_iter().filter_map(of).collect()))
}

fn written(
    outlines: &Outlines,
    code: MunicipalityCode,
    figures: Option<Map<String, Value>>,
) -> Result<String, Problem> {
    let town = outlines.town(code).ok_or_else(|| nobody(code))?;
    let mut properties = properties(code);
    properties.extend(figures.unwrap_or_default());
    Ok(feature(code, &properties.into(), &town.bounds, &town.geometry()?))
}

fn say_release(response: &mut Response, release: Option<&Manifest>) {
    if let Some(release) = release {
        response.headers_mut().insert(REVISION, HeaderValue::from(release.revision));
    }
}

/// A box of four numbers, or of six with heights.
fn bbox(text: &str) -> Result<Bounds, Problem> {
    let numbers: Option<Vec<f64>> = text
        .split(',')
        .map(|number| number.trim().parse().ok().filter(|number: &f64| number.is_finite()))
        .collect();
    let corners = match numbers.as_deref() {
        Some(&[west, south, east, north]) => [west, south, east, north],
        Some(&[west, south, _, east, north, _]) => [west, south, east, north],
        _ => {
            let problem = Problem::bad("`bbox` is four numbers: west, south, east, north");
            return Err(problem.with_hint("bbox=137.5,35.7,138.5,36.5"));
        }
    };
    Ok(Bounds(corners))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_features_have_a_value_of_each_figure() {
        let row = |persons: Value, fewer_than: Value| {
            let Value::Object(row) = json!({ "persons": persons, "fewer_than": fewer_than }) else {
                unreachable!("an object")
            };
            row
        };
        let code = |text: &str| MunicipalityCode::parse(text).unwrap();
        let (null, ten) = (Value::Null, json!(10));
        let figures: Figures = [
            (code("01100"), row(null.clone(), ten.clone())),
            (code("01202"), row(null.clone(), ten.clone())),
            (code("20214"), row(ten.clone(), null.clone())),
            (code("20321"), row(ten, null)),
        ]
        .into();
        assert_eq!(leads(&figures), [code("01100"), code("20214")]);
        assert!(leads(&Figures::new()).is_empty());
    }

    #[test]
    fn a_box_has_four_numbers_or_six() {
        assert_eq!(bbox("137.5, 35,138,36").unwrap(), Bounds([137.5, 35.0, 138.0, 36.0]));
        assert_eq!(bbox("137,35,0,138,36,9").unwrap(), Bounds([137.0, 35.0, 138.0, 36.0]));
        for wrong in ["", "1,2,3", "1,2,3,x", "1,2,3,NaN", "1,2,3,inf", "1,2,3,4,5"] {
            assert!(bbox(wrong).is_err(), "{wrong}");
        }
    }
}
