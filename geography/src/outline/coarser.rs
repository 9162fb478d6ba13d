//! Fewer points on each piece of border.
//!
//! In: a topology and a distance. Out: a topology whose border is nowhere farther from the old one (Douglas
//! and Peucker). A piece keeps its ends, where others begin. Land of which less than a triangle is left goes,
//! unless it is the largest of its code: an island town must not vanish from the map.

use rayon::prelude::*;

use super::{Line, Topology};
use crate::boundaries::ring::Point;

/// Metres of a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_195.0;

pub(super) fn coarser(topology: &Topology, metres: f64) -> Topology {
    let least = least_inner_points(topology);
    let arcs: Vec<Vec<Point>> =
        topology.arcs.par_iter().zip(least).map(|(arc, least)| fewer(arc, metres, least)).collect();
    let mut coarser = Topology { arcs, shapes: topology.shapes.clone() };
    let arcs = &coarser.arcs;
    for shape in &mut coarser.shapes {
        for polygon in &mut shape.polygons {
            // Without its outer line a polygon has no holes either.
            if polygon.first().is_some_and(|outer| is_land(arcs, outer)) {
                polygon.retain(|line| is_land(arcs, line));
            } else {
                polygon.clear();
            }
        }
        shape.polygons.retain(|polygon| !polygon.is_empty());
    }
    without_unused(coarser)
}

/// How many points each piece has to keep besides its ends, so that the largest land of each code stays a
/// triangle at least.
fn least_inner_points(topology: &Topology) -> Vec<usize> {
    let mut least = vec![0; topology.arcs.len()];
    for shape in &topology.shapes {
        let outer = shape.polygons.iter().filter_map(|polygon| polygon.first());
        let size = |line: &&Line| doubled_area(&topology.points(line));
        let Some(largest) = outer.max_by(|a, b| size(a).total_cmp(&size(b))) else { continue };
        let needed = match largest.len() {
            1 => 2,
            2 => 1,
            _ => 0,
        };
        for piece in largest {
            least[piece.arc] = least[piece.arc].max(needed);
        }
    }
    least
}

/// Twice the area, in square degrees.
fn doubled_area(points: &[Point]) -> f64 {
    let Some(&[x0, y0]) = points.first() else { return 0.0 };
    let cross =
        |edge: &[Point]| (edge[0][0] - x0) * (edge[1][1] - y0) - (edge[1][0] - x0) * (edge[0][1] - y0);
    points.windows(2).map(cross).sum::<f64>().abs()
}

/// Whether a line still goes around something.
fn is_land(arcs: &[Vec<Point>], line: &Line) -> bool {
    let points: usize = line.iter().map(|piece| arcs[piece.arc].len() - 1).sum();
    // Two pieces without a point between their ends run to and fro.
    points >= 3
}

fn without_unused(mut topology: Topology) -> Topology {
    let mut place = vec![None; topology.arcs.len()];
    let mut kept = Vec::new();
    for piece in topology.shapes.iter_mut().flat_map(|shape| shape.polygons.iter_mut().flatten().flatten()) {
        let arc = *place[piece.arc].get_or_insert_with(|| {
            kept.push(std::mem::take(&mut topology.arcs[piece.arc]));
            kept.len() - 1
        });
        piece.arc = arc;
    }
    Topology { arcs: kept, shapes: topology.shapes }
}

/// A piece with fewer points, but with at least so many between its ends.
fn fewer(points: &[Point], metres: f64, least: usize) -> Vec<Point> {
    let last = points.len() - 1;
    let mut stays = vec![false; points.len()];
    stays[0] = true;
    stays[last] = true;
    // The farthest first, so that what has to stay is what matters most.
    let mut open = vec![(0, last)];
    let mut inner = 0;
    while let Some((from, to)) = open.pop() {
        let Some((farthest, distance)) = farthest(&points[from..=to]) else { continue };
        if distance > metres || inner < least {
            let at = from + farthest;
            stays[at] = true;
            inner += 1;
            // The longer part comes first: a triangle must not be spent on one corner.
            let parts = [(from, at), (at, to)];
            let (short, long) = if at - from < to - at { (0, 1) } else { (1, 0) };
            open.extend([parts[short], parts[long]]);
        }
    }
    points.iter().zip(stays).filter(|(_, stays)| *stays).map(|(point, _)| *point).collect()
}

/// The point between the ends that is farthest from the line between them, and how far, metres.
fn farthest(points: &[Point]) -> Option<(usize, f64)> {
    let (first, last) = (points.first()?, points.last()?);
    let shrunk = first[1].to_radians().cos();
    let metres = |point: &Point| {
        [(point[0] - first[0]) * METRES_PER_DEGREE * shrunk, (point[1] - first[1]) * METRES_PER_DEGREE]
    };
    let end = metres(last);
    let length = end[0].hypot(end[1]);
    let distance = |point: &Point| {
        let [x, y] = metres(point);
        if length == 0.0 {
            return x.hypot(y);
        }
        // Of a point beyond an end it is the way to that end.
        let along = ((x * end[0] + y * end[1]) / (length * length)).clamp(0.0, 1.0);
        (x - along * end[0]).hypot(y - along * end[1])
    };
    let inner = points.get(1..points.len() - 1)?.iter().enumerate();
    let measured = inner.map(|(place, point)| (place + 1, distance(point)));
    measured.max_by(|a, b| a.1.total_cmp(&b.1))
}
