//! The body: all coordinates of a set in few bytes.
//!
//! In: a [`BoundarySet`]. Out: bytes, and from them the same coordinates, bit for bit. One block per code:
//! its length, the code, its decimal scale, polygons, rings, points; all of it compressed with zstd. N03 is
//! published with decimals, so a coordinate is nearly always `integer / 10^scale`; where that gives the exact
//! double back for every coordinate of a code, the differences between neighbours are stored instead of
//! doubles, which takes the full N03 from 194 MB to about a fifth. Otherwise the doubles are stored.

use std::io;

use integer_encoding::VarInt;
use kayoi_schemas::ids::MunicipalityCode;
use rayon::prelude::*;

use super::reader::Reader;
use super::ring::Point;
use super::{BoundarySet, Polygon, Ring, Unit};

const LARGEST_SCALE: u8 = 12;
/// Stands in the place of a scale where doubles are stored as they are.
const RAW: u8 = 255;

/// A set as bytes.
pub(crate) struct Body {
    /// The compressed bytes.
    pub(crate) bytes: Vec<u8>,
    /// Length before compression, bytes.
    pub(crate) unpacked_bytes: u64,
    /// The most decimals that any code needs; `None` when some code stores doubles.
    pub(crate) decimal_scale: Option<u8>,
}

/// Packs the coordinates of a set at a level of zstd.
pub(crate) fn pack(set: &BoundarySet, level: i32) -> io::Result<Body> {
    let blocks: Vec<(u8, Vec<u8>)> = set.units.par_iter().map(encode_unit).collect();
    let mut body = Vec::new();
    for (_, block) in &blocks {
        put(&mut body, block.len() as u64);
        body.extend_from_slice(block);
    }
    let largest_scale = blocks.iter().map(|(scale, _)| *scale).max().unwrap_or(0);
    Ok(Body {
        bytes: zstd::bulk::compress(&body, level)?,
        unpacked_bytes: body.len() as u64,
        decimal_scale: (largest_scale != RAW).then_some(largest_scale),
    })
}

/// The units that [`pack`] packed; `None` when the bytes are not such.
pub(crate) fn unpack(bytes: &[u8], unpacked_bytes: u64) -> Option<Vec<Unit>> {
    let body = zstd::bulk::decompress(bytes, usize::try_from(unpacked_bytes).ok()?).ok()?;
    if body.len() as u64 != unpacked_bytes {
        return None;
    }
    decode_body(&body)
}

fn encode_unit(unit: &Unit) -> (u8, Vec<u8>) {
    let rings = || unit.polygons.iter().flat_map(Polygon::rings);
    let scale = scale_of(rings().flat_map(|ring| ring.points().iter().flatten().copied()));
    let mut bytes = Vec::new();
    put(&mut bytes, u64::from(unit.code.number()));
    bytes.push(scale);
    put(&mut bytes, unit.polygons.len() as u64);
    let mut points = PointWriter { scale, previous: [0, 0] };
    for polygon in &unit.polygons {
        put(&mut bytes, polygon.holes.len() as u64);
        for ring in polygon.rings() {
            // The closing point repeats the first and is not stored.
            let open = &ring.points()[..ring.points().len() - 1];
            put(&mut bytes, open.len() as u64);
            open.iter().for_each(|&point| points.put(&mut bytes, point));
        }
    }
    (scale, bytes)
}

fn decode_body(body: &[u8]) -> Option<Vec<Unit>> {
    let mut reader = Reader(body);
    let mut blocks = Vec::new();
    while !reader.is_empty() {
        let length = reader.count()?;
        blocks.push(reader.take(length)?);
    }
    let units = blocks.into_par_iter().map(decode_unit).collect::<Option<Vec<_>>>()?;
    units.windows(2).all(|pair| pair[0].code < pair[1].code).then_some(units)
}

fn decode_unit(block: &[u8]) -> Option<Unit> {
    let mut reader = Reader(block);
    let code = MunicipalityCode::from_number(u32::try_from(reader.number::<u64>()?).ok()?)?;
    let scale = *reader.take(1)?.first()?;
    if scale > LARGEST_SCALE && scale != RAW {
        return None;
    }
    let mut points = PointReader { scale, previous: [0, 0] };
    let polygons = (0..reader.count()?)
        .map(|_| {
            let holes = reader.count()?;
            let exterior = points.ring(&mut reader)?;
            let holes = (0..holes).map(|_| points.ring(&mut reader)).collect::<Option<_>>()?;
            Some(Polygon { exterior, holes })
        })
        .collect::<Option<_>>()?;
    reader.is_empty().then_some(Unit { code, polygons })
}

/// Appends a number as a varint.
fn put(bytes: &mut Vec<u8>, number: impl VarInt) {
    // Seven bits a byte: 64 bits take ten at most.
    let mut space = [0; 10];
    let length = number.encode_var(&mut space);
    bytes.extend_from_slice(&space[..length]);
}

/// The smallest scale at which every coordinate is exactly an integer divided by a power of ten.
///
/// A coordinate that is exact at one scale is exact at every larger one, so one pass finds the scale; the
/// second pass proves it, since stored coordinates must come back to the last bit.
fn scale_of(coordinates: impl Iterator<Item = f64> + Clone) -> u8 {
    let mut scale = 0;
    for coordinate in coordinates.clone() {
        while scaled(coordinate, scale).is_none() {
            if scale == LARGEST_SCALE {
                return RAW;
            }
            scale += 1;
        }
    }
    if coordinates.into_iter().all(|coordinate| scaled(coordinate, scale).is_some()) { scale } else { RAW }
}

fn scaled(coordinate: f64, scale: u8) -> Option<i64> {
    let integer = nearest_integer(coordinate, scale);
    (unscaled(integer, scale).to_bits() == coordinate.to_bits()).then_some(integer)
}

fn nearest_integer(coordinate: f64, scale: u8) -> i64 {
    (coordinate * power_of_ten(scale)).round() as i64
}

fn unscaled(integer: i64, scale: u8) -> f64 {
    integer as f64 / power_of_ten(scale)
}

/// Exact, since 10^12 is below 2^53. A table, because this stands in the innermost loop.
fn power_of_ten(scale: u8) -> f64 {
    const POWERS: [f64; LARGEST_SCALE as usize + 1] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];
    POWERS[usize::from(scale.min(LARGEST_SCALE))]
}

struct PointWriter {
    scale: u8,
    previous: [i64; 2],
}

impl PointWriter {
    fn put(&mut self, bytes: &mut Vec<u8>, point: Point) {
        for (coordinate, previous) in point.into_iter().zip(&mut self.previous) {
            if self.scale == RAW {
                bytes.extend_from_slice(&coordinate.to_le_bytes());
            } else {
                let integer = nearest_integer(coordinate, self.scale);
                put(bytes, integer - *previous);
                *previous = integer;
            }
        }
    }
}

struct PointReader {
    scale: u8,
    previous: [i64; 2],
}

impl PointReader {
    fn ring(&mut self, reader: &mut Reader<'_>) -> Option<Ring> {
        let count = reader.count()?;
        let mut points = Vec::with_capacity(count + 1);
        for _ in 0..count {
            points.push(self.point(reader)?);
        }
        points.push(*points.first()?);
        Ring::new(points).ok().map(|(ring, _)| ring)
    }

    fn point(&mut self, reader: &mut Reader<'_>) -> Option<Point> {
        let mut point = [0.0; 2];
        for (coordinate, previous) in point.iter_mut().zip(&mut self.previous) {
            if self.scale == RAW {
                *coordinate = f64::from_le_bytes(reader.take(8)?.try_into().ok()?);
            } else {
                *previous = previous.checked_add(reader.number::<i64>()?)?;
                *coordinate = unscaled(*previous, self.scale);
            }
        }
        Some(point)
    }
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
