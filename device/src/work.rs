//! Spots, nights and residences → work: where a device works or learns, and on which days it did so at home.
//!
//! In: the spots, beds and residences of one device. Out: for a month its workplace, with working days there
//! and at home, the way saved, and how far it went on days of both kinds. A workplace is a spot away from the bed where a device stands in working
//! hours on a large share of the working days that it spends at its primary residence *and is seen on*, so
//! that a sparse phone is judged by what it shows and not by what it hides. Days on which people who commute are
//! seen at home in telework hours, which leave out the hours on the way, are telework as far as they are more than
//! days off (see `kayoi_schemas::telework`).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use kayoi_schemas::calendar::{Almanac, is_kin_visit_period};
use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::telework::{HomeDays, Prior};
use kayoi_schemas::time::{Day, Month};

use crate::beds::BedEvidence;
use crate::residences::Residence;
use crate::slot::slots;
use crate::spots::{SpotIndex, Spots};
use crate::track::{DayWays, Track};
use crate::way::Way;

/// Where a device works in a month, how often, and what it saves by working at home.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workplace {
    /// The municipality of the workplace.
    pub municipality: MunicipalityCode,
    /// Working days there, scaled to all working days spent at the residence.
    pub work_days: f64,
    /// Working days at home, scaled likewise.
    pub telework_days: f64,
    /// Working days seen in telework hours.
    pub days_seen: u32,
    /// Probability that it works at home now and then, by the definition's prior.
    pub telework_probability: f64,
    /// What it follows from: ordinary working days of three months; none of somebody who works in shifts.
    pub home_days: HomeDays,
    /// The way from the bed to it, by which a visit is told from passing by; it never leaves this crate.
    pub(crate) way: Way,
    /// From bed to workplace, straight line, kilometres.
    pub commute_km: f64,
    /// How far it went on days of both kinds, where it works at home more likely than not.
    pub day_ways: DayWays,
    /// Kilometres of commuting that telework saved: there and back, with detours.
    pub km_avoided: f64,
    /// Carbon dioxide that those kilometres would have cost, kilograms.
    pub kg_co2_avoided: f64,
}

/// What work is found from.
pub(crate) struct WorkEvidence<'a> {
    /// The device's spots, with its hours at each.
    pub spots: &'a Spots,
    /// Where it went on each day.
    pub track: &'a Track,
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
/// From so probable telework on, days at home are compared with days at the workplace: what is left are few days of leave.
const LEAST_PROBABILITY: f64 = 0.5;

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

    /// Days seen, and those of them that were spent at home: most of what was seen of the day, and nothing at the
    /// desk. Who works at home goes to a shop at noon and is still at home.
    fn at_home(
        &self,
        bed_hours: &BTreeMap<Day, u32>,
        at_desk: &BTreeMap<Day, u32>,
        is_meant: impl Fn(Day) -> bool,
    ) -> HomeDays {
        let mut days = HomeDays::default();
        for (day, hours) in self.seen.iter().filter(|(day, _)| is_meant(**day)) {
            days.seen += 1;
            days.at_home += u32::from(is_at_home((*day, *hours), bed_hours, at_desk));
        }
        days
    }

    /// Share of some days seen that has hours at a spot; `None` where none of them was seen.
    fn share_at(&self, spot: SpotIndex, is_meant: impl Fn(Day) -> bool) -> Option<f64> {
        let seen = self.seen.keys().filter(|day| is_meant(**day)).count();
        let there = self.by_spot.get(&spot).into_iter().flat_map(BTreeMap::keys);
        (seen > 0).then(|| there.filter(|day| is_meant(**day)).count() as f64 / seen as f64)
    }

    /// Hours at spots that are not away from the bed, by day.
    fn bed_hours(&self, is_away: impl Fn(SpotIndex) -> bool) -> BTreeMap<Day, u32> {
        let mut hours = BTreeMap::new();
        for (_, of_spot) in self.by_spot.iter().filter(|(spot, _)| !is_away(**spot)) {
            of_spot.iter().for_each(|(day, count)| *hours.entry(*day).or_default() += count);
        }
        hours
    }
}

/// Whether a day with so many hours seen was spent at home.
fn is_at_home(
    (day, hours): (Day, u32),
    bed_hours: &BTreeMap<Day, u32>,
    at_desk: &BTreeMap<Day, u32>,
) -> bool {
    2 * bed_hours.get(&day).copied().unwrap_or_default() >= hours && !at_desk.contains_key(&day)
}

impl WorkEvidence<'_> {
    fn point(&self, spot: SpotIndex) -> (f64, f64) {
        self.spots.get(spot).map_or((f64::NAN, f64::NAN), |spot| (spot.latitude, spot.longitude))
    }

    /// Whether the night before a day and the night after it were slept in a municipality.
    fn is_based(&self, day: Day, municipality: MunicipalityCode) -> bool {
        self.beds.slept(day.plus(-1), municipality) && self.beds.slept(day, municipality)
    }

    fn commuter_hours(&self) -> Range<u8> {
        slots(self.thresholds.commuter_start_hour, self.thresholds.commuter_end_hour)
    }

    fn telework_hours(&self) -> Range<u8> {
        slots(self.thresholds.telework_start_hour, self.thresholds.telework_end_hour)
    }

    /// Days with a fix in some hours. A phone that is silent from breakfast to supper seems to be at home all day.
    fn days_with_a_fix(&self, first: Day, last: Day, hours: &Range<u8>) -> BTreeSet<Day> {
        let fixes = &self.spots.fix_hours;
        let (from, to) =
            (fixes.partition_point(|(day, _)| *day < first), fixes.partition_point(|(day, _)| *day <= last));
        let within = fixes.get(from..to).unwrap_or_default().iter().filter(|(_, slot)| hours.contains(slot));
        within.map(|(day, _)| *day).collect()
    }

    /// Working days at a residence, by what was seen in some hours.
    fn days(&self, first: Day, last: Day, home: MunicipalityCode, hours_meant: &Range<u8>) -> Days {
        let shown = self.days_with_a_fix(first, last, hours_meant);
        let mut days = Days::default();
        // Hours come day by day, so a date is judged once and not for each of its hours.
        let mut current: Option<(Day, bool)> = None;
        for hour in self.spots.between(first, last) {
            let counts = match current {
                Some((day, counts)) if day == hour.day => counts,
                _ => {
                    shown.contains(&hour.day)
                        && self.almanac.is_working_day(hour.day)
                        && self.is_based(hour.day, home)
                }
            };
            current = Some((hour.day, counts));
            if counts && hours_meant.contains(&hour.slot) {
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
        let days = self.days(first, last, home, &self.commuter_hours());
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
        // Three months tell whether somebody works at home; the month itself, how often.
        // Who works in shifts is at home on working days because it is another day's turn.
        let works_in_shifts = self.beds.night_work.is_any();
        let in_telework_hours = self.days(first, last, home, &self.telework_hours());
        let home_days = self.home_days(&in_telework_hours, (bed, desk));
        let probability = if works_in_shifts { 0.0 } else { home_days.probability(&self.prior()) };
        let usual = in_telework_hours.share_at(desk, |day| self.is_ordinary(day));
        let found = self.measure(month, (home, municipality), (bed, desk), (probability, usual));
        Some(Workplace { home_days: if works_in_shifts { HomeDays::default() } else { home_days }, ..found })
    }

    fn prior(&self) -> Prior {
        Prior::of(self.thresholds)
    }

    /// Whether a working day is ordinary: in Obon, around New Year and between two days off many are on leave.
    fn is_ordinary(&self, day: Day) -> bool {
        let is_off = |day: Day| !self.almanac.is_working_day(day);
        !(is_kin_visit_period(day) || is_off(day.plus(-1)) && is_off(day.plus(1)))
    }

    /// Ordinary working days at home.
    fn home_days(&self, days: &Days, (bed, desk): (SpotIndex, SpotIndex)) -> HomeDays {
        let none = BTreeMap::new();
        let at_desk = days.by_spot.get(&desk).unwrap_or(&none);
        days.at_home(&days.bed_hours(|spot| self.beds.is_away(bed, spot)), at_desk, |day| {
            self.is_ordinary(day)
        })
    }

    /// How far the device went on ordinary days at the desk and at home.
    fn day_ways(&self, days: &Days, (bed, desk): (SpotIndex, SpotIndex)) -> DayWays {
        let none = BTreeMap::new();
        let at_desk = days.by_spot.get(&desk).unwrap_or(&none);
        let bed_hours = days.bed_hours(|spot| self.beds.is_away(bed, spot));
        let way_km = self.spots.metres(bed, desk) / 1000.0;
        let mut ways = DayWays::default();
        for (day, hours) in days.seen.iter().filter(|(day, _)| self.is_ordinary(**day)) {
            let Some(km) = self.track.km(*day, bed, self.spots) else { continue };
            if at_desk.contains_key(day) {
                ways = ways.with(DayWays { work_days: 1, work_km: km, ..DayWays::default() });
            } else if is_at_home((*day, *hours), &bed_hours, at_desk) {
                let of_day = DayWays { telework_days: 1, telework_km: km, way_km, ..DayWays::default() };
                ways = ways.with(of_day);
            }
        }
        ways
    }

    /// The days and kilometres of the month itself: three months find a workplace, one is reported.
    fn measure(
        &self,
        month: Month,
        (home, municipality): (MunicipalityCode, MunicipalityCode),
        (bed, desk): (SpotIndex, SpotIndex),
        (teleworks, usual): (f64, Option<f64>),
    ) -> Workplace {
        let (first, last) = (month.first_day(), month.last_day());
        let days = self.days(first, last, home, &self.telework_hours());
        let at_desk = days.by_spot.get(&desk).map_or(0, BTreeMap::len);
        let telework_share = teleworks * self.home_days(&days, (bed, desk)).share(self.prior().off);
        let (ordinary, others): (Vec<Day>, Vec<Day>) = (first.0..=last.0)
            .map(Day)
            .filter(|day| self.almanac.is_working_day(*day) && self.is_based(*day, home))
            .partition(|day| self.is_ordinary(*day));
        let based = ordinary.len() + others.len();
        // Where many are on leave, telework is as much rarer as days at the desk are.
        let then = days.share_at(desk, |day| !self.is_ordinary(day));
        let rarer =
            then.zip(usual).map_or(1.0, |(then, usual)| then / usual.max(then * telework_share).max(1e-9));
        let like_ordinary = ordinary.len() as f64 + rarer * others.len() as f64;
        // Days on which the phone was silent in working hours are taken to be like those on which it was not.
        let scale = based as f64 / days.seen.len().max(1) as f64;
        let (work_days, telework_days) = (at_desk as f64 * scale, telework_share * like_ordinary);
        let commute_km = self.spots.metres(bed, desk) / 1000.0;
        let is_teleworker = teleworks >= LEAST_PROBABILITY;
        let day_ways = if is_teleworker { self.day_ways(&days, (bed, desk)) } else { DayWays::default() };
        let km_avoided = telework_days * 2.0 * commute_km * self.thresholds.commute_detour_factor.get();
        Workplace {
            municipality,
            work_days,
            telework_days,
            days_seen: days.seen.len() as u32,
            telework_probability: teleworks,
            home_days: HomeDays::default(),
            way: Way::new(self.point(bed), self.point(desk)),
            commute_km,
            day_ways,
            km_avoided,
            kg_co2_avoided: km_avoided * self.thresholds.commute_co2_g_per_km.get() / 1000.0,
        }
    }
}

#[cfg(test)]
#[path = "work_tests.rs"]
mod tests;
