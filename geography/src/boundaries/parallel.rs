//! Borders cut by parallels.
//!
//! In: a unit and the distance of the parallels. Out: where its borders cross each of them, and whether its land
//! begins or ends there. What lies between two cuts of a parallel is measured as a strip around it: land that is
//! many parallels high to a few percent, land that lies between two of them not at all. Borders that are equal
//! are cut in the same places. An exact overlay of polygons would cost a library and minutes.

use super::area::{authalic, strip_km2};
use super::ring::Point;
use super::{Polygon, Unit};

/// A border cut by a parallel.
#[derive(Clone, Copy)]
pub(super) struct Crossing {
    pub(super) parallel: i32,
    pub(super) longitude: f64,
    /// 1 where the ring runs south and its land begins in the east, -1 where it runs north and its land ends.
    pub(super) turn: i32,
}

/// Parallels at the same distance from each other.
#[derive(Clone, Copy)]
pub(super) struct Parallels {
    step: f64,
}

impl Parallels {
    /// As close as `finest`, degrees, but no closer than makes `most` cuts of all units.
    pub(super) fn over<'u>(units: impl Iterator<Item = &'u Unit>, finest: f64, most: f64) -> Self {
        let climbed: f64 = units.flat_map(edges).map(|(a, b)| (b[1] - a[1]).abs()).sum();
        Self { step: finest.max(climbed / most) }
    }

    /// Where a unit's borders cross them.
    pub(super) fn crossings(self, unit: &Unit) -> impl Iterator<Item = Crossing> {
        edges(unit).flat_map(move |(a, b)| {
            let is_north = a[1] < b[1];
            // From the lower end, so that neighbours with the same edge are cut in the same place.
            let (low, high) = if is_north { (a, b) } else { (b, a) };
            let around = |latitude: f64| (latitude / self.step).floor() as i32;
            let parallels = around(low[1]) - 1..=around(high[1]) + 1;
            parallels.filter_map(move |parallel| {
                let latitude = self.latitude(parallel);
                if latitude < low[1] || latitude >= high[1] {
                    return None;
                }
                let share = (latitude - low[1]) / (high[1] - low[1]);
                let longitude = low[0] + share * (high[0] - low[0]);
                Some(Crossing { parallel, longitude, turn: if is_north { -1 } else { 1 } })
            })
        })
    }

    /// The area of so many degrees of longitude along a parallel, km².
    pub(super) fn strip_km2(self, parallel: i32, degrees: f64) -> f64 {
        let middle = self.latitude(parallel);
        let (south, north) = (authalic(middle - self.step / 2.0), authalic(middle + self.step / 2.0));
        strip_km2(south, north, degrees)
    }

    fn latitude(self, parallel: i32) -> f64 {
        (f64::from(parallel) + 0.5) * self.step
    }
}

fn edges(unit: &Unit) -> impl Iterator<Item = (Point, Point)> {
    let rings = unit.polygons.iter().flat_map(Polygon::rings);
    rings.flat_map(|ring| ring.points().windows(2).map(|edge| (edge[0], edge[1])))
}
