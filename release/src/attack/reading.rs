//! What a reader has after subtraction: shown figures, and hidden ones that computed rungs give away.
//!
//! In: a release. Out: values by figure. A sum in which one figure alone is unknown gives that figure's value,
//! and so on until nothing moves: all minus outside is inside, a quarter minus two months is the third. What
//! comes out carries the noise of its own draw, as if it had been shown.

use std::collections::BTreeMap;

use super::key::Key;
use super::mechanism::{Computed, Mechanism, Seen};
use super::world::World;

/// Values that a reader knows, with their noise.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    /// Values by figure.
    pub values: BTreeMap<Key, f64>,
    /// Hidden figures whose values were given away.
    pub given_away: Vec<Key>,
    /// Figures that the release has.
    pub seen: BTreeMap<Key, Seen>,
    /// Computed rungs in which more than one figure is unknown.
    pub open: Vec<Computed>,
}

impl Reading {
    /// Reads a release, computed rungs included.
    pub(crate) fn of(mechanism: &dyn Mechanism, world: &World, seed: u64) -> Self {
        let mut reading = Self::of_lattice(mechanism, world, seed);
        reading.open = mechanism.computed(world, seed);
        reading.subtract();
        reading
    }

    /// Reads the figures of the lattice alone.
    pub(crate) fn of_lattice(mechanism: &dyn Mechanism, world: &World, seed: u64) -> Self {
        let seen = mechanism.publish(world, seed);
        let values = seen.iter().filter_map(|(key, seen)| match seen {
            Seen::Shown { value } => Some((*key, *value)),
            Seen::Hidden => None,
        });
        Self { values: values.collect(), given_away: Vec::new(), seen, open: Vec::new() }
    }

    /// Whether a figure is shown by itself.
    pub(crate) fn is_shown(&self, key: &Key) -> bool {
        matches!(self.seen.get(key), Some(Seen::Shown { .. }))
    }

    fn subtract(&mut self) {
        loop {
            let before = self.open.len();
            for sum in std::mem::take(&mut self.open) {
                let unknown: Vec<_> =
                    sum.terms.iter().filter(|(key, _)| !self.values.contains_key(key)).collect();
                match unknown[..] {
                    [] => {}
                    [&(key, factor)] => {
                        let known = sum.terms.iter().filter_map(|(key, f)| Some(f * self.values.get(key)?));
                        let value = (sum.value - known.sum::<f64>()) / factor;
                        self.values.insert(key, value);
                        self.given_away.push(key);
                    }
                    _ => self.open.push(sum),
                }
            }
            if self.open.len() == before {
                return;
            }
        }
    }
}
