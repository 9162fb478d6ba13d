//! Whether a ring crosses or touches itself.
//!
//! In: a ring. Out: yes or no, exactly: the side of a point is Shewchuk's adaptive predicate (crate
//! `robust`), and all else compares coordinates.
//!
//! Neighbouring edges of a border lie beside each other, so boxes around 8, 16, 32, ... of them in the ring's
//! own order make a tree without sorting anything. Two parts of the ring whose boxes lie apart cannot meet;
//! only where boxes overlap are their halves looked at. For borders this is near-linear: the 12 million
//! points of N03 take less than a second. A ring that winds in slanted parallel strokes, each overlapping the
//! boxes of all others, would take the square of its length, but no border does that for long.

use robust::orient2d;

use super::ring::{Point, Ring, bounds, coord};

/// Edges in a box of the lowest level.
const LEAF_EDGES: usize = 8;

type Bounds = (Point, Point);

impl Ring {
    /// Whether two of its edges cross, touch or overlap, other than neighbours in the corner that they share.
    pub(crate) fn crosses_itself(&self) -> bool {
        Tree::over(self.points()).meets_itself()
    }
}

/// Boxes over boxes over the edges of a ring.
struct Tree<'r> {
    points: &'r [Point],
    /// From leaves to the root; the box `n` of a level covers the boxes `2n` and `2n + 1` of the level below.
    levels: Vec<Vec<Bounds>>,
}

impl<'r> Tree<'r> {
    fn over(points: &'r [Point]) -> Self {
        let edges = points.len() - 1;
        let leaf = |start: usize| bounds(&points[start..=(start + LEAF_EDGES).min(edges)]);
        let mut level: Vec<Bounds> = (0..edges).step_by(LEAF_EDGES).map(leaf).collect();
        let mut levels = Vec::new();
        while level.len() > 1 {
            let above = level.chunks(2).map(|pair| pair.iter().copied().reduce(union).unwrap_or(pair[0]));
            let above = above.collect();
            levels.push(std::mem::replace(&mut level, above));
        }
        levels.push(level);
        Self { points, levels }
    }

    fn edges(&self) -> usize {
        self.points.len() - 1
    }

    fn meets_itself(&self) -> bool {
        self.within(self.levels.len() - 1, 0)
    }

    /// Whether two edges below one box meet.
    fn within(&self, level: usize, node: usize) -> bool {
        if level == 0 {
            let edges = self.leaf(node);
            return edges.clone().any(|e| (e + 1..edges.end).any(|f| self.edges_meet(e, f)));
        }
        let below = self.children(level, node);
        below.clone().any(|child| self.within(level - 1, child))
            || (below.len() == 2 && self.between(level - 1, below.start, below.start + 1))
    }

    /// Whether an edge below one box meets an edge below a later one of the same level.
    fn between(&self, level: usize, a: usize, b: usize) -> bool {
        if !overlap(self.levels[level][a], self.levels[level][b]) {
            return false;
        }
        if level == 0 {
            let other = self.levels[0][b];
            let near = self.leaf(a).filter(|&edge| overlap(self.edge_box(edge), other));
            return near.into_iter().any(|e| self.leaf(b).any(|f| self.edges_meet(e, f)));
        }
        self.children(level, a).any(|a| self.children(level, b).any(|b| self.between(level - 1, a, b)))
    }

    fn children(&self, level: usize, node: usize) -> std::ops::Range<usize> {
        2 * node..(2 * node + 2).min(self.levels[level - 1].len())
    }

    fn leaf(&self, node: usize) -> std::ops::Range<usize> {
        node * LEAF_EDGES..((node + 1) * LEAF_EDGES).min(self.edges())
    }

    fn edge_box(&self, edge: usize) -> Bounds {
        bounds(&self.points[edge..edge + 2])
    }

    /// Whether edge `e` meets the later edge `f` anywhere but in the corner that neighbours share.
    fn edges_meet(&self, e: usize, f: usize) -> bool {
        if !overlap(self.edge_box(e), self.edge_box(f)) {
            return false;
        }
        let [a, b, c, d] = [self.points[e], self.points[e + 1], self.points[f], self.points[f + 1]];
        if e + 1 == f {
            return folds_back(a, b, d);
        }
        if e == 0 && f + 1 == self.edges() {
            return folds_back(c, a, b);
        }
        let apart = |one: f64, other: f64| (one > 0.0 && other > 0.0) || (one < 0.0 && other < 0.0);
        // Each edge's ends lie on different sides of the other, or on it; and if all four are on one line,
        // the boxes overlap and so do the edges.
        !apart(side(c, d, a), side(c, d, b)) && !apart(side(a, b, c), side(a, b, d))
    }
}

/// Whether the edges `ab` and `bc` overlap: they run along one line and back.
fn folds_back(a: Point, b: Point, c: Point) -> bool {
    let axis = usize::from(a[0] == b[0]);
    side(a, b, c) == 0.0 && (a[axis] < b[axis]) == (c[axis] < b[axis])
}

/// Positive when `c` lies to the left of the line from `a` to `b`, 0 when on it.
fn side(a: Point, b: Point, c: Point) -> f64 {
    orient2d(coord(a), coord(b), coord(c))
}

fn overlap(a: Bounds, b: Bounds) -> bool {
    (0..2).all(|axis| a.0[axis] <= b.1[axis] && b.0[axis] <= a.1[axis])
}

fn union(a: Bounds, b: Bounds) -> Bounds {
    let low = [a.0[0].min(b.0[0]), a.0[1].min(b.0[1])];
    (low, [a.1[0].max(b.1[0]), a.1[1].max(b.1[1])])
}

#[cfg(test)]
#[path = "crossing_tests.rs"]
mod tests;
