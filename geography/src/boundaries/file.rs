//! The boundary file: one edition in one compact file.
//!
//! In: a [`BoundarySet`]. Out: the same set, bit for bit, or a refusal. Layout, little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic `KAYOIGEO` |
//! | 2 | format version |
//! | 4, n | length of the header, and the header as JSON ([`Header`]) |
//! | 8, n | length of the body, and the body, zstd |
//! | 32 | BLAKE3 of everything before |
//!
//! The body has one block per code: its length, the code, its decimal scale, polygons, rings, points. N03 is
//! published with decimals, so a coordinate is nearly always `integer / 10^scale`; where that gives the exact
//! double back for every coordinate of a code, the differences between neighbours are stored instead of doubles,
//! which takes the full N03 from 194 MB to about a fifth. Otherwise the doubles are stored.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use kayoi_schemas::ids::MunicipalityCode;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::ring::Point;
use super::varint::{self, Reader};
use super::{BoundarySet, Counts, Polygon, Ring, Source, Unit};
use crate::GeographyError;

const MAGIC: &[u8; 8] = b"KAYOIGEO";
/// The format version that this program writes, and the highest that it reads.
pub const FORMAT_VERSION: u16 = 1;
const LARGEST_SCALE: u8 = 12;
/// Stands in the place of a scale where doubles are stored as they are.
const RAW: u8 = 255;
const COMPRESSION_LEVEL: i32 = 9;

/// What a boundary file says about itself, readable without decoding the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The edition, as in `N03 2025-01-01`.
    pub edition: String,
    /// The credit that figures and outlines must show.
    pub credit: String,
    /// The imported file.
    pub source: Source,
    /// How much it holds.
    pub counts: Counts,
    /// The most decimals that any code needs; `None` when some code stores doubles.
    pub decimal_scale: Option<u8>,
    /// Length of the body before compression, bytes.
    pub body_bytes: u64,
}

/// Writes a set, first beside `path` and then over it, so that a reader never sees half a file.
///
/// # Errors
/// [`GeographyError::Write`] when the file system refuses.
pub fn write(set: &BoundarySet, path: &Path) -> Result<Header, GeographyError> {
    let (header, bytes) = encode(set).map_err(|source| GeographyError::write(path, source))?;
    replace(path, &bytes).map_err(|source| GeographyError::write(path, source))?;
    Ok(header)
}

/// Reads a set.
///
/// # Errors
/// [`GeographyError`] when the file cannot be read, is no boundary file, is of a newer version or is damaged.
pub fn read(path: &Path) -> Result<(Header, BoundarySet), GeographyError> {
    let bytes = fs::read(path).map_err(|source| GeographyError::read(path, source))?;
    let (header, body) = open_envelope(path, &bytes)?;
    let damaged = |what: &str| GeographyError::damaged(path, what);
    let capacity = usize::try_from(header.body_bytes).map_err(|_| damaged("the body is too long"))?;
    let body = zstd::bulk::decompress(body, capacity).map_err(|_| damaged("the body does not decompress"))?;
    if body.len() as u64 != header.body_bytes {
        return Err(damaged("the body has another length than the header says"));
    }
    let units = decode_body(&body).ok_or_else(|| damaged("the body does not hold what the format says"))?;
    let set = BoundarySet { edition: header.edition.clone(), source: header.source.clone(), units };
    if set.counts() != header.counts {
        return Err(damaged("the body holds other counts than the header says"));
    }
    Ok((header, set))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).inspect_err(|_| {
        // The first error is the one to report; a left-over part file does no harm.
        let _ = fs::remove_file(&beside);
    })
}

fn encode(set: &BoundarySet) -> io::Result<(Header, Vec<u8>)> {
    let blocks: Vec<(u8, Vec<u8>)> = set.units.par_iter().map(encode_unit).collect();
    let mut body = Vec::new();
    for (_, block) in &blocks {
        varint::put(&mut body, block.len() as u64);
        body.extend_from_slice(block);
    }
    let largest_scale = blocks.iter().map(|(scale, _)| *scale).max().unwrap_or(0);
    let header = Header {
        edition: set.edition.clone(),
        credit: crate::N03_CREDIT.to_owned(),
        source: set.source.clone(),
        counts: set.counts(),
        decimal_scale: (largest_scale != RAW).then_some(largest_scale),
        body_bytes: body.len() as u64,
    };
    let header_text = serde_json::to_vec(&header)?;
    let body = zstd::bulk::compress(&body, COMPRESSION_LEVEL)?;
    let mut bytes = Vec::with_capacity(body.len() + header_text.len() + 64);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&(header_text.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&header_text);
    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&body);
    let checksum = blake3::hash(&bytes);
    bytes.extend_from_slice(checksum.as_bytes());
    Ok((header, bytes))
}

/// Checks everything around the body and returns the header and the compressed body.
fn open_envelope<'a>(path: &Path, bytes: &'a [u8]) -> Result<(Header, &'a [u8]), GeographyError> {
    let damaged = |what: &str| GeographyError::damaged(path, what);
    if bytes.get(..MAGIC.len()) != Some(MAGIC) {
        return Err(GeographyError::NotBoundaryFile { path: path.to_owned() });
    }
    let truncated = || damaged("it ends too early");
    let (checked, checksum) = bytes.split_last_chunk::<32>().ok_or_else(truncated)?;
    let mut rest = Reader(checked.get(MAGIC.len()..).ok_or_else(truncated)?);
    let version = rest.take(2).and_then(|taken| taken.try_into().ok()).map(u16::from_le_bytes);
    let version = version.ok_or_else(truncated)?;
    if version > FORMAT_VERSION {
        return Err(GeographyError::NewerBoundaryFile {
            path: path.to_owned(),
            version,
            supported: FORMAT_VERSION,
        });
    }
    if blake3::hash(checked).as_bytes() != checksum {
        return Err(damaged("its checksum is wrong, so bytes are missing or changed"));
    }
    let header_length = rest.take(4).and_then(|taken| taken.try_into().ok()).map(u32::from_le_bytes);
    let header = rest.take(header_length.ok_or_else(truncated)? as usize).ok_or_else(truncated)?;
    let header = serde_json::from_slice(header).map_err(|_| damaged("its header is not readable"))?;
    let body_length = rest.take(8).and_then(|taken| taken.try_into().ok()).map(u64::from_le_bytes);
    let body_length = usize::try_from(body_length.ok_or_else(truncated)?).map_err(|_| truncated())?;
    Ok((header, rest.take(body_length).ok_or_else(truncated)?))
}

fn encode_unit(unit: &Unit) -> (u8, Vec<u8>) {
    let rings = || unit.polygons.iter().flat_map(Polygon::rings);
    let scale = scale_of(rings().flat_map(|ring| ring.points().iter().flatten().copied()));
    let mut bytes = Vec::new();
    varint::put(&mut bytes, u64::from(unit.code.number()));
    bytes.push(scale);
    varint::put(&mut bytes, unit.polygons.len() as u64);
    let mut points = PointWriter { scale, previous: [0, 0] };
    for polygon in &unit.polygons {
        varint::put(&mut bytes, polygon.holes.len() as u64);
        for ring in polygon.rings() {
            // The closing point repeats the first and is not stored.
            let open = &ring.points()[..ring.points().len() - 1];
            varint::put(&mut bytes, open.len() as u64);
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
    let code = MunicipalityCode::from_number(u32::try_from(reader.number()?).ok()?)?;
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
                varint::put_signed(bytes, integer - *previous);
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
                *previous = previous.checked_add(reader.signed()?)?;
                *coordinate = unscaled(*previous, self.scale);
            }
        }
        Some(point)
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
