//! Areas on the ellipsoid.
//!
//! In: rings of longitude and latitude. Out: km². A ring's area is `a²/2 ∮ q(φ) dλ` with
//! `q(φ) = (1 - e²) (sin φ / (1 - e² sin² φ) + artanh(e sin φ) / e)`: Snyder, Map Projections: A Working
//! Manual (USGS Professional Paper 1395, 1987), eq. 3-12, and there the Lambert cylindrical equal-area
//! projection, in which areas are true and the shoelace formula is exact. An edge that is straight in degrees
//! bends a little in it, which for an edge of 1 km makes some 3 m².
//!
//! The ellipsoid is GRS 80, as of JGD2011; that of WGS 84 differs by 0.1 mm.

use super::ring::Point;
use super::{Polygon, Ring, Unit};

/// Half the long axis of GRS 80, km.
const SEMI_MAJOR_KM: f64 = 6_378.137;
const FLATTENING: f64 = 1.0 / 298.257_222_101;

/// `q(φ)`, which grows with latitude as the area of the globe between the equator and it.
pub(super) fn authalic(latitude_degrees: f64) -> f64 {
    let e2 = FLATTENING * (2.0 - FLATTENING);
    let e = e2.sqrt();
    let sine = latitude_degrees.to_radians().sin();
    (1.0 - e2) * (sine / (1.0 - e2 * sine * sine) + (e * sine).atanh() / e)
}

/// The area of a strip between two latitudes, given as [`authalic`], and so many degrees of longitude wide.
pub(super) fn strip_km2(low: f64, high: f64, degrees: f64) -> f64 {
    SEMI_MAJOR_KM * SEMI_MAJOR_KM / 2.0 * (high - low) * degrees.to_radians()
}

impl Ring {
    /// The area inside, km²; where the ring crosses itself, parts that run the other way are taken off.
    pub fn area_km2(&self) -> f64 {
        let projected = |point: &Point| [point[0], authalic(point[1])];
        let points = self.points();
        let [x0, q0] = projected(&points[0]);
        // Relative to the first point, where doubles are dense.
        let relative = points.iter().map(projected).map(|[x, q]| [x - x0, q - q0]);
        let mut before = [0.0; 2];
        let mut doubled = 0.0;
        for point in relative {
            doubled += before[0] * point[1] - point[0] * before[1];
            before = point;
        }
        strip_km2(0.0, 1.0, doubled / 2.0).abs()
    }
}

impl Polygon {
    /// The area of the exterior without its holes, km².
    pub fn area_km2(&self) -> f64 {
        let holes: f64 = self.holes.iter().map(Ring::area_km2).sum();
        self.exterior.area_km2() - holes
    }
}

impl Unit {
    /// The area of its polygons, km²; where they overlap, twice.
    pub fn area_km2(&self) -> f64 {
        self.polygons.iter().map(Polygon::area_km2).sum()
    }
}

#[cfg(test)]
mod tests {
    use geo::GeodesicArea as _;

    use super::*;

    fn ring(points: &[Point]) -> Ring {
        Ring::new(points.to_vec()).unwrap().0
    }

    #[test]
    fn the_whole_globe_has_the_area_of_grs_80() {
        // Moritz (2000), Geodetic Reference System 1980: radius of the sphere of equal surface 6,371,007.1810
        // m.
        let globe = 4.0 * std::f64::consts::PI * 6_371.007_181_f64.powi(2);
        let own = ring(&[[-180.0, -90.0], [180.0, -90.0], [180.0, 90.0], [-180.0, 90.0]]).area_km2();
        assert!((own / globe - 1.0).abs() < 1e-9, "{own} {globe}");
    }

    /// Geodesic edges of another library (Karney 2013), close enough together to be straight in degrees.
    #[test]
    fn a_town_has_the_area_that_karney_gives() {
        for latitude in [24.3, 36.2, 45.5] {
            let corner = |step: i32| f64::from(step) / 100.0;
            let mut points: Vec<Point> = (0..10).map(|step| [140.0 + corner(step), latitude]).collect();
            points.extend((0..10).map(|step| [140.1, latitude + corner(step)]));
            points.extend((0..10).map(|step| [140.1 - corner(step), latitude + 0.1 + corner(step) / 3.0]));
            points.push([140.0, latitude + 0.12]);
            let own = ring(&points).area_km2();
            let polygon = geo::Polygon::new(geo::LineString::from(points), vec![]);
            let karney = polygon.geodesic_area_unsigned() / 1e6;
            assert!((own / karney - 1.0).abs() < 1e-6, "{own} {karney}");
        }
    }

    #[test]
    fn a_hole_is_taken_off_and_direction_does_not_matter() {
        let outer = [[140.0, 36.0], [140.2, 36.0], [140.2, 36.2], [140.0, 36.2]];
        let inner = [[140.1, 36.1], [140.1, 36.15], [140.15, 36.15], [140.15, 36.1]];
        let polygon = Polygon::new(ring(&outer), vec![ring(&inner)]);
        let expected = ring(&outer).area_km2() - ring(&inner).area_km2();
        assert!((polygon.area_km2() - expected).abs() < 1e-9 && expected > 300.0);
    }
}
