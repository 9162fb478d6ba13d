//! Revisions: a device comes late, or is forgotten, and the period is published again. Whose figures moved?
//!
//! In: releases with and without one device. Out: how well changes tell the device's figures from all others of
//! the same month, as an area under the curve (0.5 = by chance), and how well they tell its towns when all
//! figures of a town are taken together. The attacker takes the better of two signs: how far a figure moved, and
//! that it moved the way the device went, in units of its noise. Figures near the threshold are left out: those that are seen twice
//! stayed above it, and therefore moved less, whoever is in them.
//!
//! A month in which nothing moved tells that the device was not there. Only a new edition of everything hides
//! that, so such months are counted apart.

use std::collections::BTreeMap;

use super::key::*;
use super::mechanism::{Mechanism, Seen};
use super::normal::area_under_curve;
use super::world::World;

/// Values from which on the threshold selects nothing.
const FAR_ABOVE_THRESHOLD: f64 = 50.0;

/// A world, the same world without a device, and how the second publication is made.
pub(crate) struct Revision<'a> {
    /// What was published first.
    pub world: &'a World,
    /// The same without a device.
    pub revised: &'a World,
    /// The edition of the second publication; 0 for the same one again.
    pub edition: u64,
}

/// Changes of the device's figures and of all others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moved {
    members: Vec<f64>,
    others: Vec<f64>,
    its_towns: Vec<f64>,
    other_towns: Vec<f64>,
    /// Months in which no figure moved at all.
    pub still_months: usize,
}

impl Moved {
    /// Area under the curve of telling the device's figures from others.
    pub(crate) fn figures(&self) -> f64 {
        let far = |changes: &[f64]| changes.iter().map(|change| change.abs()).collect::<Vec<_>>();
        let directed = area_under_curve(&self.members, &self.others);
        directed.max(area_under_curve(&far(&self.members), &far(&self.others)))
    }

    /// Area under the curve of telling the device's towns from others.
    pub(crate) fn towns(&self) -> f64 {
        area_under_curve(&self.its_towns, &self.other_towns)
    }

    /// Publishes twice and adds what moved.
    pub(crate) fn add(&mut self, mechanism: &dyn Mechanism, seed: u64, revision: &Revision) {
        let Revision { world, revised, edition } = revision;
        let again = if *edition == 0 { seed } else { mechanism.seed_of_edition(seed, *edition) };
        let mut changes = changes(&mechanism.publish(world, seed), &mechanism.publish(revised, again));
        changes.iter_mut().for_each(|(key, change)| *change /= mechanism.sigma(key).max(1.0));
        let is_member = |key: &Key| world.count(key) != revised.count(key);
        for month in 0..MONTHS {
            let has_member = world.keys_of(month).any(|key| is_member(&key));
            let of_month = || changes.iter().filter(|(key, _)| key.month == month);
            self.still_months += usize::from(of_month().all(|(_, change)| *change == 0.0));
            for (key, change) in of_month().filter(|_| has_member) {
                if is_member(key) { &mut self.members } else { &mut self.others }.push(*change);
            }
        }
        for town in world.towns() {
            let visitor = Key { month: 0, place: Place::Town(*town), kind: VISITOR, origin: None };
            let is_its_own = (0..MONTHS).any(|month| is_member(&visitor.at(month)));
            if let Some(score) = best_story(&changes, visitor) {
                if is_its_own { &mut self.its_towns } else { &mut self.other_towns }.push(score);
            }
        }
    }
}

/// How far each figure fell that is seen twice.
fn changes(before: &BTreeMap<Key, Seen>, after: &BTreeMap<Key, Seen>) -> BTreeMap<Key, f64> {
    let both = before.iter().filter_map(|(key, seen)| match (seen, after[key]) {
        (Seen::Shown { value }, Seen::Shown { value: later }) => Some((*key, *value, later)),
        _ => None,
    });
    let large = both.filter(|(_, value, later)| value + later >= 2.0 * FAR_ABOVE_THRESHOLD);
    large.map(|(key, value, later)| (key, value - later)).collect()
}

/// How well the best story fits the changes of a town: somebody of one prefecture, in one class of visit days.
/// `None` where nothing of the town is seen twice.
fn best_story(changes: &BTreeMap<Key, f64>, town: Key) -> Option<f64> {
    let stories = (0..PREFECTURES).flat_map(|home| (DAYS_1..KINDS).map(move |class| (home, class)));
    let fit = |(home, class): (u8, u8)| {
        let figures = [VISITOR, class]
            .into_iter()
            .flat_map(|kind| [None, Some(home)].into_iter().map(move |origin| town.of(kind).from(origin)));
        let moves = figures.flat_map(|figure| (0..MONTHS).map(move |month| figure.at(month)));
        let moves: Vec<f64> = moves.filter_map(|key| changes.get(&key)).copied().collect();
        moves.iter().sum::<f64>() / (moves.len().max(1) as f64).sqrt()
    };
    let is_seen = changes.keys().any(|key| key.place == town.place);
    is_seen.then(|| stories.map(fit).fold(f64::NEG_INFINITY, f64::max))
}

#[cfg(test)]
mod tests {
    use super::super::canaries::{CellKeys, ThresholdOnly};
    use super::super::ours::OURS;
    use super::super::worlds;
    use super::*;

    fn over(mechanism: &dyn Mechanism, edition: u64) -> Moved {
        let mut moved = Moved::default();
        for seed in worlds() {
            let world = World::of_seed(seed);
            for turn in 1..4 {
                let revised = world.without((seed as usize * 97 * turn) % world.devices.len());
                moved.add(mechanism, seed, &Revision { world: &world, revised: &revised, edition });
            }
        }
        moved
    }

    #[test]
    fn a_new_edition_without_a_device_tells_neither_its_figures_nor_its_months() {
        let found = over(&OURS, 1);
        assert!(found.figures() <= 0.6, "area under the curve {}", found.figures());
        assert!(found.towns() <= 0.75, "area under the curve of towns {}", found.towns());
        assert_eq!(found.still_months, 0, "a month in which nothing moves is one without the device");
    }

    #[test]
    fn publishing_again_names_the_figures_of_a_device_where_noise_hangs_on_the_set() {
        for mechanism in [&CellKeys as &dyn Mechanism, &ThresholdOnly] {
            let found = over(mechanism, 0);
            assert!(
                found.figures() > 0.9 && found.towns() > 0.9,
                "{}: area under the curve {}",
                mechanism.name(),
                found.figures()
            );
        }
    }

    #[test]
    fn the_same_edition_twice_tells_no_figure_but_the_months_in_which_a_device_was_there() {
        let found = over(&OURS, 0);
        assert!(found.figures() <= 0.6, "area under the curve {}", found.figures());
        assert!(found.still_months > 0, "why a correction must be a new edition of every month");
    }
}
