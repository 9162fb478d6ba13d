//! `/v1/boundaries`: the outlines of municipalities, for maps.
//!
//! In: the borders that figures were placed with. Out: the country as one TopoJSON, coarse and with shared
//! borders, and one town as GeoJSON, close to the truth. Both are made once, in the background, when the
//! server starts, and kept compressed: the full N03 is two hundred megabytes of points, which nobody wants in
//! memory beside the questions. They are of the borders alone, so that no release changes them.

use std::collections::BTreeMap;
use std::path::Path as FilePath;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HOST, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kayoi_geography::outline::{Line, Topology};
use kayoi_geography::{Register, simplified};
use kayoi_schemas::ids::MunicipalityCode;
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::coding::Coding;
use super::problem::Problem;
use super::{SharedSite, accept, tag};
use crate::error::QueryError;

mod geojson;
mod topojson;

pub(super) use geojson::{Bounds, feature, properties};

/// How far the border of the country may be from the true one, metres: less than a pixel of a screen that
/// shows a region.
const COUNTRY_METRES: f64 = 500.0;
/// The same for one town.
const TOWN_METRES: f64 = 15.0;
/// The media type of GeoJSON.
pub(super) const GEOJSON: &str = "application/geo+json";

/// Why there are no outlines.
type Broken = Box<dyn std::error::Error + Send + Sync>;

/// The outlines, made when they are first needed.
#[derive(Debug, Default)]
pub(super) struct Boundaries(OnceCell<Arc<Outlines>>);

/// Outlines in the form in which they are sent.
#[derive(Debug)]
pub(super) struct Outlines {
    country: Packed,
    towns: BTreeMap<MunicipalityCode, Town>,
}

/// Polygons in degrees, longitude first: each its outer ring and its holes.
pub(super) type Polygons = Vec<Vec<Vec<[f64; 2]>>>;

/// The outline of one code.
#[derive(Debug)]
pub(super) struct Town {
    pub(super) bounds: Bounds,
    /// As on the map of the country.
    coarse: Polygons,
    /// As it is for itself, as JSON, packed.
    geometry: Vec<u8>,
}

/// Bytes in each compression.
#[derive(Debug)]
struct Packed {
    tag: String,
    gzip: Vec<u8>,
    zstd: Vec<u8>,
}

impl Boundaries {
    /// The outlines. Whoever comes first makes them, and others wait.
    ///
    /// # Errors
    /// [`Problem`] when the file of the borders cannot be read.
    pub(super) async fn outlines(&self, file: Option<&FilePath>) -> Result<Arc<Outlines>, Problem> {
        let file = file.map(FilePath::to_owned);
        let make = async || {
            let made = tokio::task::spawn_blocking(move || Outlines::of(file.as_deref())).await;
            match made {
                Ok(Ok(outlines)) => Ok(Arc::new(outlines)),
                Ok(Err(error)) => Err(error.to_string()),
                Err(error) => Err(error.to_string()),
            }
        };
        self.0.get_or_try_init(make).await.cloned().map_err(|error| {
            tracing::error!(error, "no outlines");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the borders cannot be read")
        })
    }
}

impl Outlines {
    fn of(file: Option<&FilePath>) -> Result<Self, Broken> {
        let read = match file {
            Some(file) => Some(kayoi_geography::file::read(file)?.1),
            None => None,
        };
        let set = match &read {
            Some(set) => set,
            None => simplified::borders()?,
        };
        let (edition, credit) = (set.edition().to_owned(), set.credit().to_owned());
        let exact = Topology::of(set);
        drop(read);
        let close = exact.coarser(TOWN_METRES);
        let coarse = exact.coarser(COUNTRY_METRES);
        drop(exact);
        let country = Packed::of(topojson::country(&coarse, &edition, &credit))?;
        let mut of_country = by_code(&coarse);
        let mut towns = BTreeMap::new();
        for (code, polygons) in by_code(&close) {
            let (geometry, bounds) = geojson::geometry(&close, &polygons);
            let geometry = Coding::Zstd.compressed(geometry.into_bytes())?;
            let points = |polygon: &Vec<Line>| polygon.iter().map(|line| coarse.points(line)).collect();
            let coarse = of_country.remove(&code).unwrap_or_default().iter().map(points).collect();
            towns.insert(code, Town { bounds, coarse, geometry });
        }
        Ok(Self { country, towns })
    }

    /// A box around all of them.
    pub(super) fn bounds(&self) -> Bounds {
        self.towns.values().fold(Bounds::NOTHING, |all, town| {
            let [west, south, east, north] = town.bounds.0;
            all.with([west, south]).with([east, north])
        })
    }

    /// The outline of a code.
    pub(super) fn town(&self, code: MunicipalityCode) -> Option<&Town> {
        self.towns.get(&code)
    }

    /// The codes that have an outline, wards among them where the source has wards.
    pub(super) fn codes(&self) -> impl Iterator<Item = MunicipalityCode> {
        self.towns.keys().copied()
    }
}

/// The polygons of each code; a designated city has those of its wards as one land.
fn by_code(topology: &Topology) -> BTreeMap<MunicipalityCode, Vec<Vec<Line>>> {
    let mut polygons: BTreeMap<MunicipalityCode, Vec<_>> = BTreeMap::new();
    let mut wards: BTreeMap<MunicipalityCode, Vec<&Vec<Line>>> = BTreeMap::new();
    for shape in topology.shapes() {
        polygons.entry(shape.code).or_default().extend(shape.polygons.iter().cloned());
        let city = Register::japan().basic(shape.code);
        if city != shape.code {
            wards.entry(city).or_default().extend(&shape.polygons);
        }
    }
    polygons.extend(wards.iter().map(|(city, wards)| (*city, topology.joined(wards))));
    polygons
}

impl Town {
    /// As on the map of the country, within 500 m.
    pub(super) fn coarse(&self) -> &Polygons {
        &self.coarse
    }

    /// The outline within 15 m.
    ///
    /// # Errors
    /// When it cannot be unpacked.
    pub(super) fn polygons(&self) -> Result<Polygons, Problem> {
        #[derive(Deserialize)]
        struct Geometry {
            coordinates: Polygons,
        }
        let geometry: Geometry =
            serde_json::from_str(&self.geometry()?).map_err(std::io::Error::from).map_err(QueryError::io)?;
        Ok(geometry.coordinates)
    }

    /// The geometry, as JSON.
    ///
    /// # Errors
    /// When it cannot be unpacked.
    pub(super) fn geometry(&self) -> Result<String, Problem> {
        let unpacked = zstd::stream::decode_all(self.geometry.as_slice()).map_err(QueryError::io)?;
        Ok(String::from_utf8_lossy(&unpacked).into_owned())
    }
}

impl Packed {
    fn of(text: String) -> std::io::Result<Self> {
        let tag = tag::hashed(&[&text]);
        let bytes = text.into_bytes();
        Ok(Self { tag, gzip: Coding::Gzip.compressed(bytes.clone())?, zstd: Coding::Zstd.compressed(bytes)? })
    }

    fn bytes(&self, coding: Coding) -> std::io::Result<Vec<u8>> {
        match coding {
            Coding::Gzip => Ok(self.gzip.clone()),
            Coding::Zstd => Ok(self.zstd.clone()),
            Coding::Identity => zstd::stream::decode_all(self.zstd.as_slice()),
        }
    }
}

pub(super) async fn country(State(site): State<SharedSite>, headers: HeaderMap) -> Response {
    let sent = async {
        let outlines = site.outlines().await?;
        let coding = accept::coding(&headers);
        let tag = &outlines.country.tag;
        let has = tag::known(tag, &headers, coding);
        let mut response = if has.is_some() {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let bytes = outlines.country.bytes(coding).map_err(QueryError::io)?;
            ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response()
        };
        stamp(&mut response, tag, has.unwrap_or(coding));
        Ok::<_, Problem>(response)
    };
    sent.await.unwrap_or_else(|problem| problem.response(&headers))
}

pub(super) async fn town(
    State(site): State<SharedSite>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let sent = async {
        let outlines = site.outlines().await?;
        let code = parsed(&code)?;
        let town = outlines.town(code).ok_or_else(|| nobody(code))?;
        let notice = site.service.notice();
        let mut properties = properties(code);
        properties.insert("credit".to_owned(), notice.credit.as_str().into());
        properties.insert("boundaries".to_owned(), notice.boundaries.as_str().into());
        let text = feature(code, &properties.into(), &town.bounds, &town.geometry()?);
        geo(&headers, text).map_err(|error| QueryError::io(error).into())
    };
    sent.await.unwrap_or_else(|problem: Problem| problem.response(&headers))
}

/// A response of GeoJSON, with a tag of its bytes.
///
/// # Errors
/// When it cannot be compressed.
pub(super) fn geo(headers: &HeaderMap, text: String) -> std::io::Result<Response> {
    packed(headers, text.into_bytes(), GEOJSON)
}

/// A response of what changes with the borders alone, with a tag of its bytes.
///
/// # Errors
/// When it cannot be compressed.
pub(super) fn packed(
    headers: &HeaderMap,
    bytes: Vec<u8>,
    media_type: &'static str,
) -> std::io::Result<Response> {
    let tag = tag::hashed(&[&bytes]);
    let coding = accept::coding(headers).for_length(bytes.len() as u64);
    let has = tag::known(&tag, headers, coding);
    let mut response = if has.is_some() {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, HeaderValue::from_static(media_type))], coding.compressed(bytes)?).into_response()
    };
    stamp(&mut response, &tag, has.unwrap_or(coding));
    Ok(response)
}

/// The code of a municipality.
///
/// # Errors
/// 400 for what is none.
pub(super) fn parsed(code: &str) -> Result<MunicipalityCode, Problem> {
    MunicipalityCode::parse(code)
        .map_err(|error| Problem::bad(error.to_string()).with_hint("a town is five digits, as 20214"))
}

pub(super) fn nobody(code: MunicipalityCode) -> Problem {
    let problem = Problem::new(StatusCode::NOT_FOUND, format!("no outline of `{code}`"));
    problem.with_hint("`kayoi codes chain CODE` says what a code is")
}

fn stamp(response: &mut Response, tag: &str, coding: Coding) {
    let is_full = response.status() == StatusCode::OK;
    let headers = response.headers_mut();
    if is_full && coding != Coding::Identity {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag::header(tag, coding)) {
        headers.insert(ETAG, tag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding, origin"));
}

/// How the client calls this server. A proxy that speaks TLS for it says so.
pub(super) fn base(headers: &HeaderMap) -> String {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if said("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{scheme}://{host}")
}
