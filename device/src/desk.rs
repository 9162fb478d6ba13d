//! Spots and visits → what a device does in a municipality where it does not live.
//!
//! In: the days of one tie, with the hours at spots on them. Out: facts that tell kinds of ties apart. A desk
//! is a spot other than the bed where a device stands on working days again and again; someone who strolls is
//! seen at another spot each time. So work away from home is recognized from a few sightings over several
//! days, and never from one day. Someone who works in the room where they sleep cannot be told from a guest
//! who stays in, and is not counted.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_geography::offices::Offices;
use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use crate::beds::BedEvidence;
use crate::slot::slots;
use crate::spots::{SpotIndex, Spots};

/// What a device did at a tie's municipality on working days.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Desk {
    /// Working days at the most frequent spot other than the bed, in telework hours.
    pub days: u32,
    /// Of these, with a night there before or after.
    pub days_with_night: u32,
    /// Hours at it among the hours seen away from the bed in telework hours of working days.
    pub share: f64,
    /// Working days in a place of the offices file, away from the bed.
    pub office_days: u32,
    /// Hours in such places among all hours seen in telework hours, in bed or elsewhere, on these days.
    pub office_share: f64,
    /// Working days seen away from the bed in telework hours.
    pub days_out: u32,
    /// Working days seen there in telework hours, in bed or away from it.
    pub days_seen: u32,
    /// Hours at it among all hours seen in telework hours, in bed or elsewhere, on the days at it.
    pub share_of_days: f64,
}

/// Share of the hours away from the bed that makes a spot a desk.
const DESK_SHARE: f64 = 0.5;

/// Share of the hours seen on the days at it: 4 of the 7 telework hours, or somebody came by.
const DESK_HOURS_SHARE: f64 = 0.5;

/// Share of the working days out that must be spent at it besides.
const DESK_DAYS_SHARE: f64 = 0.7;

impl Desk {
    /// Whether the spot is a desk: most of the time out is spent there, on most of the working days out.
    pub(crate) fn is_one(&self) -> bool {
        self.share >= DESK_SHARE
            && self.share_of_days >= DESK_HOURS_SHARE
            && f64::from(self.days) >= DESK_DAYS_SHARE * f64::from(self.days_out)
    }

    /// Whether somebody is at work there, for as many days as the least that make a commuter: at a desk, and out on
    /// most of the working days seen there. Who stays in bed for most of them is a patient, or a guest.
    pub(crate) fn is_work(&self, least_days: u32) -> bool {
        self.is_one() && self.days >= least_days && 2 * self.days_out >= self.days_seen
    }

    /// Whether somebody works in places of the offices file, for as many days as the least: most of the hours seen on
    /// these days are spent there. A café or a shop in the same building is not work.
    pub(crate) fn is_office_work(&self, least_days: u32) -> bool {
        self.office_days >= least_days && self.office_share >= DESK_HOURS_SHARE
    }

    /// Days of telework away from home: those at a desk, with a night there.
    pub(crate) fn telework_days(&self) -> u32 {
        // Days at a spot that is not a desk are outings.
        if self.is_one() { self.days_with_night } else { 0 }
    }
}

/// What desks are found from.
pub(crate) struct DeskEvidence<'a> {
    /// The device's spots, with its hours at each.
    pub spots: &'a Spots,
    /// Which spot is the bed in a municipality, by its nights.
    pub beds: BedEvidence<'a>,
    /// Places of the offices file: satellite offices and the like.
    pub offices: &'a Offices,
    /// The definition's thresholds, for the telework hours.
    pub thresholds: &'a Thresholds,
    /// Which dates are working days.
    pub almanac: &'a Almanac,
}

/// Metres that a spot may lie off a registered place and still be in it.
const OFFICE_SLACK_M: f64 = 60.0;

impl DeskEvidence<'_> {
    /// The desk in a municipality, from the days of its visits.
    pub(crate) fn desk(&self, municipality: MunicipalityCode, days: &[Day]) -> Desk {
        let mut by_spot: BTreeMap<SpotIndex, (BTreeSet<Day>, u32)> = BTreeMap::new();
        let thresholds = self.thresholds;
        let telework_hours = slots(thresholds.telework_start_hour, thresholds.telework_end_hour);
        for day in days {
            if !self.almanac.is_working_day(*day) {
                continue;
            }
            for hour in self.spots.between(*day, *day) {
                let is_there = self.spots.municipality(hour.spot) == Some(municipality);
                if is_there && telework_hours.contains(&hour.slot) {
                    let (days, hours) = by_spot.entry(hour.spot).or_default();
                    days.insert(*day);
                    *hours += 1;
                }
            }
        }
        let bed = days.iter().min().zip(days.iter().max()).and_then(|(first, last)| {
            // The night before the first day is one of the visit.
            self.beds.bed(municipality, first.plus(-1), *last)
        });
        let days_seen = by_spot.values().flat_map(|(days, _)| days).collect::<BTreeSet<_>>().len() as u32;
        // Where no bed is known, every spot counts as away from it.
        let away = |spot: &SpotIndex| bed.is_none_or(|bed| self.beds.is_away(bed, *spot));
        let out: Vec<_> = by_spot.into_iter().filter(|(spot, _)| away(spot)).collect();
        let hours_out: u32 = out.iter().map(|(_, (_, hours))| *hours).sum();
        let days_out = out.iter().flat_map(|(_, (days, _))| days).collect::<BTreeSet<_>>().len() as u32;
        // Who sleeps in the building cannot be told from a guest who stays in.
        let (mut office_days, mut office_hours) = (BTreeSet::new(), 0);
        for (_, (days, hours)) in out.iter().filter(|(spot, _)| self.is_office(*spot)) {
            office_days.extend(days.iter().copied());
            office_hours += *hours;
        }
        let most = out
            .iter()
            .min_by_key(|(spot, (days, hours))| (std::cmp::Reverse((days.len(), *hours)), *spot))
            .map(|(_, days)| days);
        let (days, hours) = most.cloned().unwrap_or_default();
        // All hours seen on some days, wherever.
        let hours_seen = |days: &BTreeSet<Day>| -> usize {
            let of_day = |day: &Day| self.spots.between(*day, *day);
            days.iter().flat_map(of_day).filter(|at| telework_hours.contains(&at.slot)).count()
        };
        let with_night =
            |day: &&Day| self.beds.slept(day.plus(-1), municipality) || self.beds.slept(**day, municipality);
        Desk {
            days: days.len() as u32,
            days_with_night: days.iter().filter(with_night).count() as u32,
            share: f64::from(hours) / f64::from(hours_out.max(1)),
            office_days: office_days.len() as u32,
            office_share: f64::from(office_hours) / (hours_seen(&office_days).max(1) as f64),
            days_out,
            days_seen,
            share_of_days: f64::from(hours) / (hours_seen(&days).max(1) as f64),
        }
    }

    /// Whether a spot lies in a place of the offices file.
    fn is_office(&self, spot: SpotIndex) -> bool {
        self.spots.get(spot).is_some_and(|spot| {
            self.offices.office_at(spot.latitude, spot.longitude, OFFICE_SLACK_M).is_some()
        })
    }
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
