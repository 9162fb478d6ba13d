//! Outlines to draw: borders that neighbours share, with as many points as a picture needs.
//!
//! In: a [`BoundarySet`]. Out: a [`Topology`], in which each border stands once, and coarser ones of it. A border is cut where
//! more than two lands or coasts meet, and each piece is made coarser by itself, so that the outlines of
//! neighbours stay one line: made coarser land by land, they would gape and overlap. Placing points is the
//! work of [`crate::index`], which never sees these.

use kayoi_schemas::ids::MunicipalityCode;

use crate::boundaries::BoundarySet;
use crate::boundaries::ring::Point;

mod cut;
mod coarser;
mod join;

/// A piece of border in a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Position among [`Topology::arcs`].
    pub arc: usize,
    /// Whether the ring runs along it from its end to its beginning.
    pub is_reversed: bool,
}

/// A closed line, as pieces each of which begins where the one before ended.
pub type Line = Vec<Piece>;

/// The land of one code: polygons, each an outer line and the lines of its holes.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The code, as the boundaries have it: wards for designated cities where the source has wards.
    pub code: MunicipalityCode,
    /// The polygons.
    pub polygons: Vec<Vec<Line>>,
}

/// Outlines in which neighbours share their border.
#[derive(Debug, Clone, PartialEq)]
pub struct Topology {
    arcs: Vec<Vec<Point>>,
    shapes: Vec<Shape>,
}

impl Topology {
    /// The outlines of a set, point for point.
    pub fn of(set: &BoundarySet) -> Self {
        cut::cut(set)
    }

    /// The same with fewer points: none of the old border is farther than so many metres from the new one. Land
    /// that is smaller than that goes, but of each code the largest piece stays.
    #[must_use]
    pub fn coarser(&self, metres: f64) -> Self {
        coarser::coarser(self, metres)
    }

    /// The pieces of border.
    pub fn arcs(&self) -> &[Vec<Point>] {
        &self.arcs
    }

    /// The land of each code, sorted by code.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The polygons of some shapes as those of one land: borders between them are gone.
    pub fn joined(&self, polygons: &[&Vec<Line>]) -> Vec<Vec<Line>> {
        match polygons {
            [one] => vec![(*one).clone()],
            several => join::join(self, several),
        }
    }

    /// Number of points of all pieces.
    pub fn point_count(&self) -> usize {
        self.arcs.iter().map(Vec::len).sum()
    }

    /// The points of a line; the last equals the first.
    pub fn points(&self, line: &[Piece]) -> Vec<Point> {
        let mut points: Vec<Point> = Vec::new();
        for piece in line {
            let arc = &self.arcs[piece.arc];
            // The end of one is the beginning of the next.
            points.pop();
            if piece.is_reversed {
                points.extend(arc.iter().rev());
            } else {
                points.extend(arc);
            }
        }
        points
    }
}

#[cfg(test)]
#[path = "outline_tests.rs"]
mod tests;
