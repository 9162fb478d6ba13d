//! How the area of an H3 cell is shared out among meshes.
//!
//! In: a cell and a level. Out: the meshes that the cell overlaps, each with its part of the cell's area. A
//! figure of a cell times a share is an estimate for the mesh: it supposes that people are spread evenly over
//! the cell, which a shore or a mountain belies.
//!
//! The cell's corners are joined by straight lines in the plane of longitude and sine of latitude (Lambert's
//! cylindrical equal-area projection). There a mesh is an exact rectangle and plane area is area on the
//! sphere; in the plane of longitude and latitude each part would need an integral of cos(latitude). What is
//! approximate is the side of the cell, an arc of a great circle: halfway along a side of 10 km (resolution
//! 5, 36° N) it is 1.4 m off the line, at resolution 9 it is 0.6 mm. Two neighbouring cells have the same
//! line, so nothing is counted twice or lost between them. The Earth's flattening changes the ratio of areas
//! within a cell by less than 1 in 10,000.
//!
//! The cell is cut into strips by the edges between rows of meshes, each strip by the edges between columns:
//! Sutherland and Hodgman's clipping (1974), a half-plane at a time. It asks convexity of the window only, so
//! the corners that a cell has where it crosses an edge of the icosahedron, and pentagons, need no case of
//! their own.

use h3o::{CellIndex, LatLng};
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::Cell;

use super::{COLUMNS, COLUMNS_PER_DEGREE, MeshCode, MeshLevel, ROWS, ROWS_PER_DEGREE, WEST_DEGREES};

/// The coarsest H3 resolution that is shared out. A coarser cell has sides of 26 km and more, too long to be
/// taken as straight, and up to millions of meshes.
pub const COARSEST_RESOLUTION: u8 = 5;

/// Parts below this are dropped: corners are known to some nanometres, so where one touches an edge, a
/// smaller part may not exist. At resolution 9 it would be 1 cm².
const NEGLIGIBLE_SHARE: f64 = 1e-9;

/// One line of the table from cells to meshes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeshShare {
    /// The mesh that a part of the cell lies in.
    pub mesh: MeshCode,
    /// The part of the cell's area in this mesh, above 0 and at most 1.
    pub share: f64,
}

/// A cell that cannot be shared out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// The index is not one of a cell.
    #[error(
        "`{cell}` is not an H3 cell, allowed are valid cell indexes\n\
         hint: check that the column holds H3 indexes of mode 1, as in `892f5aadc6fffff`"
    )]
    NotACell {
        /// The index that was given.
        cell: Cell,
    },
    /// The cell is too large.
    #[error(
        "cell `{cell}` has resolution `{resolution}`, allowed are {COARSEST_RESOLUTION} to 15\n\
         hint: share out its children instead"
    )]
    TooCoarse {
        /// The cell that was to be shared out.
        cell: Cell,
        /// The resolution of the cell.
        resolution: u8,
    },
    /// Part of the cell lies outside all meshes.
    #[error(
        "cell `{cell}` reaches outside of 0° to 66°40′ N, 100° to 180° E, where no mesh codes exist\n\
         hint: export figures from outside Japan by cell"
    )]
    Outside {
        /// The cell that was to be shared out.
        cell: Cell,
    },
}

impl ShareError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotACell { .. } | Self::TooCoarse { .. } | Self::Outside { .. } => ErrorCode::Argument,
        }
    }
}

/// The meshes of `level` that a cell overlaps, with shares that sum to 1, in order of their codes.
///
/// # Errors
/// [`ShareError`] when the index is not a cell, is coarser than [`COARSEST_RESOLUTION`], or reaches outside
/// the area of mesh codes.
///
/// ```
/// use kayoi_geography::{cell::cell_at, mesh::{MeshLevel, share::shares}};
/// let table = shares(cell_at(35.658581, 139.745433), MeshLevel::Third)?;
/// assert_eq!(table.iter().map(|part| part.mesh.to_string()).collect::<Vec<_>>(), ["53393589", "53393599"]);
/// assert!((table.iter().map(|part| part.share).sum::<f64>() - 1.0).abs() < 1e-9);
/// # Ok::<(), kayoi_geography::mesh::share::ShareError>(())
/// ```
pub fn shares(cell: Cell, level: MeshLevel) -> Result<Vec<MeshShare>, ShareError> {
    let index = CellIndex::try_from(cell.h3()).map_err(|_| ShareError::NotACell { cell })?;
    let resolution = u8::from(index.resolution());
    if resolution < COARSEST_RESOLUTION {
        return Err(ShareError::TooCoarse { cell, resolution });
    }
    let corners = index.boundary();
    let rows = Lines::across(corners.iter().map(|&corner| row(corner)), level.span(), ROWS);
    let columns = Lines::across(corners.iter().map(|&corner| column(corner)), level.span(), COLUMNS);
    let (Some(rows), Some(columns)) = (rows, columns) else {
        return Err(ShareError::Outside { cell });
    };
    let plane = Plane { south_degrees: corners[0].lat(), west_column: column(corners[0]) };
    let outline: Polygon =
        corners.iter().map(|&corner| [plane.x(column(corner)), plane.y(corner.lat())]).collect();
    let mut parts = areas(&plane, &outline, level, &rows, &columns);
    let negligible = area(&outline) * NEGLIGIBLE_SHARE;
    parts.retain(|&(_, area)| area > negligible);
    parts.sort_unstable_by_key(|&(mesh, _)| mesh);
    // The whole is what was kept, so that a figure is shared out without a rest.
    let whole: f64 = parts.iter().map(|&(_, area)| area).sum();
    Ok(parts.into_iter().map(|(mesh, area)| MeshShare { mesh, share: area / whole }).collect())
}

/// The plane area of each overlap.
fn areas(
    plane: &Plane,
    outline: &[Point],
    level: MeshLevel,
    rows: &Lines,
    columns: &Lines,
) -> Vec<(MeshCode, f64)> {
    let mut parts = Vec::new();
    for row in 0..rows.count {
        let (south, north) = (rows.line(row), rows.line(row + 1));
        let strip = between(outline, NORTHWARD, plane.y(degrees(south)), plane.y(degrees(north)));
        for column in 0..columns.count {
            let (west, east) = (columns.line(column), columns.line(column + 1));
            let part = between(&strip, EASTWARD, plane.x(f64::from(west)), plane.x(f64::from(east)));
            parts.push((MeshCode::at(level, south, west), area(&part)));
        }
    }
    parts
}

/// The rows, or the columns, of meshes that a cell touches.
struct Lines {
    /// Where the first one starts, in rows or columns of the finest level.
    first: u32,
    step: u32,
    count: u32,
}

impl Lines {
    /// `None` when a place is outside of `0..=end`.
    fn across(places: impl Iterator<Item = f64>, step: u32, end: u32) -> Option<Self> {
        let (low, high) =
            places.fold((f64::MAX, f64::MIN), |(low, high), place| (low.min(place), high.max(place)));
        if low < 0.0 || high > f64::from(end) {
            return None;
        }
        let first = low as u32 / step;
        let last = (high as u32).min(end - 1) / step;
        Some(Self { first: first * step, step, count: last + 1 - first })
    }

    /// The line before the row or column number `n`, in rows or columns of the finest level.
    fn line(&self, n: u32) -> u32 {
        self.first + n * self.step
    }
}

fn row(corner: LatLng) -> f64 {
    corner.lat() * f64::from(ROWS_PER_DEGREE)
}

fn column(corner: LatLng) -> f64 {
    corner.lng() * f64::from(COLUMNS_PER_DEGREE) - f64::from(WEST_DEGREES * COLUMNS_PER_DEGREE)
}

/// The latitude of the south edge of a row.
fn degrees(row: u32) -> f64 {
    f64::from(row) / f64::from(ROWS_PER_DEGREE)
}

/// The equal-area plane, with its origin at a corner of the cell: of coordinates far from 0 a small area
/// would be the difference of large products.
struct Plane {
    south_degrees: f64,
    west_column: f64,
}

impl Plane {
    fn x(&self, column: f64) -> f64 {
        column - self.west_column
    }

    /// The difference of two sines of latitude, by the product that keeps its digits when it is small.
    fn y(&self, latitude: f64) -> f64 {
        let half_sum = ((latitude + self.south_degrees) / 2.0).to_radians();
        let half_difference = ((latitude - self.south_degrees) / 2.0).to_radians();
        2.0 * half_sum.cos() * half_difference.sin()
    }
}

/// Eastward in columns, northward as a difference of sines.
type Point = [f64; 2];
type Polygon = Vec<Point>;
const EASTWARD: usize = 0;
const NORTHWARD: usize = 1;

/// The part of a polygon with `low <= coordinate <= high` on one axis.
fn between(polygon: &[Point], axis: usize, low: f64, high: f64) -> Polygon {
    let above = clipped(polygon, axis, low, |coordinate| coordinate >= low);
    clipped(&above, axis, high, |coordinate| coordinate <= high)
}

/// The part of a polygon on the inner side of a line across one axis.
fn clipped(polygon: &[Point], axis: usize, line: f64, is_inside: impl Fn(f64) -> bool) -> Polygon {
    let mut part = Polygon::with_capacity(polygon.len() + 1);
    let mut from = polygon.last().copied().unwrap_or_default();
    for &to in polygon {
        if is_inside(from[axis]) != is_inside(to[axis]) {
            let along = (line - from[axis]) / (to[axis] - from[axis]);
            let other = 1 - axis;
            let mut crossing = [line; 2];
            crossing[other] = from[other] + along * (to[other] - from[other]);
            part.push(crossing);
        }
        if is_inside(to[axis]) {
            part.push(to);
        }
        from = to;
    }
    part
}

/// The area of a polygon whose corners go counter-clockwise, as H3's do (the shoelace formula).
fn area(polygon: &[Point]) -> f64 {
    let mut sum = 0.0;
    let mut from = polygon.last().copied().unwrap_or_default();
    for &to in polygon {
        sum += from[0] * to[1] - to[0] * from[1];
        from = to;
    }
    sum / 2.0
}

#[cfg(test)]
#[path = "share_tests.rs"]
mod tests;
