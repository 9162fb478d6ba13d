//! The towns around a town: who works where, and where people go on an outing.
//!
//! In: the towns. Out: for each the towns within 60 km and itself, with the shares of its commuters and of its
//! outings that each has. Commuting is a gravity model that is balanced to the jobs of each town (Furness 1965):
//! great cities have more jobs than workers, their suburbs fewer, and all others about as many. How many more follows
//! from 昼夜間人口比率, day over night population, of the censuses of 2015 and 2020, rounded.

use kayoi_geography::Municipality;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::units::distance_km;

use super::town::Town;

/// The share of people who commute to work or school.
pub(super) const COMMUTERS: f64 = 0.5;

/// Towns further away are not daily life.
const FURTHEST_KM: f64 = 60.0;
/// How fast commuting falls with distance, and outings.
const COMMUTE_KM: f64 = 7.0;
const OUTING_KM: f64 = 7.0;
/// How much more the own town draws than another one at the same distance.
const OWN_TOWN: f64 = 2.0;
/// Rounds of balancing: jobs are then met within a few per cent.
const ROUNDS: usize = 12;

/// Day over night population of municipalities far from 1.
const CENTRES: [(u32, f64); 19] = [
    (1_100, 1.01),
    (4_100, 1.06),
    (11_100, 0.93),
    (13_101, 17.5),
    (13_102, 4.0),
    (13_103, 3.8),
    (13_104, 2.3),
    (13_105, 1.5),
    (13_106, 1.5),
    (13_109, 1.4),
    (13_113, 2.3),
    (13_116, 1.4),
    (14_100, 0.92),
    (14_130, 0.88),
    (23_100, 1.13),
    (26_100, 1.09),
    (27_100, 1.32),
    (28_100, 1.02),
    (40_130, 1.1),
];

/// A town near another one.
pub(super) struct Near {
    /// Its position.
    pub(super) town: usize,
    pub(super) km: f64,
    /// Share of the other's commuters who work there.
    pub(super) commute: f64,
    /// Share of the other's outings that go there.
    pub(super) outing: f64,
}

/// The towns near each town, itself among them, by position.
pub(super) fn of_towns(all: &[Municipality], towns: &[Town]) -> Vec<Vec<Near>> {
    let mut near: Vec<Vec<Near>> = all.iter().enumerate().map(|home| around(home, all)).collect();
    commutes(&mut near, towns);
    outings(&mut near, towns);
    near
}

fn around((position, home): (usize, &Municipality), all: &[Municipality]) -> Vec<Near> {
    let near = all.iter().enumerate().filter_map(|(town, to)| {
        let km = if town == position {
            // The mean way to a place in the same town: half of its radius, were it round and lived in all over.
            0.5 * (home.area_km2 / std::f64::consts::PI).sqrt().min(12.0)
        } else {
            distance_km((home.latitude, home.longitude), (to.latitude, to.longitude))
        };
        (km <= FURTHEST_KM).then_some(Near { town, km, commute: 0.0, outing: 0.0 })
    });
    near.collect()
}

/// Day over night population of a town.
fn day_ratio(code: MunicipalityCode) -> f64 {
    if let Some((_, ratio)) = CENTRES.iter().find(|(centre, _)| *centre == code.number()) {
        return *ratio;
    }
    match code.prefecture().number() {
        11 | 12 | 14 => 0.87,
        13 | 29 => 0.9,
        27 => 0.93,
        28 => 0.95,
        _ => 1.0,
    }
}

fn commutes(near: &mut [Vec<Near>], towns: &[Town]) {
    let workers: Vec<f64> = towns.iter().map(|town| COMMUTERS * town.panel).collect();
    let mut jobs: Vec<f64> =
        towns.iter().map(|town| town.panel * (day_ratio(town.code) - 1.0 + COMMUTERS)).collect();
    let all = workers.iter().sum::<f64>() / jobs.iter().sum::<f64>();
    jobs.iter_mut().for_each(|jobs| *jobs *= all);
    let mut balance = vec![1.0; towns.len()];
    let pull =
        |near: &Near, balance: &[f64]| jobs[near.town] * balance[near.town] * (-near.km / COMMUTE_KM).exp();
    for _ in 0..ROUNDS {
        let mut filled = vec![0.0; towns.len()];
        for (home, workers) in near.iter().zip(&workers) {
            let sum: f64 = home.iter().map(|near| pull(near, &balance)).sum();
            for near in home.iter().filter(|_| sum > 0.0) {
                filled[near.town] += workers * pull(near, &balance) / sum;
            }
        }
        let of_towns = balance.iter_mut().zip(&jobs).zip(&filled).filter(|(_, filled)| **filled > 0.0);
        of_towns.for_each(|((balance, jobs), filled)| *balance *= (jobs / filled).clamp(0.2, 5.0));
    }
    for home in near {
        let sum: f64 = home.iter().map(|near| pull(near, &balance)).sum();
        home.iter_mut().filter(|_| sum > 0.0).for_each(|near| near.commute = pull(near, &balance) / sum);
    }
}

fn outings(near: &mut [Vec<Near>], towns: &[Town]) {
    // A city has more to go to than its size alone gives it among visitors from afar.
    let draw = |town: &Town| (town.panel * town.ties.iter().sum::<f64>()).sqrt() * town.leisure;
    let draws: Vec<f64> = towns.iter().map(draw).collect();
    for (position, home) in near.iter_mut().enumerate() {
        let pull = |near: &Near| {
            let own = if near.town == position { OWN_TOWN } else { 1.0 };
            own * draws[near.town] * (-near.km / OUTING_KM).exp()
        };
        let sum: f64 = home.iter().map(pull).sum();
        home.iter_mut().filter(|_| sum > 0.0).for_each(|near| near.outing = pull(near) / sum);
    }
}
