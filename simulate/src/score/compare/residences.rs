//! Nights, primary and second residences.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::MunicipalityCode;

use super::{Pair, confuse};
use crate::score::report::{Confusion, Detection, DualCounts, NightStatus, Nights, Primary};
use crate::score::seen::{Seen, SeenResidence};
use crate::score::share::{ratio, share};
use crate::score::truth::Known;

/// Municipalities with fewer true second residences say nothing about a difference.
const COUNTED_MIN_SECONDS: u64 = 5;

/// By device: the true primary residence, which the tables call second, and the true second one.
pub(super) type Exchanged = BTreeMap<i64, (MunicipalityCode, MunicipalityCode)>;

pub(super) fn nights(known: &Known, seen: &Seen) -> Nights {
    let mut by_status: BTreeMap<String, NightStatus> = BTreeMap::new();
    for night in &seen.nights {
        if let Some(truth) = known.nights.get(&(night.device, night.night)) {
            let status = by_status.entry(night.status.clone()).or_default();
            status.given += 1;
            status.right += u64::from(*truth == night.town);
        }
    }
    Nights::new(known.nights.len() as u64, by_status)
}

fn residences<'s>(known: &Known, seen: &'s Seen) -> impl Iterator<Item = &'s SeenResidence> {
    seen.residences.iter().filter(|residence| known.devices.contains_key(&residence.device))
}

pub(super) fn primary(known: &Known, seen: &Seen) -> Primary {
    let (mut located, mut both, mut right) = (0, 0, 0);
    for residence in residences(known, seen).filter(|residence| residence.rank == 1) {
        let pair = (residence.device, residence.town);
        located += 1;
        if let Some(truth) = known.primary.get(&residence.device) {
            let either = known.nearly_even.contains(&residence.device) && known.seconds.contains_key(&pair);
            both += 1;
            right += u64::from(*truth == residence.town || either);
        }
    }
    let truth = known.primary.len() as u64;
    Primary {
        truth,
        located,
        right,
        nearly_even: known.nearly_even.len() as u64,
        precision: share(right, located),
        recall: share(right, truth),
        right_among_located: share(right, both),
    }
}

/// The devices with two nearly even residences that the tables name in the other order.
pub(super) fn exchanged(known: &Known, seen: &Seen) -> Exchanged {
    let ranks: BTreeSet<(i64, bool, MunicipalityCode)> =
        seen.residences.iter().map(|at| (at.device, at.rank == 1, at.town)).collect();
    let pairs = known.seconds.keys().filter(|(device, _)| known.nearly_even.contains(device));
    let other_order = |(device, second): &Pair| {
        let primary = *known.primary.get(device)?;
        let named = ranks.contains(&(*device, true, *second)) && ranks.contains(&(*device, false, primary));
        named.then_some((*device, (primary, *second)))
    };
    pairs.filter_map(other_order).collect()
}

/// What to compare a second residence's municipality as.
pub(super) fn compared(exchanged: &Exchanged, (device, town): Pair) -> Pair {
    match exchanged.get(&device) {
        Some((primary, second)) if *primary == town => (device, *second),
        _ => (device, town),
    }
}

/// The second residences that the tables name, with the regime they give.
pub(super) fn seconds(known: &Known, seen: &Seen, exchanged: &Exchanged) -> BTreeMap<Pair, String> {
    residences(known, seen)
        .filter(|residence| residence.rank > 1)
        .map(|at| (compared(exchanged, (at.device, at.town)), at.regime.clone()))
        .collect()
}

pub(super) fn recall_by_regime(known: &Known, seen: &BTreeSet<Pair>) -> BTreeMap<String, Detection> {
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (pair, regime) in &known.seconds {
        let count = counts.entry(regime.clone()).or_default();
        *(if seen.contains(pair) { &mut count.0 } else { &mut count.1 }) += 1;
    }
    counts.into_iter().map(|(regime, (found, missed))| (regime, Detection::new(found, 0, missed))).collect()
}

pub(super) fn regimes(known: &Known, seen: &BTreeMap<Pair, String>) -> Confusion {
    let mut confusion = Confusion::new();
    for (pair, regime) in &known.seconds {
        if let Some(word) = seen.get(pair) {
            confuse(&mut confusion, regime, word);
        }
    }
    confusion
}

pub(super) fn counts(truth: &BTreeSet<Pair>, seen: &BTreeSet<Pair>) -> DualCounts {
    let by_town = |pairs: &BTreeSet<Pair>| {
        let mut counts: BTreeMap<MunicipalityCode, u64> = BTreeMap::new();
        pairs.iter().for_each(|(_, town)| *counts.entry(*town).or_default() += 1);
        counts
    };
    let (true_counts, seen_counts) = (by_town(truth), by_town(seen));
    let compared = true_counts.iter().filter(|(_, count)| **count >= COUNTED_MIN_SECONDS);
    let difference = |(town, count): (&MunicipalityCode, &u64)| {
        seen_counts.get(town).map_or(*count, |n| n.abs_diff(*count))
    };
    let municipalities = compared.clone().count() as u64;
    let differences: u64 = compared.map(difference).sum();
    let (truth, seen) = (truth.len() as u64, seen.len() as u64);
    DualCounts {
        truth,
        seen,
        bias: ratio(seen as f64 - truth as f64, truth as f64),
        municipalities,
        mean_absolute_difference: share(differences, municipalities),
    }
}
