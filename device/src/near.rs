//! Short distances on the ground.
//!
//! In: two points that are near each other. Out: metres on the plane that touches the Earth at the first. Within a town this
//! is as right as a fix is, at the price of a cosine; longer distances are [`kayoi_schemas::units::distance_km`].

/// Metres of a degree of latitude.
pub const METRES_PER_DEGREE: f64 = 111_195.0;

/// Metres between two (latitude, longitude) points in degrees.
pub fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let north = (a.0 - b.0) * METRES_PER_DEGREE;
    let east = (a.1 - b.1) * METRES_PER_DEGREE * a.0.to_radians().cos();
    (north * north + east * east).sqrt()
}
