//! OGC API Features (Part 1: Core, with GeoJSON), for QGIS and whatever else reads it.
//!
//! In: the outlines, and of each [`Collection`] the figures of the newest month. Out: a landing page, what it
//! conforms to, collections, and their features, some at a time with a link to the next. A figure that is
//! withheld is `null`, with its status beside it, as everywhere.
//!
//! Links are whole addresses, because QGIS wants them so, made of the name by which the client calls this
//! server, which the guard has looked at.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::boundaries::{Bounds, GEOJSON, base};
use super::problem::Problem;
use super::reply::document;
use super::tables::unknown;
use super::{SharedSite, Site};

mod collection;
mod features;

use collection::{COLLECTIONS, Collection};
pub(super) use features::{item, items};

const JSON: &str = "application/json";
const CRS: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const CONFORMS: [&str; 3] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];

pub(super) async fn landing(headers: HeaderMap) -> Response {
    let base = base(&headers);
    let told = json!({
        "title": "通い Kayoi",
        "description": "関係人口の推計値を市区町村の境界とともに配信します。 Estimates of the connected population, with the outlines of municipalities.",
        "links": [
            link("self", JSON, format!("{base}/ogc")),
            link("service-desc", "application/vnd.oai.openapi+json;version=3.1", format!("{base}/openapi.json")),
            link("service-doc", "text/html", format!("{base}/")),
            link("conformance", JSON, format!("{base}/ogc/conformance")),
            link("data", JSON, format!("{base}/ogc/collections")),
        ],
    });
    told_as_json(&headers, &told).await
}

pub(super) async fn conformance(headers: HeaderMap) -> Response {
    told_as_json(&headers, &json!({ "conformsTo": CONFORMS })).await
}

pub(super) async fn collections(State(site): State<SharedSite>, headers: HeaderMap) -> Response {
    let base = base(&headers);
    let described = async {
        let extent = extent(&site).await?;
        let collections: Vec<Value> = COLLECTIONS.iter().map(|one| described(one, &base, &extent)).collect();
        Ok(json!({
            "links": [link("self", JSON, format!("{base}/ogc/collections"))],
            "collections": collections,
        }))
    };
    answered(&headers, described.await).await
}

pub(super) async fn collection(
    State(site): State<SharedSite>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let told = async { Ok(described(named(&id)?, &base(&headers), &extent(&site).await?)) };
    answered(&headers, told.await).await
}

async fn answered(headers: &HeaderMap, told: Result<Value, Problem>) -> Response {
    match told {
        Ok(told) => told_as_json(headers, &told).await,
        Err(problem) => problem.response(headers),
    }
}

async fn told_as_json(headers: &HeaderMap, told: &Value) -> Response {
    document(headers, told, None).await.unwrap_or_else(|problem| problem.response(headers))
}

/// The collection of a name.
///
/// # Errors
/// 404 with the names that there are.
fn named(id: &str) -> Result<&'static Collection, Problem> {
    let known = COLLECTIONS.map(|collection| collection.id);
    COLLECTIONS.iter().find(|collection| collection.id == id).ok_or_else(|| unknown("collection", id, &known))
}

fn described(collection: &Collection, base: &str, extent: &Bounds) -> Value {
    let address = format!("{base}/ogc/collections/{}", collection.id);
    json!({
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "crs": [CRS],
        "storageCrs": CRS,
        "extent": { "spatial": { "bbox": [extent.0], "crs": CRS } },
        "links": [
            link("self", JSON, address.clone()),
            link("items", GEOJSON, format!("{address}/items")),
        ],
    })
}

fn link(relation: &str, media_type: &str, address: String) -> Value {
    json!({ "rel": relation, "type": media_type, "href": address })
}

async fn extent(site: &Site) -> Result<Bounds, Problem> {
    Ok(site.outlines().await?.bounds())
}

/// Only GeoJSON and JSON are written.
///
/// # Errors
/// 400 for another form.
fn check_form(named: Option<&str>) -> Result<(), Problem> {
    match named {
        None | Some("json" | "geojson") => Ok(()),
        Some(other) => {
            let problem = Problem::new(StatusCode::BAD_REQUEST, format!("unknown form `{other}`"));
            Err(problem.with_hint("f=json is the only one"))
        }
    }
}
