//! Truth against tables: counting.
//!
//! In: what is known and what Kayoi saw. Out: the score. Rows of devices that do not count are left out on both
//! sides.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::MunicipalityCode;

use super::report::{Classes, Detection, Nights, Primary, Score};
use super::truth::Known;
use super::{Seen, SeenTie};

type Pair = (i64, MunicipalityCode);

pub(super) fn compare(known: &Known, seen: &Seen) -> Score {
    let residences = seen.residences.iter().filter(|(device, ..)| known.devices.contains_key(device));
    let seconds: BTreeSet<Pair> = residences
        .clone()
        .filter(|(_, rank, _)| *rank > 1)
        .map(|(device, _, town)| (*device, *town))
        .collect();
    let true_seconds: BTreeSet<Pair> = known.seconds.keys().copied().collect();
    let devices_of =
        |pairs: &BTreeSet<Pair>| pairs.iter().map(|(device, _)| *device).collect::<BTreeSet<i64>>();
    let ties: Vec<&SeenTie> =
        seen.ties.iter().filter(|tie| known.devices.contains_key(&tie.device)).collect();
    let workations: BTreeSet<Pair> =
        ties.iter().filter(|tie| tie.is_workation).map(|tie| (tie.device, tie.town)).collect();
    let true_workations: BTreeSet<Pair> =
        known.ties.iter().filter(|(_, tie)| tie.is_workation).map(|(pair, _)| *pair).collect();
    Score {
        month: known.month.to_string(),
        devices: known.devices.len() as u64,
        nights: nights(known, seen),
        primary: primary(known, residences.filter(|(_, rank, _)| *rank == 1)),
        dual: detection(&true_seconds, &seconds),
        dual_devices: detection(&devices_of(&true_seconds), &devices_of(&seconds)),
        dual_recall_by_regime: recall_by_regime(known, &seconds),
        dual_false_positives: false_positives(known, &true_seconds, &seconds),
        classes: classes(known, &ties),
        workation: detection(&true_workations, &workations),
        workation_false_positives: false_positives(known, &true_workations, &workations),
    }
}

fn nights(known: &Known, seen: &Seen) -> Nights {
    let mut given = 0;
    let mut right = 0;
    for (device, night, town) in &seen.nights {
        if let Some(truth) = known.nights.get(&(*device, *night)) {
            given += 1;
            right += u64::from(truth == town);
        }
    }
    Nights::new(known.nights.len() as u64, given, right)
}

fn primary<'r>(known: &Known, seen: impl Iterator<Item = &'r (i64, i64, MunicipalityCode)>) -> Primary {
    let (mut located, mut both, mut right) = (0, 0, 0);
    for (device, _, town) in seen {
        located += 1;
        if let Some(truth) = known.primary.get(device) {
            both += 1;
            right += u64::from(truth == town);
        }
    }
    Primary::new(known.primary.len() as u64, located, both, right)
}

fn detection<T: Ord>(truth: &BTreeSet<T>, seen: &BTreeSet<T>) -> Detection {
    let found = truth.intersection(seen).count() as u64;
    Detection::new(found, seen.len() as u64 - found, truth.len() as u64 - found)
}

fn recall_by_regime(known: &Known, seen: &BTreeSet<Pair>) -> BTreeMap<String, Detection> {
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (pair, regime) in &known.seconds {
        let count = counts.entry(regime.clone()).or_default();
        *(if seen.contains(pair) { &mut count.0 } else { &mut count.1 }) += 1;
    }
    counts.into_iter().map(|(regime, (found, missed))| (regime, Detection::new(found, 0, missed))).collect()
}

fn false_positives(known: &Known, truth: &BTreeSet<Pair>, seen: &BTreeSet<Pair>) -> BTreeMap<String, u64> {
    let mut by_persona = BTreeMap::new();
    for (device, _) in seen.difference(truth) {
        let persona = known.devices.get(device).map_or("unknown", |device| &device.persona);
        *by_persona.entry(persona.to_owned()).or_default() += 1;
    }
    by_persona
}

/// Ties of dual residents are scored as residences, not here.
fn classes(known: &Known, ties: &[&SeenTie]) -> Classes {
    let seen: BTreeMap<Pair, &str> = ties
        .iter()
        .filter(|tie| !tie.is_dual_resident)
        .map(|tie| ((tie.device, tie.town), tie.class.as_str()))
        .collect();
    let truth: BTreeMap<Pair, &str> = known
        .ties
        .iter()
        .filter(|(_, tie)| !tie.is_dual_resident)
        .map(|(pair, tie)| (*pair, tie.class.as_str()))
        .collect();
    let same = |(pair, class): &(&Pair, &&str)| {
        seen.get(*pair).is_some_and(|found| least_days(found) == least_days(class))
    };
    let equal = truth.iter().filter(same).count() as u64;
    let found = truth.keys().filter(|pair| seen.contains_key(*pair)).count() as u64;
    let often = |ties: &BTreeMap<Pair, &str>| -> BTreeSet<Pair> {
        ties.iter().filter(|(_, class)| least_days(class) >= 3).map(|(pair, _)| *pair).collect()
    };
    Classes::new(truth.len() as u64, found, equal, detection(&often(&truth), &often(&seen)))
}

/// The lower end of a class such as `3-7`, `1` or `24+`.
fn least_days(class: &str) -> u32 {
    let digits: String = class.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}
