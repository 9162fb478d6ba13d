//! Visits and trips of a person.
//!
//! In: a life, and where the person lives in a month. Out: [`Journeys`]: the visits that end in the month, and the trips
//! that they are part of. A visit is a run of days that the truth's rules take for visit days of one municipality; a new
//! one begins after a day without, or after a night elsewhere. A trip is a run of days with any visit, joined by
//! nights away from every residence. A night at the home of its day is at a residence, also in the month of a
//! move.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, MINUTE_MS};

use super::Lives;
use crate::diary::Piece;
use crate::people::{Base, Person};
use crate::truth::life::{Life, Presence};
use crate::truth::long_stays::long_stays;
use crate::truth::rules::Rules;
use crate::truth::window::Window;

/// The least stay that is a place before or after a visit.
const STAY_MS: i64 = 30 * MINUTE_MS;

/// A time at one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    from_ms: i64,
    until_ms: i64,
    town: MunicipalityCode,
}

/// The stays of a walk, joined across days.
pub(super) fn standings(walk: &[Piece]) -> Vec<Standing> {
    let joins = |a: &Piece, b: &Piece| !a.is_way() && !b.is_way() && a.start == b.start;
    let standing = |pieces: &[Piece]| {
        let (first, last) = (pieces.first()?, pieces.last()?);
        let town = first.start.town;
        (!first.is_way()).then_some(Standing { from_ms: first.from_ms, until_ms: last.until_ms, town })
    };
    walk.chunk_by(joins).filter_map(standing).collect()
}

/// Where the nights of a visit and around it were slept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// At a residence before and after, and no night here.
    DayTrip,
    /// Here, and at a residence before and after.
    OvernightHere,
    /// Not here, and away from every residence before or after.
    OvernightElsewhere,
    /// Here, and away from every residence before or after.
    Both,
}

impl Pattern {
    /// The word in the truth.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::DayTrip => "day_trip",
            Self::OvernightHere => "overnight_here",
            Self::OvernightElsewhere => "overnight_elsewhere",
            Self::Both => "both",
        }
    }
}

/// A visit.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub town: MunicipalityCode,
    pub pattern: Pattern,
    pub nights: u32,
    /// On all its days.
    pub minutes: f64,
    /// Where the person stayed last before; unknown at the start of the world.
    pub before: Option<MunicipalityCode>,
    /// Where the person stayed next; unknown at the end of the world.
    pub after: Option<MunicipalityCode>,
    /// Index of its trip.
    pub trip: usize,
}

/// A trip.
#[derive(Debug, Clone)]
pub(super) struct Trip {
    first: Day,
    last: Day,
    /// All that it visited.
    pub towns: BTreeSet<MunicipalityCode>,
    /// Where its nights were slept, but for those at a residence and on the way.
    pub beds: Vec<MunicipalityCode>,
}

/// The visits that end in a month, and all trips.
#[derive(Debug)]
pub(super) struct Journeys {
    pub visits: Vec<Visit>,
    pub trips: Vec<Trip>,
}

/// Whose visits are asked for.
pub(super) struct Visitor<'a> {
    pub rules: &'a Rules<'a, 'a>,
    pub person: &'a Person,
    pub life: &'a Life,
    pub lives: &'a Lives,
    pub standings: &'a [Standing],
}

/// Days in a town, with the minutes there.
type DaysThere = BTreeMap<MunicipalityCode, Vec<(Day, f64)>>;

impl Visitor<'_> {
    pub(super) fn journeys(&self) -> Journeys {
        let days = self.visit_days();
        let trips = self.trips(&days);
        let visits = days.iter().flat_map(|(town, days)| {
            let goes_on = |a: &(Day, f64), b: &(Day, f64)| {
                b.0 == a.0.plus(1) && self.bed(a.0).is_none_or(|slept| slept == *town)
            };
            days.chunk_by(goes_on).filter_map(|days| self.visit(*town, days, &trips)).collect::<Vec<_>>()
        });
        Journeys { visits: visits.collect(), trips }
    }

    /// The days that count as visits from the twelve months on, to the end of the world: only so it is seen whether
    /// a visit ends in the month.
    fn visit_days(&self) -> DaysThere {
        let Self { rules, person, life, lives, .. } = *self;
        let (world, limits) = (rules.world, &rules.definition.thresholds);
        let mut days = DaysThere::new();
        let Some(window) = Window::of(lives.month, world.first_day, world.last_day()) else { return days };
        let first = life.presences.partition_point(|presence| presence.day < window.from);
        for presence in &life.presences[first..] {
            let is_long_enough = presence.minutes >= limits.stay_min_minutes.get();
            if is_long_enough && !lives.all.contains(&presence.town) {
                days.entry(presence.town).or_default().push((presence.day, presence.minutes));
            }
        }
        days.retain(|town, _| rules.is_visited(person, lives.primary, *town));
        if days.is_empty() {
            return days;
        }
        let long_stays = long_stays(person, life, window, (world, limits));
        let presence =
            |(day, minutes): (Day, f64), town| Presence { day, town, minutes, telework_minutes: 0.0 };
        for (town, days) in &mut days {
            let long_stay = long_stays.get(town);
            // The day after the last night is that of leaving.
            let is_of_long_stay =
                |day: Day| long_stay.is_some_and(|(from, until)| (from.0..=until.0 + 1).contains(&day.0));
            days.retain(|(day, minutes)| {
                let is_long = rules.is_long(life, &presence((*day, *minutes), *town));
                rules.is_away(person, (*day, is_long), *town) && !is_of_long_stay(*day)
            });
            let is_of_window = |day: Day| (window.from..=window.until).contains(&day);
            let visit_days = days.iter().filter(|(day, _)| is_of_window(*day)).count();
            let nights = (window.from.0..=window.until.0).map(Day).filter(|night| {
                life.night(world, *night) == Some(*town)
                    && rules.is_away(person, (*night, true), *town)
                    && !long_stay.is_some_and(|(from, until)| (*from..=*until).contains(night))
            });
            if rules.is_beyond_a_visitor(visit_days as u32, nights.count() as u32) {
                days.clear();
            }
        }
        days.retain(|_, days| !days.is_empty());
        days
    }

    fn trips(&self, days: &DaysThere) -> Vec<Trip> {
        let mut by_day: BTreeMap<Day, BTreeSet<MunicipalityCode>> = BTreeMap::new();
        for (town, days) in days {
            days.iter().for_each(|(day, _)| {
                by_day.entry(*day).or_default().insert(*town);
            });
        }
        let mut trips: Vec<Trip> = Vec::new();
        for (day, towns) in by_day {
            match trips.last_mut().filter(|trip| trip.last.plus(1) == day && !self.is_home(trip.last)) {
                Some(trip) => {
                    trip.last = day;
                    trip.towns.extend(towns);
                }
                None => trips.push(Trip { first: day, last: day, towns, beds: Vec::new() }),
            }
        }
        for trip in &mut trips {
            let away = (trip.first.0 - 1..=trip.last.0).map(Day).filter(|night| !self.is_home(*night));
            trip.beds = away.filter_map(|night| self.bed(night)).collect();
        }
        trips
    }

    /// A run of visit days, when it ends in the month.
    fn visit(&self, town: MunicipalityCode, days: &[(Day, f64)], trips: &[Trip]) -> Option<Visit> {
        let ((first, _), (last, _)) = (*days.first()?, *days.last()?);
        if last.month() != self.lives.month {
            return None;
        }
        let is_here = |night: Day| self.bed(night) == Some(town);
        let nights = (first.0 - 1..=last.0).map(Day).filter(|night| is_here(*night)).count() as u32;
        // Who comes before four in the morning, and who leaves as early, has slept here on the night beside.
        let before = first.plus(if is_here(first.plus(-1)) { -2 } else { -1 });
        let after = last.plus(i32::from(is_here(last)));
        let is_from_home = self.is_home(before) && self.is_home(after);
        let pattern = match (nights > 0, is_from_home) {
            (false, true) => Pattern::DayTrip,
            (true, true) => Pattern::OvernightHere,
            (false, false) => Pattern::OvernightElsewhere,
            (true, false) => Pattern::Both,
        };
        let (before, after) = self.places_around(town, (first, last));
        Some(Visit {
            town,
            pattern,
            nights,
            minutes: days.iter().map(|(_, minutes)| minutes).sum(),
            before,
            after,
            trip: trips.iter().position(|trip| (trip.first..=trip.last).contains(&last))?,
        })
    }

    /// The municipalities of the last stay elsewhere before the first one here, and of the next after the last.
    fn places_around(
        &self,
        town: MunicipalityCode,
        (first, last): (Day, Day),
    ) -> (Option<MunicipalityCode>, Option<MunicipalityCode>) {
        let start = DayRule::JAPAN.day_start(first).0;
        let end = DayRule::JAPAN.day_start(last.plus(1)).0;
        let from = self.standings.partition_point(|stay| stay.until_ms <= start);
        let until = self.standings.partition_point(|stay| stay.from_ms < end);
        let is_here = |index: &usize| self.standings[*index].town == town;
        let arrival = (from..until).find(is_here).unwrap_or(from);
        let departure = (from..until).rev().find(is_here).unwrap_or(until);
        let is_place = |stay: &&Standing| stay.town != town && stay.until_ms - stay.from_ms >= STAY_MS;
        let before = self.standings[..arrival].iter().rev().find(is_place);
        let after = self.standings[departure..].iter().find(is_place);
        (before.map(|stay| stay.town), after.map(|stay| stay.town))
    }

    /// Where a night was slept; of nights outside the world the bed that was planned.
    fn bed(&self, night: Day) -> Option<MunicipalityCode> {
        let world = self.rules.world;
        if (world.first_day..=world.last_day()).contains(&night) {
            return self.life.night(world, night);
        }
        match self.person.base(night) {
            Base::Away(spell) => Some(spell.bed.town),
            Base::Home(_) | Base::OnDuty(_) => self.person.home_at(night),
        }
    }

    fn is_home(&self, night: Day) -> bool {
        let home = self.person.home_at(night);
        self.bed(night).is_some_and(|slept| Some(slept) == home || self.lives.all.contains(&slept))
    }
}
