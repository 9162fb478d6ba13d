//! The seam between what publishes and what attacks.
//!
//! In: a world and a seed that stands for the secret. Out: what a reader of the release has. Figures are in
//! devices, as far as they can be decoded from people (the attack on weights decodes them). Everything that the
//! documents of a release say is public: how large the noise is, below which value a figure is hidden, how it is
//! rounded, and how noise hangs together over months.

use std::collections::BTreeMap;

use super::key::{Key, PREFECTURES};
use super::world::World;

/// What a reader sees of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Seen {
    /// The value in devices.
    Shown {
        /// Devices, with whatever was done to them.
        value: f64,
    },
    /// A hidden figure.
    Hidden,
}

/// A published figure that was computed from others, hidden ones too: a sum of `terms` with their factors.
#[derive(Debug, Clone)]
pub(crate) struct Computed {
    /// The figures in it.
    pub terms: Vec<(Key, f64)>,
    /// The sum, in devices.
    pub value: f64,
}

/// A release in people.
#[derive(Debug, Clone)]
pub(crate) struct People {
    /// Persons of the figures by origin that are shown.
    pub persons: BTreeMap<Key, f64>,
    /// The weight of each prefecture of residence, where the release prints it.
    pub weights: Option<[f64; PREFECTURES as usize]>,
    /// How the value was corrected before it was weighed: v - correction / v.
    pub correction: f64,
}

/// A way to publish.
pub(crate) trait Mechanism {
    /// How reports call it.
    fn name(&self) -> &'static str;

    /// Every figure of the lattice, shown or hidden.
    fn publish(&self, world: &World, seed: u64) -> BTreeMap<Key, Seen>;

    /// Declared standard deviation of the noise; 0 = exact.
    fn sigma(&self, key: &Key) -> f64;

    /// A hidden figure's value, with its noise, lies below this.
    fn hidden_below(&self, key: &Key) -> f64;

    /// Multiple to which values are rounded; 0 = as they are.
    fn rounding(&self) -> f64;

    /// The farthest that a value can lie from its count: by default 6 sigma and half of the rounding.
    fn reach(&self, key: &Key) -> f64 {
        6.0 * self.sigma(key) + self.rounding() / 2.0
    }

    /// The seed with which a period is published once more; by default the same one.
    fn seed_of_edition(&self, seed: u64, _edition: u64) -> u64 {
        seed
    }

    /// Correlation of the noise of a figure with that of the same figure some months apart.
    fn correlation(&self, months_apart: u16) -> f64 {
        if months_apart == 0 { 1.0 } else { 0.0 }
    }

    /// The value without its noise, as the documents explain it.
    fn expected(&self, count: u32) -> f64 {
        let count = f64::from(count);
        if self.rounding() > 0.0 { (count / self.rounding()).round() * self.rounding() } else { count }
    }

    /// Rungs computed from the figures of the lattice.
    fn computed(&self, _world: &World, _seed: u64) -> Vec<Computed> {
        Vec::new()
    }

    /// The release in people: by default, as before noise: weights from exact residents, not printed, base 10.
    fn people(&self, world: &World, seed: u64) -> People {
        let weight = |home: u8| world.population(home) / f64::from(world.residents(home));
        let seen = self.publish(world, seed);
        let persons = seen.iter().filter_map(|(key, seen)| match (seen, key.origin) {
            (Seen::Shown { value }, Some(home)) => Some((*key, round_to_10(value * weight(home)))),
            _ => None,
        });
        People { persons: persons.collect(), weights: None, correction: 0.0 }
    }
}

/// Rounds to the display base of people.
pub(crate) fn round_to_10(people: f64) -> f64 {
    (people / 10.0).round() * 10.0
}
