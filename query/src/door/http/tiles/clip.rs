//! Outlines → what of them lies in a tile, on its grid.
//!
//! In: polygons in degrees. Out: rings of whole steps, outer ones clockwise as they are drawn and holes the other way, each
//! cut at the tile's edge and a little beyond, so that no border is drawn along it. A ring of no area is left out.

use super::super::boundaries::Bounds;
use std::f64::consts::PI;

/// Steps of a tile in each direction.
pub(super) const EXTENT: u32 = 4_096;
/// Steps beyond the edge: what a wide line reaches.
const BEYOND: f64 = 64.0;
/// Web Mercator ends here, degrees north.
const NORTHMOST: f64 = 85.051_128_78;

/// A point in degrees, longitude first; later in steps.
type Point = [f64; 2];
/// A ring in steps, without its first point again at the end.
pub(super) type Ring = Vec<[i32; 2]>;

/// A tile's place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    z: u8,
    x: u32,
    y: u32,
}

impl Frame {
    pub(super) fn new(z: u8, x: u32, y: u32) -> Self {
        Self { z, x, y }
    }

    pub(super) fn zoom(&self) -> u8 {
        self.z
    }

    /// The tile and what is drawn beyond it, in degrees.
    pub(super) fn bounds(&self) -> Bounds {
        let (low, high) = (-BEYOND / f64::from(EXTENT), 1.0 + BEYOND / f64::from(EXTENT));
        let of = |x: f64, y: f64| {
            let (x, y) = ((f64::from(self.x) + x) / self.tiles(), (f64::from(self.y) + y) / self.tiles());
            [x * 360.0 - 180.0, (PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees()]
        };
        Bounds::NOTHING.with(of(low, low)).with(of(high, high))
    }

    fn tiles(&self) -> f64 {
        f64::from(1_u32 << self.z)
    }

    /// Where a point stands on the grid of the tile.
    fn placed(&self, [longitude, latitude]: Point) -> Point {
        let latitude = latitude.clamp(-NORTHMOST, NORTHMOST).to_radians();
        let x = (longitude + 180.0) / 360.0;
        let y = (1.0 - latitude.tan().asinh() / PI) / 2.0;
        let extent = f64::from(EXTENT);
        [(x * self.tiles() - f64::from(self.x)) * extent, (y * self.tiles() - f64::from(self.y)) * extent]
    }

    /// Polygons, each its outer ring and its holes, that are left within the tile.
    pub(super) fn clipped(&self, polygons: &[Vec<Vec<Point>>]) -> Vec<Vec<Ring>> {
        let of = |polygon: &Vec<Vec<Point>>| {
            let mut rings = polygon.iter().enumerate().map(|(at, ring)| self.ring(ring, at == 0));
            // Without its outer ring a polygon is nowhere in the tile.
            let outer = rings.next()??;
            Some(std::iter::once(outer).chain(rings.flatten()).collect())
        };
        polygons.iter().filter_map(of).collect()
    }

    fn ring(&self, ring: &[Point], is_outer: bool) -> Option<Ring> {
        let mut points: Vec<Point> = ring.iter().map(|point| self.placed(*point)).collect();
        if points.first() == points.last() {
            points.pop();
        }
        for edge in Edge::ALL {
            points = edge.kept(&points);
        }
        let mut steps: Ring = points.iter().map(|point| point.map(|value| value.round() as i32)).collect();
        steps.dedup();
        while steps.len() > 1 && steps.first() == steps.last() {
            steps.pop();
        }
        let area = doubled_area(&steps);
        if steps.len() < 3 || area == 0 {
            return None;
        }
        if (area > 0) != is_outer {
            steps.reverse();
        }
        Some(steps)
    }
}

/// An edge of the square that is kept. Cutting at one after the other is Sutherland's and Hodgman's way; where a ring
/// leaves and comes back it runs along the edge, outside of what is seen.
#[derive(Debug, Clone, Copy)]
struct Edge {
    /// 0 for a line of equal x, 1 for one of equal y.
    axis: usize,
    at: f64,
    keeps_above: bool,
}

impl Edge {
    const ALL: [Self; 4] = [
        Self { axis: 0, at: -BEYOND, keeps_above: true },
        Self { axis: 0, at: EXTENT as f64 + BEYOND, keeps_above: false },
        Self { axis: 1, at: -BEYOND, keeps_above: true },
        Self { axis: 1, at: EXTENT as f64 + BEYOND, keeps_above: false },
    ];

    fn keeps(self, point: Point) -> bool {
        if self.keeps_above { point[self.axis] >= self.at } else { point[self.axis] <= self.at }
    }

    fn kept(self, ring: &[Point]) -> Vec<Point> {
        let mut kept = Vec::with_capacity(ring.len());
        let Some(mut before) = ring.last().copied() else { return kept };
        for &point in ring {
            if self.keeps(point) != self.keeps(before) {
                kept.push(self.crossing(before, point));
            }
            if self.keeps(point) {
                kept.push(point);
            }
            before = point;
        }
        kept
    }

    fn crossing(self, from: Point, to: Point) -> Point {
        let part = (self.at - from[self.axis]) / (to[self.axis] - from[self.axis]);
        let mut crossing = [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
        crossing[self.axis] = self.at;
        crossing
    }
}

/// Twice the area, positive for a ring that is clockwise where y points down.
pub(super) fn doubled_area(ring: &[[i32; 2]]) -> i64 {
    let after = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&[i32; 2], &[i32; 2])| {
        i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1])
    };
    ring.iter().zip(after).map(cross).sum()
}
