//! Units: coordinates as integers of 1e-7 degree, distances in kilometres, and in metres between near points; speeds.
//!
//! In: degrees as partners send them. Out: one canonical grid of about 11 mm. Every later step (placing,
//! duplicates, sorting) works on the same integers, so that a replay in another order cannot differ in a last
//! bit.

pub mod near;
pub mod speed;

/// Units of 1e-7 degree in one degree.
pub const E7: f64 = 1e7;

/// Mean radius of the Earth, kilometres: `(2a + b) / 3` of the GRS 80 ellipsoid (IUGG).
pub const EARTH_RADIUS_KM: f64 = 6_371.008_8;

/// A point on the canonical grid: WGS 84, 1e-7 degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GridPoint {
    /// Latitude, 1e-7 degree, -900,000,000 to 900,000,000.
    pub latitude_e7: i32,
    /// Longitude, 1e-7 degree, -1,800,000,000 to 1,800,000,000.
    pub longitude_e7: i32,
}

impl GridPoint {
    /// Rounds degrees to the grid. The caller has checked the ranges -90..=90 and -180..=180.
    pub fn from_degrees(latitude: f64, longitude: f64) -> Self {
        Self { latitude_e7: (latitude * E7).round() as i32, longitude_e7: (longitude * E7).round() as i32 }
    }

    /// Latitude in degrees.
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude_e7) / E7
    }

    /// Longitude in degrees.
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude_e7) / E7
    }

    /// Great-circle distance in kilometres.
    pub fn distance_km(self, other: Self) -> f64 {
        distance_km((self.latitude(), self.longitude()), (other.latitude(), other.longitude()))
    }
}

/// Great-circle distance in kilometres between two (latitude, longitude) points in degrees: the haversine
/// formula on a sphere of radius [`EARTH_RADIUS_KM`].
pub fn distance_km(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (latitude_a, latitude_b) = (from.0.to_radians(), to.0.to_radians());
    let half_latitude = ((latitude_b - latitude_a) / 2.0).sin();
    let half_longitude = ((to.1 - from.1).to_radians() / 2.0).sin();
    let h =
        half_latitude * half_latitude + latitude_a.cos() * latitude_b.cos() * half_longitude * half_longitude;
    2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokyo_to_osaka_is_about_four_hundred_kilometres() {
        let distance = distance_km((35.681236, 139.767125), (34.702485, 135.495951));
        assert!((402.0..405.0).contains(&distance), "{distance}");
    }

    #[test]
    fn grid_points_return_the_decimal_they_came_from() {
        let point = GridPoint::from_degrees(35.6585810, 139.7454330);
        assert_eq!((point.latitude_e7, point.longitude_e7), (356_585_810, 1_397_454_330));
        assert_eq!((point.latitude(), point.longitude()), (35.658581, 139.745433));
    }
}
