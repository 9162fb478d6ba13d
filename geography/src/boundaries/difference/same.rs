//! Whether two units have the same land, to the last bit.
//!
//! In: a unit of either edition. Out: yes or no. Writers start rings at any point and put polygons in any
//! order, so both are brought into one order first. Directions are equal already, see [`Polygon::new`].

use std::cmp::Ordering;

use crate::boundaries::ring::Point;
use crate::boundaries::{Polygon, Ring, Unit};

/// Whether the polygons are the same.
pub(super) fn is_same_land(a: &Unit, b: &Unit) -> bool {
    // Mostly equal as they stand, which needs no sorting.
    a.polygons == b.polygons
        || (a.polygons.len() == b.polygons.len() && canonical_polygons(a) == canonical_polygons(b))
}

/// A ring as it stands from its least point on, without the closing point.
type CanonicalRing = Vec<Point>;

/// Rings from their least point on, holes sorted, polygons sorted.
fn canonical_polygons(unit: &Unit) -> Vec<(CanonicalRing, Vec<CanonicalRing>)> {
    let canonical = |polygon: &Polygon| {
        let mut holes: Vec<_> = polygon.holes().iter().map(canonical_ring).collect();
        holes.sort_by(compare);
        (canonical_ring(polygon.exterior()), holes)
    };
    let mut polygons: Vec<_> = unit.polygons.iter().map(canonical).collect();
    polygons.sort_by(compare);
    polygons
}

/// Of all rotations the least.
fn canonical_ring(ring: &Ring) -> CanonicalRing {
    let open = &ring.points()[..ring.points().len() - 1];
    let least = open.iter().copied().min_by(compare);
    // A ring that touches itself may pass its least point more than once.
    let starts = (0..open.len()).filter(|&start| Some(open[start]) == least);
    let rotation = |start: usize| open[start..].iter().chain(&open[..start]);
    let start = starts.min_by(|&a, &b| rotation(a).partial_cmp(rotation(b)).unwrap_or(Ordering::Equal));
    rotation(start.unwrap_or(0)).copied().collect()
}

/// Coordinates of rings are numbers, so that all are comparable.
fn compare<T: PartialOrd>(a: &T, b: &T) -> Ordering {
    a.partial_cmp(b).unwrap_or(Ordering::Equal)
}
