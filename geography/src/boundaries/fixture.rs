//! Boundary sets for tests. In: codes with rings of points. Out: a set as an import of N03 would leave it.

use kayoi_schemas::ids::MunicipalityCode;

use super::ring::Point;
use super::{BoundarySet, Polygon, Ring, Source};

/// A set of polygons, each a code with its exterior and then its holes. Rings that are none are left out, and
/// so are codes that are none, so that drawn numbers need no filter.
pub(crate) fn set_of(polygons: Vec<(u32, Vec<Vec<Point>>)>) -> BoundarySet {
    let polygon = |rings: Vec<Vec<Point>>| {
        let mut rings = rings.into_iter().filter_map(|points| Ring::new(points).ok()).map(|(ring, _)| ring);
        rings.next().map(|exterior| Polygon::new(exterior, rings.collect()))
    };
    let polygons = polygons
        .into_iter()
        .filter_map(|(code, rings)| Some((MunicipalityCode::from_number(code)?, polygon(rings)?)));
    BoundarySet::new("N03 2025-01-01", source(), polygons)
}

fn source() -> Source {
    Source {
        file_name: "N03-20250101_GML.zip".to_owned(),
        blake3: "00".repeat(32),
        credit: crate::N03_CREDIT.to_owned(),
    }
}
