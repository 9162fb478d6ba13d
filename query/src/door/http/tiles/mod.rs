//! `/v1/tiles`: the outlines of municipalities as vector tiles, for maps that are zoomed.
//!
//! In: the place of a tile in the usual grid (Web Mercator, `z/x/y`). Out: a Mapbox Vector Tile (version 2.1) with one
//! layer, `municipalities`, whose features have codes and names; and a TileJSON that says where tiles are. Figures are not in
//! them: a map joins them by `municipality_code`, so that a release changes no tile. Up to zoom 9 the outlines of the country
//! are close enough; from there on those of the towns of a tile are taken.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kayoi_geography::Register;
use kayoi_schemas::ids::MunicipalityCode;
use serde_json::json;

use super::SharedSite;
use super::boundaries::{Outlines, base, packed, properties};
use super::problem::Problem;
use super::reply::document;
use crate::error::QueryError;

mod clip;
mod encode;
#[cfg(test)]
mod tiles_tests;

use clip::Frame;
use encode::{Feature, encoded};

/// The media type of a vector tile, as IANA has it.
const MVT: &str = "application/vnd.mapbox-vector-tile";
/// The layer.
const LAYER: &str = "municipalities";
/// From here on outlines within 15 m are taken: a step of the grid of a tile is 10 m.
const CLOSE_FROM: u8 = 10;
/// Maps draw this one larger from here on: 15 m is less than a pixel.
const LARGEST: u8 = 14;
/// Tiles of a map that asks for larger ones all the same.
const MOST: u8 = 18;

pub(super) async fn described(State(site): State<SharedSite>, headers: HeaderMap) -> Response {
    let told = async {
        let outlines = site.outlines().await?;
        let notice = site.service.notice();
        let told = json!({
            "tilejson": "3.0.0",
            "name": "通い Kayoi",
            "tiles": [format!("{}/v1/tiles/{{z}}/{{x}}/{{y}}.mvt", base(&headers))],
            "minzoom": 0,
            "maxzoom": LARGEST,
            "bounds": outlines.bounds().0,
            "attribution": notice.credit,
            "vector_layers": [{
                "id": LAYER,
                "fields": {
                    "municipality_code": "String", "municipality": "String",
                    "municipality_romaji": "String", "prefecture": "String",
                },
            }],
        });
        document(&headers, &told, None).await
    };
    told.await.unwrap_or_else(|problem| problem.response(&headers))
}

pub(super) async fn tile(
    State(site): State<SharedSite>,
    Path((z, x, y)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let sent = async {
        let frame = frame(&z, &x, y.strip_suffix(".mvt").unwrap_or(&y))?;
        let outlines = site.outlines().await?;
        // Clipping a country's outlines takes milliseconds, which other requests must not wait for.
        let made = tokio::task::spawn_blocking(move || made(&outlines, &frame)).await;
        let bytes =
            made.map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the tile failed"))??;
        packed(&headers, bytes, MVT).map_err(|error| QueryError::io(error).into())
    };
    sent.await.unwrap_or_else(|problem: Problem| problem.response(&headers))
}

/// Where a tile is.
///
/// # Errors
/// 400 for numbers that are none of the grid.
fn frame(z: &str, x: &str, y: &str) -> Result<Frame, Problem> {
    let wrong = || {
        Problem::bad("there is no such tile").with_hint(
            "tiles are at /v1/tiles/{z}/{x}/{y}.mvt: z from 0 to 18, x and y below 2 to the power of z",
        )
    };
    let z = z.parse::<u8>().ok().filter(|z| *z <= MOST).ok_or_else(wrong)?;
    let below = |text: &str| text.parse::<u32>().ok().filter(|number| *number < 1_u32 << z);
    let (x, y) = below(x).zip(below(y)).ok_or_else(wrong)?;
    Ok(Frame::new(z, x, y))
}

fn made(outlines: &Outlines, frame: &Frame) -> Result<Vec<u8>, Problem> {
    let mut features = Vec::new();
    for code in outlines.codes().filter(|code| is_whole(*code)) {
        let Some(town) = outlines.town(code).filter(|town| frame.bounds().meets(&town.bounds)) else {
            continue;
        };
        let polygons = match frame.zoom() < CLOSE_FROM {
            true => frame.clipped(town.coarse()),
            false => frame.clipped(&town.polygons()?),
        };
        if !polygons.is_empty() {
            features.push(Feature { id: number(code), properties: properties(code), polygons });
        }
    }
    Ok(encoded(LAYER, features))
}

/// Wards lie in their city, which is there as a whole.
fn is_whole(code: MunicipalityCode) -> bool {
    Register::japan().basic(code) == code
}

/// A code as the number by which a map finds a feature again.
fn number(code: MunicipalityCode) -> u64 {
    code.to_string().parse().unwrap_or_default()
}
