//! How much land changed hands between two editions.
//!
//! In: the units that differ, before and now. Out: km² for each pair of old and new code. Both editions are
//! cut by the same parallels, at most 0.0005° (some 55 m) apart, and along each of them the stretches are
//! measured that had one code and have another. Land that is many parallels high is estimated to a few
//! percent, land that lies between two of them not at all; where borders are equal the cuts are too, and
//! nothing moves. Units that have not changed need not be cut. An exact overlay of polygons would cost a
//! library and minutes.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use rayon::prelude::*;

use crate::boundaries::area::{authalic, strip_km2};
use crate::boundaries::ring::Point;
use crate::boundaries::{Polygon, Unit};

/// Between two parallels, degrees.
const FINEST_STEP: f64 = 0.000_5;
/// Cuts of borders by parallels, above which the parallels lie further apart.
const MOST_CUTS: f64 = 20e6;

/// Whose the land was and whose it is; `None` where it belongs to no unit.
pub(super) type Hands = (Option<MunicipalityCode>, Option<MunicipalityCode>);

/// A border cut by a parallel.
#[derive(Clone, Copy)]
struct Cut {
    parallel: i32,
    longitude: f64,
    code: MunicipalityCode,
    is_now: bool,
    /// 1 where the ring runs south and its land begins in the east, -1 where it runs north and its land ends.
    turn: i32,
}

/// Land in km² that had one code and has another.
pub(super) fn moved_km2(before: &[&Unit], now: &[&Unit]) -> BTreeMap<Hands, f64> {
    let climbed: f64 = before.par_iter().chain(now.par_iter()).map(|unit| climbed_degrees(unit)).sum();
    let step = FINEST_STEP.max(climbed / MOST_CUTS);
    let cuts_of = |units: &[&Unit], is_now: bool| -> Vec<Cut> {
        units.par_iter().flat_map_iter(|unit| cuts(unit, is_now, step)).collect()
    };
    let mut cuts = cuts_of(before, false);
    cuts.extend(cuts_of(now, true));
    cuts.par_sort_unstable_by(|a, b| {
        a.parallel.cmp(&b.parallel).then_with(|| a.longitude.total_cmp(&b.longitude))
    });
    let parallels: Vec<&[Cut]> = cuts.chunk_by(|a, b| a.parallel == b.parallel).collect();
    let strips: Vec<Vec<(Hands, f64)>> = parallels.par_iter().map(|cuts| moved_along(cuts, step)).collect();
    let mut moved = BTreeMap::new();
    // In the order of the parallels, so that sums are the same in every run.
    for (hands, km2) in strips.into_iter().flatten() {
        *moved.entry(hands).or_default() += km2;
    }
    moved
}

fn edges(unit: &Unit) -> impl Iterator<Item = (Point, Point)> {
    let rings = unit.polygons.iter().flat_map(Polygon::rings);
    rings.flat_map(|ring| ring.points().windows(2).map(|edge| (edge[0], edge[1])))
}

fn climbed_degrees(unit: &Unit) -> f64 {
    edges(unit).map(|(a, b)| (b[1] - a[1]).abs()).sum()
}

fn latitude(parallel: i32, step: f64) -> f64 {
    (f64::from(parallel) + 0.5) * step
}

fn cuts(unit: &Unit, is_now: bool, step: f64) -> impl Iterator<Item = Cut> {
    edges(unit).flat_map(move |(a, b)| {
        let is_north = a[1] < b[1];
        // From the lower end, so that neighbours with the same edge are cut in the same place.
        let (low, high) = if is_north { (a, b) } else { (b, a) };
        let around = |latitude: f64| (latitude / step).floor() as i32;
        let parallels = around(low[1]) - 1..=around(high[1]) + 1;
        parallels.filter_map(move |parallel| {
            let latitude = latitude(parallel, step);
            if latitude < low[1] || latitude >= high[1] {
                return None;
            }
            let share = (latitude - low[1]) / (high[1] - low[1]);
            let longitude = low[0] + share * (high[0] - low[0]);
            Some(Cut { parallel, longitude, code: unit.code, is_now, turn: if is_north { -1 } else { 1 } })
        })
    })
}

/// The strip around one parallel.
fn moved_along(cuts: &[Cut], step: f64) -> Vec<(Hands, f64)> {
    let mut degrees: BTreeMap<Hands, f64> = BTreeMap::new();
    let (mut before, mut now) = (Covering::default(), Covering::default());
    for pair in cuts.windows(2) {
        let side = if pair[0].is_now { &mut now } else { &mut before };
        side.turn(pair[0].code, pair[0].turn);
        let hands = (before.code(), now.code());
        let width = pair[1].longitude - pair[0].longitude;
        if width > 0.0 && hands.0 != hands.1 {
            *degrees.entry(hands).or_default() += width;
        }
    }
    let Some(first) = cuts.first() else { return Vec::new() };
    let middle = latitude(first.parallel, step);
    let (south, north) = (authalic(middle - step / 2.0), authalic(middle + step / 2.0));
    degrees.into_iter().map(|(hands, degrees)| (hands, strip_km2(south, north, degrees))).collect()
}

/// The codes that cover the place to which a parallel has been followed from the west.
#[derive(Default)]
struct Covering(Vec<(MunicipalityCode, i32)>);

impl Covering {
    /// Exteriors run counter-clockwise: south on their western side, where their land begins, and north on
    /// their eastern side, where it ends. Holes run the other way.
    fn turn(&mut self, code: MunicipalityCode, turn: i32) {
        match self.0.iter_mut().find(|(own, _)| *own == code) {
            Some((_, count)) => *count += turn,
            None => self.0.push((code, turn)),
        }
        self.0.retain(|(_, count)| *count != 0);
    }

    /// The lowest, as the index answers.
    fn code(&self) -> Option<MunicipalityCode> {
        self.0.iter().filter(|(_, count)| *count > 0).map(|(code, _)| *code).min()
    }
}
