//! How much land changed hands between two editions.
//!
//! In: the units that differ, before and now. Out: km² for each pair of old and new code. Both editions are
//! cut by the same parallels, at most 0.0005° (some 55 m) apart, and along each of them the stretches are
//! measured that had one code and have another. Where borders are equal the cuts are too, and nothing moves.
//! Units that have not changed need not be cut.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use rayon::prelude::*;

use crate::boundaries::Unit;
use crate::boundaries::parallel::{Crossing, Parallels};

/// Between two parallels, degrees.
const FINEST_STEP: f64 = 0.000_5;
/// Cuts of borders by parallels, above which the parallels lie further apart.
const MOST_CUTS: f64 = 20e6;

/// Whose the land was and whose it is; `None` where it belongs to no unit.
pub(super) type Hands = (Option<MunicipalityCode>, Option<MunicipalityCode>);

/// A border cut by a parallel.
#[derive(Clone, Copy)]
struct Cut {
    at: Crossing,
    code: MunicipalityCode,
    is_now: bool,
}

/// Land in km² that had one code and has another.
pub(super) fn moved_km2(before: &[&Unit], now: &[&Unit]) -> BTreeMap<Hands, f64> {
    let all = before.iter().chain(now).copied();
    let parallels = Parallels::over(all, FINEST_STEP, MOST_CUTS);
    let cuts_of = |units: &[&Unit], is_now: bool| -> Vec<Cut> {
        let cuts = |unit: &&Unit| {
            let code = unit.code;
            parallels.crossings(unit).map(move |at| Cut { at, code, is_now }).collect::<Vec<_>>()
        };
        units.par_iter().flat_map_iter(cuts).collect()
    };
    let mut cuts = cuts_of(before, false);
    cuts.extend(cuts_of(now, true));
    cuts.par_sort_unstable_by(|a, b| {
        a.at.parallel.cmp(&b.at.parallel).then_with(|| a.at.longitude.total_cmp(&b.at.longitude))
    });
    let lines: Vec<&[Cut]> = cuts.chunk_by(|a, b| a.at.parallel == b.at.parallel).collect();
    let strips: Vec<Vec<(Hands, f64)>> = lines.par_iter().map(|cuts| moved_along(cuts, parallels)).collect();
    let mut moved = BTreeMap::new();
    // In the order of the parallels, so that sums are the same in every run.
    for (hands, km2) in strips.into_iter().flatten() {
        *moved.entry(hands).or_default() += km2;
    }
    moved
}

/// The strip around one parallel.
fn moved_along(cuts: &[Cut], parallels: Parallels) -> Vec<(Hands, f64)> {
    let mut degrees: BTreeMap<Hands, f64> = BTreeMap::new();
    let (mut before, mut now) = (Covering::default(), Covering::default());
    for pair in cuts.windows(2) {
        let side = if pair[0].is_now { &mut now } else { &mut before };
        side.turn(pair[0].code, pair[0].at.turn);
        let hands = (before.code(), now.code());
        let width = pair[1].at.longitude - pair[0].at.longitude;
        if width > 0.0 && hands.0 != hands.1 {
            *degrees.entry(hands).or_default() += width;
        }
    }
    let Some(first) = cuts.first() else { return Vec::new() };
    let km2 = |degrees| parallels.strip_km2(first.at.parallel, degrees);
    degrees.into_iter().map(|(hands, degrees)| (hands, km2(degrees))).collect()
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
