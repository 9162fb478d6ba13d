//! Averaging: does noise vanish in the mean over months, over publications of the same month, or in differences?
//!
//! In: releases. Out: root mean square of what is left of the noise. Over months it must not fall by more than
//! the declared correlation allows: 12 months of AR(1) noise with phi 2/3 and sigma 5 leave 2.9, independent noise
//! leaves 1.4. Publishing again from the same counts must leave the whole of it. The difference of two figures must
//! carry the noise of both, 7.1: two figures that share a draw give it away exactly.

use std::collections::BTreeMap;

use super::key::*;
use super::mechanism::{Mechanism, Seen};
use super::reading::Reading;
use super::world::World;

/// Counts from which on selection by the threshold moves no mean.
const FAR_ABOVE_THRESHOLD: u32 = 50;

/// A root mean square in the making.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Error {
    squares: f64,
    count: f64,
}

impl Error {
    fn add(&mut self, error: f64) {
        self.squares += error * error;
        self.count += 1.0;
    }

    /// How many there are.
    pub(crate) fn count(&self) -> f64 {
        self.count
    }

    /// The root mean square.
    pub(crate) fn rms(&self) -> f64 {
        (self.squares / self.count).sqrt()
    }
}

/// Large figures of single origins: nothing that contains or lies inside others moves them.
fn is_large(world: &World, key: &Key) -> bool {
    let is_leaf = key.origin.is_some() && !matches!(key.kind, VISITOR | REPEAT);
    is_leaf && (0..MONTHS).all(|month| world.count(&key.at(month)) >= FAR_ABOVE_THRESHOLD)
}

/// The mean of the last twelve months of each large figure, against the mean of its counts.
pub(crate) fn over_months(mechanism: &dyn Mechanism, world: &World, seed: u64, error: &mut Error) {
    let seen = mechanism.publish(world, seed);
    for key in world.keys_of(0).filter(|key| is_large(world, key)) {
        let left = (MONTHS - 12..MONTHS).filter_map(|month| match seen[&key.at(month)] {
            Seen::Shown { value } => Some(value - f64::from(world.count(&key.at(month)))),
            Seen::Hidden => None,
        });
        error.add(left.sum::<f64>() / 12.0);
    }
}

/// The mean of the last month over `runs` publications from the same counts and the same secret.
pub(crate) fn over_runs(mechanism: &dyn Mechanism, world: &World, seed: u64, runs: u32, error: &mut Error) {
    let large = |key: &Key| is_large(world, key);
    let mut sums: BTreeMap<Key, f64> =
        world.keys_of(MONTHS - 1).filter(large).map(|key| (key, 0.0)).collect();
    for _ in 0..runs {
        let seen = mechanism.publish(world, seed);
        sums.iter_mut().for_each(|(key, sum)| match seen[key] {
            Seen::Shown { value } => *sum += value - f64::from(world.count(key)),
            Seen::Hidden => {}
        });
    }
    sums.values().for_each(|sum| error.add(sum / f64::from(runs)));
}

/// The difference of each two large figures of a town and month, against the difference of their counts.
pub(crate) fn in_differences(mechanism: &dyn Mechanism, world: &World, seed: u64, error: &mut Error) {
    let seen = mechanism.publish(world, seed);
    for town in world.towns() {
        let large: Vec<f64> = figures_of(MONTHS - 1, *town)
            .filter(|key| is_large(world, key))
            .filter_map(|key| match seen[&key] {
                Seen::Shown { value } => Some(value - f64::from(world.count(&key))),
                Seen::Hidden => None,
            })
            .collect();
        large.windows(2).for_each(|pair| error.add(pair[0] - pair[1]));
    }
}

/// The mean over twelve months of hidden figures of 1 to 9 devices, where computed rungs give all months away.
pub(crate) fn of_given_away(mechanism: &dyn Mechanism, world: &World, seed: u64, error: &mut Error) {
    let reading = Reading::of(mechanism, world, seed);
    let months = MONTHS - 12..MONTHS;
    for key in world.keys_of(0).filter(|key| matches!(key.place, Place::Town(_))) {
        let counts = months.clone().map(|month| world.count(&key.at(month)));
        let is_small = counts.clone().all(|count| (1..10).contains(&count));
        let values: Option<Vec<f64>> =
            months.clone().map(|month| reading.values.get(&key.at(month)).copied()).collect();
        if let (true, Some(values)) = (is_small, values) {
            error.add((values.iter().sum::<f64>() - f64::from(counts.sum::<u32>())) / 12.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::canaries::{AfreshEachRun, OneDrawPerPlace};
    use super::super::ours::{OURS, Ours};
    use super::super::worlds;
    use super::*;

    fn months_of(mechanism: &dyn Mechanism) -> f64 {
        let mut error = Error::default();
        worlds().for_each(|seed| over_months(mechanism, &World::of_seed(seed), seed, &mut error));
        error.rms()
    }

    fn runs_of(mechanism: &dyn Mechanism) -> f64 {
        let mut error = Error::default();
        (1..4).for_each(|seed| over_runs(mechanism, &World::of_seed(seed), seed, 40, &mut error));
        error.rms()
    }

    #[test]
    fn the_mean_of_twelve_months_keeps_more_than_half_of_the_noise() {
        let left = months_of(&OURS);
        assert!(left > 2.5, "{left} of 5 devices are left");
    }

    #[test]
    fn the_mean_of_twelve_months_removes_noise_that_forgets() {
        let left = months_of(&Ours { phi: 0.0 });
        assert!(left < 1.8, "{left} of 5 devices are left");
    }

    #[test]
    fn hidden_figures_that_rungs_give_away_keep_half_of_the_noise_over_a_year() {
        let mut error = Error::default();
        worlds().for_each(|seed| of_given_away(&OURS, &World::of_seed(seed), seed, &mut error));
        assert!(error.rms() > 2.0, "{} of 5 devices are left", error.rms());
    }

    #[test]
    fn publishing_the_same_counts_again_tells_nothing_new() {
        let left = runs_of(&OURS);
        assert!(left > 4.0, "{left} of 5 devices are left");
    }

    #[test]
    fn publishing_again_removes_noise_that_is_drawn_afresh() {
        let left = runs_of(&AfreshEachRun::default());
        assert!(left < 1.2, "{left} of 5 devices are left");
    }

    fn differences_of(mechanism: &dyn Mechanism) -> f64 {
        let mut error = Error::default();
        worlds().for_each(|seed| in_differences(mechanism, &World::of_seed(seed), seed, &mut error));
        error.rms()
    }

    #[test]
    fn the_difference_of_two_figures_carries_the_noise_of_both() {
        let left = differences_of(&OURS);
        assert!(left > 6.0, "{left} of 7.1 devices are left");
    }

    #[test]
    fn the_difference_of_two_figures_is_exact_where_they_share_a_draw() {
        let left = differences_of(&OneDrawPerPlace);
        assert!(left < 1.0, "{left} of 7.1 devices are left");
    }
}
