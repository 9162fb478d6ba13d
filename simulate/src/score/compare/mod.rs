//! Truth against tables: counting.
//!
//! In: what is known and what Kayoi saw. Out: the score. Rows of devices that do not count are left out on
//! both sides. Which of two residences with nearly as many nights is called primary is a matter of chance:
//! where both sides name the same two in another order, the second residence of the tables is taken for the
//! true second one.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::MunicipalityCode;

use super::report::{Confusion, Detection, Score};
use super::seen::{Seen, SeenTie};
use super::truth::Known;

mod residences;
mod stays;
mod ties;
mod work;

type Pair = (i64, MunicipalityCode);

pub(super) fn compare(known: &Known, seen: &Seen) -> Score {
    let exchanged = residences::exchanged(known, seen);
    let seconds = residences::seconds(known, seen, &exchanged);
    let seen_seconds: BTreeSet<Pair> = seconds.keys().copied().collect();
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
        nights: residences::nights(known, seen),
        primary: residences::primary(known, seen),
        dual: detection(&true_seconds, &seen_seconds),
        dual_devices: detection(&devices_of(&true_seconds), &devices_of(&seen_seconds)),
        dual_recall_by_regime: residences::recall_by_regime(known, &seen_seconds),
        dual_false_positives: false_positives(known, &true_seconds, &seen_seconds),
        dual_regimes: residences::regimes(known, &seconds),
        dual_counts: residences::counts(&true_seconds, &seen_seconds),
        classes: ties::classes(known, &ties),
        workation: detection(&true_workations, &workations),
        workation_false_positives: false_positives(known, &true_workations, &workations),
        kinds: ties::kinds(known, &ties, &exchanged),
        stays: stays::stays(known, seen),
        work: work::work(known, seen),
        people: None,
    }
}

fn detection<T: Ord>(truth: &BTreeSet<T>, seen: &BTreeSet<T>) -> Detection {
    let found = truth.intersection(seen).count() as u64;
    Detection::new(found, seen.len() as u64 - found, truth.len() as u64 - found)
}

fn false_positives(known: &Known, truth: &BTreeSet<Pair>, seen: &BTreeSet<Pair>) -> BTreeMap<String, u64> {
    let mut by_persona = BTreeMap::new();
    for (device, _) in seen.difference(truth) {
        let persona = known.devices.get(device).map_or("unknown", |device| &device.persona);
        *by_persona.entry(persona.to_owned()).or_default() += 1;
    }
    by_persona
}

fn confuse(confusion: &mut Confusion, truth: &str, seen: &str) {
    *confusion.entry(truth.to_owned()).or_default().entry(seen.to_owned()).or_default() += 1;
}
