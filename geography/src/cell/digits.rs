//! Lattice coordinates to H3 digits.
//!
//! In: the coordinates of a hexagon in the lattice of a resolution on one face. Out: the digits that lead to
//! it from resolution 0, and the coordinates there. H3 goes up resolution by resolution, dividing by an
//! aperture-7 matrix that turns left (to even resolutions) or right (to odd ones) and rounding to the nearest
//! centre.
//!
//! Two steps together multiply by exactly 7, four by 49. So the digits of four resolutions depend only on the
//! coordinates modulo 49, and the parent is the quotient, plus 1 where the remainder belongs to the next one.
//! A table of 2,401 entries, made from single steps, answers four resolutions at once.
//!
//! Coordinates are Eisenstein integers `a + b ω`: H3's i axis is 1, j is ω, k is ω², so
//! `a = i - k`, `b = j - k`.

/// The digit of each unit step, as H3 numbers them: bit 4 is i, bit 2 is j, bit 1 is k.
const STEPS: [(i32, i32, u16); 7] =
    [(0, 0, 0), (-1, -1, 1), (0, 1, 2), (-1, 0, 3), (1, 0, 4), (0, -1, 5), (1, 1, 6)];

const DIGIT_BITS: u32 = 3;
/// Coordinates of resolution 15 are below 7^7.5 · 2 · 2/√3, about 5.1 million; with this multiple of 7 and 49
/// added they are positive and below 2^24.
const BIAS: i32 = 49 * 110_000;

/// Digits, and the carry of each coordinate above them.
struct Table<const SIDE: usize, const ENTRIES: usize>([u16; ENTRIES]);

static FOUR: Table<49, 2401> = Table::of(4);
static TWO: Table<7, 49> = Table::of(2);
static ODD: [OddStep; 49] = odd_steps();

/// One step up from an odd resolution: for remainders modulo 7 the digit and what the parent's coordinates
/// get beyond those of the quotient.
#[derive(Clone, Copy)]
struct OddStep {
    digit: u16,
    a: i8,
    b: i8,
}

/// Digits packed three bits each, the finest lowest, and the coordinates at resolution 0.
#[inline(always)]
pub(super) fn digits(a: i32, b: i32, resolution: u8) -> (u64, i32, i32) {
    let (mut a, mut b) = (a, b);
    let mut digits = 0;
    let mut shift = 0;
    if resolution & 1 == 1 {
        let (quotient_a, rest_a) = divided::<7>(a);
        let (quotient_b, rest_b) = divided::<7>(b);
        let step = ODD[rest_a * 7 + rest_b];
        digits = u64::from(step.digit);
        a = 3 * quotient_a - quotient_b + i32::from(step.a);
        b = quotient_a + 2 * quotient_b + i32::from(step.b);
        shift = DIGIT_BITS;
    }
    if resolution & 2 == 2 {
        let (quotient_a, rest_a) = divided::<7>(a);
        let (quotient_b, rest_b) = divided::<7>(b);
        let entry = TWO.0[rest_a * 7 + rest_b];
        digits |= u64::from(entry & 0o77) << shift;
        a = quotient_a + i32::from(entry >> 14 & 1);
        b = quotient_b + i32::from(entry >> 15);
        shift += 2 * DIGIT_BITS;
    }
    for _ in 0..resolution / 4 {
        let (quotient_a, rest_a) = divided::<49>(a);
        let (quotient_b, rest_b) = divided::<49>(b);
        let entry = FOUR.0[rest_a * 49 + rest_b];
        digits |= u64::from(entry & 0o7777) << shift;
        a = quotient_a + i32::from(entry >> 14 & 1);
        b = quotient_b + i32::from(entry >> 15);
        shift += 4 * DIGIT_BITS;
    }
    (digits, a, b)
}

/// Quotient rounded down, and remainder, by the reciprocal rounded up. It is too large by less than 2^-40,
/// which times a number below 2^24 stays below `1 / BY`, and so never reaches the next quotient.
#[inline(always)]
fn divided<const BY: u64>(value: i32) -> (i32, usize) {
    let biased = (value + BIAS) as u64;
    let quotient = (biased * ((1 << 40) / BY + 1)) >> 40;
    (quotient as i32 - BIAS / BY as i32, (biased - quotient * BY) as usize)
}

/// One step up. `odd` is the resolution that is left.
const fn up(a: i32, b: i32, odd: bool) -> (i32, i32, u16) {
    let mut step = 0;
    while step < STEPS.len() {
        let (da, db, digit) = STEPS[step];
        let (x, y) = (a - da, b - db);
        let (x, y) = if odd { (3 * x - y, x + 2 * y) } else { (2 * x + y, 3 * y - x) };
        if x % 7 == 0 && y % 7 == 0 {
            return (x / 7, y / 7, digit);
        }
        step += 1;
    }
    // Unreachable: the seven steps are a full set of remainders.
    (0, 0, 7)
}

impl<const SIDE: usize, const ENTRIES: usize> Table<SIDE, ENTRIES> {
    const fn of(resolutions: u32) -> Self {
        let mut entries = [0; ENTRIES];
        let mut entry = 0;
        while entry < ENTRIES {
            let (mut a, mut b) = ((entry / SIDE) as i32, (entry % SIDE) as i32);
            let mut digits = 0;
            let mut step = 0;
            while step < resolutions {
                let (parent_a, parent_b, digit) = up(a, b, step % 2 == 1);
                digits |= digit << (DIGIT_BITS * step);
                (a, b) = (parent_a, parent_b);
                step += 1;
            }
            entries[entry] = digits | (a as u16) << 14 | (b as u16) << 15;
            entry += 1;
        }
        Self(entries)
    }
}

const fn odd_steps() -> [OddStep; 49] {
    let mut steps = [OddStep { digit: 0, a: 0, b: 0 }; 49];
    let mut entry = 0;
    while entry < steps.len() {
        let (a, b, digit) = up((entry / 7) as i32, (entry % 7) as i32, true);
        steps[entry] = OddStep { digit, a: a as i8, b: b as i8 };
        entry += 1;
    }
    steps
}

/// All digits turned counter-clockwise by so many times 60°, 0 to 5.
///
/// A turn by 120° moves bit i to j, j to k and k to i, which is a rotation of each digit's three bits; a turn
/// by 180° is the complement of each digit that is not 0. The others are made of these two. Without branches,
/// since neighbouring points may lie on faces that are turned differently.
#[inline(always)]
pub(super) fn turned(digits: u64, sixths: u32) -> u64 {
    const K: u64 = 0o111_111_111_111_111;
    // How far the bits of a digit rotate to the left, and which bits stay within their digit.
    const ROTATIONS: [(u32, u64); 6] =
        [(0, K * 7), (1, K * 6), (2, K * 4), (0, K * 7), (1, K * 6), (2, K * 4)];
    let (left, within) = ROTATIONS[sixths as usize % 6];
    let rotated = (digits << left & within) | (digits >> (DIGIT_BITS - left) & !within & (K * 7));
    let not_zero = ((digits >> 2 | digits >> 1 | digits) & K) * 7;
    rotated ^ (not_zero & 0u64.wrapping_sub(u64::from(sixths & 1)))
}

/// The first digit that is not 0, or 0.
#[inline(always)]
pub(super) fn leading(digits: u64) -> u32 {
    let highest = 63u32.saturating_sub(digits.leading_zeros());
    (digits >> (highest - highest % DIGIT_BITS)) as u32 & 7
}

#[cfg(test)]
#[path = "digits_tests.rs"]
mod tests;
