//! Well-known binary (WKB), the geometries of GeoParquet.
//!
//! In: the bytes of one geometry, ISO 13249-3 (`1003` is a polygon with Z) or PostGIS' extended form (flags
//! in the upper bits), in either byte order. Out: rings of longitude and latitude; Z and M say nothing about
//! borders and are read over. Only polygons are asked for, which is a page of code; a library would bring its
//! traits along.
//!
//! Counts are compared with the bytes that are left, so that damage cannot ask for unbounded memory.

use super::collect::RawPolygon;
use super::report::Skip;
use crate::boundaries::ring::Point;

const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;
const HAS_Z: u32 = 1 << 31;
const HAS_M: u32 = 1 << 30;
const HAS_SRID: u32 = 1 << 29;
const COORDINATE_BYTES: usize = 8;

/// The polygons of a Polygon or MultiPolygon.
///
/// # Errors
/// [`Skip::NotPolygon`] for another geometry, [`Skip::NotWkb`] for bytes that are none.
pub(super) fn polygons(bytes: &[u8]) -> Result<Vec<RawPolygon>, Skip> {
    let mut bytes = Bytes(bytes);
    let geometry = bytes.geometry().ok_or(Skip::NotWkb)?;
    let polygons = match geometry.kind {
        POLYGON => bytes.polygon(geometry).map(|polygon| vec![polygon]),
        MULTI_POLYGON => bytes.multi_polygon(geometry),
        _ => return Err(Skip::NotPolygon),
    };
    polygons.filter(|_| bytes.0.is_empty()).ok_or(Skip::NotWkb)
}

/// What the head of a geometry says.
#[derive(Clone, Copy)]
struct Geometry {
    kind: u32,
    is_little_endian: bool,
    /// Numbers of a point: 2, with Z or M 3, with both 4.
    dimensions: usize,
}

/// The bytes not yet read.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn geometry(&mut self) -> Option<Geometry> {
        let is_little_endian = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return None,
        };
        let word = self.word(is_little_endian)?;
        if word & HAS_SRID != 0 {
            self.word(is_little_endian)?;
        }
        let number = word & !(HAS_Z | HAS_M | HAS_SRID);
        let iso_dimensions = match number / 1000 {
            0 => 2,
            1 | 2 => 3,
            3 => 4,
            _ => return None,
        };
        let flagged = usize::from(word & HAS_Z != 0) + usize::from(word & HAS_M != 0);
        Some(Geometry { kind: number % 1000, is_little_endian, dimensions: iso_dimensions.max(2 + flagged) })
    }

    fn multi_polygon(&mut self, geometry: Geometry) -> Option<Vec<RawPolygon>> {
        let count = self.word(geometry.is_little_endian)?;
        let mut polygons = Vec::new();
        for _ in 0..count {
            let part = self.geometry().filter(|part| part.kind == POLYGON)?;
            polygons.push(self.polygon(part)?);
        }
        Some(polygons)
    }

    fn polygon(&mut self, geometry: Geometry) -> Option<RawPolygon> {
        let count = self.word(geometry.is_little_endian)?;
        let mut rings = Vec::new();
        for _ in 0..count {
            rings.push(self.ring(geometry)?);
        }
        Some(rings)
    }

    fn ring(&mut self, geometry: Geometry) -> Option<Vec<Point>> {
        let count = usize::try_from(self.word(geometry.is_little_endian)?).ok()?;
        let point_bytes = geometry.dimensions * COORDINATE_BYTES;
        let (points, rest) = self.0.split_at_checked(count.checked_mul(point_bytes)?)?;
        self.0 = rest;
        points.chunks_exact(point_bytes).map(|point| Bytes(point).point(geometry)).collect()
    }

    fn point(&mut self, geometry: Geometry) -> Option<Point> {
        let mut number = || {
            let bytes = self.take::<COORDINATE_BYTES>()?;
            Some(if geometry.is_little_endian {
                f64::from_le_bytes(bytes)
            } else {
                f64::from_be_bytes(bytes)
            })
        };
        Some([number()?, number()?])
    }

    fn word(&mut self, is_little_endian: bool) -> Option<u32> {
        let bytes = self.take::<4>()?;
        Some(if is_little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }
}

#[cfg(test)]
#[path = "wkb_tests.rs"]
mod tests;
