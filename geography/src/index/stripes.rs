//! Stripes: the edges of a ring near a latitude.
//!
//! In: rings. Out: for a point, how often a ring winds around it, reading only the edges of the point's
//! horizontal stripe. This serves the build, which asks about points of reference; questions read records. A
//! point's stripe is monotone in its latitude also in floating point (as in [`super::grid`]), so each edge
//! whose latitudes contain the point's stands in the point's stripe. The idea is that of the library `tg`.
//!
//! The number of stripes balances two lengths: one edge in four a stripe, unless the ring crosses a parallel
//! more often than that on average, for then thinner stripes would only repeat the same edges.

use std::ops::Range;

use rayon::prelude::*;

use crate::boundaries::ring::{Point, Winding};

const EDGES_PER_STRIPE: f64 = 4.0;

/// The rings of all polygons.
#[derive(Default)]
pub(super) struct Stripes {
    points: Vec<Point>,
    rings: Vec<RingEntry>,
    /// Where each stripe's edges start in `edges`; one more entry closes the last stripe of all.
    starts: Vec<u32>,
    /// Positions in `points` of the first points of edges.
    edges: Vec<u32>,
}

struct RingEntry {
    low: Point,
    high: Point,
    stripes_per_degree: f64,
    first_point: u32,
    points: u32,
    first_stripe: u32,
    stripes: u32,
}

impl RingEntry {
    #[inline]
    fn stripe(&self, y: f64) -> u32 {
        (((y - self.low[1]) * self.stripes_per_degree) as u32).min(self.stripes - 1)
    }
}

impl Stripes {
    pub(super) fn build(rings: &[&[Point]], boxes: &[(Point, Point)]) -> Self {
        let mut stripes = Self::default();
        stripes.points.reserve_exact(rings.iter().map(|ring| ring.len()).sum());
        let mut first_stripe = 0;
        for (ring, &(low, high)) in rings.iter().zip(boxes) {
            let count = stripe_count(ring, high[1] - low[1]);
            stripes.rings.push(RingEntry {
                low,
                high,
                stripes_per_degree: if count == 1 { 0.0 } else { f64::from(count) / (high[1] - low[1]) },
                first_point: stripes.points.len() as u32,
                points: ring.len() as u32,
                first_stripe,
                stripes: count,
            });
            first_stripe += count;
            stripes.points.extend_from_slice(ring);
        }
        stripes.sort_edges(first_stripe);
        stripes
    }

    /// Counting sort of every ring's edges into its stripes.
    fn sort_edges(&mut self, stripe_count: u32) {
        let sorted: Vec<(Vec<u32>, Vec<u32>)> =
            self.rings.par_iter().map(|ring| self.sorted_edges(ring)).collect();
        self.starts.reserve_exact(stripe_count as usize + 1);
        self.edges.reserve_exact(sorted.iter().map(|(_, edges)| edges.len()).sum());
        for (starts, edges) in sorted {
            let offset = self.edges.len() as u32;
            self.starts.extend(starts.into_iter().map(|start| offset + start));
            self.edges.extend_from_slice(&edges);
        }
        self.starts.push(self.edges.len() as u32);
    }

    fn sorted_edges(&self, ring: &RingEntry) -> (Vec<u32>, Vec<u32>) {
        let range = |edge: u32| {
            let (from, to) = (self.points[edge as usize][1], self.points[edge as usize + 1][1]);
            ring.stripe(from.min(to)) as usize..ring.stripe(from.max(to)) as usize + 1
        };
        let edges = ring.first_point..ring.first_point + ring.points - 1;
        let mut starts = vec![0; ring.stripes as usize + 1];
        for edge in edges.clone() {
            range(edge).for_each(|stripe| starts[stripe + 1] += 1);
        }
        for stripe in 1..starts.len() {
            starts[stripe] += starts[stripe - 1];
        }
        let mut sorted = vec![0; starts[ring.stripes as usize] as usize];
        starts.pop();
        let mut next: Vec<u32> = starts.clone();
        for edge in edges {
            for stripe in range(edge) {
                sorted[next[stripe] as usize] = edge;
                next[stripe] += 1;
            }
        }
        (starts, sorted)
    }

    /// All points of all rings, ring after ring.
    pub(super) fn all_points(&self) -> &[Point] {
        &self.points
    }

    /// Positions of a ring's points among all points.
    pub(super) fn range(&self, ring: u32) -> Range<u32> {
        let ring = &self.rings[ring as usize];
        ring.first_point..ring.first_point + ring.points
    }

    /// How often a ring winds around a point; `None` when the point lies on it.
    pub(super) fn winding(&self, ring: u32, point: Point) -> Option<i32> {
        let ring = &self.rings[ring as usize];
        let [x, y] = point;
        if x < ring.low[0] || x > ring.high[0] || y < ring.low[1] || y > ring.high[1] {
            return Some(0);
        }
        let stripe = (ring.first_stripe + ring.stripe(y)) as usize;
        let mut winding = Winding::default();
        for &edge in &self.edges[self.starts[stripe] as usize..self.starts[stripe + 1] as usize] {
            let edge = edge as usize;
            if winding.add(self.points[edge], self.points[edge + 1], point) {
                return None;
            }
        }
        Some(winding.count())
    }
}

fn stripe_count(ring: &[Point], height: f64) -> u32 {
    let climbed: f64 = ring.windows(2).map(|edge| (edge[1][1] - edge[0][1]).abs()).sum();
    if height <= 0.0 {
        return 1;
    }
    let crossings_of_a_parallel = climbed / height;
    ((ring.len() as f64 / crossings_of_a_parallel.max(EDGES_PER_STRIPE)) as u32).max(1)
}
