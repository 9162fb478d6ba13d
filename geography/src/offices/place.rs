//! A place: its name, the ground that it takes up, and how far a point is from it.
//!
//! In: a name and a circle or polygons, whose values were checked. Out: the box around it, and distances to
//! its edge. Distances are those of the coast: on the plane that touches the sphere at the point, off by less
//! than 0.1 % within 5 km.

use crate::boundaries::ring::{Point, Position, bounds};
use crate::boundaries::{Polygon, Ring};
use crate::index::coast::{scale_at, squared_distance};

/// The radius of a place that is a point without one, metres: a building, and how far indoor fixes jump.
pub const DEFAULT_RADIUS_M: f64 = 100.0;
/// The largest radius, metres. Polygons are at most twice as wide.
pub const LARGEST_RADIUS_M: f64 = 5_000.0;
/// Boxes are made so much wider that neither rounding nor the cosine, which changes by 0.2 % over 10 km,
/// loses a place.
const BOX_MARGIN: f64 = 1.01;

/// One place that an operator names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Office {
    pub(super) name: String,
    pub(super) shape: Shape,
}

/// The ground that a place takes up.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// All points so near to a centre.
    Circle { centre: Point, radius_m: f64 },
    /// Polygons, with holes.
    Area(Vec<Polygon>),
}

impl Shape {
    /// South-west and north-east corner of a box around it.
    pub(super) fn bounds(&self) -> (Point, Point) {
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
    pub(super) fn extent_m(&self) -> [f64; 2] {
        let (low, high) = self.bounds();
        let scale = scale_at((low[1] + high[1]) / 2.0);
        [(high[0] - low[0]) * scale[0], (high[1] - low[1]) * scale[1]]
    }

    /// Metres from a point to its edge, negative inside; `scale` holds metres of a degree at the point.
    pub(super) fn distance_m(&self, point: Point, scale: [f64; 2]) -> f64 {
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
pub(super) fn widened(point: Point, metres: f64, scale: [f64; 2]) -> (Point, Point) {
    let reach = scale.map(|metres_per_degree| BOX_MARGIN * metres / metres_per_degree);
    ([point[0] - reach[0], point[1] - reach[1]], [point[0] + reach[0], point[1] + reach[1]])
}
