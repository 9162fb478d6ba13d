//! Unit vectors to lattice coordinates.
//!
//! In: a unit vector and a face. Out: the hexagon of the face's lattice that it lies in, and whether that is
//! certain. The gnomonic projection of `p` onto the plane that touches the sphere at the centre `c` is
//! `p / (p · c)`. So lattice coordinates are two quotients of scalar products: H3 reaches the same point by
//! way of an arc, an azimuth, a tangent and a rotation.
//!
//! # When is it certain?
//! H3's way and this one round differently. Let `u = 2^-53`, and measure on the plane in units of the radius.
//! With each library function off by less than two units in the last place:
//!
//! - radians from degrees, sine, cosine and products put H3's unit vector at most `12u` away;
//! - the arc `r = acos(1 - d/2)` is off by `12u` for the vector and `u / sin r` for the rounding of its argument;
//!   the tangent magnifies by at most `1/cos² r = 1.59`;
//! - the azimuth comes from a vector of length `sin r` whose parts are off by `20u`, which moves the point by at
//!   most `tan r · 20u / sin r = 26u`; angles up to 2π and their sine and cosine add `12u` times `tan r`;
//! - scaling and quantizing add a few `u` times the length, which is below 0.77.
//!
//! Together below `100u + 2u/r`. This way is off by `12u` for the vector and `15u` for six products, a
//! quotient and the constants. Points with `r` below 2^-10 (6 km around the 20 centres) are left to `h3o`;
//! for the others the sum is below `2,200u`. [`DOUBT`] is nearly four times that. A point that is nearer than
//! this to an edge of its hexagon, or to an edge of its face, goes to `h3o` too; so the cell is `h3o`'s for
//! every point. At resolution 9 that is one point in ten million, at resolution 15 one in fifty thousand.

use super::sphere::{ROUND, dot};

/// Distance on the plane, in radii, within which two ways of computing may disagree: `2^-40`, 6 µm on the
/// ground.
pub(super) const DOUBT: f64 = 1.0 / 1_099_511_627_776.0;
/// Nearer than this to the centre of a face, H3's arc cosine loses digits.
const NEAR_CENTRE: f64 = 1.0 / 1_024.0;
/// Distance of neighbouring centres at resolution 0 on the plane: half the way from a face's centre to its
/// corner, `tan(37.38°) / 2 = (3 - √5) / 2`.
const SPACING: f64 = 0.381_966_011_250_105;

/// The linear forms of a face at a resolution.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forms {
    centre: [f64; 3],
    a: [f64; 3],
    b: [f64; 3],
}

impl Forms {
    /// Forms from the centre and the unit vectors of the plane: `x` along the i axis, `y` to its left.
    pub(super) fn new(centre: [f64; 3], x: [f64; 3], y: [f64; 3], resolution: u8) -> Self {
        let scale = scale(resolution);
        let along = |share_x: f64, share_y: f64| {
            std::array::from_fn(|axis| scale * (share_x * x[axis] + share_y * y[axis]))
        };
        let third = 1.0 / 3f64.sqrt();
        Self { centre, a: along(1.0, third), b: along(0.0, 2.0 * third) }
    }

    /// Lattice coordinates `a + b ω`, not rounded.
    #[inline(always)]
    pub(super) fn coordinates(&self, point: [f64; 3]) -> (f64, f64) {
        let inverse = 1.0 / dot(self.centre, point);
        (dot(self.a, point) * inverse, dot(self.b, point) * inverse)
    }
}

/// What must hold for a rounding to be certain at a resolution, in units of the lattice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Certainty {
    largest_spread: f64,
    least_square: f64,
}

impl Certainty {
    pub(super) fn at(resolution: u8) -> Self {
        let scale = scale(resolution);
        Self { largest_spread: 1.0 - 2.0 * DOUBT * scale, least_square: (NEAR_CENTRE * scale).powi(2) }
    }
}

/// Lattice units per radius.
fn scale(resolution: u8) -> f64 {
    7f64.powf(f64::from(resolution) / 2.0) / SPACING
}

/// The nearest centre, and whether it is certain.
///
/// In the three coordinates `a`, `-b`, `b - a`, which sum to 0, neighbours differ by 1, -1 and 0. A point is
/// inside its hexagon when no two of its three residuals differ by more than 1, and going a distance towards
/// an edge changes their difference by twice as much.
#[inline(always)]
pub(super) fn rounded(a: f64, b: f64, certainty: Certainty) -> (i32, i32, bool) {
    let c = b - a;
    let (near_a, near_b, near_c) = (round(a), round(b), round(c));
    let (off_a, off_b, off_c) = ((a - near_a).abs(), (b - near_b).abs(), (c - near_c).abs());
    // The coordinate with the largest residual is the one that follows from the others.
    let follows_a = (off_a >= off_b) & (off_a >= off_c);
    let follows_b = !follows_a & (off_b >= off_c);
    let whole_a = if follows_a { near_b - near_c } else { near_a };
    let whole_b = if follows_b { near_a + near_c } else { near_b };
    let (rest_a, rest_b) = (a - whole_a, whole_b - b);
    let rest_c = -rest_a - rest_b;
    let spread = larger(larger(rest_a, rest_b), rest_c) - smaller(smaller(rest_a, rest_b), rest_c);
    let square = a * a - a * b + b * b;
    (
        integer(whole_a),
        integer(whole_b),
        (spread < certainty.largest_spread) & (square > certainty.least_square),
    )
}

#[inline(always)]
fn round(value: f64) -> f64 {
    (value + ROUND) - ROUND
}

/// A whole number as an integer: the last bits of the sum are those of the number. Anything for anything
/// else.
#[inline(always)]
fn integer(whole: f64) -> i32 {
    (whole + ROUND).to_bits() as i32
}

// As the comparison of the processor has it, which `f64::max` with its rule for NaN has not.
#[inline(always)]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline(always)]
pub(super) fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
