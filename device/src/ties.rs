//! Presence, nights, residences and work → ties: what binds a device to a municipality where it does not
//! live.
//!
//! In: presence, nights, residences and workplaces of one device. Out: for a month and each municipality
//! visited in the 12 months that end with it, the visits and their kind, or the reason why they do not count
//! as a connection. Residents, commuters and the daily living area are excluded with a reason, not dropped;
//! visits in Obon and around New Year are flagged.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::calendar::{Almanac, is_kin_visit_period};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::{Day, Month};

use crate::desk::DeskEvidence;
use crate::excluded::Excluded;
use crate::kind::{Facts, Road, Trips, road};
use crate::long_stay::LongStay;
use crate::night_work::NightWork;
use crate::presence::{Presence, PresenceByDay};
use crate::reach::{Reach, Reaches};
use crate::residences::{Residence, window};
use crate::way::Way;
use crate::work::Workplace;

/// What binds one device to one municipality, over the 12 months that end with a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    /// The municipality the device is tied to.
    pub municipality: MunicipalityCode,
    /// The municipality of the primary residence; `None` when the device cannot be located.
    pub origin: Option<MunicipalityCode>,
    /// How many separate visits there were.
    pub visits: u32,
    /// How many local days had a visit.
    pub visit_days: u32,
    /// How many known nights it slept there.
    pub nights: u32,
    /// In how many calendar quarters there was a visit.
    pub quarters: u32,
    /// Visit days that are working days.
    pub working_days: u32,
    /// Working days at the desk there, with a night there before or after.
    pub telework_days: u32,
    /// Working days in a place of the offices file.
    pub office_days: u32,
    /// Visit days in Obon and around New Year.
    pub kin_visit_days: u32,
    /// First visit day.
    pub first_day: Day,
    /// Last visit day.
    pub last_day: Day,
    /// Mean days from visit to visit; `None` with one visit.
    pub mean_interval_days: Option<f64>,
    /// Kilometres from the primary residence, between municipalities; `None` without one.
    pub distance_km: Option<f64>,
    /// Whether it counts, or what excludes it.
    pub excluded: Excluded,
    /// The strongest kind that the facts support.
    pub kind: TieKind,
    /// Whether it counts and has the visits of a repeat visitor.
    pub is_repeat: bool,
    /// Whether it counts and belongs to the connected population (core).
    pub is_connected: bool,
    /// Whether the municipality is a second residence.
    pub is_dual_resident: bool,
    /// Whether it counts and has as many telework days as a workation.
    pub is_workation: bool,
    /// Whether it counts and is a season of work there.
    pub is_seasonal_work: bool,
    /// Whether it counts and works in an office of the offices file.
    pub uses_an_office: bool,
    /// Whether it counts and is a stop of a life on the road.
    pub is_on_the_road: bool,
    /// Whether it counts and comes for business.
    pub is_business: bool,
}

impl Tie {
    /// The tie, which does not count for this reason, or for the one that it had before.
    fn left_out(self, reason: Excluded) -> Self {
        Self {
            excluded: if self.excluded == Excluded::No { reason } else { self.excluded },
            is_repeat: false,
            is_connected: false,
            is_workation: false,
            is_seasonal_work: false,
            uses_an_office: false,
            is_on_the_road: false,
            is_business: false,
            ..self
        }
    }
}

/// What ties are found from: everything measured of one device so far.
pub(crate) struct TieEvidence<'a> {
    /// What the device did on each day in each municipality.
    pub presence: &'a PresenceByDay,
    /// The municipality of each known night, by the evening's date.
    pub nights: &'a BTreeMap<Day, MunicipalityCode>,
    /// Where it lives in each month, the primary residence first.
    pub residences: &'a BTreeMap<Month, Vec<Residence>>,
    /// Where it works in each month.
    pub workplaces: &'a BTreeMap<Month, Workplace>,
    /// The ways between the residences of each month.
    pub ways: &'a BTreeMap<Month, Vec<Way>>,
    /// Its long stays, by month.
    pub long_stays: &'a BTreeMap<Month, Vec<LongStay>>,
    /// Where it works by night.
    pub night_work: &'a NightWork,
    /// Whether it visits from abroad.
    pub is_from_abroad: bool,
    /// What desks away from home are found from.
    pub desks: DeskEvidence<'a>,
    /// How far municipalities are.
    pub reaches: Reaches<'a>,
    /// Months and working days of dates.
    pub almanac: &'a Almanac,
    /// The definition, for its thresholds.
    pub definition: &'a Definition,
}

/// A tie is a commuter's when the device worked there in one of this many months with a visit, or more.
const COMMUTER_MONTHS_OF: usize = 2;

impl TieEvidence<'_> {
    /// The ties in a month, by municipality.
    pub(crate) fn ties(&self, month: Month) -> Vec<Tie> {
        let (first, last) = window(month);
        let mut days: BTreeMap<MunicipalityCode, Vec<Day>> = BTreeMap::new();
        let from = (first, MunicipalityCode::LOWEST);
        for ((day, municipality), presence) in self.presence.range(from..) {
            // Keys are ordered by day first, so nothing later is of this window.
            if *day > last {
                break;
            }
            if self.is_visit(*day, presence) {
                days.entry(*municipality).or_default().push(*day);
            }
        }
        let road = self.road(month);
        let ties = days.into_iter().filter_map(|(municipality, days)| {
            // Where it lived on the day decides, not where it lives in the month of the tie.
            let days: Vec<Day> =
                days.into_iter().filter(|day| self.is_away(month, *day, municipality)).collect();
            // The days of a long stay are no visits; where there are no others, the tie says that it was one.
            let stay = self.long_stay(month, municipality);
            let visits: Vec<Day> =
                days.iter().copied().filter(|day| !stay.is_some_and(|stay| stay.contains(*day))).collect();
            let tie = self.tie(month, municipality, if visits.is_empty() { &days } else { &visits }, road)?;
            let tie = match stay {
                Some(_) if visits.is_empty() => {
                    Tie { kind: TieKind::LongStay, ..tie.left_out(Excluded::LongStay) }
                }
                Some(stay) => Tie { nights: tie.nights.saturating_sub(self.nights_of(stay)), ..tie },
                None => tie,
            };
            Some(match self.beyond_a_visitor(tie.visit_days, tie.nights) {
                Some(beyond) => tie.left_out(beyond),
                None => tie,
            })
        });
        let mut ties: Vec<Tie> = ties.collect();
        if let Some(most) = self.definition.thresholds.max_municipalities {
            keep_connected(&mut ties, most.get() as usize);
        }
        ties
    }

    /// Whether what a device did on a day is a visit, and not a sighting on its way to work or between its homes.
    pub(crate) fn is_visit(&self, day: Day, presence: &Presence) -> bool {
        let month = self.almanac.month(day);
        let (work, ways) = (self.workplaces.get(&month), self.ways.get(&month));
        let passes = |point| {
            work.is_some_and(|work| work.way.passes(point))
                || ways.is_some_and(|ways| ways.iter().any(|way| way.passes(point)))
                || self.night_work.passes(point)
        };
        presence.is_visit(&self.definition.thresholds, passes)
    }

    /// The long stay in a municipality in the twelve months that end with a month.
    pub(crate) fn long_stay(&self, month: Month, municipality: MunicipalityCode) -> Option<&LongStay> {
        self.long_stays.get(&month)?.iter().find(|stay| stay.municipality == municipality)
    }

    /// Known nights in the twelve months that end with a month, but for those of a long stay.
    pub(crate) fn visit_nights(&self, month: Month, municipality: MunicipalityCode) -> u32 {
        let stay = self.long_stay(month, municipality);
        self.nights_at(month, municipality).saturating_sub(stay.map_or(0, |stay| self.nights_of(stay)))
    }

    /// Known nights of a long stay.
    fn nights_of(&self, stay: &LongStay) -> u32 {
        let (first, last) = stay.nights;
        self.nights.range(first..=last).filter(|(_, code)| **code == stay.municipality).count() as u32
    }

    fn lives(&self, month: Month) -> &[Residence] {
        self.residences.get(&month).map_or(&[][..], Vec::as_slice)
    }

    fn is_second(&self, month: Month, municipality: MunicipalityCode) -> bool {
        self.lives(month).iter().skip(1).any(|residence| residence.municipality == municipality)
    }

    /// Whether a day was away from the residence of its time: daily life before moving house makes no ties
    /// with the old neighbourhood.
    fn is_away(&self, month: Month, day: Day, municipality: MunicipalityCode) -> bool {
        if self.is_second(month, municipality) || self.lives(month).is_empty() {
            return true;
        }
        let Some(presence) = self.presence.get(&(day, municipality)) else { return false };
        let then = self.almanac.month(day);
        // In the month of moving both homes are home; before the device was located, the one that it was located
        // in is.
        let homes = [then.plus(-1), then].into_iter().filter_map(|month| self.lives(month).first());
        let homes: Vec<&Residence> = homes.collect();
        let homes = if homes.is_empty() { self.lives(month).first().into_iter().collect() } else { homes };
        homes.into_iter().all(|home| self.reaches.is_away(home.municipality, municipality, presence))
    }

    /// Whether a day in a municipality was away from the daily living area of the month's residence.
    pub(crate) fn is_away_in_month(&self, day: Day, place: MunicipalityCode, presence: &Presence) -> bool {
        let month = self.almanac.month(day);
        let primary = self.lives(month).first();
        self.is_second(month, place)
            || primary.is_none_or(|home| self.reaches.is_away(home.municipality, place, presence))
    }

    /// Why somebody with so many visit days and nights in twelve months is no visitor, where the definition has a most.
    pub(crate) fn beyond_a_visitor(&self, visit_days: u32, nights: u32) -> Option<Excluded> {
        let thresholds = &self.definition.thresholds;
        if thresholds.max_nights.is_some_and(|most| nights > most.get()) {
            Some(Excluded::ManyNights)
        } else if thresholds.max_visit_days.is_some_and(|most| visit_days > most.get()) {
            Some(Excluded::Frequent)
        } else {
            None
        }
    }

    /// Whether and why a tie with a municipality does not count in a month.
    pub(crate) fn exclusion(&self, month: Month, municipality: MunicipalityCode) -> Excluded {
        let residences = self.lives(month);
        if self.is_from_abroad {
            return Excluded::FromAbroad;
        }
        let Some(primary) = residences.first() else { return Excluded::NoResidence };
        if self.reaches.reach(primary.municipality, municipality) == Reach::Own {
            Excluded::PrimaryResidence
        } else if self.is_second(month, municipality) {
            Excluded::No
        } else if !self.reaches.may_visit(primary.municipality, municipality) {
            Excluded::NearHome
        } else if self.commutes(month, municipality) {
            Excluded::Commuter
        } else {
            Excluded::No
        }
    }

    /// Whether it works there, where the definition leaves commuters out.
    fn commutes(&self, month: Month, municipality: MunicipalityCode) -> bool {
        if self.definition.thresholds.counts_commuters() {
            return false;
        }
        self.workplaces.get(&month).is_some_and(|work| work.municipality == municipality)
            || self.night_work.is_in(municipality)
    }

    fn road(&self, month: Month) -> Road {
        let (first, last) = window(month);
        let lives: Vec<MunicipalityCode> =
            self.lives(month).iter().map(|residence| residence.municipality).collect();
        let nights = || self.nights.range(first..=last).map(|(night, code)| (*night, *code));
        let away: Vec<(Day, MunicipalityCode)> = nights().filter(|(_, code)| !lives.contains(code)).collect();
        let at_home: Vec<Day> =
            nights().filter(|(_, code)| Some(code) == lives.first()).map(|(night, _)| night).collect();
        road(&away, &at_home, &self.definition.thresholds)
    }

    fn tie(&self, month: Month, municipality: MunicipalityCode, days: &[Day], road: Road) -> Option<Tie> {
        let thresholds = &self.definition.thresholds;
        let residences = self.lives(month);
        let second = residences.iter().skip(1).find(|residence| residence.municipality == municipality);
        let (first_day, last_day) = (*days.first()?, *days.last()?);
        let months: BTreeSet<Month> = days.iter().map(|day| self.almanac.month(*day)).collect();
        let excluded = self.exclusion_of_tie(month, municipality, second.is_some(), &months);
        let visits = self.visits(municipality, days).count() as u32;
        let quarters = months.iter().map(|month| month.quarter()).collect::<BTreeSet<_>>().len() as u32;
        let trips = Trips {
            visits,
            visit_days: days.len() as u32,
            working_days: self.working_days(days),
            nights: self.nights_at(month, municipality),
        };
        let slept = days.iter().any(|day| self.presence.get(&(*day, municipality)).is_some_and(|p| p.slept));
        let facts = Facts {
            trips,
            ordinary_trips: self.ordinary_trips(municipality, days),
            quarters,
            second: second.map(|residence| residence.regime),
            desk: self.desks.desk(municipality, days),
            road: if slept { road } else { Road::Settled },
        };
        let traits = facts.traits(thresholds);
        let origin = residences.first().map(|residence| residence.municipality);
        let counts = excluded == Excluded::No;
        Some(Tie {
            municipality,
            origin,
            visits,
            visit_days: trips.visit_days,
            nights: trips.nights,
            quarters,
            working_days: trips.working_days,
            telework_days: facts.desk.telework_days(),
            office_days: facts.desk.office_days,
            kin_visit_days: days.iter().filter(|day| is_kin_visit_period(**day)).count() as u32,
            first_day,
            last_day,
            mean_interval_days: (visits > 1)
                .then(|| f64::from(last_day.0 - first_day.0) / f64::from(visits - 1)),
            distance_km: origin.map(|origin| (self.reaches.distance_km)(origin, municipality)),
            excluded,
            kind: traits.strongest(),
            is_repeat: counts && traits.is_repeat,
            is_connected: counts && (traits.is_dual_resident || traits.is_connected),
            is_dual_resident: traits.is_dual_resident,
            is_workation: counts && traits.is_workation,
            is_seasonal_work: counts && traits.is_seasonal_work,
            uses_an_office: counts && traits.works_at_an_office,
            is_on_the_road: counts && traits.is_on_the_road,
            is_business: counts && traits.is_business,
        })
    }

    /// Known nights at a municipality in the 12 months that end with `month`.
    fn nights_at(&self, month: Month, municipality: MunicipalityCode) -> u32 {
        let (first, last) = window(month);
        self.nights.range(first..=last).filter(|(_, code)| **code == municipality).count() as u32
    }

    /// The exclusion of a whole tie: beside what excludes a month, a device that worked there in half of the
    /// months with a visit came to work, before a change of jobs or after it.
    fn exclusion_of_tie(
        &self,
        month: Month,
        municipality: MunicipalityCode,
        is_second: bool,
        months: &BTreeSet<Month>,
    ) -> Excluded {
        let worked = months.iter().filter(|month| self.commutes(**month, municipality)).count();
        match self.exclusion(month, municipality) {
            Excluded::No if !is_second && worked * COMMUTER_MONTHS_OF >= months.len() => Excluded::Commuter,
            excluded => excluded,
        }
    }

    /// Separate visits: a new one begins after a day without a visit, or after a night known elsewhere.
    fn visits<'d>(&self, municipality: MunicipalityCode, days: &'d [Day]) -> impl Iterator<Item = &'d [Day]> {
        days.chunk_by(move |day, next| {
            *next == day.plus(1) && self.nights.get(day).is_none_or(|slept| *slept == municipality)
        })
    }

    /// The visits that touch neither Obon nor the days around New Year, each with its nights.
    fn ordinary_trips(&self, municipality: MunicipalityCode, days: &[Day]) -> Trips {
        let is_ordinary = |visit: &&[Day]| !visit.iter().copied().any(is_kin_visit_period);
        let mut trips = Trips::default();
        for visit in self.visits(municipality, days).filter(is_ordinary) {
            let (Some(first), Some(last)) = (visit.first(), visit.last()) else { continue };
            let nights = self.nights.range(first.plus(-1)..=*last);
            trips.visits += 1;
            trips.visit_days += visit.len() as u32;
            trips.working_days += self.working_days(visit);
            trips.nights += nights.filter(|(_, code)| **code == municipality).count() as u32;
        }
        trips
    }

    fn working_days(&self, days: &[Day]) -> u32 {
        days.iter().filter(|day| self.almanac.is_working_day(**day)).count() as u32
    }
}

/// Leaves as many connected ties as the definition allows one person: those with the most visit days, which is the
/// nearest to a choice that pings show.
fn keep_connected(ties: &mut [Tie], most: usize) {
    let mut connected: Vec<&mut Tie> = ties.iter_mut().filter(|tie| tie.is_connected).collect();
    connected.sort_by_key(|tie| (Reverse((tie.visit_days, tie.visits)), tie.municipality));
    for tie in connected.into_iter().skip(most) {
        tie.is_connected = false;
        if tie.kind == TieKind::Connected {
            tie.kind = TieKind::Repeat;
        }
    }
}

#[cfg(test)]
#[path = "ties_tests.rs"]
mod tests;
