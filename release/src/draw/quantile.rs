//! Uniform bits → a normal number, by integers.
//!
//! In: 64 bits of a keyed stream. Out: a draw of the standard normal distribution as a multiple of 2⁻²⁴. A
//! table holds the quantile at 64 places of every octave of the tail's probability, so that tails are as exact
//! as the middle; between two places it is linear. The table is made once, from the complementary error
//! function of `libm`, which is written in plain arithmetic: all machines make the same table. The library
//! that draws such numbers, `rand_distr`, uses the floating-point functions of the platform.

use std::sync::OnceLock;

/// Bits behind the point.
pub(super) const POINT_BITS: u32 = 24;

/// Octaves of the tail; beyond 2⁻⁴² a draw is 7.1, as often as once in four thousand billion draws.
const OCTAVES: usize = 41;
/// Places in each octave, as a power of two.
const PLACE_BITS: u32 = 6;
const PLACES: usize = 1 << PLACE_BITS;
/// Bits for the position between two places.
const BETWEEN_BITS: u32 = 16;

/// A draw from 64 uniform bits, in units of 2⁻²⁴.
pub(super) fn normal(bits: u64) -> i64 {
    let table = table();
    // The top bit is the sign. The other 63, b, are the tail's probability (b + 1/2) / 2⁶⁴, below a half.
    let tail = bits & (u64::MAX >> 1) | 1;
    let octave = (tail.leading_zeros() as usize - 1).min(OCTAVES - 1);
    // Moves the leading one out of the word: what is left is the position within the octave.
    let within = if tail.leading_zeros() as usize > OCTAVES { 0 } else { tail << (octave + 2) };
    let place = (within >> (64 - PLACE_BITS)) as usize;
    let between = ((within << PLACE_BITS) >> (64 - BETWEEN_BITS)) as i64;
    let row = octave * (PLACES + 1) + place;
    let (here, next) = (i64::from(table[row]), i64::from(table[row + 1]));
    let size = here + (((next - here) * between) >> BETWEEN_BITS);
    if bits >> 63 == 0 { size } else { -size }
}

/// Quantiles of the upper tail, octave by octave, each with the first place of the next.
fn table() -> &'static [i32] {
    static TABLE: OnceLock<Vec<i32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let places = (0..OCTAVES).flat_map(|octave| (0..=PLACES).map(move |place| (octave, place)));
        places
            .map(|(octave, place)| {
                let probability =
                    (1.0 + place as f64 / PLACES as f64) / f64::from(2_u32).powi(octave as i32 + 2);
                (upper_quantile(probability) * f64::from(1_u32 << POINT_BITS)).round() as i32
            })
            .collect()
    })
}

/// The number that a standard normal exceeds with a probability of at most a half: by bisection, whose result
/// does not depend on how a machine rounds.
fn upper_quantile(probability: f64) -> f64 {
    let (mut low, mut high) = (0.0, 8.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if 0.5 * libm::erfc(middle * std::f64::consts::FRAC_1_SQRT_2) > probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// A count with noise in units of 2⁻²⁴, rounded to a whole number.
pub(super) fn noised(count: u64, noise: i64) -> i32 {
    let exact =
        i64::try_from(count).unwrap_or(i64::MAX >> (POINT_BITS + 1)).min(i64::MAX >> (POINT_BITS + 1));
    let rounded = ((exact << POINT_BITS) + noise + (1 << (POINT_BITS - 1))) >> POINT_BITS;
    rounded.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_books() {
        for (probability, quantile) in
            [(0.5, 0.0), (0.158_655_253_931, 1.0), (0.025, 1.959_963_985), (1e-9, 5.997_807)]
        {
            assert!((upper_quantile(probability) - quantile).abs() < 1e-6, "{probability}");
        }
    }

    #[test]
    fn the_table_is_the_same_on_every_machine() {
        let bytes: Vec<u8> = table().iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(blake3::hash(&bytes).to_hex()[..16], *"e203f164d8ca36a9");
    }

    #[test]
    fn a_draw_lies_at_its_quantile_everywhere() {
        for shift in 1..40 {
            for start in [1_u64 << 63 >> shift, (3_u64 << 62 >> shift).wrapping_add(12_345)] {
                let probability = (start as f64 + 0.5) / 2_f64.powi(64);
                let drawn = normal(start) as f64 / f64::from(1_u32 << POINT_BITS);
                assert!((drawn - upper_quantile(probability)).abs() < 1e-4, "{probability}: {drawn}");
                assert_eq!(normal(start | 1 << 63), -normal(start));
            }
        }
        assert!(normal(0) > normal(1 << 40));
    }
}
