//! Signals: does it tell anything that a figure is shown, or has a row, at all?
//!
//! In: two worlds that differ by one device, and many draws of each. Out: how much oftener a figure is shown in one
//! than in the other, for the figure where it differs most. A decision on the noised count alone tells at most
//! what one device tells through the noise: 2 Phi(1 / (2 sigma)) - 1, which is 0.08 at sigma 5. A decision on the
//! exact count tells all when the device is the tenth; so does a neighbour hidden for its sake. That nothing is
//! shown below 10 devices is a decision on the exact count too: between 9 and 10 it is worth 0.002. Rows must not
//! hang on anybody: a hidden row that stands only where somebody is says that somebody is there.

use std::collections::{BTreeMap, BTreeSet};

use super::key::*;
use super::mechanism::{Mechanism, Seen};
use super::world::World;

/// The most that a figure's being shown tells one world from the other: the figure, and the difference between the
/// shares of draws in which it is shown.
pub(crate) fn attack(
    mechanism: &dyn Mechanism,
    world: &World,
    revised: &World,
    draws: u64,
) -> Option<(Key, f64)> {
    let mut lead: BTreeMap<Key, i64> = BTreeMap::new();
    for draw in 0..draws {
        // Two seeds: what is compared are chances, not the luck of one draw.
        for (world, sign, seed) in [(world, 1, 2 * draw), (revised, -1, 2 * draw + 1)] {
            let seen = mechanism.publish(world, seed);
            let shown = seen.iter().filter(|(_, seen)| matches!(seen, Seen::Shown { .. }));
            shown.for_each(|(key, _)| *lead.entry(*key).or_default() += sign);
        }
    }
    let of_last_month = lead.into_iter().filter(|(key, _)| key.month == MONTHS - 1);
    let share = |(key, lead): (Key, i64)| (key, lead.abs() as f64 / draws as f64);
    of_last_month.map(share).max_by(|a, b| a.1.total_cmp(&b.1))
}

/// Figures that have a row in one of two worlds only.
pub(crate) fn rows_that_tell(mechanism: &dyn Mechanism, world: &World, revised: &World) -> usize {
    let rows = |world| mechanism.publish(world, 0).into_keys().collect::<BTreeSet<_>>();
    rows(world).symmetric_difference(&rows(revised)).count()
}

/// A town of a world in which one device is the tenth of a figure, with and without that device's tie.
pub(crate) fn a_tenth_device(world: &World) -> Option<(World, World)> {
    let towns = (0..TOWNS).map(|town| world.only(town));
    towns.into_iter().find_map(|town| {
        let is_tenth = |key: &Key| matches!(key.place, Place::Town(_)) && town.count(key) == 10;
        let key = town.keys_of(MONTHS - 1).find(is_tenth)?;
        let devices = (0..town.devices.len()).filter(|device| !town.devices[*device].ties.is_empty());
        let mut without = devices.map(|device| town.without_tie(device, 0));
        let revised = without.find(|revised| revised.count(&key) == 9)?;
        Some((town, revised))
    })
}

#[cfg(test)]
mod tests {
    use super::super::canaries::{NoRowsForNobody, RoundingTo5, Suppression, ThresholdOnly};
    use super::super::ours::OURS;
    use super::super::worlds;
    use super::*;

    const DRAWS: u64 = 400;
    /// 0.08 for sigma 5, and four standard errors of the difference of two shares, as the worst of hundreds of
    /// figures is taken.
    const ALLOWED: f64 = 0.08 + 4.0 * 0.0354;

    #[test]
    fn being_shown_tells_no_more_than_the_noise_allows() {
        for seed in worlds().step_by(10) {
            let Some((world, revised)) = a_tenth_device(&World::of_seed(seed)) else { continue };
            let found = attack(&OURS, &world, &revised, DRAWS).unwrap();
            assert!(found.1 <= ALLOWED, "world {seed}: {found:?}");
        }
    }

    #[test]
    fn being_shown_tells_of_the_tenth_device_where_the_exact_count_decides() {
        let (world, revised) = a_tenth_device(&World::of_seed(1)).unwrap();
        let canaries: [&dyn Mechanism; 3] = [&ThresholdOnly, &RoundingTo5, &Suppression];
        for canary in canaries {
            let found = attack(canary, &world, &revised, 1).unwrap();
            assert_eq!(found.1, 1.0, "{}: {found:?}", canary.name());
        }
    }

    #[test]
    fn rows_do_not_hang_on_anybody() {
        let world = World::of_seed(1);
        let told =
            |mechanism: &dyn Mechanism, device| rows_that_tell(mechanism, &world, &world.without(device)) > 0;
        assert!((0..20).all(|device| !told(&OURS, device)));
        assert!((0..400).any(|device| told(&NoRowsForNobody, device)), "somebody was alone somewhere");
    }
}
