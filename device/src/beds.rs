//! Which of its own spots a device sleeps at.
//!
//! In: hours at spots, and the municipality of the bed on each night. Out: one answer to one question, for
//! stays of the night, for workplaces and for desks alike: the bed in a municipality is the spot with most
//! hours near sleep, on the nights that were slept in that municipality. Hours near sleep are those of the
//! definition's night window; the evening before it decides only where a phone never shows the night.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use crate::night_work::NightWork;
use crate::spots::{REACH_M, SpotIndex, Spots};
use crate::window::{Nearness, NightHours};

/// Weight of an hour of the night window beside one of the evening: no number of evenings out outweighs a
/// night.
const NIGHT_WEIGHT: u32 = 100;
/// A spot farther than this from the bed is away from home: as far as a spot itself reaches, so that what
/// indoor fixes scatter about the house stays at home, and a desk across the street does not.
const NEAR_BED_M: f64 = REACH_M;

/// What beds are found from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BedEvidence<'a> {
    /// The device's spots, with its hours at each.
    pub spots: &'a Spots,
    /// The municipality of the most probable bed of each night, by the evening's date.
    pub nights: &'a BTreeMap<Day, MunicipalityCode>,
    /// Which hours of a day are near sleep, by the definition.
    pub hours: NightHours,
    /// Where the device works by night: no bed, whatever the hour.
    pub night_work: &'a NightWork,
}

impl BedEvidence<'_> {
    /// Whether the night of an evening was slept in a municipality, more likely than not.
    pub(crate) fn slept(&self, night: Day, municipality: MunicipalityCode) -> bool {
        self.nights.get(&night) == Some(&municipality)
    }

    /// The bed in a municipality, from the hours of `first..=last`; ties go to the spot that was found first.
    /// `None` when no hour near sleep shows one.
    pub(crate) fn bed(&self, municipality: MunicipalityCode, first: Day, last: Day) -> Option<SpotIndex> {
        let mut weights: BTreeMap<SpotIndex, u32> = BTreeMap::new();
        for hour in self.spots.between(first, last) {
            let (night, weight) = match self.hours.nearness(hour.slot) {
                // The hours before the window's end belong to the night that began on the day before.
                Nearness::Morning => (hour.day.plus(-1), NIGHT_WEIGHT),
                Nearness::Night => (hour.day, NIGHT_WEIGHT),
                Nearness::Evening => (hour.day, 1),
                Nearness::Day => continue,
            };
            let is_there = self.spots.municipality(hour.spot) == Some(municipality);
            if is_there && self.slept(night, municipality) && !self.night_work.is_at(hour.spot) {
                *weights.entry(hour.spot).or_default() += weight;
            }
        }
        weights.into_iter().min_by_key(|(spot, weight)| (Reverse(*weight), *spot)).map(|(spot, _)| spot)
    }

    /// Whether a spot is away from a bed.
    pub(crate) fn is_away(&self, bed: SpotIndex, spot: SpotIndex) -> bool {
        self.spots.metres(bed, spot) > NEAR_BED_M
    }
}

#[cfg(test)]
#[path = "beds_tests.rs"]
mod tests;
