//! Days of visits → visits: what somebody did on one journey, and where they came from and went to.
//!
//! In: the days on which a device visited somewhere, its nights, stays and fixes. Out: a [`Visit`] for each run of
//! such days in one municipality, with its nights there and elsewhere, the places before and after, and the trip
//! that it is part of. A night that is not known leaves the pattern of a visit open: a phone that slept is not
//! a guest who went home.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, MINUTE_MS, Month, UtcMillis};

use crate::desk::DeskEvidence;
use crate::fix::Fix;
use crate::residences::Residence;
use crate::settled::CompletedStay;

/// A day on which a device visited a municipality.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VisitorDay {
    /// The local day.
    pub day: Day,
    /// The municipality visited.
    pub municipality: MunicipalityCode,
    /// The municipality of the primary residence in that month.
    pub origin: MunicipalityCode,
    /// Minutes there, as far as they are likely.
    pub minutes: f64,
}

/// Where the nights around a visit were slept: the four patterns that tourism statistics count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// At a residence before and after, and no night here.
    DayTrip,
    /// Here, and at a residence before and after.
    OvernightHere,
    /// Not here, and away from every residence before or after.
    OvernightElsewhere,
    /// Here, and away from every residence before or after.
    Both,
}

/// One visit of a municipality away from every residence, from work and the daily living area.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The municipality visited.
    pub municipality: MunicipalityCode,
    /// The municipality of the primary residence in the month of the last day.
    pub origin: MunicipalityCode,
    /// First day and last day with a visit.
    pub days: (Day, Day),
    /// Nights there.
    pub nights: u32,
    /// Where the nights around it were slept; `None` where one of them is not known.
    pub pattern: Option<Pattern>,
    /// Minutes there on its days, as far as they are likely.
    pub minutes: f64,
    /// Where it stood last before; `None` where a long silence hides it.
    pub before: Option<MunicipalityCode>,
    /// Where it stood first afterwards.
    pub after: Option<MunicipalityCode>,
    /// The municipality that it came in through; `None` where the phone does not show it.
    pub entry: Option<MunicipalityCode>,
    /// Nights of the trip away from every residence, by municipality.
    pub beds: Vec<MunicipalityCode>,
    /// All municipalities that the trip visited, in the order of their codes.
    pub trip: Vec<MunicipalityCode>,
    /// Working days at a desk there, with a night there before or after.
    pub telework_days: u32,
    /// Working days in a place of the offices file.
    pub office_days: u32,
}

impl Visit {
    /// The month that it counts in: that of its last day.
    pub fn month(&self) -> Month {
        self.days.1.month()
    }
}

/// What visits are found from.
pub(crate) struct VisitEvidence<'a> {
    /// Days with a visit that counts.
    pub days: &'a [VisitorDay],
    /// The municipality of each night, more likely than not, by the evening's date.
    pub nights: &'a BTreeMap<Day, MunicipalityCode>,
    /// Where it lives in each month.
    pub residences: &'a BTreeMap<Month, Vec<Residence>>,
    /// Fixes and stays, by time.
    pub fixes: &'a [Fix],
    pub stays: &'a [CompletedStay],
    /// What desks are found from.
    pub desks: &'a DeskEvidence<'a>,
    /// When a local day starts.
    pub rule: DayRule,
}

/// Silence before or after a visit that hides where the device was: a night at home is inferred up to its
/// morning, and a journey of half a day leads anywhere in the country.
const MOST_SILENCE_MS: i64 = 8 * HOUR_MS;
/// The fix before the first one in a municipality shows the way in when it is so recent.
const MOST_ENTRY_MS: i64 = 30 * MINUTE_MS;
/// Shortest stay that is a place before or after a visit: the definition's least minutes of a visit.
const LEAST_STAY_MS: i64 = 30 * MINUTE_MS;

impl VisitEvidence<'_> {
    /// All visits, by first day.
    pub(crate) fn visits(&self) -> Vec<Visit> {
        let mut by_place: BTreeMap<MunicipalityCode, Vec<&VisitorDay>> = BTreeMap::new();
        // Who lives there, too, is no guest: nights in a second home are not those of a visit.
        for day in self.days.iter().filter(|day| !self.is_home(day.day, day.municipality)) {
            by_place.entry(day.municipality).or_default().push(day);
        }
        let mut visits: Vec<Visit> = Vec::new();
        for (municipality, days) in by_place {
            let begins_anew = |a: &&VisitorDay, b: &&VisitorDay| {
                b.day != a.day.plus(1) || self.nights.get(&a.day).is_some_and(|slept| *slept != municipality)
            };
            visits.extend(days.chunk_by(|a, b| !begins_anew(a, b)).filter_map(|days| self.visit(days)));
        }
        visits.sort_by_key(|visit| (visit.days, visit.municipality));
        self.join_trips(&mut visits);
        visits
    }

    fn is_home(&self, night: Day, municipality: MunicipalityCode) -> bool {
        let lives =
            self.residences.get(&night.month()).or_else(|| self.residences.get(&night.plus(1).month()));
        lives.is_some_and(|lives| lives.iter().any(|residence| residence.municipality == municipality))
    }

    fn visit(&self, days: &[&VisitorDay]) -> Option<Visit> {
        let (first, last) = (days.first()?, days.last()?);
        let (municipality, (from, until)) = (first.municipality, (first.day, last.day));
        let night = |day: Day| self.nights.get(&day).copied();
        let nights = (from.0 - 1..=until.0).filter(|day| night(Day(*day)) == Some(municipality)).count();
        // Whether the night beside was slept away from every residence; `None` where it is not known. A night
        // here is one of the visit.
        let away = |day: Day| night(day).map(|slept| slept != municipality && !self.is_home(day, slept));
        let around = away(from.plus(-1)).zip(away(until));
        let pattern = around.map(|(before, after)| match (nights > 0, before || after) {
            (false, false) => Pattern::DayTrip,
            (true, false) => Pattern::OvernightHere,
            (false, true) => Pattern::OvernightElsewhere,
            (true, true) => Pattern::Both,
        });
        let here = self.fixes_here(municipality, (from, until));
        let dates: Vec<Day> = days.iter().map(|day| day.day).collect();
        let desk = self.desks.desk(municipality, &dates);
        Some(Visit {
            municipality,
            origin: last.origin,
            days: (from, until),
            nights: nights as u32,
            pattern,
            minutes: days.iter().map(|day| day.minutes).sum(),
            before: here.and_then(|(first, _)| self.before(municipality, self.fixes[first].instant)),
            after: here.and_then(|(_, last)| self.after(municipality, self.fixes[last].instant)),
            entry: here.and_then(|(first, _)| self.entry(first)),
            beds: Vec::new(),
            trip: Vec::new(),
            telework_days: desk.telework_days(),
            office_days: desk.office_days,
        })
    }

    /// Its first and last fix there in these days.
    fn fixes_here(
        &self,
        municipality: MunicipalityCode,
        (from, until): (Day, Day),
    ) -> Option<(usize, usize)> {
        let (start, end) = (self.rule.day_start(from), self.rule.day_start(until.plus(1)));
        let first = self.fixes.partition_point(|fix| fix.instant < start);
        let after = self.fixes.partition_point(|fix| fix.instant < end);
        let is_here = |index: &usize| self.fixes[*index].municipality == Some(municipality);
        (first..after).find(is_here).zip((first..after).rev().find(is_here))
    }

    fn before(&self, here: MunicipalityCode, arrival: UtcMillis) -> Option<MunicipalityCode> {
        let until = self.stays.partition_point(|stay| stay.arrival < arrival);
        let stay = self.stays[..until].iter().rev().find(|stay| is_elsewhere(stay, here))?;
        (arrival.0 - stay.departure.0 <= MOST_SILENCE_MS).then_some(stay.municipality).flatten()
    }

    fn after(&self, here: MunicipalityCode, departure: UtcMillis) -> Option<MunicipalityCode> {
        let from = self.stays.partition_point(|stay| stay.arrival <= departure);
        let stay = self.stays[from..].iter().find(|stay| is_elsewhere(stay, here))?;
        (stay.arrival.0 - departure.0 <= MOST_SILENCE_MS).then_some(stay.municipality).flatten()
    }

    fn entry(&self, first: usize) -> Option<MunicipalityCode> {
        let before = self.fixes.get(first.checked_sub(1)?)?;
        let is_recent = self.fixes[first].instant.0 - before.instant.0 <= MOST_ENTRY_MS;
        if is_recent { before.municipality } else { None }
    }

    /// Puts visits together that lie on one trip: on the same days, or joined by a night away from every residence.
    fn join_trips(&self, visits: &mut [Visit]) {
        let mut start = 0;
        while start < visits.len() {
            let (mut end, mut until) = (start + 1, visits[start].days.1);
            while let Some(next) = visits.get(end) {
                let slept_away = self.nights.get(&until).is_some_and(|slept| !self.is_home(until, *slept));
                let is_joined = next.days.0 <= until || (next.days.0 == until.plus(1) && slept_away);
                if !is_joined {
                    break;
                }
                until = until.max(next.days.1);
                end += 1;
            }
            let trip: BTreeSet<MunicipalityCode> =
                visits[start..end].iter().map(|visit| visit.municipality).collect();
            let trip: Vec<MunicipalityCode> = trip.into_iter().collect();
            let nights = (visits[start].days.0.0 - 1..=until.0).map(Day);
            let beds = nights.filter_map(|night| {
                self.nights.get(&night).copied().filter(|slept| !self.is_home(night, *slept))
            });
            let beds: Vec<MunicipalityCode> = beds.collect();
            for visit in &mut visits[start..end] {
                (visit.trip, visit.beds) = (trip.clone(), beds.clone());
            }
            start = end;
        }
    }
}

fn is_elsewhere(stay: &CompletedStay, here: MunicipalityCode) -> bool {
    stay.municipality.is_some_and(|code| code != here) && stay.departure.0 - stay.arrival.0 >= LEAST_STAY_MS
}
