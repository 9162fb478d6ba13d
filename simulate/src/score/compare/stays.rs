//! Stays, weighted by minutes.
//!
//! In: true stays and seen ones, device by device. Out: how many minutes were seen at the right place, and
//! what went wrong with whole stays. A seen stay matches a true one when they overlap and the centre of its
//! cell is near: a cell of resolution 9 is 350 m across, and the lake keeps no finer place.

use std::collections::BTreeSet;

use kayoi_schemas::time::MINUTE_MS;
use kayoi_schemas::units::distance_km;

use crate::score::diary::TrueStay;
use crate::score::report::Stays;
use crate::score::seen::{Seen, SeenStay};
use crate::score::share::ratio;
use crate::score::truth::Known;

const NEAR_KM: f64 = 0.5;

/// Sums over devices, milliseconds and stays.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    truth: u64,
    seen: u64,
    truth_ms: i64,
    seen_ms: i64,
    matched_ms: i64,
    missed: u64,
    merged: u64,
    split: u64,
}

pub(super) fn stays(known: &Known, seen: &Seen) -> Stays {
    let mut sums = Sums::default();
    for (device, diary) in &known.diaries {
        add(&mut sums, &diary.stays, seen.stays.get(device).map_or(&[], Vec::as_slice));
    }
    let minutes = |ms: i64| ms as f64 / MINUTE_MS as f64;
    let (truth_minutes, seen_minutes) = (minutes(sums.truth_ms), minutes(sums.seen_ms));
    let matched_minutes = minutes(sums.matched_ms);
    Stays {
        devices: known.diaries.len() as u64,
        truth: sums.truth,
        seen: sums.seen,
        truth_minutes,
        seen_minutes,
        matched_minutes,
        precision: ratio(matched_minutes, seen_minutes),
        recall: ratio(matched_minutes, truth_minutes),
        f1: ratio(2.0 * matched_minutes, truth_minutes + seen_minutes),
        missed: sums.missed,
        merged: sums.merged,
        split: sums.split,
    }
}

/// One device; its true stays are in order and never overlap.
fn add(sums: &mut Sums, truth: &[TrueStay], seen: &[SeenStay]) {
    let mut matches = vec![0u32; truth.len()];
    for stay in seen {
        let mut spots = BTreeSet::new();
        let first = truth.partition_point(|known| known.until_ms <= stay.from_ms);
        let overlapping = truth.iter().enumerate().skip(first);
        for (number, known) in overlapping.take_while(|(_, known)| known.from_ms < stay.until_ms) {
            let overlap_ms = known.until_ms.min(stay.until_ms) - known.from_ms.max(stay.from_ms);
            if overlap_ms > 0 && is_near(known, stay) {
                sums.matched_ms += overlap_ms;
                matches[number] += 1;
                spots.insert((known.latitude.to_bits(), known.longitude.to_bits()));
            }
        }
        sums.seen += 1;
        sums.seen_ms += stay.until_ms - stay.from_ms;
        sums.merged += u64::from(spots.len() > 1);
    }
    sums.truth += truth.len() as u64;
    sums.truth_ms += truth.iter().map(|known| known.until_ms - known.from_ms).sum::<i64>();
    sums.missed += matches.iter().filter(|count| **count == 0).count() as u64;
    sums.split += matches.iter().filter(|count| **count > 1).count() as u64;
}

fn is_near(known: &TrueStay, seen: &SeenStay) -> bool {
    let spot = (known.latitude, known.longitude);
    seen.centre.is_some_and(|centre| distance_km(centre, spot) <= NEAR_KM)
}

#[cfg(test)]
#[path = "stays_tests.rs"]
mod tests;
