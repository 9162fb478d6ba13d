//! Degrees to unit vectors, and their scalar product.
//!
//! In: latitude and longitude in degrees. Out: the point on the unit sphere. This is the only trigonometry
//! that cannot be avoided. It is written as straight arithmetic on whole columns, without branches and calls,
//! so that the compiler puts several points into one vector register.
//!
//! Degrees, not radians, are reduced to the nearest quarter turn: `deg - 90 n` is exact in doubles, because
//! the result is a multiple of the last bit of `deg` and no larger than it. Each of the four series is cut
//! where the rest is below half a unit in the last place for 45°, so sine and cosine are off by less than
//! `4u`, and each coordinate by less than `12u`, with `u = 2^-53`.

/// Adding and subtracting this rounds a small double to a whole number, and leaves that number in the last
/// bits.
pub(super) const ROUND: f64 = 6_755_399_441_055_744.0;

const RADIANS_PER_DEGREE: f64 = std::f64::consts::PI / 180.0;
const QUARTERS_PER_DEGREE: f64 = 1.0 / 90.0;

/// `(-1)^k / (2k + 1)!` for k = 1..=8, the Taylor series of the sine.
const SINE: [f64; 8] = [
    -1.0 / 6.0,
    1.0 / 120.0,
    -1.0 / 5_040.0,
    1.0 / 362_880.0,
    -1.0 / 39_916_800.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 1_307_674_368_000.0,
    1.0 / 355_687_428_096_000.0,
];
/// `(-1)^k / (2k)!` for k = 1..=8, the Taylor series of the cosine.
const COSINE: [f64; 8] = [
    -1.0 / 2.0,
    1.0 / 24.0,
    -1.0 / 720.0,
    1.0 / 40_320.0,
    -1.0 / 3_628_800.0,
    1.0 / 479_001_600.0,
    -1.0 / 87_178_291_200.0,
    1.0 / 20_922_789_888_000.0,
];

/// The unit vector of a point: x to 0° N 0° E, y to 0° N 90° E, z to the north pole. At most 180 degrees.
#[inline(always)]
pub(super) fn unit_vector(latitude: f64, longitude: f64) -> [f64; 3] {
    let (sine_latitude, cosine_latitude) = sine_and_cosine(latitude);
    let (sine_longitude, cosine_longitude) = sine_and_cosine(longitude);
    [cosine_longitude * cosine_latitude, sine_longitude * cosine_latitude, sine_latitude]
}

/// The scalar product of two vectors: the cosine of the angle between unit vectors.
#[inline(always)]
pub(super) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline(always)]
fn sine_and_cosine(degrees: f64) -> (f64, f64) {
    let shifted = degrees * QUARTERS_PER_DEGREE + ROUND;
    let quarters = shifted.to_bits();
    let angle = (degrees - (shifted - ROUND) * 90.0) * RADIANS_PER_DEGREE;
    let square = angle * angle;
    let sine = angle + angle * (square * series(&SINE, square));
    let cosine = 1.0 + square * series(&COSINE, square);
    // An odd number of quarter turns swaps the two, half a turn negates.
    let odd = 0u64.wrapping_sub(quarters & 1);
    let swapped_sine = (sine.to_bits() & !odd) | (cosine.to_bits() & odd);
    let swapped_cosine = (cosine.to_bits() & !odd) | (sine.to_bits() & odd);
    let negative_sine = (quarters & 2) << 62;
    let negative_cosine = (quarters.wrapping_add(1) & 2) << 62;
    (f64::from_bits(swapped_sine ^ negative_sine), f64::from_bits(swapped_cosine ^ negative_cosine))
}

#[inline(always)]
fn series(terms: &[f64; 8], square: f64) -> f64 {
    terms.iter().rev().fold(0.0, |sum, term| sum * square + term)
}

#[cfg(test)]
mod tests {
    use super::sine_and_cosine;

    #[test]
    fn sine_and_cosine_are_within_their_bound() {
        const BOUND: f64 = 4.0 / 9_007_199_254_740_992.0;
        for step in -1_800_000..=1_800_000 {
            let degrees = f64::from(step) / 10_000.0;
            let (sine, cosine) = sine_and_cosine(degrees);
            let (expected_sine, expected_cosine) = degrees.to_radians().sin_cos();
            // The library's argument is rounded too: 180° in radians is off by up to 4u.
            assert!((sine - expected_sine).abs() <= 2.0 * BOUND, "sine of {degrees}");
            assert!((cosine - expected_cosine).abs() <= 2.0 * BOUND, "cosine of {degrees}");
        }
        assert_eq!(sine_and_cosine(90.0), (1.0, 0.0));
        assert_eq!(sine_and_cosine(180.0), (-0.0, -1.0));
        assert_eq!(sine_and_cosine(-90.0).0, -1.0);
    }
}
