//! Land that several units of a set cover, and land that one unit covers twice.
//!
//! In: a [`BoundarySet`]. Out: km² for each pair of codes. Borders are cut by parallels (`parallel.rs`) at
//! most 0.00005° (some 5 m) apart in a small set; in the full N03 with its 12 million points some 30 m, so that a
//! thinner overlap that runs along a parallel may be missed. The place goes to the lower code in any case.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use rayon::prelude::*;
use serde::Serialize;

use super::parallel::{Crossing, Parallels};
use super::{BoundarySet, Unit};

/// Between two parallels, degrees.
const FINEST_STEP: f64 = 0.000_05;
/// Cuts of borders by parallels, above which the parallels lie further apart.
const MOST_CUTS: f64 = 2e6;
/// Less is rounding: borders that two files give with different decimals, km².
const LEAST_KM2: f64 = 0.000_1;
/// Pairs that a report names.
const PAIRS_TOLD: usize = 10;

/// Two units that cover the same land.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlap {
    /// The lower code, to which the land goes.
    pub code: String,
    /// The higher code.
    pub other_code: String,
    /// How much, km², estimated.
    pub km2: f64,
}

/// All overlaps of a set.
pub(crate) struct Overlaps(BTreeMap<[MunicipalityCode; 2], f64>);

/// A border cut by a parallel.
#[derive(Clone, Copy)]
struct Cut {
    at: Crossing,
    code: MunicipalityCode,
}

impl Overlaps {
    /// Measures, on all cores.
    pub(crate) fn of(set: &BoundarySet) -> Self {
        let parallels = Parallels::over(set.units().iter(), FINEST_STEP, MOST_CUTS);
        let cuts_of = |unit: &Unit| {
            let code = unit.code;
            parallels.crossings(unit).map(move |at| Cut { at, code }).collect::<Vec<_>>()
        };
        let mut cuts: Vec<Cut> = set.units().par_iter().flat_map_iter(cuts_of).collect();
        cuts.par_sort_unstable_by(|a, b| {
            a.at.parallel.cmp(&b.at.parallel).then_with(|| a.at.longitude.total_cmp(&b.at.longitude))
        });
        let lines: Vec<&[Cut]> = cuts.chunk_by(|a, b| a.at.parallel == b.at.parallel).collect();
        let along: Vec<Vec<_>> = lines.par_iter().map(|cuts| shared_along(cuts, parallels)).collect();
        let mut shared = BTreeMap::new();
        for (pair, km2) in along.into_iter().flatten() {
            *shared.entry(pair).or_default() += km2;
        }
        shared.retain(|_, km2| *km2 >= LEAST_KM2);
        Self(shared)
    }

    /// Land that a unit covers more than once, km².
    pub(crate) fn twice_km2(&self, code: MunicipalityCode) -> f64 {
        self.0.get(&[code, code]).copied().unwrap_or_default()
    }

    /// How many pairs of different codes.
    pub(crate) fn pairs(&self) -> u64 {
        self.between().count() as u64
    }

    /// All their land, km².
    pub(crate) fn km2(&self) -> f64 {
        // From 0, because an empty `sum` is -0.
        self.between().fold(0.0, |sum, (_, km2)| sum + km2)
    }

    /// The largest, for a report.
    pub(crate) fn largest(&self) -> Vec<Overlap> {
        let mut pairs: Vec<_> = self.between().collect();
        pairs.sort_by(|a, b| b.1.total_cmp(&a.1));
        let told = pairs.into_iter().take(PAIRS_TOLD).map(|([code, other], km2)| Overlap {
            code: code.to_string(),
            other_code: other.to_string(),
            km2,
        });
        told.collect()
    }

    fn between(&self) -> impl Iterator<Item = ([MunicipalityCode; 2], f64)> {
        self.0.iter().filter(|([code, other], _)| code != other).map(|(pair, km2)| (*pair, *km2))
    }
}

/// What is shared in the strip around one parallel.
fn shared_along(cuts: &[Cut], parallels: Parallels) -> Vec<([MunicipalityCode; 2], f64)> {
    let mut degrees: BTreeMap<[MunicipalityCode; 2], f64> = BTreeMap::new();
    // The codes that cover the place to which the parallel has been followed from the west, and how often.
    let mut covering: BTreeMap<MunicipalityCode, i32> = BTreeMap::new();
    for pair in cuts.windows(2) {
        let count = covering.entry(pair[0].code).or_default();
        *count += pair[0].at.turn;
        if *count == 0 {
            covering.remove(&pair[0].code);
        }
        let width = pair[1].at.longitude - pair[0].at.longitude;
        let is_shared = covering.len() > 1 || covering.values().any(|count| *count > 1);
        if width <= 0.0 || !is_shared {
            continue;
        }
        let codes: Vec<(MunicipalityCode, i32)> =
            covering.iter().filter(|(_, count)| **count > 0).map(|(code, count)| (*code, *count)).collect();
        for (position, &(code, count)) in codes.iter().enumerate() {
            if count > 1 {
                *degrees.entry([code, code]).or_default() += width;
            }
            for &(other, _) in &codes[position + 1..] {
                *degrees.entry([code, other]).or_default() += width;
            }
        }
    }
    let Some(first) = cuts.first() else { return Vec::new() };
    let km2 = |degrees| parallels.strip_km2(first.at.parallel, degrees);
    degrees.into_iter().map(|(pair, degrees)| (pair, km2(degrees))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundaries::{Polygon, Ring, Source};

    fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Polygon {
        let points = vec![[west, south], [east, south], [east, north], [west, north], [west, south]];
        Polygon::new(Ring::new(points).unwrap().0, vec![])
    }

    fn overlaps(polygons: Vec<(u32, Polygon)>) -> Overlaps {
        let code = |number| MunicipalityCode::from_number(number).unwrap();
        let coded = polygons.into_iter().map(|(number, polygon)| (code(number), polygon));
        Overlaps::of(&BoundarySet::new("x", Source::default(), coded))
    }

    #[test]
    fn the_land_of_two_units_is_measured() {
        let shared = rectangle(139.01, 35.0, 139.02, 35.01).area_km2();
        let found = overlaps(vec![
            (13_102, rectangle(139.01, 35.0, 139.03, 35.01)),
            (13_101, rectangle(139.0, 35.0, 139.02, 35.02)),
            (13_103, rectangle(139.5, 35.0, 139.6, 35.02)),
        ]);
        let largest = &found.largest()[0];
        assert_eq!(
            (largest.code.as_str(), largest.other_code.as_str(), found.pairs()),
            ("13101", "13102", 1)
        );
        assert!((largest.km2 / shared - 1.0).abs() < 0.02, "{} {shared}", largest.km2);
        assert_eq!(found.km2(), largest.km2);
    }

    #[test]
    fn neighbours_and_pieces_of_one_unit_share_nothing() {
        let found = overlaps(vec![
            (13_101, rectangle(139.0, 35.0, 139.02, 35.02)),
            (13_102, rectangle(139.02, 35.0, 139.04, 35.02)),
            (13_101, rectangle(139.0, 35.02, 139.02, 35.04)),
        ]);
        assert!(found.0.is_empty() && found.largest().is_empty() && found.km2() == 0.0);
    }

    #[test]
    fn a_unit_that_covers_land_twice_is_no_pair() {
        let found = overlaps(vec![
            (13_101, rectangle(139.0, 35.0, 139.02, 35.02)),
            (13_101, rectangle(139.0, 35.0, 139.02, 35.01)),
        ]);
        let code = MunicipalityCode::from_number(13_101).unwrap();
        assert!(found.twice_km2(code) > 2.0 && found.pairs() == 0);
    }
}
