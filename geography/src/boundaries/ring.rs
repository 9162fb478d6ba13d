//! Rings and the one exact question about them: inside, outside or on the border.
//!
//! In: points as a source gives them. Out: a closed [`Ring`] and what had to be repaired. The side of an edge
//! is decided by Shewchuk's adaptive predicate (crate `robust`), so no answer depends on rounding, and a
//! point on a border is found to be on it.

use robust::{Coord, orient2d};

/// Longitude and latitude in degrees, in this order, as GeoJSON and Shapefile have them.
pub type Point = [f64; 2];

/// A closed line of at least three different points; the last equals the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring(Box<[Point]>);

/// What had to be repaired to make a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RingRepairs {
    /// Whether the last point did not equal the first.
    pub closed: bool,
    /// Points that repeated their predecessor.
    pub repeated_points: u64,
}

/// Why points make no ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RingFault {
    /// Fewer than three different points enclose nothing.
    TooFewPoints,
    /// A coordinate is not finite or outside -180..=180 and -90..=90 degrees.
    NotDegrees,
    /// The points would be degrees if latitude stood first in all of them.
    LatitudeFirst,
}

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Strictly inside.
    Inside,
    /// On an edge or a vertex.
    Border,
    /// Strictly outside.
    Outside,
}

impl Ring {
    /// Makes a ring, closing it and removing repeated points where needed. Negative zeros become zeros.
    ///
    /// # Errors
    /// [`RingFault`] when the points enclose nothing or are not degrees.
    pub fn new(mut points: Vec<Point>) -> Result<(Self, RingRepairs), RingFault> {
        let are_degrees =
            |x: usize, y: usize| points.iter().all(|at| at[x].abs() <= 180.0 && at[y].abs() <= 90.0);
        if !are_degrees(0, 1) {
            return Err(if are_degrees(1, 0) { RingFault::LatitudeFirst } else { RingFault::NotDegrees });
        }
        for point in &mut points {
            *point = [point[0] + 0.0, point[1] + 0.0];
        }
        let given = points.len();
        points.dedup();
        let repeated_points = (given - points.len()) as u64;
        if !has_three_different(&points) {
            return Err(RingFault::TooFewPoints);
        }
        let closed = points.first() != points.last();
        if closed {
            points.push(points[0]);
        }
        Ok((Self(points.into_boxed_slice()), RingRepairs { closed, repeated_points }))
    }

    /// The points; the last equals the first.
    pub fn points(&self) -> &[Point] {
        &self.0
    }

    /// South-west and north-east corner of the box around the ring.
    pub fn bounds(&self) -> (Point, Point) {
        bounds(&self.0)
    }

    /// Where `point` lies, by reading every edge: for rare questions. [`crate::index`] is for frequent ones.
    pub fn position(&self, point: Point) -> Position {
        let mut winding = Winding::default();
        for edge in self.0.windows(2) {
            if winding.add(edge[0], edge[1], point) {
                return Position::Border;
            }
        }
        winding.position()
    }

    /// The ring, reversed if it does not run in the wanted direction.
    pub(super) fn oriented(mut self, counter_clockwise: bool) -> Self {
        let area = doubled_area(&self.0);
        if area != 0.0 && (area > 0.0) != counter_clockwise {
            self.0.reverse();
        }
        self
    }
}

fn has_three_different(points: &[Point]) -> bool {
    let Some(first) = points.first() else { return false };
    let Some(second) = points.iter().find(|point| *point != first) else { return false };
    points.iter().any(|point| point != first && point != second)
}

/// Twice the signed area, positive when counter-clockwise. Relative to the first point, where doubles are
/// dense.
fn doubled_area(points: &[Point]) -> f64 {
    let [x0, y0] = points[0];
    points
        .windows(2)
        .map(|edge| (edge[0][0] - x0) * (edge[1][1] - y0) - (edge[1][0] - x0) * (edge[0][1] - y0))
        .sum()
}

/// South-west and north-east corner of the box around points.
pub(crate) fn bounds(points: &[Point]) -> (Point, Point) {
    let nothing = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    points.iter().fold(nothing, |(low, high), point| {
        ([low[0].min(point[0]), low[1].min(point[1])], [high[0].max(point[0]), high[1].max(point[1])])
    })
}

/// How often a ring winds around a point, edge by edge, in any order of edges.
///
/// The rule for a ray to the east (Sunday 2001): an upward edge counts its lower end and not its upper end, a
/// downward edge the opposite, horizontal edges do not count. A ring that winds around the point more or less
/// than zero times has it inside, also where the ring crosses itself.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Winding(i32);

impl Winding {
    /// Continues a count.
    #[inline]
    pub(crate) fn starting_at(count: i32) -> Self {
        Self(count)
    }

    /// How often so far, counter-clockwise positive.
    pub(crate) fn count(self) -> i32 {
        self.0
    }

    /// Adds the edge from `a` to `b`; `true` when the point lies on the edge, which ends the question.
    #[inline(always)]
    pub(crate) fn add(&mut self, a: Point, b: Point, point: Point) -> bool {
        let [x, y] = point;
        let above = (a[1] > y, b[1] > y);
        // Both ends strictly above or strictly below: neither crossed nor touched.
        if (above.0 && above.1) || (a[1] < y && b[1] < y) {
            return false;
        }
        // Entirely to the west: the ray to the east misses it.
        if a[0] < x && b[0] < x {
            return false;
        }
        let crossing = i32::from(above.1) - i32::from(above.0);
        // Entirely to the east: it is crossed when one end is above and the other is not.
        if a[0] > x && b[0] > x {
            self.0 += crossing;
            return false;
        }
        let side = orient2d(coord(a), coord(b), coord(point));
        if side == 0.0 {
            // On the line, and the two tests above keep it between the ends.
            return true;
        }
        if (side > 0.0) == (crossing > 0) {
            self.0 += crossing;
        }
        false
    }

    #[inline]
    pub(crate) fn position(self) -> Position {
        if self.0 == 0 { Position::Outside } else { Position::Inside }
    }
}

#[inline(always)]
pub(super) fn coord(point: Point) -> Coord<f64> {
    Coord { x: point[0], y: point[1] }
}

#[cfg(test)]
#[path = "ring_tests.rs"]
mod tests;
