//! Distances between points that are near each other, in metres.
//!
//! In: two points within a town. Out: metres, on the plane that touches the Earth at the first of them.
//! Within a town that is as exact as a fix is and costs one cosine; longer distances are
//! [`super::distance_km`].

/// Metres of a degree of latitude, everywhere, and of a degree of longitude at the equator: `π R / 180` with
/// the radius of [`super::EARTH_RADIUS_KM`] is 111,195.08. It stays rounded, for figures were made with it
/// and must come out the same to the last bit.
pub const METRES_PER_DEGREE: f64 = 111_195.0;

/// Metres between two (latitude, longitude) points in degrees.
///
/// ```
/// use kayoi_schemas::units::near::metres_between;
/// let tokyo_station = (35.681236, 139.767125);
/// let palace_gate = (35.681236, 139.761000);
/// assert_eq!(metres_between(tokyo_station, palace_gate).round(), 553.0);
/// ```
pub fn metres_between(from: (f64, f64), to: (f64, f64)) -> f64 {
    let north = (from.0 - to.0) * METRES_PER_DEGREE;
    let east = (from.1 - to.1) * METRES_PER_DEGREE * from.0.to_radians().cos();
    (north * north + east * east).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::distance_km;

    #[test]
    fn the_plane_and_the_sphere_agree_within_a_town() {
        for (north, east) in [(0.0, 0.05), (0.05, 0.0), (-0.03, 0.04), (0.0001, -0.0002)] {
            let (from, to) = ((36.3486, 138.597), (36.3486 + north, 138.597 + east));
            let exact_m = 1000.0 * distance_km(from, to);
            let near_m = metres_between(from, to);
            assert!((near_m - exact_m).abs() < 0.001 * exact_m, "{near_m} {exact_m}");
        }
    }
}
