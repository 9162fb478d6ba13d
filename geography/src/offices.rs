//! Offices: places that an operator names, such as satellite offices and coworking spaces.
//!
//! In: a file of places (read by `office_file`). Out: for a point, the place that it lies in, or lies near enough
//! to for how exact the point is. Where places overlap, the one whose edge the point lies deepest inside wins.
//!
//! Places are few and small, points are millions and mostly far from all of them. So a list of the cells of 0.01
//! degree that places touch, sorted, answers most points by one binary search in each row of cells within reach,
//! and only the places found there are measured. Distances are those of the coast: on the plane that touches the
//! sphere at the point, off by less than 0.1 % within 5 km.

use std::ops::RangeInclusive;
use std::path::Path;

use crate::boundaries::ring::{Point, Position, bounds};
use crate::boundaries::{Polygon, Ring};
use crate::index::coast::{scale_at, squared_distance};
use crate::office_file;

pub use crate::office_error::{OfficeFault, OfficesError, PlaceIn};

/// The radius of a place that is a point without one, metres: a building, and how far indoor fixes jump.
pub const DEFAULT_RADIUS_M: f64 = 100.0;
/// The largest radius, metres. Polygons are at most twice as wide.
pub const LARGEST_RADIUS_M: f64 = 5_000.0;
/// The most by which a place is widened, metres: a point that is less exact is in no particular building.
pub const LARGEST_SLACK_M: f64 = 5_000.0;

/// Cells in a degree of latitude and of longitude.
const CELLS_PER_DEGREE: f64 = 100.0;
/// Columns of cells around the globe.
const COLUMNS: u32 = 36_001;
/// Boxes are made so much wider that neither rounding nor the cosine, which changes by 0.2 % over 10 km, loses a
/// place.
const BOX_MARGIN: f64 = 1.01;

/// The number of a place within its [`Offices`], in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfficeIndex(u32);

/// Named places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Offices {
    offices: Vec<Office>,
    /// Each cell with each place whose box touches it, sorted.
    cells: Vec<(u32, u32)>,
}

/// One place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Office {
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

/// The ground that a place takes up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// All points so near to a centre.
    Circle { centre: Point, radius_m: f64 },
    /// Polygons, with holes.
    Area(Vec<Polygon>),
}

impl Offices {
    /// Reads a file of places: GeoJSON (`.geojson`, `.json`) with points (`name`, `radius_m`), polygons and
    /// multipolygons, or CSV (`.csv`) with the columns `name`, `latitude`, `longitude` and `radius_m`.
    ///
    /// # Errors
    /// [`OfficesError`] with the line or the feature, its value and what is allowed. One bad place fails the
    /// file: a place that is left out would show as fewer people, and nobody would know why.
    pub fn read(path: &Path) -> Result<Offices, OfficesError> {
        Ok(Self::of(office_file::read(path)?))
    }

    /// No places: no point lies in one.
    pub fn none() -> Offices {
        Self::default()
    }

    pub(crate) fn of(offices: Vec<Office>) -> Offices {
        let mut cells = Vec::new();
        for (number, office) in (0..).zip(&offices) {
            let (low, high) = office.shape.bounds();
            for row in rows(low, high) {
                cells.extend(columns(low, high).map(|column| (row * COLUMNS + column, number)));
            }
        }
        cells.sort_unstable();
        Self { offices, cells }
    }

    /// The place that a point lies in, degrees WGS 84, each place widened by `slack_m` metres: the accuracy of
    /// the fix or of the stay, from 0 to [`LARGEST_SLACK_M`]; less or NaN counts as 0, more as the largest.
    ///
    /// Of several, the one whose edge the point lies deepest inside, or is nearest to from outside; of equal ones
    /// the first in the file. `None` for a point that is no place on Earth.
    pub fn office_at(&self, latitude: f64, longitude: f64, slack_m: f64) -> Option<OfficeIndex> {
        let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        if self.cells.is_empty() || !is_on_earth {
            return None;
        }
        let slack_m = if slack_m > 0.0 { slack_m.min(LARGEST_SLACK_M) } else { 0.0 };
        let (point, scale) = ([longitude, latitude], scale_at(latitude));
        let (low, high) = widened(point, slack_m, scale);
        let columns = columns(low, high);
        let mut nearest = (slack_m, None);
        for row in rows(low, high) {
            let (first, last) = (row * COLUMNS + columns.start(), row * COLUMNS + columns.end());
            let start = self.cells.partition_point(|(cell, _)| *cell < first);
            for &(_, number) in self.cells[start..].iter().take_while(|(cell, _)| *cell <= last) {
                let distance_m = self.offices[number as usize].shape.distance_m(point, scale);
                let is_nearer = distance_m < nearest.0
                    || (distance_m == nearest.0 && nearest.1.is_none_or(|first| number < first));
                if is_nearer {
                    nearest = (distance_m, Some(number));
                }
            }
        }
        nearest.1.map(OfficeIndex)
    }

    /// The name of a place; empty for a number of other [`Offices`] that these do not have.
    pub fn name(&self, office: OfficeIndex) -> &str {
        self.offices.get(office.0 as usize).map_or("", |office| &office.name)
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.offices.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.offices.is_empty()
    }
}

impl Shape {
    /// South-west and north-east corner of a box around it.
    fn bounds(&self) -> (Point, Point) {
        match self {
            Self::Circle { centre, radius_m } => widened(*centre, *radius_m, scale_at(centre[1])),
            Self::Area(polygons) => {
                let rings = polygons.iter().flat_map(Polygon::rings);
                let corners = rings.map(Ring::bounds).flat_map(|(low, high)| [low, high]);
                bounds(&corners.collect::<Vec<_>>())
            }
        }
    }

    /// Width and height of the box around it, metres.
    pub(crate) fn extent_m(&self) -> [f64; 2] {
        let (low, high) = self.bounds();
        let scale = scale_at((low[1] + high[1]) / 2.0);
        [(high[0] - low[0]) * scale[0], (high[1] - low[1]) * scale[1]]
    }

    /// Metres from a point to its edge, negative inside; `scale` holds metres of a degree at the point.
    fn distance_m(&self, point: Point, scale: [f64; 2]) -> f64 {
        match self {
            Self::Circle { centre, radius_m } => {
                squared_distance(point, scale, *centre, *centre).sqrt() - radius_m
            }
            Self::Area(polygons) => {
                let distances = polygons.iter().map(|polygon| polygon_distance_m(polygon, point, scale));
                distances.fold(f64::INFINITY, f64::min)
            }
        }
    }
}

/// Metres from a point to a polygon's nearest edge, not positive inside and on the border.
fn polygon_distance_m(polygon: &Polygon, point: Point, scale: [f64; 2]) -> f64 {
    let edges = polygon.rings().flat_map(|ring| ring.points().windows(2));
    let squares = edges.map(|edge| squared_distance(point, scale, edge[0], edge[1]));
    let distance_m = squares.fold(f64::INFINITY, f64::min).sqrt();
    let is_inside = polygon.exterior().position(point) != Position::Outside
        && polygon.holes().iter().all(|hole| hole.position(point) != Position::Inside);
    if is_inside { -distance_m } else { distance_m }
}

/// A box that holds all points so many metres around one.
fn widened(point: Point, metres: f64, scale: [f64; 2]) -> (Point, Point) {
    let reach = scale.map(|metres_per_degree| BOX_MARGIN * metres / metres_per_degree);
    ([point[0] - reach[0], point[1] - reach[1]], [point[0] + reach[0], point[1] + reach[1]])
}

fn rows(low: Point, high: Point) -> RangeInclusive<u32> {
    let row = |latitude: f64| ((latitude.clamp(-90.0, 90.0) + 90.0) * CELLS_PER_DEGREE) as u32;
    row(low[1])..=row(high[1])
}

fn columns(low: Point, high: Point) -> RangeInclusive<u32> {
    let column = |longitude: f64| ((longitude.clamp(-180.0, 180.0) + 180.0) * CELLS_PER_DEGREE) as u32;
    column(low[0])..=column(high[0])
}

#[cfg(test)]
#[path = "offices_tests.rs"]
mod tests;
