//! The design, written a second time in floating point, from its description alone.
//!
//! In: exact counts. Out: value = round(count + noise), noise an AR(1) of phi 2/3 cut at 12 terms from seeds that
//! hang on the secret, on the edition and on all counts of the month; at most K - 1 where the count is below 10; shown from K on;
//! what contains a shown figure is shown and never smaller. Towns: sigma 5, K 25. Totals: sigma 15, K 55. The
//! computed rungs are those of the release: outside of the prefecture, the rest of a prefecture, person-
//! municipalities, means of quarters and of a year. The generator is splitmix64: enough to be attacked by
//! statistics, not by cryptanalysis.

use std::collections::BTreeMap;

use super::key::*;
use super::mechanism::{Computed, Mechanism, People, Seen, round_to_10};
use super::normal::quantile;
use super::world::{World, mixed};

/// The design, with the parameter that its canary changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ours {
    /// Share of a month's noise that goes on into the next: 2/3.
    pub phi: f64,
}

/// The design as it is.
pub(crate) const OURS: Ours = Ours { phi: 2.0 / 3.0 };

const TERMS: usize = 12;
const LEAST_DEVICES: u32 = 10;
/// Index of a power law, as if it had been fitted.
const ALPHA: f64 = 1.2;

/// Values after the draw, and which are shown.
struct Drawn {
    values: Vec<f64>,
    shown: Vec<bool>,
}

impl Ours {
    fn threshold(key: &Key) -> f64 {
        if matches!(key.place, Place::Town(_)) { 25.0 } else { 55.0 }
    }

    fn spread(key: &Key) -> f64 {
        if matches!(key.place, Place::Town(_)) { 5.0 } else { 15.0 }
    }

    fn drawn(&self, world: &World, secret: u64) -> Drawn {
        let before = (1..TERMS as u64).rev().map(|month| prf(&[secret, 1, month]));
        let sealed = (0..MONTHS).map(|month| {
            world.keys_of(month).fold(prf(&[secret, 2, u64::from(month)]), |digest, key| {
                prf(&[digest, key.figure(), u64::from(world.count(&key))])
            })
        });
        let seeds: Vec<u64> = before.chain(sealed).collect();
        let share = ((1.0 - self.phi.powi(2)) / (1.0 - self.phi.powi(2 * TERMS as i32))).sqrt();
        let factors: Vec<f64> = (0..TERMS).map(|lag| share * self.phi.powi(lag as i32)).collect();
        let mut values = vec![0.0; SLOTS];
        for key in world.keys_of(0) {
            let z: Vec<f64> = seeds.iter().map(|seed| normal(&[*seed, key.figure()])).collect();
            for month in 0..MONTHS {
                let newest = usize::from(month) + TERMS - 1;
                let noise: f64 = factors.iter().enumerate().map(|(lag, a)| a * z[newest - lag]).sum();
                let key = key.at(month);
                let count = world.count(&key);
                let value = (f64::from(count) + Self::spread(&key) * noise).round();
                let most = if count < LEAST_DEVICES { Self::threshold(&key) - 1.0 } else { f64::INFINITY };
                values[key.slot()] = value.min(most);
            }
        }
        let mut shown = vec![false; SLOTS];
        world.keys().for_each(|key| shown[key.slot()] = values[key.slot()] >= Self::threshold(&key));
        let mut drawn = Drawn { values, shown };
        (0..MONTHS).for_each(|month| drawn.close(world, month));
        drawn
    }
}

impl Drawn {
    /// What contains a shown figure is shown, and never smaller: parts first, then what contains them.
    fn close(&mut self, world: &World, month: u16) {
        for town in world.towns() {
            let all = Key { month, place: Place::Town(*town), kind: VISITOR, origin: None };
            for home in 0..PREFECTURES {
                self.close_kinds(all.from(Some(home)));
                (0..KINDS).for_each(|kind| self.raise(all.of(kind), all.of(kind).from(Some(home))));
            }
            self.close_kinds(all);
            let prefecture = Key { place: Place::Prefecture(prefecture_of(*town)), ..all };
            (0..KINDS_OF_TOTALS).for_each(|kind| self.raise(prefecture.of(kind), all.of(kind)));
        }
        let country = Key { month, place: Place::Country, kind: VISITOR, origin: None };
        for prefecture in 0..PREFECTURES {
            let prefecture = Key { place: Place::Prefecture(prefecture), ..country };
            self.close_kinds(prefecture);
            (0..KINDS_OF_TOTALS).for_each(|kind| self.raise(country.of(kind), prefecture.of(kind)));
        }
        self.close_kinds(country);
    }

    fn close_kinds(&mut self, key: Key) {
        let kinds = if matches!(key.place, Place::Town(_)) { KINDS } else { KINDS_OF_TOTALS };
        for (whole, part) in INSIDE.iter().filter(|(whole, part)| *whole < kinds && *part < kinds) {
            self.raise(key.of(*whole), key.of(*part));
        }
    }

    fn raise(&mut self, whole: Key, part: Key) {
        if self.shown[part.slot()] {
            self.shown[whole.slot()] = true;
            self.values[whole.slot()] = self.values[whole.slot()].max(self.values[part.slot()]);
        }
    }

    /// A sum of figures, published from `threshold` on.
    fn sum(&self, terms: Vec<(Key, f64)>, threshold: f64) -> Option<Computed> {
        let value: f64 = terms.iter().map(|(key, factor)| factor * self.values[key.slot()]).sum();
        (value >= threshold).then_some(Computed { terms, value })
    }
}

impl Mechanism for Ours {
    fn name(&self) -> &'static str {
        if self.phi == 0.0 { "independent noise" } else { "ours" }
    }

    fn publish(&self, world: &World, seed: u64) -> BTreeMap<Key, Seen> {
        let drawn = self.drawn(world, seed);
        let seen = |key: Key| match drawn.shown[key.slot()] {
            true => (key, Seen::Shown { value: drawn.values[key.slot()] }),
            false => (key, Seen::Hidden),
        };
        world.keys().map(seen).collect()
    }

    fn sigma(&self, key: &Key) -> f64 {
        Self::spread(key)
    }

    fn hidden_below(&self, key: &Key) -> f64 {
        Self::threshold(key)
    }

    fn rounding(&self) -> f64 {
        0.0
    }

    fn seed_of_edition(&self, seed: u64, edition: u64) -> u64 {
        prf(&[seed, edition])
    }

    fn correlation(&self, months_apart: u16) -> f64 {
        if months_apart == 0 { 1.0 } else { self.phi.powi(i32::from(months_apart)) }
    }

    fn computed(&self, world: &World, seed: u64) -> Vec<Computed> {
        let drawn = self.drawn(world, seed);
        let mut found = Vec::new();
        for key in world.keys().filter(|key| matches!(key.place, Place::Town(_))) {
            let Place::Town(town) = key.place else { continue };
            if key.origin.is_none() {
                let own = key.from(Some(prefecture_of(town)));
                found.extend(drawn.sum(vec![(key, 1.0), (own, -1.0)], 32.0));
            }
            for (months, threshold) in [(3, 23.0), (12, 19.0)] {
                if key.month % months == 0 && key.month + months <= MONTHS {
                    let share = 1.0 / f64::from(months);
                    let terms = (key.month..key.month + months).map(|month| (key.at(month), share));
                    found.extend(drawn.sum(terms.collect(), threshold));
                }
            }
        }
        for key in (0..MONTHS).flat_map(totals_of) {
            let inside = |town: &&u16| key.place == Place::Prefecture(prefecture_of(**town));
            let of_towns = |town: &u16| Key { place: Place::Town(*town), ..key };
            if key.place == Place::Country {
                let towns: Vec<_> = world.towns().iter().map(|town| (of_towns(town), 1.0)).collect();
                let threshold = threshold_of_sum(towns.len());
                found.extend(drawn.sum(towns, threshold));
            } else {
                let towns = world.towns().iter().filter(inside).map(of_towns);
                let rest: Vec<_> = towns.filter(|t| !drawn.shown[t.slot()]).map(|t| (t, 1.0)).collect();
                let threshold = threshold_of_sum(rest.len());
                found.extend(drawn.sum(rest, threshold));
            }
        }
        found
    }

    fn people(&self, world: &World, seed: u64) -> People {
        let digest = (0..PREFECTURES)
            .fold(prf(&[seed, 3]), |digest, home| prf(&[digest, u64::from(world.residents(home))]));
        let residents = |home: u8| {
            let noise = 15.0 * normal(&[digest, u64::from(home)]);
            (f64::from(world.residents(home)) + noise).round().max(1.0)
        };
        let weights = std::array::from_fn(|home| world.population(home as u8) / residents(home as u8));
        let correction = 25.0 * ALPHA;
        let seen = self.publish(world, seed);
        let persons = seen.iter().filter_map(|(key, seen)| match (seen, key.origin) {
            (Seen::Shown { value }, Some(home)) => {
                Some((*key, round_to_10((value - correction / value) * weights[usize::from(home)])))
            }
            _ => None,
        });
        People { persons: persons.collect(), weights: Some(weights), correction }
    }
}

/// k + 3 sigma of a sum of so many figures.
fn threshold_of_sum(figures: usize) -> f64 {
    (10.0 + 15.0 * (figures as f64).sqrt()).ceil().max(25.0)
}

/// A keyed pseudo-random function: the first part is the key.
pub(crate) fn prf(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state: u64, part| {
        mixed(state.rotate_left(17) ^ mixed(part.wrapping_add(0x9e37_79b9_7f4a_7c15)))
    })
}

/// A standard normal number from the same.
pub(crate) fn normal(parts: &[u64]) -> f64 {
    quantile(((prf(parts) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
}

#[test]
fn nothing_below_ten_devices_is_shown_and_what_contains_a_shown_figure_is_shown_and_no_smaller() {
    let world = World::of_seed(2);
    for seen in (0..20).map(|secret| OURS.publish(&world, secret)) {
        for (part, shown) in &seen {
            let Seen::Shown { value } = shown else { continue };
            assert!(world.count(part) >= LEAST_DEVICES, "{part:?}");
            let kinds = INSIDE.iter().filter(|(_, kind)| *kind == part.kind);
            let wholes = kinds.map(|(whole, _)| part.of(*whole));
            for whole in wholes.chain(part.origin.map(|_| part.from(None))) {
                let Seen::Shown { value: larger } = seen[&whole] else { panic!("{whole:?} is hidden") };
                assert!(larger >= *value, "{whole:?} {larger}, {part:?} {value}");
            }
        }
    }
}

#[test]
fn noise_has_its_spread_and_its_correlation_over_months() {
    let (mut square, mut product, mut count) = (0.0, 0.0, 0.0);
    for secret in 0..40 {
        let world = World::of_seed(1);
        let drawn = OURS.drawn(&world, secret);
        let left = |key: Key| drawn.values[key.slot()] - f64::from(world.count(&key));
        let large = |key: &Key| (0..MONTHS).all(|month| world.count(&key.at(month)) >= 60);
        let is_leaf = |key: &Key| key.origin.is_some() && !matches!(key.kind, VISITOR | REPEAT);
        for key in world.keys_of(3).filter(|key| is_leaf(key) && large(key)) {
            square += left(key) * left(key);
            product += left(key) * left(key.at(5));
            count += 1.0;
        }
    }
    let (variance, share) = (square / count, product / square);
    assert!((variance - 25.0).abs() < 2.5, "{variance} of {count}");
    assert!((share - 4.0 / 9.0).abs() < 0.06, "{share} two months on, of {count}");
}
