//! An oracle for municipalities that knows nothing of cells, records or detours.
//!
//! In: boundaries. Out: for a point, the lowest code that covers it. [`Bands`] reads every edge of the
//! country that reaches the point's latitude, wherever it lies, with one crossing rule; it is fast enough for
//! a billion points, and is itself held against the slow [`crate::naive::Naive`].

use kayoi_geography::boundaries::BoundarySet;
use kayoi_geography::boundaries::ring::Point;
use kayoi_schemas::ids::MunicipalityCode;
use rayon::prelude::*;
use robust::{Coord, orient2d};

const BANDS_PER_DEGREE: f64 = 50_000.0;

#[derive(Clone, Copy)]
struct Edge {
    ring: u32,
    from: Point,
    to: Point,
}

pub struct Bands {
    /// Code of each ring's polygon, and whether the ring is its exterior.
    rings: Vec<(MunicipalityCode, bool)>,
    first_band: i64,
    /// Where each band's edges start in `edges`; one more entry closes the last.
    starts: Vec<u32>,
    edges: Vec<Edge>,
}

#[derive(Default)]
struct Seen {
    ring: u32,
    winding: i32,
    touched: bool,
}

impl Bands {
    pub fn of(set: &BoundarySet) -> Self {
        let band = |latitude: f64| (latitude * BANDS_PER_DEGREE).floor() as i64;
        let all: Vec<_> = set
            .polygons()
            .flat_map(|(code, polygon)| {
                polygon.rings().enumerate().map(move |(number, ring)| (code, number == 0, ring))
            })
            .collect();
        let latitudes = || all.iter().flat_map(|(_, _, ring)| ring.points()).map(|point| band(point[1]));
        let (first_band, last_band) = (latitudes().min().unwrap(), latitudes().max().unwrap());
        let mut in_bands = Vec::new();
        for (number, (_, _, ring)) in all.iter().enumerate() {
            for ends in ring.points().windows(2) {
                let edge = Edge { ring: number as u32, from: ends[0], to: ends[1] };
                let (a, b) = (band(ends[0][1]), band(ends[1][1]));
                in_bands.extend((a.min(b)..=a.max(b)).map(|band| ((band - first_band) as u32, edge)));
            }
        }
        in_bands.par_sort_by_key(|(band, _)| *band);
        let bands = 0..=(last_band - first_band + 1) as u32;
        let starts = bands.map(|band| in_bands.partition_point(|(other, _)| *other < band) as u32).collect();
        let edges = in_bands.into_iter().map(|(_, edge)| edge).collect();
        Self {
            rings: all.iter().map(|(code, is_exterior, _)| (*code, *is_exterior)).collect(),
            first_band,
            starts,
            edges,
        }
    }

    pub fn municipality_at(&self, point: Point) -> Option<MunicipalityCode> {
        let band = (point[1] * BANDS_PER_DEGREE).floor() as i64 - self.first_band;
        let band = usize::try_from(band).ok()?;
        let (start, end) = (*self.starts.get(band)?, *self.starts.get(band + 1)?);
        let edges = &self.edges[start as usize..end as usize];
        let mut seen: Vec<Seen> = Vec::new();
        for edge in edges {
            let (low, high) =
                if edge.from[1] <= edge.to[1] { (edge.from, edge.to) } else { (edge.to, edge.from) };
            if point[1] < low[1] || point[1] > high[1] || point[0] > low[0].max(high[0]) {
                continue;
            }
            let position = seen.iter().position(|seen| seen.ring == edge.ring);
            let position = position.unwrap_or_else(|| {
                seen.push(Seen { ring: edge.ring, ..Seen::default() });
                seen.len() - 1
            });
            let ring = &mut seen[position];
            let coord = |point: Point| Coord { x: point[0], y: point[1] };
            let side = orient2d(coord(low), coord(high), coord(point));
            ring.touched |= side == 0.0 && point[0] >= low[0].min(high[0]);
            // A ray to the east crosses an edge that has one end north of it and the other not.
            if low[1] <= point[1] && high[1] > point[1] && side > 0.0 {
                ring.winding += if edge.from[1] < edge.to[1] { 1 } else { -1 };
            }
        }
        seen.sort_by_key(|seen| seen.ring);
        self.first_covering(&seen)
    }

    /// Rings stand exterior first and by ascending code. A hole whose exterior was not seen is of no use.
    fn first_covering(&self, seen: &[Seen]) -> Option<MunicipalityCode> {
        let is_exterior = |seen: &Seen| self.rings[seen.ring as usize].1;
        let mut rest = seen;
        while let Some((exterior, others)) = rest.split_first() {
            rest = others;
            if !is_exterior(exterior) {
                continue;
            }
            let next_exterior = (exterior.ring + 1..self.rings.len() as u32)
                .find(|&ring| self.rings[ring as usize].1)
                .unwrap_or(self.rings.len() as u32);
            let holes = others.iter().take_while(|hole| hole.ring < next_exterior);
            let decisive = holes.into_iter().find(|hole| hole.touched || hole.winding != 0);
            let inside = exterior.winding != 0 && decisive.is_none_or(|hole| hole.touched);
            if exterior.touched || inside {
                return Some(self.rings[exterior.ring as usize].0);
            }
        }
        None
    }
}
