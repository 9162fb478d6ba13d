//! Spots, nights and residences → work: where a device works or learns, and on which days it did so at home.
//!
//! In: the spots, beds and residences of one device. Out: for a month its workplace, with working days there
//! and at home, and the way saved. A workplace is a spot away from the bed where a device stands in working
//! hours on a large share of the working days that it spends at its primary residence *and is seen on*, so
//! that a sparse phone is judged by what it shows and not by what it hides. Days on which people who commute
//! are seen at home in working hours, and nowhere else, are telework days.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};
use kayoi_schemas::units::distance_km;

use crate::beds::BedEvidence;
use crate::residences::Residence;
use crate::slot::slots;
use crate::spots::{SpotIndex, Spots};

/// Where a device works in a month, how often, and what it saves by working at home.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workplace {
    /// The municipality of the workplace.
    pub municipality: MunicipalityCode,
    /// Working days there, scaled to all working days spent at the residence.
    pub work_days: f64,
    /// Working days at home, scaled likewise.
    pub telework_days: f64,
    /// Working days seen in working hours.
    pub days_seen: u32,
    /// The way from the bed to it, by which a visit is told from passing by; it never leaves this crate.
    pub(crate) way: Way,
    /// From bed to workplace, straight line, kilometres.
    pub commute_km: f64,
    /// Kilometres of commuting that telework saved: there and back, with detours.
    pub km_avoided: f64,
    /// Carbon dioxide that those kilometres would have cost, kilograms.
    pub kg_co2_avoided: f64,
}

/// A place lies on the way when the way over it is at most this many times as long as the straight line.
const ON_THE_WAY: f64 = 1.25;
/// Kilometres of detour that are on the way in any case: a station or a school need not lie on a short way.
const ON_THE_WAY_KM: f64 = 3.0;

/// A way between two points, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Way {
    from: (f64, f64),
    to: (f64, f64),
}

impl Way {
    /// A way from a point to a point.
    #[cfg(test)]
    pub(crate) fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// Whether a point lies on or beside the way: it lengthens it by less than a quarter, or by 3 km.
    pub(crate) fn passes(&self, point: (f64, f64)) -> bool {
        let straight = distance_km(self.from, self.to);
        distance_km(self.from, point) + distance_km(point, self.to)
            <= (ON_THE_WAY * straight).max(straight + ON_THE_WAY_KM)
    }
}

/// What work is found from.
pub(crate) struct WorkEvidence<'a> {
    /// The device's spots, with its hours at each.
    pub spots: &'a Spots,
    /// Which spot is the bed in a municipality, by its nights.
    pub beds: BedEvidence<'a>,
    /// The definition's thresholds, for commuters and telework.
    pub thresholds: &'a Thresholds,
    /// Which dates are working days.
    pub almanac: &'a Almanac,
}

/// Months that a workplace is found from, ending with the month itself.
const MONTHS: i32 = 3;
/// Least share of the hours seen at a spot, on the days there, that makes it a workplace.
const HOURS_SHARE: f64 = 0.5;
/// Working days of a full month, by which a share of days becomes days a month.
const WORKING_DAYS: f64 = 20.0;
/// Least days at a spot for a workplace.
const LEAST_DAYS: u32 = 3;

/// Working days at the residence on which the device was seen in working hours.
#[derive(Default)]
struct Days {
    /// Hours seen, by day.
    seen: BTreeMap<Day, u32>,
    /// Of these hours, those at each spot, by day.
    by_spot: BTreeMap<SpotIndex, BTreeMap<Day, u32>>,
}

impl Days {
    /// Share of the hours seen at a spot, on the days on which the device was there. At work most of a day is
    /// spent; a shop or a gym, however often somebody goes, takes an hour.
    fn share_of_hours(&self, there: &BTreeMap<Day, u32>) -> f64 {
        let all: u32 = there.keys().filter_map(|day| self.seen.get(day)).sum();
        f64::from(there.values().sum::<u32>()) / f64::from(all.max(1))
    }

    /// Days on which the device was seen at no spot but near the bed.
    fn at_home(&self, away: impl Fn(SpotIndex) -> bool) -> usize {
        let out = self.by_spot.iter().filter(|(spot, _)| away(**spot)).flat_map(|(_, days)| days.keys());
        let out: BTreeSet<&Day> = out.collect();
        self.seen.keys().filter(|day| !out.contains(day)).count()
    }
}

impl WorkEvidence<'_> {
    fn point(&self, spot: SpotIndex) -> (f64, f64) {
        self.spots.get(spot).map_or((f64::NAN, f64::NAN), |spot| (spot.latitude, spot.longitude))
    }

    /// Whether the night before a day and the night after it were slept in a municipality.
    fn is_based(&self, day: Day, municipality: MunicipalityCode) -> bool {
        self.beds.slept(day.plus(-1), municipality) && self.beds.slept(day, municipality)
    }

    fn days(&self, first: Day, last: Day, home: MunicipalityCode) -> Days {
        let thresholds = self.thresholds;
        let working_hours = slots(thresholds.commuter_start_hour, thresholds.commuter_end_hour);
        let mut days = Days::default();
        // Hours come day by day, so a date is judged once and not for each of its hours.
        let mut current: Option<(Day, bool)> = None;
        for hour in self.spots.between(first, last) {
            let counts = match current {
                Some((day, counts)) if day == hour.day => counts,
                _ => self.almanac.is_working_day(hour.day) && self.is_based(hour.day, home),
            };
            current = Some((hour.day, counts));
            if counts && working_hours.contains(&hour.slot) {
                *days.seen.entry(hour.day).or_default() += 1;
                *days.by_spot.entry(hour.spot).or_default().entry(hour.day).or_default() += 1;
            }
        }
        days
    }

    /// The workplace in a month; `None` when there is none or the phone shows too little.
    pub(crate) fn workplace(&self, month: Month, residences: &[Residence]) -> Option<Workplace> {
        // Someone with two residences may go to work from either; the primary one is tried first.
        residences.iter().find_map(|residence| self.workplace_from(month, residence.municipality))
    }

    fn workplace_from(&self, month: Month, home: MunicipalityCode) -> Option<Workplace> {
        let (first, last) = (month.plus(1 - MONTHS).first_day(), month.last_day());
        let bed = self.beds.bed(home, first, last)?;
        let days = self.days(first, last, home);
        let (desk, at_desk) = days
            .by_spot
            .iter()
            .filter(|(spot, there)| {
                self.beds.is_away(bed, **spot) && days.share_of_hours(there) >= HOURS_SHARE
            })
            .map(|(spot, days)| (*spot, days.len() as u32))
            .min_by_key(|(spot, count)| (std::cmp::Reverse(*count), *spot))?;
        let municipality = self.spots.municipality(desk)?;
        // A share of the days seen, so that a phone that shows one day in three is judged like any other.
        let share = f64::from(at_desk) / days.seen.len() as f64;
        if at_desk < LEAST_DAYS || share * WORKING_DAYS < f64::from(self.thresholds.commuter_min_days) {
            return None;
        }
        // Days at home are telework only when there are many: anybody has some off.
        let at_home = days.at_home(|spot| self.beds.is_away(bed, spot)) as f64;
        let teleworks = at_home >= self.thresholds.telework_min_share.get() * days.seen.len() as f64;
        Some(self.measure(month, (home, municipality), (bed, desk), teleworks))
    }

    /// The days and kilometres of the month itself: three months find a workplace, one is reported.
    fn measure(
        &self,
        month: Month,
        (home, municipality): (MunicipalityCode, MunicipalityCode),
        (bed, desk): (SpotIndex, SpotIndex),
        teleworks: bool,
    ) -> Workplace {
        let (first, last) = (month.first_day(), month.last_day());
        let days = self.days(first, last, home);
        let at_desk = days.by_spot.get(&desk).map_or(0, BTreeMap::len);
        let at_home = if teleworks { days.at_home(|spot| self.beds.is_away(bed, spot)) } else { 0 };
        let based = (first.0..=last.0)
            .map(Day)
            .filter(|day| self.almanac.is_working_day(*day) && self.is_based(*day, home))
            .count();
        // Days on which the phone was silent in working hours are taken to be like those on which it was not.
        let scale = based as f64 / days.seen.len().max(1) as f64;
        let (work_days, telework_days) = (at_desk as f64 * scale, at_home as f64 * scale);
        let commute_km = self.spots.metres(bed, desk) / 1000.0;
        let km_avoided = telework_days * 2.0 * commute_km * self.thresholds.commute_detour_factor.get();
        Workplace {
            municipality,
            work_days,
            telework_days,
            days_seen: days.seen.len() as u32,
            way: Way { from: self.point(bed), to: self.point(desk) },
            commute_km,
            km_avoided,
            kg_co2_avoided: km_avoided * self.thresholds.commute_co2_g_per_km.get() / 1000.0,
        }
    }
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
