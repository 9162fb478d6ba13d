//! The simplified borders: what ships, for whoever has imported none.
//!
//! In: the embedded `data/simplified.borders`. Out: outlines to draw, and the [`Index`] that places points in
//! them. They are N03 of 2025-01-01 as oxon simplified it for Japan-map-for-BI, with coordinates rounded to
//! [`DECIMALS`], which moves a corner by 7 m at most, while the simplification has moved some borders by
//! hundreds. Wards of designated cities are merged into their city, because the source has none, and most
//! small islands are gone.
//!
//! Embedded are the outlines alone, 0.34 MB. Their index is built by the first question of a process, in 0.07
//! s, so that a command which asks where nothing lies does not wait for it. How far the borders err is
//! measured against the full N03 by `tests/verify/simplified.rs`, which holds the figures below to it.

use std::io;
use std::sync::OnceLock;

use crate::boundaries::ring::Point;
use crate::boundaries::{BoundarySet, Polygon, Ring, Source, body};
use crate::index::Index;
use crate::{GeographyError, N03_CREDIT};

/// Their edition, which stands on every figure that was placed with them.
pub const EDITION: &str = "simplified borders of N03 2025-01-01";

/// Percent of random points on land that come to lie in another municipality, placed as Kayoi places them.
pub const WRONG_PERCENT: f64 = 0.8;
/// The same of points in municipalities below [`SMALL_KM2`].
pub const WRONG_PERCENT_OF_SMALL: f64 = 3.8;
/// Percent of random points on land that come to lie in none.
pub const NOWHERE_PERCENT: f64 = 0.02;
/// Which municipalities count as small, km².
pub const SMALL_KM2: f64 = 20.0;
/// How far they err, for people who see figures that were placed with them.
pub const HOW_FAR_THEY_ERR: &str = "simplified borders put 0.8 % of random points on land into another \
                                    municipality, and 3.8 % of those in municipalities below 20 km²";
/// What to do about it.
pub const ADVICE: &str = "import the official file for real work";

/// Decimals of a degree that are kept: 11 m of latitude, 8 to 10 m of longitude.
pub const DECIMALS: u8 = 4;

/// Whoever simplified N03 asks to be named too.
const OXON_CREDIT: &str = "加工: oxon (Japan-map-for-BI, CC BY 4.0)";
const SOURCE_FILE: &str = "n03_2025_simplified_koxon_1747.ndjson.gz";
const SOURCE_BLAKE3: &str = "450f857df5334f85951203c346df4014d463a905bcdfdef84ac5f3d768bdbef8";

/// Bytes that say how long the outlines are before compression.
const LENGTH_BYTES: usize = 8;
/// The slowest level that zstd has without being asked for more memory; the file is made once a year.
const COMPRESSION_LEVEL: i32 = 19;

static EMBEDDED: &[u8] = include_bytes!("../data/simplified.borders");

/// The outlines, to draw or to import from; decoded once.
///
/// # Errors
/// [`GeographyError::EmbeddedBorders`] when this build's borders are broken, which a test rules out.
pub fn borders() -> Result<&'static BoundarySet, GeographyError> {
    static BORDERS: OnceLock<Option<BoundarySet>> = OnceLock::new();
    BORDERS.get_or_init(|| unpack(EMBEDDED)).as_ref().ok_or(GeographyError::EmbeddedBorders)
}

/// The index over them, built once. It covers nothing should the embedded borders be broken, which a test
/// rules out.
pub(crate) fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    let build = || borders().ok().and_then(|set| Index::build(set, &mut |_| {}).ok());
    INDEX.get_or_init(|| build().unwrap_or_else(Index::of_nothing))
}

/// An import with its coordinates rounded, which is what ships. A ring that has no three different corners
/// left goes, and an exterior takes its polygon with it: islets of some metres.
pub fn rounded(set: &BoundarySet) -> BoundarySet {
    let polygons = set.polygons().filter_map(|(code, polygon)| Some((code, rounded_polygon(polygon)?)));
    BoundarySet::new(EDITION, source(), polygons)
}

/// The bytes of `data/simplified.borders`.
///
/// # Errors
/// When compression fails.
pub fn pack(set: &BoundarySet) -> io::Result<Vec<u8>> {
    let body = body::pack(set, COMPRESSION_LEVEL)?;
    let mut bytes = body.unpacked_bytes.to_le_bytes().to_vec();
    bytes.extend_from_slice(&body.bytes);
    Ok(bytes)
}

fn unpack(bytes: &[u8]) -> Option<BoundarySet> {
    let (length, body) = bytes.split_at_checked(LENGTH_BYTES)?;
    let units = body::unpack(body, u64::from_le_bytes(length.try_into().ok()?))?;
    Some(BoundarySet::of_units(EDITION.to_owned(), source(), units))
}

fn source() -> Source {
    Source {
        file_name: SOURCE_FILE.to_owned(),
        blake3: SOURCE_BLAKE3.to_owned(),
        credit: format!("{N03_CREDIT}; {OXON_CREDIT}"),
    }
}

fn rounded_polygon(polygon: &Polygon) -> Option<Polygon> {
    let holes = polygon.holes().iter().filter_map(rounded_ring).collect();
    Some(Polygon::new(rounded_ring(polygon.exterior())?, holes))
}

fn rounded_ring(ring: &Ring) -> Option<Ring> {
    let per_degree = 10f64.powi(i32::from(DECIMALS));
    let rounded = |point: &Point| point.map(|degrees| (degrees * per_degree).round() / per_degree);
    Ring::new(ring.points().iter().map(rounded).collect()).ok().map(|(ring, _)| ring)
}

#[cfg(test)]
#[path = "simplified_tests.rs"]
mod tests;
