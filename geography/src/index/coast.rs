//! The coast: the nearest municipality of a point that none covers.
//!
//! In: a point at sea, on a lake or on a bridge, and how far to look. Out: the code of the nearest border, if
//! it is near enough. Phones on beaches, piers and bridges, and fixes that are off by some metres, belong to
//! the land beside them. Neighbours across a strait are told apart by distance, and equal distances by the
//! lower code.
//!
//! Distances are on the plane that touches the sphere at the point: degrees of latitude are `π R / 180`
//! metres, degrees of longitude shorter by the cosine of the point's latitude, with the mean radius of the
//! Earth [`EARTH_RADIUS_KM`] for `R`. Within 5 km and below 46° that is off by less than 0.1 %.

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::units::EARTH_RADIUS_KM;

use super::Index;
use super::record::visit_edges;
use super::table::Known;
use crate::boundaries::ring::Point;

/// Metres of a degree of latitude: not rounded as `kayoi_schemas::units::near` has it, because distances of
/// the coast are held against those of the sphere.
const METRES_PER_DEGREE: f64 = 1_000.0 * EARTH_RADIUS_KM * std::f64::consts::PI / 180.0;

impl Index {
    /// The municipality whose border is nearest to a point, if it is at most so many metres away.
    ///
    /// Asked of a point that some municipality covers, it answers with the nearest border all the same.
    pub fn nearest_within(&self, latitude: f64, longitude: f64, metres: f64) -> Option<MunicipalityCode> {
        if !(latitude.is_finite() && longitude.is_finite()) {
            return None;
        }
        let (point, scale) = ([longitude, latitude], scale_at(latitude));
        let reach = [metres / scale[0], metres / scale[1]];
        let (columns, rows) = self.grid.cells_around(point, reach);
        if self.table.is_open_sea(&columns, &rows) {
            return None;
        }
        let mut nearest = (metres * metres, None);
        for row in rows {
            for column in columns.clone() {
                let Known::Record(start) = self.table.known(column, row) else { continue };
                visit_edges(self.record(start), |code, from, to| {
                    let distance = squared_distance(point, scale, from, to);
                    let is_nearer = distance < nearest.0
                        || (distance == nearest.0 && nearest.1.is_none_or(|lowest| code < lowest));
                    if is_nearer {
                        nearest = (distance, Some(code));
                    }
                });
            }
        }
        nearest.1.and_then(MunicipalityCode::from_number)
    }
}

/// Metres of a degree of longitude and of latitude.
pub(crate) fn scale_at(latitude: f64) -> [f64; 2] {
    [METRES_PER_DEGREE * latitude.to_radians().cos(), METRES_PER_DEGREE]
}

/// Squared distance of a point from an edge, square metres.
pub(crate) fn squared_distance(point: Point, scale: [f64; 2], from: Point, to: Point) -> f64 {
    let metres = |end: Point| [(end[0] - point[0]) * scale[0], (end[1] - point[1]) * scale[1]];
    let ([ax, ay], [bx, by]) = (metres(from), metres(to));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (ax + share * dx, ay + share * dy);
    x * x + y * y
}
