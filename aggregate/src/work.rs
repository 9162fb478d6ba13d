//! Spots, nights and residences → work: where a device works or learns, and on which days it did so at home.
//!
//! In: what is known of one device. Out: for a month its workplace, with working days there and at home, and
//! the way saved. A workplace is a spot away from the bed where a device stands in working hours on a large share of
//! the working days that it spends at its primary residence *and is seen on*, so that a sparse phone is judged by what it
//! shows and not by what it hides. Days on which people who commute are seen at home in working hours, and nowhere
//! else, are telework days.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};
use kayoi_schemas::units::distance_km;

use crate::almanac::Almanac;
use crate::residences::Residence;
use crate::spots::{SpotIndex, Spots};

/// Work in a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workplace {
    /// Where.
    pub municipality: MunicipalityCode,
    /// Working days there, scaled to all working days spent at the residence.
    pub work_days: f64,
    /// Working days at home, scaled likewise.
    pub telework_days: f64,
    /// Working days seen in working hours.
    pub days_seen: u32,
    /// The way to it, for telling visits from ways; never leaves the device's record.
    pub way: Way,
    /// From bed to workplace, straight line, kilometres.
    pub commute_km: f64,
    /// Kilometres of commuting that telework avoided: there and back, with detours.
    pub km_avoided: f64,
    /// Carbon dioxide that these would have cost, kilograms.
    pub kg_co2_avoided: f64,
}

/// A way between two points, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    from: (f64, f64),
    to: (f64, f64),
}

impl Way {
    /// A way from a point to a point.
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// Whether a point lies on or beside the way: it lengthens it by less than a quarter, or by 3 km.
    pub fn passes(&self, point: (f64, f64)) -> bool {
        let straight = distance_km(self.from, self.to);
        distance_km(self.from, point) + distance_km(point, self.to) <= (1.25 * straight).max(straight + 3.0)
    }
}

/// What work is found from.
pub struct WorkEvidence<'a> {
    /// Hours at spots.
    pub spots: &'a Spots,
    /// The most probable bed of each night, by date.
    pub beds: &'a BTreeMap<Day, MunicipalityCode>,
    /// Thresholds.
    pub thresholds: &'a Thresholds,
    /// Dates.
    pub almanac: &'a Almanac,
}

/// Months that a workplace is found from, ending with the month itself.
const MONTHS: i32 = 3;
/// A spot within this of the bed is at home.
const NEAR_BED_M: f64 = 500.0;
/// Least share of the hours seen on the days at a workplace.
const HOURS_SHARE: f64 = 0.5;
/// Working days of a month.
const WORKING_DAYS: f64 = 20.0;
/// Least days at a spot for a workplace.
const LEAST_DAYS: u32 = 3;

/// Working days at the residence, by where the device was in working hours.
#[derive(Default)]
struct Days {
    /// Seen in working hours.
    seen: BTreeSet<Day>,
    by_spot: BTreeMap<SpotIndex, BTreeSet<Day>>,
    /// Hours seen at each spot on a day, and on the day in all.
    hours: BTreeMap<(Day, SpotIndex), u32>,
    hours_of_day: BTreeMap<Day, u32>,
}

impl Days {
    /// Share of the hours seen at a spot, on the days on which the device was there. At work most of a day is spent;
    /// a shop or a gym, however often somebody goes, takes an hour.
    fn share_of_hours(&self, spot: SpotIndex) -> f64 {
        let days = self.by_spot.get(&spot).into_iter().flatten();
        let (mut there, mut all) = (0, 0);
        for day in days {
            there += self.hours.get(&(*day, spot)).copied().unwrap_or(0);
            all += self.hours_of_day.get(day).copied().unwrap_or(0);
        }
        f64::from(there) / f64::from(all.max(1))
    }
}

impl WorkEvidence<'_> {
    /// The slots of working hours.
    fn hours(&self) -> std::ops::Range<u8> {
        let slot = |hour: f64| (hour - self.thresholds.day_start_hour).clamp(0.0, 24.0) as u8;
        slot(self.thresholds.commuter_start_hour)..slot(self.thresholds.commuter_end_hour)
    }

    fn point(&self, spot: SpotIndex) -> (f64, f64) {
        self.spots.get(spot).map_or((f64::NAN, f64::NAN), |spot| (spot.latitude, spot.longitude))
    }

    /// Slept at a municipality before and after.
    fn is_based(&self, day: Day, municipality: MunicipalityCode) -> bool {
        self.beds.get(&day.plus(-1)) == Some(&municipality) && self.beds.get(&day) == Some(&municipality)
    }

    /// The spot of most hours near sleep in the residence.
    fn bed(&self, first: Day, last: Day, home: MunicipalityCode) -> Option<SpotIndex> {
        let mut hours: BTreeMap<SpotIndex, u32> = BTreeMap::new();
        for hour in self.spots.between(first, last) {
            let near_sleep = hour.slot < 4 || hour.slot >= 17;
            if near_sleep && self.spots.municipality(hour.spot) == Some(home) {
                *hours.entry(hour.spot).or_default() += 1;
            }
        }
        hours.into_iter().min_by_key(|(spot, count)| (std::cmp::Reverse(*count), *spot)).map(|(spot, _)| spot)
    }

    fn days(&self, first: Day, last: Day, home: MunicipalityCode) -> Days {
        let working_hours = self.hours();
        let mut days = Days::default();
        let mut current: Option<(Day, bool)> = None;
        for hour in self.spots.between(first, last) {
            let counts = match current {
                Some((day, counts)) if day == hour.day => counts,
                _ => self.almanac.is_working_day(hour.day) && self.is_based(hour.day, home),
            };
            current = Some((hour.day, counts));
            if counts && working_hours.contains(&hour.slot) {
                days.seen.insert(hour.day);
                days.by_spot.entry(hour.spot).or_default().insert(hour.day);
                *days.hours.entry((hour.day, hour.spot)).or_default() += 1;
                *days.hours_of_day.entry(hour.day).or_default() += 1;
            }
        }
        days
    }

    /// The workplace in a month; `None` when there is none or the phone shows too little.
    pub fn workplace(&self, month: Month, residences: &[Residence]) -> Option<Workplace> {
        // Who has two residences may go to work from either.
        residences.iter().find_map(|residence| self.workplace_from(month, residence.municipality))
    }

    fn workplace_from(&self, month: Month, home: MunicipalityCode) -> Option<Workplace> {
        let (first, last) = (month.plus(1 - MONTHS).first_day(), month.last_day());
        let bed = self.bed(first, last, home)?;
        let days = self.days(first, last, home);
        let near_bed = |spot: SpotIndex| self.spots.metres(bed, spot) <= NEAR_BED_M;
        let (desk, at_desk) = days
            .by_spot
            .iter()
            .filter(|(spot, _)| !near_bed(**spot) && days.share_of_hours(**spot) >= HOURS_SHARE)
            .map(|(spot, days)| (*spot, days.len() as u32))
            .min_by_key(|(spot, count)| (std::cmp::Reverse(*count), *spot))?;
        let municipality = self.spots.municipality(desk)?;
        let share = f64::from(at_desk) / days.seen.len() as f64;
        if at_desk < LEAST_DAYS || share * WORKING_DAYS < self.thresholds.commuter_min_days {
            return None;
        }
        let out = self.out(bed, &days);
        let at_home = days.seen.difference(&out).count() as f64;
        let teleworks = at_home >= self.thresholds.telework_min_share * days.seen.len() as f64;
        Some(self.measure(month, (home, municipality), (bed, desk), teleworks))
    }

    /// Days on which the device was seen away from the bed in working hours.
    fn out(&self, bed: SpotIndex, days: &Days) -> BTreeSet<Day> {
        let away = days.by_spot.iter().filter(|(spot, _)| self.spots.metres(bed, **spot) > NEAR_BED_M);
        away.flat_map(|(_, days)| days.iter().copied()).collect()
    }

    fn measure(
        &self,
        month: Month,
        (home, municipality): (MunicipalityCode, MunicipalityCode),
        (bed, desk): (SpotIndex, SpotIndex),
        teleworks: bool,
    ) -> Workplace {
        let (first, last) = (month.first_day(), month.last_day());
        let days = self.days(first, last, home);
        let at = |spot: SpotIndex| days.by_spot.get(&spot).cloned().unwrap_or_default();
        let at_desk = at(desk);
        let out = self.out(bed, &days);
        let at_home = if teleworks { days.seen.difference(&out).count() } else { 0 };
        let based = (first.0..=last.0)
            .map(Day)
            .filter(|day| self.almanac.is_working_day(*day) && self.is_based(*day, home))
            .count();
        let scale = based as f64 / days.seen.len().max(1) as f64;
        let (work_days, telework_days) = (at_desk.len() as f64 * scale, at_home as f64 * scale);
        let commute_km = self.spots.metres(bed, desk) / 1000.0;
        let km_avoided = telework_days * 2.0 * commute_km * self.thresholds.commute_detour_factor;
        Workplace {
            municipality,
            work_days,
            telework_days,
            days_seen: days.seen.len() as u32,
            way: Way { from: self.point(bed), to: self.point(desk) },
            commute_km,
            km_avoided,
            kg_co2_avoided: km_avoided * self.thresholds.commute_co2_g_per_km / 1000.0,
        }
    }
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
