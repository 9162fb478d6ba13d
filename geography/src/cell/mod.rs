//! The H3 cell of a point, for whole columns.
//!
//! In: columns of latitude and longitude in degrees. Out: the cell at any resolution, equal to the H3
//! library's bit by bit, since partners and analysts join on it; crate `h3o` is the oracle, and it decides
//! the few points of which `lattice` cannot be certain.
//!
//! Four short loops over a chunk, each over arrays that stay in the cache: unit vectors (`sphere`), faces
//! (`face`), hexagons of the lattice (`lattice`), digits (`digits`). The first three are arithmetic without
//! branches, which the compiler turns into vector instructions; nothing is allocated.

mod sphere;
mod face;
mod lattice;
mod digits;
mod base;

use h3o::LatLng;
pub use h3o::Resolution;
use kayoi_schemas::ids::Cell;

/// Points that are converted at a time; their intermediate columns take 4 KiB.
const CHUNK: usize = 64;

/// The cell of a point at [`Cell::STORED_RESOLUTION`], latitude and longitude in degrees WGS 84.
///
/// The caller has checked that both are finite; the cell of anything else is the invalid index 0.
///
/// ```
/// let cell = kayoi_geography::cell::cell_at(35.658581, 139.745433);
/// assert_eq!(cell.to_string(), "892f5aadc6fffff");
/// ```
pub fn cell_at(latitude: f64, longitude: f64) -> Cell {
    cell_of(Resolution::Nine, latitude, longitude)
}

/// The cell of a point at any resolution, as [`cell_at`].
pub fn cell_of(resolution: Resolution, latitude: f64, longitude: f64) -> Cell {
    let [cell] = converted(resolution, &[latitude], &[longitude]);
    cell
}

/// Appends the cells of points, in their order: as many as the shorter of the two columns has.
///
/// ```
/// use kayoi_geography::cell::{Resolution, append_cells};
/// let mut cells = Vec::new();
/// append_cells(Resolution::Eight, &[35.658581, 26.2124], &[139.745433, 127.6792], &mut cells);
/// assert_eq!(cells[0].to_string(), "882f5aadc7fffff");
/// ```
pub fn append_cells(resolution: Resolution, latitudes: &[f64], longitudes: &[f64], cells: &mut Vec<Cell>) {
    let points = latitudes.len().min(longitudes.len());
    let (latitudes, longitudes) = (&latitudes[..points], &longitudes[..points]);
    let (latitude_chunks, latitude_rest) = latitudes.as_chunks::<CHUNK>();
    let (longitude_chunks, longitude_rest) = longitudes.as_chunks::<CHUNK>();
    cells.reserve(points);
    for (latitudes, longitudes) in latitude_chunks.iter().zip(longitude_chunks) {
        cells.extend_from_slice(&converted(resolution, latitudes, longitudes));
    }
    // The rest fills up with a point that is nowhere in doubt.
    let (mut latitudes, mut longitudes) = ([35.0; CHUNK], [139.0; CHUNK]);
    let rest = latitude_rest.len();
    latitudes[..rest].copy_from_slice(latitude_rest);
    longitudes[..rest].copy_from_slice(longitude_rest);
    if rest > 0 {
        cells.extend_from_slice(&converted(resolution, &latitudes, &longitudes)[..rest]);
    }
}

/// The cell of a coarser resolution that contains a cell; `None` where the resolution asked for is finer.
///
/// ```
/// use kayoi_geography::cell::{Resolution, cell_at, parent};
/// let parent = parent(Resolution::Seven, cell_at(35.658581, 139.745433));
/// assert_eq!(parent.map(|cell| cell.to_string()).as_deref(), Some("872f5aadcffffff"));
/// ```
#[inline]
pub fn parent(resolution: Resolution, cell: Cell) -> Option<Cell> {
    base::parent(resolution.into(), cell.h3()).map(Cell::from_h3)
}

const _: () = assert!(Cell::STORED_RESOLUTION == 9, "`cell_at` computes resolution 9");

#[inline(always)]
fn converted<const N: usize>(
    resolution: Resolution,
    latitudes: &[f64; N],
    longitudes: &[f64; N],
) -> [Cell; N] {
    let level = face::level(u8::from(resolution));
    let mut points = [[0.0; N]; 3];
    for n in 0..N {
        let [x, y, z] = sphere::unit_vector(latitudes[n], longitudes[n]);
        (points[0][n], points[1][n], points[2][n]) = (x, y, z);
    }
    let mut faces = [0; N];
    let mut leads = [0.0; N];
    for n in 0..N {
        (faces[n], leads[n]) = face::nearest([points[0][n], points[1][n], points[2][n]]);
    }
    let (mut a, mut b) = ([0.0; N], [0.0; N]);
    for n in 0..N {
        let point = [points[0][n], points[1][n], points[2][n]];
        (a[n], b[n]) = level.forms[usize::from(faces[n])].coordinates(point);
    }
    let (mut whole_a, mut whole_b) = ([0; N], [0; N]);
    let mut certain = [false; N];
    for n in 0..N {
        let is_point = (latitudes[n].abs() <= 90.0) & (longitudes[n].abs() <= 180.0);
        let clear;
        (whole_a[n], whole_b[n], clear) = lattice::rounded(a[n], b[n], level.certainty);
        certain[n] = is_point & clear & (leads[n] > lattice::DOUBT);
    }
    std::array::from_fn(|n| {
        let found =
            if certain[n] { base::index(resolution.into(), faces[n], whole_a[n], whole_b[n]) } else { None };
        Cell::from_h3(found.unwrap_or_else(|| by_library(resolution, latitudes[n], longitudes[n])))
    })
}

/// The cell as crate `h3o` computes it; 0 where a coordinate is not finite.
#[cold]
#[inline(never)]
fn by_library(resolution: Resolution, latitude: f64, longitude: f64) -> u64 {
    LatLng::new(latitude, longitude).map_or(0, |point| point.to_cell(resolution).into())
}

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;
