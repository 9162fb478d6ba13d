//! Cuts rings where borders meet, and finds the pieces that two lands share.
//!
//! In: a set, in which neighbours have the same points along their border, as N03 does. Out: a topology. A
//! point where some ring goes on to other neighbours than another one is a place to cut; between two such
//! places a border has no choice, so that its first two points name it.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Line, Piece, Shape, Topology};
use crate::boundaries::BoundarySet;
use crate::boundaries::ring::Point;

/// Steps of a degree in which points are told apart: a tenth of a metre.
const PER_DEGREE: f64 = 1e6;
/// No neighbour seen yet.
const NONE: u32 = u32::MAX;

pub(super) fn cut(set: &BoundarySet) -> Topology {
    let vertices = Vertices::of(set);
    let meets = vertices.meeting(set);
    let mut known = Known { vertices: &vertices, meets: &meets, arcs: Vec::new(), by_start: HashMap::new() };
    let mut shapes = Vec::new();
    for unit in set.units() {
        let mut polygons = Vec::new();
        for polygon in &unit.polygons {
            let mut lines = polygon.rings().map(|ring| known.line(ring.points()));
            if let Some(Some(outer)) = lines.next() {
                polygons.push(std::iter::once(outer).chain(lines.flatten()).collect());
            }
        }
        shapes.push(Shape { code: unit.code, polygons });
    }
    Topology { arcs: known.arcs, shapes }
}

/// All points, each once: its number is its place.
struct Vertices(Vec<u64>);

impl Vertices {
    fn of(set: &BoundarySet) -> Self {
        let rings = set.units().par_iter().flat_map_iter(|unit| unit.polygons.iter());
        let rings = rings.flat_map_iter(|polygon| polygon.rings());
        let mut keys: Vec<u64> = rings.flat_map_iter(|ring| ring.points().iter().map(key)).collect();
        keys.par_sort_unstable();
        keys.dedup();
        Self(keys)
    }

    fn number(&self, point: &Point) -> u32 {
        self.0.binary_search(&key(point)).map_or(NONE, |place| place as u32)
    }

    /// The numbers of a ring's points, without its closing point and without repetitions.
    fn numbers(&self, points: &[Point]) -> Vec<(u32, Point)> {
        let mut numbers: Vec<(u32, Point)> =
            points.iter().map(|point| (self.number(point), *point)).collect();
        numbers.dedup_by_key(|(number, _)| *number);
        while numbers.len() > 1 && numbers.first().map(|one| one.0) == numbers.last().map(|one| one.0) {
            numbers.pop();
        }
        numbers
    }

    /// For each point whether borders meet in it: whether it has other neighbours in one ring than in another.
    fn meeting(&self, set: &BoundarySet) -> Vec<bool> {
        let mut neighbours = vec![[NONE; 2]; self.0.len()];
        let mut meets = vec![false; self.0.len()];
        for (_, polygon) in set.polygons() {
            for ring in polygon.rings() {
                let ring = self.numbers(ring.points());
                for (place, (number, _)) in ring.iter().enumerate() {
                    let before = ring[(place + ring.len() - 1) % ring.len()].0;
                    let after = ring[(place + 1) % ring.len()].0;
                    let pair = [before.min(after), before.max(after)];
                    let known = &mut neighbours[*number as usize];
                    if *known == [NONE; 2] {
                        *known = pair;
                    } else if *known != pair {
                        meets[*number as usize] = true;
                    }
                }
            }
        }
        meets
    }
}

fn key(point: &Point) -> u64 {
    let [x, y] = point.map(|degrees| ((degrees * PER_DEGREE).round() as i32) as u32);
    u64::from(x) << 32 | u64::from(y)
}

/// The pieces that are known so far.
struct Known<'a> {
    vertices: &'a Vertices,
    meets: &'a [bool],
    arcs: Vec<Vec<Point>>,
    /// By the first two points in the direction in which they are kept.
    by_start: HashMap<(u32, u32), usize>,
}

impl Known<'_> {
    /// A ring as pieces; `None` when nothing is left of it.
    fn line(&mut self, points: &[Point]) -> Option<Line> {
        let mut ring = self.vertices.numbers(points);
        if ring.len() < 3 {
            return None;
        }
        // It begins where borders meet, or where all that have this ring begin it.
        let meeting = ring.iter().position(|(number, _)| self.meets[*number as usize]);
        let lowest = || (0..ring.len()).min_by_key(|&place| ring[place].0).unwrap_or_default();
        let start = meeting.unwrap_or_else(lowest);
        ring.rotate_left(start);
        ring.push(ring[0]);
        let mut line = Line::new();
        let mut from = 0;
        for to in 1..ring.len() {
            if to == ring.len() - 1 || self.meets[ring[to].0 as usize] {
                line.push(self.piece(&ring[from..=to]));
                from = to;
            }
        }
        Some(line)
    }

    fn piece(&mut self, points: &[(u32, Point)]) -> Piece {
        let last = points.len() - 1;
        let forward = (points[0].0, points[1].0);
        let backward = (points[last].0, points[last - 1].0);
        let is_reversed = backward < forward;
        let arcs = &mut self.arcs;
        let arc = *self.by_start.entry(if is_reversed { backward } else { forward }).or_insert_with(|| {
            let mut kept: Vec<Point> = points.iter().map(|(_, point)| *point).collect();
            if is_reversed {
                kept.reverse();
            }
            arcs.push(kept);
            arcs.len() - 1
        });
        Piece { arc, is_reversed }
    }
}
