//! Mechanisms that must fall: an attacker that does not beat its canary is broken.
//!
//! In: exact counts. Out: what older or simpler rules would publish. Threshold only, with and without rows for nobody; threshold with secondary
//! suppression and rounding to 10 (the rules before noise); rounding to 5; cell keys (noise from the set of
//! devices, variance 4, at most 6); one
//! draw for all figures of a place; noise drawn afresh at every run. [`Ours`](super::ours::Ours) with phi 0 is
//! one more: noise that forgets from month to month.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::key::*;
use super::mechanism::{Mechanism, People, Seen, round_to_10};
use super::normal::quantile;
use super::ours::{normal, prf};
use super::world::World;

const LEAST_DEVICES: u32 = 10;

/// Exact counts from 10 devices on.
pub(crate) struct ThresholdOnly;

/// The same, with no rows for figures of nobody.
pub(crate) struct NoRowsForNobody;

/// Exact counts rounded to 10 devices; one more is hidden where one hidden could be subtracted.
pub(crate) struct Suppression;

/// Counts from 10 on, rounded to 5 devices.
pub(crate) struct RoundingTo5;

/// Noise that hangs on the set of devices: the same set, the same noise.
pub(crate) struct CellKeys;

/// Noise of sigma 5, one draw for all figures of a place and month: it goes away in every difference.
pub(crate) struct OneDrawPerPlace;

/// Noise of sigma 5, drawn afresh at every run and month.
#[derive(Default)]
pub(crate) struct AfreshEachRun {
    runs: Cell<u64>,
}

fn shown_if(is_shown: bool, value: f64) -> Seen {
    if is_shown { Seen::Shown { value } } else { Seen::Hidden }
}

impl Mechanism for ThresholdOnly {
    fn name(&self) -> &'static str {
        "threshold only"
    }

    fn publish(&self, world: &World, _seed: u64) -> BTreeMap<Key, Seen> {
        let seen = |count: u32| shown_if(count >= LEAST_DEVICES, f64::from(count));
        world.keys().map(|key| (key, seen(world.count(&key)))).collect()
    }

    fn sigma(&self, _key: &Key) -> f64 {
        0.0
    }

    fn hidden_below(&self, _key: &Key) -> f64 {
        f64::from(LEAST_DEVICES)
    }

    fn rounding(&self) -> f64 {
        0.0
    }
}

impl Mechanism for NoRowsForNobody {
    fn name(&self) -> &'static str {
        "no rows for nobody"
    }

    fn publish(&self, world: &World, seed: u64) -> BTreeMap<Key, Seen> {
        let rows = ThresholdOnly.publish(world, seed).into_iter();
        rows.filter(|(key, _)| world.count(key) > 0).collect()
    }

    fn sigma(&self, key: &Key) -> f64 {
        ThresholdOnly.sigma(key)
    }

    fn hidden_below(&self, key: &Key) -> f64 {
        ThresholdOnly.hidden_below(key)
    }

    fn rounding(&self) -> f64 {
        0.0
    }
}

impl Suppression {
    fn shown(world: &World) -> BTreeMap<Key, bool> {
        let mut shown: BTreeMap<Key, bool> =
            world.keys().map(|key| (key, world.count(&key) >= LEAST_DEVICES)).collect();
        let totals: Vec<(Key, Vec<Key>)> = world.keys().filter_map(parts_of).collect();
        loop {
            let before = shown.values().filter(|shown| **shown).count();
            for (whole, parts) in &totals {
                hide_one_more(world, &mut shown, *whole, parts);
            }
            for key in world.keys().filter(|key| key.kind == VISITOR) {
                for (whole, part) in INSIDE.iter().map(|(whole, part)| (key.of(*whole), key.of(*part))) {
                    let small = (1..LEAST_DEVICES).contains(&(world.count(&whole) - world.count(&part)));
                    if small && shown.get(&whole) == Some(&true) && shown.contains_key(&part) {
                        shown.insert(part, false);
                    }
                }
            }
            if shown.values().filter(|shown| **shown).count() == before {
                return shown;
            }
        }
    }
}

/// The figures of a town that add up to a figure: its origins.
fn parts_of(whole: Key) -> Option<(Key, Vec<Key>)> {
    let is_whole = matches!(whole.place, Place::Town(_)) && whole.origin.is_none();
    is_whole.then(|| (whole, (0..PREFECTURES).map(|home| whole.from(Some(home))).collect()))
}

/// Total minus shown parts must be nobody or at least ten devices: else the smallest shown part is hidden too.
fn hide_one_more(world: &World, shown: &mut BTreeMap<Key, bool>, whole: Key, parts: &[Key]) {
    let is_shown = |key: &Key| shown.get(key) == Some(&true);
    let hidden: u32 = parts.iter().filter(|part| !is_shown(part)).map(|part| world.count(part)).sum();
    if !is_shown(&whole) || hidden == 0 || hidden >= LEAST_DEVICES {
        return;
    }
    let smallest = parts.iter().filter(|part| is_shown(part)).min_by_key(|part| world.count(part));
    shown.insert(*smallest.unwrap_or(&whole), false);
}

impl Mechanism for Suppression {
    fn name(&self) -> &'static str {
        "suppression"
    }

    fn publish(&self, world: &World, _seed: u64) -> BTreeMap<Key, Seen> {
        let seen =
            |(key, shown): (Key, bool)| (key, shown_if(shown, round_to_10(f64::from(world.count(&key)))));
        Self::shown(world).into_iter().map(seen).collect()
    }

    fn sigma(&self, _key: &Key) -> f64 {
        0.0
    }

    fn hidden_below(&self, _key: &Key) -> f64 {
        f64::INFINITY
    }

    fn rounding(&self) -> f64 {
        10.0
    }

    fn people(&self, world: &World, _seed: u64) -> People {
        let weight = |home: u8| world.population(home) / f64::from(world.residents(home));
        let shown = Self::shown(world).into_iter().filter(|(_, shown)| *shown);
        let persons = shown.filter_map(|(key, _)| {
            let persons = round_to_10(f64::from(world.count(&key)) * weight(key.origin?));
            Some((key, persons))
        });
        People { persons: persons.collect(), weights: None, correction: 0.0 }
    }
}

impl Mechanism for RoundingTo5 {
    fn name(&self) -> &'static str {
        "rounding to 5"
    }

    fn publish(&self, world: &World, _seed: u64) -> BTreeMap<Key, Seen> {
        let seen = |count: u32| shown_if(count >= LEAST_DEVICES, self.expected(count));
        world.keys().map(|key| (key, seen(world.count(&key)))).collect()
    }

    fn sigma(&self, _key: &Key) -> f64 {
        0.0
    }

    fn hidden_below(&self, _key: &Key) -> f64 {
        f64::from(LEAST_DEVICES)
    }

    fn rounding(&self) -> f64 {
        5.0
    }

    fn reach(&self, _key: &Key) -> f64 {
        2.0
    }
}

impl Mechanism for CellKeys {
    fn name(&self) -> &'static str {
        "cell keys"
    }

    fn publish(&self, world: &World, seed: u64) -> BTreeMap<Key, Seen> {
        let seen = |key: Key| {
            let uniform = ((prf(&[seed, world.set(&key)]) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
            let noise = (2.0 * quantile(uniform)).round().clamp(-6.0, 6.0);
            let value = f64::from(world.count(&key)) + noise;
            (key, shown_if(value >= f64::from(LEAST_DEVICES), value))
        };
        world.keys().map(seen).collect()
    }

    fn sigma(&self, _key: &Key) -> f64 {
        2.0
    }

    fn hidden_below(&self, _key: &Key) -> f64 {
        f64::from(LEAST_DEVICES)
    }

    fn rounding(&self) -> f64 {
        0.0
    }

    fn reach(&self, _key: &Key) -> f64 {
        6.0
    }
}

impl Mechanism for AfreshEachRun {
    fn name(&self) -> &'static str {
        "afresh each run"
    }

    fn publish(&self, world: &World, seed: u64) -> BTreeMap<Key, Seen> {
        let run = self.runs.replace(self.runs.get() + 1);
        let seen = |key: Key| {
            let noise = 5.0 * normal(&[seed, run, u64::from(key.month), key.figure()]);
            let value = (f64::from(world.count(&key)) + noise).round();
            (key, shown_if(value >= 25.0, value))
        };
        world.keys().map(seen).collect()
    }

    fn sigma(&self, _key: &Key) -> f64 {
        5.0
    }

    fn hidden_below(&self, _key: &Key) -> f64 {
        25.0
    }

    fn rounding(&self) -> f64 {
        0.0
    }
}

impl Mechanism for OneDrawPerPlace {
    fn name(&self) -> &'static str {
        "one draw per place"
    }

    fn publish(&self, world: &World, seed: u64) -> BTreeMap<Key, Seen> {
        let seen = |key: Key| {
            let place = key.of(VISITOR).from(None).figure();
            let noise = 5.0 * normal(&[seed, u64::from(key.month), place]);
            let value = (f64::from(world.count(&key)) + noise).round();
            (key, shown_if(value >= 25.0, value))
        };
        world.keys().map(seen).collect()
    }

    fn sigma(&self, _key: &Key) -> f64 {
        5.0
    }

    fn hidden_below(&self, _key: &Key) -> f64 {
        25.0
    }

    fn rounding(&self) -> f64 {
        0.0
    }
}
