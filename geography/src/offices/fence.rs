//! Whether a point may lie in any of the places: the question of whoever leaves such points out.
//!
//! In: places, then points, every one that is ingested. Out: yes or no, the same answer that
//! [`Offices::office_at`] has. Nearly every point is far from all places, so squares of 0.01 degree, one bit
//! each, say no to most of them with one look; only a point in a square that a place reaches into is measured.
//! The squares of Japan are 1 MB, of which a town's lie in a few lines of cache. With 1,000 places all over Kanto
//! and points between them a point costs about 20 ns; without places, 1 ns.

use std::ops::RangeInclusive;

use kayoi_schemas::units::{E7, GridPoint};

use super::index::Offices;
use super::place::{Office, widened};
use crate::index::coast::scale_at;

/// How far around a place the squares say yes, metres: the worst accuracy that is accepted unless somebody asks
/// for less exact fixes. Those are measured without a look at the squares.
const NEAR_M: f64 = 200.0;
/// Side of a square, 1e-7 degree.
const SQUARE_E7: i64 = 100_000;
/// South-west corner of the box that holds Japan, 1e-7 degree.
const WEST_E7: i64 = 1_229_000_000;
const SOUTH_E7: i64 = 204_000_000;
/// Squares of the box from west to east and from south to north, with those that begin at its last degree.
const COLUMNS: usize = 3_111;
const ROWS: usize = 2_521;
/// Bits of a word.
const WORD: usize = 64;

/// The places of an operator, for one question to each of many points.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fence {
    offices: Offices,
    /// One bit for each square of Japan, row by row from the south-west; empty without places.
    squares: Vec<u64>,
}

impl Fence {
    /// A fence around these places.
    pub fn around(offices: Offices) -> Self {
        if offices.is_empty() {
            return Self::default();
        }
        let mut squares = vec![0; (COLUMNS * ROWS).div_ceil(WORD)];
        for square in offices.all().iter().flat_map(squares_near) {
            squares[square / WORD] |= 1 << (square % WORD);
        }
        Self { offices, squares }
    }

    /// Whether a point lies in a place, on its border, or outside of it by at most `slack_m` metres: the
    /// accuracy of the fix, as [`Offices::office_at`] takes it.
    pub fn holds(&self, point: GridPoint, slack_m: f64) -> bool {
        self.may_hold(point, slack_m)
            && self.offices.office_at(point.latitude(), point.longitude(), slack_m).is_some()
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.offices.len()
    }

    /// Whether there are none, and no point is held.
    pub fn is_empty(&self) -> bool {
        self.offices.is_empty()
    }

    fn may_hold(&self, point: GridPoint, slack_m: f64) -> bool {
        if self.squares.is_empty() {
            return false;
        }
        // Points outside the box of Japan have no square; nothing is known about them without measuring.
        slack_m > NEAR_M || square_of(point).is_none_or(|square| self.is_marked(square))
    }

    fn is_marked(&self, square: usize) -> bool {
        self.squares.get(square / WORD).is_some_and(|word| (word >> (square % WORD)) & 1 == 1)
    }
}

/// The squares that a place reaches into, widened by [`NEAR_M`].
fn squares_near(office: &Office) -> impl Iterator<Item = usize> {
    let (low, high) = office.shape.bounds();
    // A degree of longitude is shortest in the north, so metres are most degrees there.
    let scale = scale_at(high[1]);
    let (low, high) = (widened(low, NEAR_M, scale).0, widened(high, NEAR_M, scale).1);
    let columns = near(low[0], high[0], WEST_E7, COLUMNS);
    near(low[1], high[1], SOUTH_E7, ROWS)
        .flat_map(move |row| columns.clone().map(move |column| row * COLUMNS + column))
}

/// The columns or rows from one degree to another; what lies outside of Japan is cut off.
fn near(from: f64, to: f64, start_e7: i64, count: usize) -> RangeInclusive<usize> {
    // A negative number becomes 0.
    let number = |degrees: f64| (((degrees * E7) as i64 - start_e7) / SQUARE_E7).max(0) as usize;
    number(from).min(count - 1)..=number(to).min(count - 1)
}

/// The square of a point; `None` outside the box that holds Japan.
fn square_of(point: GridPoint) -> Option<usize> {
    let number = |degrees_e7: i32, start_e7: i64, count: usize| {
        let steps = u64::try_from(i64::from(degrees_e7) - start_e7).ok()? / SQUARE_E7 as u64;
        Some(steps as usize).filter(|number| *number < count)
    };
    let column = number(point.longitude_e7, WEST_E7, COLUMNS)?;
    let row = number(point.latitude_e7, SOUTH_E7, ROWS)?;
    Some(row * COLUMNS + column)
}

#[cfg(test)]
#[path = "fence_tests.rs"]
mod tests;
