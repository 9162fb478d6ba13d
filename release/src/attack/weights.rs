//! Weights: can raw counts be read from people?
//!
//! In: a release in people, base 10: persons = round10(value x weight), weight = census population / residents
//! in the panel. Where the release does not print its weights, they are found: the population is public, residents
//! are a whole number, and a candidate fits when every figure is a whole number of devices times its weight.
//! Out: the share of figures whose exact raw count the attacker writes down. And, from two publications with and
//! without one device: the prefecture in which it lives, as the one whose residents fell.

use std::collections::BTreeMap;

use super::key::{Key, PREFECTURES};
use super::mechanism::{Mechanism, People, round_to_10};
use super::world::World;

/// Residents per thousand people that an outsider thinks possible: less than a factor of two, for twice the
/// residents and twice the devices are the same persons.
const PANEL_PER_MILLE: (f64, f64) = (24.0, 40.0);

/// What the attack reached.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Decoded {
    /// Figures by origin that are shown.
    pub figures: usize,
    /// Of these, how many raw counts were exact.
    pub exact: usize,
    /// Prefectures whose weight one candidate alone fits.
    pub settled: usize,
}

impl Decoded {
    /// Share of raw counts that were exact.
    pub(crate) fn share(&self) -> f64 {
        self.exact as f64 / self.figures as f64
    }
}

/// Attacks the figures by origin of a release.
pub(crate) fn attack(mechanism: &dyn Mechanism, world: &World, seed: u64, decoded: &mut Decoded) {
    let people = mechanism.people(world, seed);
    for home in 0..PREFECTURES {
        let persons = persons_from(&people, home);
        let weights = weights_of(&people, world, home);
        decoded.settled += usize::from(weights.len() == 1);
        decoded.figures += persons.len();
        let Some(weight) = weights.first() else { continue };
        let right = |(key, persons): &(&Key, &f64)| {
            devices(&people, **persons, *weight).round() == f64::from(world.count(key))
        };
        decoded.exact += persons.iter().filter(right).count();
    }
}

/// The prefecture whose residents fell most from one publication to the next.
pub(crate) fn home_of_the_missing(
    mechanism: &dyn Mechanism,
    world: &World,
    revised: &World,
    seed: u64,
) -> Option<u8> {
    let residents = |world: &World| -> Vec<Option<f64>> {
        let people = mechanism.people(world, seed);
        let weight = |home| weights_of(&people, world, home).first().copied();
        (0..PREFECTURES).map(|home| Some(world.population(home) / weight(home)?)).collect()
    };
    let fell = residents(world).into_iter().zip(residents(revised)).zip(0..PREFECTURES);
    let fell = fell.filter_map(|((before, after), home)| Some((before? - after?, home)));
    fell.filter(|(by, _)| *by > 0.5).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, home)| home)
}

fn persons_from(people: &People, home: u8) -> BTreeMap<Key, f64> {
    let from_home = people.persons.iter().filter(|(key, _)| key.origin == Some(home));
    from_home.map(|(key, persons)| (*key, *persons)).collect()
}

/// The printed weight of a prefecture, or all that fit.
fn weights_of(people: &People, world: &World, home: u8) -> Vec<f64> {
    match people.weights {
        Some(printed) => vec![printed[usize::from(home)]],
        None => candidates(&persons_from(people, home), world.population(home)),
    }
}

/// Weights that fit all figures of an origin, the likeliest first.
fn candidates(persons: &BTreeMap<Key, f64>, population: f64) -> Vec<f64> {
    let (least, most) = (population * PANEL_PER_MILLE.0 / 1e3, population * PANEL_PER_MILLE.1 / 1e3);
    let weights = (least as u32..=most as u32).map(|residents| population / f64::from(residents.max(1)));
    let fits = |weight: &f64| {
        persons.values().all(|persons| round_to_10((persons / weight).round() * weight) == *persons)
    };
    weights.filter(fits).collect()
}

/// Devices of a figure in people: undoes the weight, and the correction v - c / v.
fn devices(people: &People, persons: f64, weight: f64) -> f64 {
    let corrected = persons / weight;
    (corrected + (corrected * corrected + 4.0 * people.correction).sqrt()) / 2.0
}

#[cfg(test)]
mod tests {
    use super::super::canaries::{Suppression, ThresholdOnly};
    use super::super::ours::OURS;
    use super::super::worlds;
    use super::*;

    fn over(mechanism: &dyn Mechanism, worlds: impl Iterator<Item = u64>) -> Decoded {
        let mut decoded = Decoded::default();
        worlds.for_each(|seed| attack(mechanism, &World::of_seed(seed), seed, &mut decoded));
        decoded
    }

    #[test]
    fn raw_counts_are_read_no_more_often_than_the_noise_allows() {
        let found = over(&OURS, worlds());
        assert!(found.figures > 1_000 && found.share() < 0.10, "{found:?}: {}", found.share());
    }

    #[test]
    fn raw_counts_are_read_where_persons_are_exact_counts_times_a_weight() {
        for mechanism in [&ThresholdOnly as &dyn Mechanism, &Suppression] {
            let found = over(mechanism, 1..5);
            assert!(found.share() > 0.95, "{}: {found:?}", mechanism.name());
        }
    }

    /// Share of missing devices whose home is named rightly.
    fn homes_named(mechanism: &dyn Mechanism, worlds: impl Iterator<Item = u64>) -> f64 {
        let (mut right, mut asked) = (0.0, 0.0);
        for seed in worlds {
            let world = World::of_seed(seed);
            for turn in 1..4 {
                let missing = (seed as usize * 97 * turn) % world.devices.len();
                let named = home_of_the_missing(mechanism, &world, &world.without(missing), seed);
                right += f64::from(u8::from(named == Some(world.devices[missing].home)));
                asked += 1.0;
            }
        }
        right / asked
    }

    #[test]
    fn printed_weights_do_not_tell_where_a_missing_device_lived() {
        let right = homes_named(&OURS, worlds());
        assert!(right < 0.5, "{right} named");
    }

    #[test]
    fn exact_residents_tell_where_a_missing_device_lived() {
        let right = homes_named(&ThresholdOnly, 1..6);
        assert!(right > 0.9, "{right} named");
    }
}
