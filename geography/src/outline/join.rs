//! The land of several codes as one: the wards of a city, the municipalities of a prefecture.
//!
//! In: shapes of a topology. Out: polygons without the borders between them. A border that two of the shapes share is there
//! twice, once each way, and goes; the others are followed from end to beginning. Where four of them meet in a point the
//! sharpest left turn is taken, so that lands which touch in a point stay two polygons. `geo`'s union does the same of
//! polygons whose points it must compare; here it is known which border is shared.

use std::collections::{HashMap, HashSet};

use super::{Line, Piece, Topology};
use crate::boundaries::ring::Point;

type Node = [u64; 2];

fn node(point: Point) -> Node {
    point.map(f64::to_bits)
}

/// The polygons of some shapes together.
pub(super) fn join(topology: &Topology, polygons: &[&Vec<Line>]) -> Vec<Vec<Line>> {
    let mut pieces: HashSet<(usize, bool)> = HashSet::new();
    for piece in polygons.iter().flat_map(|lines| lines.iter()).flatten() {
        // The other side of the same border takes it away.
        if !pieces.remove(&(piece.arc, !piece.is_reversed)) {
            pieces.insert((piece.arc, piece.is_reversed));
        }
    }
    let mut pieces: Vec<Piece> =
        pieces.into_iter().map(|(arc, is_reversed)| Piece { arc, is_reversed }).collect();
    pieces.sort_by_key(|piece| (piece.arc, piece.is_reversed));
    // Outer lines run as those of the source do, holes the other way.
    let outer = polygons.iter().find_map(|lines| lines.first());
    let sign = outer.map_or(1.0, |line| area(&topology.points(line)).signum());
    let (mut outers, mut holes) = (Vec::new(), Vec::new());
    for line in rings(topology, pieces, sign) {
        let points = topology.points(&line);
        if area(&points) * sign > 0.0 {
            outers.push((vec![line], points))
        } else {
            holes.push((line, points))
        }
    }
    for (hole, points) in holes {
        let middle = middle(&points);
        let around = outers.iter_mut().filter(|(_, outer)| holds(outer, middle));
        let smallest = around.min_by(|(_, one), (_, other)| area(one).abs().total_cmp(&area(other).abs()));
        if let Some((lines, _)) = smallest {
            lines.push(hole);
        }
    }
    outers.into_iter().map(|(lines, _)| lines).collect()
}

/// Closed lines of pieces.
fn rings(topology: &Topology, pieces: Vec<Piece>, sign: f64) -> Vec<Line> {
    let mut from: HashMap<Node, Vec<Piece>> = HashMap::new();
    for piece in pieces.iter().rev() {
        if let Some(first) = topology.points(&[*piece]).first() {
            from.entry(node(*first)).or_default().push(*piece);
        }
    }
    let mut rings = Vec::new();
    for first in pieces {
        let mut line: Line = Vec::new();
        let mut next = Some(first);
        while let Some(piece) = next {
            let points = topology.points(&[piece]);
            let (Some(begin), Some(end)) = (points.first(), points.last()) else { break };
            let Some(leaving) = from.get_mut(&node(*begin)) else { break };
            let Some(place) = leaving.iter().position(|one| *one == piece) else { break };
            leaving.swap_remove(place);
            line.push(piece);
            let before = points.get(points.len().saturating_sub(2)).copied().unwrap_or(*end);
            let turn = |piece: &Piece| {
                let after = topology.points(&[*piece]).get(1).copied().unwrap_or(*end);
                sign * turn(before, *end, after)
            };
            let onward = from.get(&node(*end)).into_iter().flatten();
            next = onward.max_by(|one, other| turn(one).total_cmp(&turn(other))).copied();
            // Back where it began: what leaves from here besides is of another ring.
            if topology.points(&line[..1]).first() == Some(end) {
                next = None;
            }
        }
        if !line.is_empty() {
            rings.push(line);
        }
    }
    rings
}

/// How far a way turns left in its middle point, radians from -pi to pi.
fn turn(before: Point, at: Point, after: Point) -> f64 {
    let (ax, ay) = (at[0] - before[0], at[1] - before[1]);
    let (bx, by) = (after[0] - at[0], after[1] - at[1]);
    (ax * by - ay * bx).atan2(ax * bx + ay * by)
}

/// Twice the area, positive where the points run against the clock.
fn area(points: &[Point]) -> f64 {
    points.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum()
}

/// The middle of the first side.
fn middle(points: &[Point]) -> Point {
    match points {
        [one, other, ..] => [(one[0] + other[0]) / 2.0, (one[1] + other[1]) / 2.0],
        _ => [f64::NAN; 2],
    }
}

/// Whether a closed line goes around a point.
fn holds(points: &[Point], [x, y]: Point) -> bool {
    let crosses = |pair: &&[Point]| {
        let ([x1, y1], [x2, y2]) = (pair[0], pair[1]);
        (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    };
    points.windows(2).filter(crosses).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use kayoi_schemas::ids::MunicipalityCode;

    use super::*;
    use crate::boundaries::{BoundarySet, Polygon, Ring, Source};

    fn shapes(towns: &[(&str, &[&[Point]])]) -> Topology {
        let towns = towns.iter().map(|(code, rings)| {
            let mut rings = rings.iter().map(|points| Ring::new(points.to_vec()).unwrap().0);
            let polygon = Polygon::new(rings.next().unwrap(), rings.collect());
            (MunicipalityCode::parse(code).unwrap(), polygon)
        });
        Topology::of(&BoundarySet::new("test", Source::default(), towns))
    }

    fn joined(topology: &Topology) -> Vec<Vec<Vec<Point>>> {
        let all: Vec<&Vec<Line>> = topology.shapes().iter().flat_map(|shape| &shape.polygons).collect();
        let joined = join(topology, &all);
        joined.iter().map(|lines| lines.iter().map(|line| topology.points(line)).collect()).collect()
    }

    fn square(x: f64, y: f64, size: f64) -> Vec<Point> {
        vec![[x, y], [x + size, y], [x + size, y + size], [x, y + size]]
    }

    #[test]
    fn neighbours_become_one_and_a_foreign_land_inside_stays_a_hole() {
        let (west, east) = (square(0.0, 0.0, 1.0), square(1.0, 0.0, 1.0));
        let lake: Vec<Point> = square(0.2, 0.2, 0.2).into_iter().rev().collect();
        let found = joined(&shapes(&[("14101", &[&west, &lake]), ("14102", &[&east])]));
        assert_eq!(found.len(), 1);
        let areas: Vec<f64> = found[0].iter().map(|ring| area(ring).abs() / 2.0).collect();
        assert!((areas[0] - 2.0).abs() < 1e-12 && (areas[1] - 0.04).abs() < 1e-12, "{areas:?}");
        assert!(found[0].iter().all(|ring| ring.first() == ring.last()));
    }

    #[test]
    fn a_town_in_the_hole_of_another_leaves_no_hole() {
        let hole: Vec<Point> = square(0.2, 0.2, 0.2).into_iter().rev().collect();
        let (outer, inner) = (square(0.0, 0.0, 1.0), square(0.2, 0.2, 0.2));
        let found = joined(&shapes(&[("14101", &[&outer, &hole]), ("14102", &[&inner])]));
        assert_eq!((found.len(), found[0].len()), (1, 1));
    }

    #[test]
    fn lands_that_touch_in_a_point_stay_two() {
        let (one, other) = (square(0.0, 0.0, 1.0), square(1.0, 1.0, 1.0));
        let found = joined(&shapes(&[("14101", &[&one]), ("14102", &[&other])]));
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|rings| (area(&rings[0]).abs() - 2.0).abs() < 1e-12));
    }
}
