//! The place that a point lies in, among all places.
//!
//! In: places, then points. Out: for a point, the place that it lies in, or lies near enough to for how exact
//! the point is. Where places overlap, the one whose edge the point lies deepest inside wins.
//!
//! Places are few and small, points are millions and mostly far from all of them. So a list of the cells of
//! 0.01 degree that places touch, sorted, answers most points by one binary search in each row of cells
//! within reach, and only the places found there are measured.

use std::ops::RangeInclusive;

use super::place::{Office, widened};
use crate::boundaries::ring::Point;
use crate::index::coast::scale_at;

/// The most by which a place is widened, metres: a point that is less exact is in no particular building.
pub const LARGEST_SLACK_M: f64 = 5_000.0;

/// Cells in a degree of latitude and of longitude.
const CELLS_PER_DEGREE: f64 = 100.0;
/// Columns of cells around the globe.
const COLUMNS: u32 = 36_001;

/// The number of a place within its [`Offices`], in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfficeIndex(u32);

/// The places of an operator, by the cells that they touch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Offices {
    offices: Vec<Office>,
    /// Each cell with each place whose box touches it, sorted.
    cells: Vec<(u32, u32)>,
}

impl Offices {
    /// No places: no point lies in one.
    pub fn none() -> Offices {
        Self::default()
    }

    /// Lays the places out in cells.
    pub(super) fn of(offices: Vec<Office>) -> Offices {
        let mut cells = Vec::new();
        for (number, office) in (0..).zip(&offices) {
            let (low, high) = office.shape.bounds();
            for row in rows(low, high) {
                cells.extend(columns(low, high).map(|column| (row * COLUMNS + column, number)));
            }
        }
        cells.sort_unstable();
        Self { offices, cells }
    }

    /// The place that a point lies in, degrees WGS 84, each place widened by `slack_m` metres: the accuracy
    /// of the fix or of the stay, from 0 to [`LARGEST_SLACK_M`]; less or NaN counts as 0, more as the
    /// largest.
    ///
    /// Of several, the one whose edge the point lies deepest inside, or is nearest to from outside; of equal
    /// ones the first in the file. `None` for degrees that are not on Earth.
    pub fn office_at(&self, latitude: f64, longitude: f64, slack_m: f64) -> Option<OfficeIndex> {
        let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        if self.cells.is_empty() || !is_on_earth {
            return None;
        }
        let slack_m = if slack_m > 0.0 { slack_m.min(LARGEST_SLACK_M) } else { 0.0 };
        let (point, scale) = ([longitude, latitude], scale_at(latitude));
        let (low, high) = widened(point, slack_m, scale);
        let columns = columns(low, high);
        let mut nearest = (slack_m, None);
        for row in rows(low, high) {
            let (first, last) = (row * COLUMNS + columns.start(), row * COLUMNS + columns.end());
            let start = self.cells.partition_point(|(cell, _)| *cell < first);
            for &(_, number) in self.cells[start..].iter().take_while(|(cell, _)| *cell <= last) {
                let distance_m = self.offices[number as usize].shape.distance_m(point, scale);
                let is_nearer = distance_m < nearest.0
                    || (distance_m == nearest.0 && nearest.1.is_none_or(|first| number < first));
                if is_nearer {
                    nearest = (distance_m, Some(number));
                }
            }
        }
        nearest.1.map(OfficeIndex)
    }

    /// The name of a place; empty for a number of other [`Offices`] that these do not have.
    pub fn name(&self, office: OfficeIndex) -> &str {
        self.offices.get(office.0 as usize).map_or("", |office| &office.name)
    }

    /// All of them, in the order of the file.
    pub(super) fn all(&self) -> &[Office] {
        &self.offices
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.offices.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.offices.is_empty()
    }
}

/// The rows of cells that a box touches.
fn rows(low: Point, high: Point) -> RangeInclusive<u32> {
    let row = |latitude: f64| ((latitude.clamp(-90.0, 90.0) + 90.0) * CELLS_PER_DEGREE) as u32;
    row(low[1])..=row(high[1])
}

/// The columns of cells that a box touches.
fn columns(low: Point, high: Point) -> RangeInclusive<u32> {
    let column = |longitude: f64| ((longitude.clamp(-180.0, 180.0) + 180.0) * CELLS_PER_DEGREE) as u32;
    column(low[0])..=column(high[0])
}
