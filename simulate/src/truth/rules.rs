//! The definition's rules, applied to the true walk.
//!
//! In: a life, and the days a device id was in use. Out: the residences and ties that a perfect observer
//! would give that id in each month, over the twelve months that end with it. A person is judged by the same
//! rules as an id that is never changed. Visitors from abroad live nowhere and have no ties.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::{Day, Month};

use super::LAST_MONTHS;
use super::kinds::{Counts, strongest};
use super::life::{Life, Presence};
use super::long_stays::{LongStays, long_stays};
use super::offices::OfficeList;
use super::window::Window;
use crate::land::Land;
use crate::people::{Person, Persona};
use crate::world::World;

/// A true residence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Residence {
    pub month: Month,
    /// 1 is the primary one.
    pub rank: i16,
    pub town: MunicipalityCode,
    /// `primary`, or the regime of a dual resident.
    pub regime: &'static str,
    /// Both residences had nearly as many nights: which one is called primary is arbitrary.
    pub nearly_even: bool,
}

/// A true tie.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tie {
    pub month: Month,
    pub town: MunicipalityCode,
    pub visits: i32,
    pub visit_days: i32,
    pub visit_day_class: String,
    pub nights: i32,
    pub is_dual_resident: bool,
    pub is_workation: bool,
    /// As often as the definition asks of a repeat visitor, or more.
    pub is_repeat: bool,
    /// As often as the definition asks of a connected person, or a second residence.
    pub is_connected: bool,
    /// The strongest of what is true of it.
    pub kind: TieKind,
}

/// What the rules look at.
pub(super) struct Rules<'a, 'g> {
    pub definition: &'a Definition,
    pub land: &'a Land<'g>,
    pub almanac: &'a Almanac,
    pub world: &'a World,
    pub offices: OfficeList,
    pub months: Vec<Month>,
}

/// Whose month is judged.
#[derive(Clone, Copy)]
struct Judging<'l> {
    person: &'l Person,
    life: &'l Life,
    window: Window,
    /// Where one long run of nights was slept without a return.
    long_stays: &'l LongStays,
    /// Whether so many nights were slept in so many towns that the definition takes it for a life on the road.
    is_itinerant: bool,
}

/// Nights at home and at the second residence since the last move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Balance {
    pub home: i32,
    pub second: i32,
}

impl Balance {
    /// The second residence is the primary one when at least a tenth more nights were slept there.
    pub(super) fn is_second_primary(self) -> bool {
        self.second > self.home && 10 * self.second >= 11 * self.home
    }

    /// Less than a tenth of the larger apart.
    pub(super) fn is_nearly_even(self) -> bool {
        10 * (self.home - self.second).abs() < self.home.max(self.second)
    }
}

impl Rules<'_, '_> {
    /// The months that people are judged in, and not ids.
    pub(super) fn last_months(&self) -> &[Month] {
        &self.months[self.months.len().saturating_sub(LAST_MONTHS)..]
    }

    /// The residences and ties of a device that was in use on `from..=until`.
    pub(super) fn judge(
        &self,
        person: &Person,
        life: &Life,
        (from, until): (Day, Day),
        months: &[Month],
    ) -> (Vec<Residence>, Vec<Tie>) {
        let (mut residences, mut ties) = (Vec::new(), Vec::new());
        for &month in months.iter().filter(|_| person.is_domestic()) {
            let Some(window) = Window::of(month, from, until) else { continue };
            let primary = self.primary(person, life, window);
            let is_itinerant = self.is_itinerant(life, window, primary);
            let long_stays = long_stays(person, life, window, (self.world, &self.definition.thresholds));
            let of_window = Judging { person, life, window, long_stays: &long_stays, is_itinerant };
            let second = primary.and_then(|primary| self.second(of_window, primary));
            let nearly_even = second.is_some() && self.balance(person, life, window).is_nearly_even();
            let residence = |rank, town, regime| Residence { month, rank, town, regime, nearly_even };
            residences.extend(primary.map(|town| residence(1, town, "primary")));
            let regime = person.regime.map_or("unplanned", |regime| regime.as_str());
            residences.extend(second.map(|town| residence(2, town, regime)));
            self.ties(of_window, (primary, second), &mut ties);
        }
        (residences, ties)
    }

    /// The home of the window's end, or the second residence when clearly more nights were slept there. There
    /// is none after too few nights anywhere: those were on the way, or before the device was in use.
    fn primary(&self, person: &Person, life: &Life, window: Window) -> Option<MunicipalityCode> {
        let limits = &self.definition.thresholds;
        let since = window.month.last_day().plus(1 - limits.home_window_days.get()).max(window.from);
        let slept = |evening: &i32| life.night(self.world, Day(*evening)).is_some();
        let nights = (since.0..=window.until.0).filter(slept).count();
        let home = person.home(window.until).spot.town;
        let second = person.second.filter(|_| self.balance(person, life, window).is_second_primary());
        (nights as u32 >= limits.home_min_nights.get()).then_some(second.map_or(home, |spot| spot.town))
    }

    fn balance(&self, person: &Person, life: &Life, window: Window) -> Balance {
        let home = person.home(window.until);
        let since = window.from.max(home.from);
        let nights = |town| self.nights(life, since, window.until, town);
        Balance { home: nights(home.spot.town), second: person.second.map_or(0, |spot| nights(spot.town)) }
    }

    /// Whether the nights away from home make a life on the road, for weeks on end: in a van, or from job to job.
    fn is_itinerant(&self, life: &Life, window: Window, primary: Option<MunicipalityCode>) -> bool {
        let limits = &self.definition.thresholds;
        let by_town = life.nights_by_town(self.world, (window.from, window.until));
        let away = || by_town.iter().filter(|(town, _)| Some(**town) != primary);
        let nights: usize = away().map(|(_, nights)| nights.len()).sum();
        let weeks = |nights: &[Day]| -> BTreeSet<Day> {
            nights.iter().map(|night| night.plus(-(night.days_after_monday() as i32))).collect()
        };
        let away_weeks: BTreeSet<Day> = away().flat_map(|(_, nights)| weeks(nights)).collect();
        let at_home = primary.and_then(|primary| by_town.get(&primary)).map(|nights| weeks(nights));
        let full_weeks = away_weeks.difference(&at_home.unwrap_or_default()).count();
        nights as u32 >= limits.itinerant_min_nights.get()
            && away().count() as u32 >= limits.itinerant_min_municipalities.get()
            && full_weeks as f64 >= limits.itinerant_full_weeks_share.get() * away_weeks.len() as f64
    }

    /// The other residence: a dual resident's own, or any place that the definition's rules make one. Those
    /// rules do not ask why somebody sleeps thirty nights a year in a town, and neither does the truth. Only
    /// the homes of somebody who moved house are not second residences.
    fn second(&self, of: Judging<'_>, primary: MunicipalityCode) -> Option<MunicipalityCode> {
        let Judging { person, life, window, long_stays, .. } = of;
        let limits = &self.definition.thresholds;
        let by_town = life.nights_by_town(self.world, (window.from, window.until));
        let own = person.second.filter(|_| person.persona == Persona::Dual).map(|second| second.town);
        let home = person.home(window.until).spot.town;
        let own = if own == Some(primary) { Some(home) } else { own };
        // Who moved house gave up what was not slept in again since.
        let moved = person.home(window.until).from;
        let since = |nights: &[Day]| nights.iter().filter(|night| **night >= moved).count() as u32;
        let is_given_up = |nights: &[Day]| {
            moved > window.from && since(nights) < limits.second_residence_min_return_nights.get()
        };
        let is_residence = |(town, nights): &(&MunicipalityCode, &Vec<Day>)| {
            let is_home = person.homes.iter().any(|home| home.spot.town == **town);
            let far = self.land.towns_apart_km(primary, **town) >= limits.second_residence_min_km.get();
            let months = nights.iter().map(|night| night.month()).collect::<BTreeSet<_>>().len();
            let has_rhythm = months as u32 >= limits.second_residence_min_months.get()
                || longest_run(nights) as u32 >= limits.second_residence_run_nights.get();
            nights.len() as u32 >= limits.second_residence_min_nights.get()
                && !is_given_up(nights)
                && (own == Some(**town) || !is_home && far && has_rhythm && !long_stays.contains_key(town))
        };
        let found = by_town.iter().filter(is_residence);
        found
            .max_by_key(|(town, nights)| {
                (own == Some(**town), nights.len(), std::cmp::Reverse(town.number()))
            })
            .map(|(town, _)| *town)
    }

    fn nights(&self, life: &Life, from: Day, until: Day, town: MunicipalityCode) -> i32 {
        let there = |evening: &i32| life.night(self.world, Day(*evening)) == Some(town);
        (from.0..=until.0).filter(there).count() as i32
    }

    fn ties(
        &self,
        of: Judging<'_>,
        (primary, second): (Option<MunicipalityCode>, Option<MunicipalityCode>),
        ties: &mut Vec<Tie>,
    ) {
        let Judging { person, life, window, .. } = of;
        let limits = &self.definition.thresholds;
        let Some(primary) = primary else { return };
        let mut by_town: BTreeMap<MunicipalityCode, Vec<&Presence>> = BTreeMap::new();
        let first = life.presences.partition_point(|presence| presence.day < window.from);
        for presence in life.presences[first..].iter().take_while(|presence| presence.day <= window.until) {
            if presence.minutes >= limits.stay_min_minutes.get() {
                by_town.entry(presence.town).or_default().push(presence);
            }
        }
        let of_window = ties.len();
        for (town, days) in by_town {
            let is_dual_resident = second == Some(town);
            let counts = self.is_visited(person, primary, town);
            let away =
                |day: Day, is_long: bool| is_dual_resident || self.is_away(person, (day, is_long), town);
            let is_day_away = |presence: &&Presence| away(presence.day, self.is_long(life, presence));
            let days: Vec<&Presence> = days.into_iter().filter(is_day_away).collect();
            if !days.is_empty() && (counts || is_dual_resident) {
                let stay = of.long_stays.get(&town).filter(|_| !is_dual_resident);
                let is_within = |day: Day, last: i32| {
                    stay.is_some_and(|(from, until)| (from.0..=until.0 + last).contains(&day.0))
                };
                // The day after the last night is that of leaving.
                let visits: Vec<&Presence> =
                    days.iter().copied().filter(|presence| !is_within(presence.day, 1)).collect();
                let is_long_stay = visits.is_empty();
                let counted = if is_long_stay { &days } else { &visits };
                let slept = |evening: &Day| {
                    life.night(self.world, *evening) == Some(town)
                        && away(*evening, true)
                        && (is_long_stay || !is_within(*evening, 0))
                };
                let nights = (window.from.0..=window.until.0).map(Day).filter(slept).count() as i32;
                let mut tie = self.tie(of, town, counted, (is_dual_resident, is_long_stay));
                if of.is_itinerant && nights > 0 && !is_long_stay {
                    tie.kind = tie.kind.min(TieKind::Itinerant);
                    tie.is_workation = false;
                }
                if !self.is_beyond_a_visitor(tie.visit_days as u32, nights as u32) {
                    ties.push(Tie { nights, ..tie });
                }
            }
        }
        if let Some(most) = limits.max_municipalities {
            keep_connected(&mut ties[of_window..], most.get() as usize);
        }
    }

    /// Whether the definition takes somebody for no visitor who has so many visit days and nights in twelve months.
    pub(super) fn is_beyond_a_visitor(&self, visit_days: u32, nights: u32) -> bool {
        let limits = &self.definition.thresholds;
        limits.max_visit_days.is_some_and(|most| visit_days > most.get())
            || limits.max_nights.is_some_and(|most| nights > most.get())
    }

    /// Whether a day in a town is as long as the definition asks for near home: by its hours, or by a night beside it.
    pub(super) fn is_long(&self, life: &Life, presence: &Presence) -> bool {
        let slept = |evening: Day| life.night(self.world, evening) == Some(presence.town);
        self.definition.thresholds.near_visit_min_hours.is_some_and(|hours| {
            presence.minutes >= 60.0 * hours.get() || slept(presence.day.plus(-1)) || slept(presence.day)
        })
    }

    /// Whether days in a town are visits of somebody who lives elsewhere: it is not where the person works, and far
    /// enough.
    pub(super) fn is_visited(
        &self,
        person: &Person,
        primary: MunicipalityCode,
        town: MunicipalityCode,
    ) -> bool {
        let limits = &self.definition.thresholds;
        let is_commuter = !limits.counts_commuters() && person.work.is_some_and(|work| work.town == town);
        !is_commuter && self.is_out_of_daily_life(primary, town, limits.near_visit_min_hours.is_some())
    }

    /// Whether a town is another one, none beside home where the definition leaves these out, and far enough; a long
    /// day makes any distance far enough.
    fn is_out_of_daily_life(&self, home: MunicipalityCode, town: MunicipalityCode, is_long: bool) -> bool {
        let limits = &self.definition.thresholds;
        let is_beside = || limits.asks_for_neighbours() && self.land.are_neighbours(home, town);
        let is_far = || self.land.towns_apart_km(home, town) >= limits.visitor_min_km.get();
        town != home && !is_beside() && (is_long || is_far())
    }

    /// A visit is away from the home of that day: daily life before moving house makes no ties with the old
    /// neighbourhood.
    pub(super) fn is_away(
        &self,
        person: &Person,
        (day, is_long): (Day, bool),
        town: MunicipalityCode,
    ) -> bool {
        self.is_out_of_daily_life(person.home(day).spot.town, town, is_long)
    }

    /// A tie whose nights are not counted yet.
    fn tie(
        &self,
        of: Judging<'_>,
        town: MunicipalityCode,
        days: &[&Presence],
        (is_dual_resident, is_long_stay): (bool, bool),
    ) -> Tie {
        let Judging { person, life, window, .. } = of;
        let limits = &self.definition.thresholds;
        let slept = |evening: Day| life.night(self.world, evening) == Some(town);
        let elsewhere = |evening: Day| life.night(self.world, evening).is_some_and(|night| night != town);
        let returns = |pair: &[&Presence]| pair[1].day.0 - pair[0].day.0 > 1 || elsewhere(pair[0].day);
        let visits = 1 + days.windows(2).filter(|pair| returns(pair)).count() as i32;
        let telework = |presence: &&&Presence| {
            self.almanac.is_working_day(presence.day)
                && presence.telework_minutes >= 60.0 * limits.telework_min_hours.get()
                && (slept(presence.day.plus(-1)) || slept(presence.day))
        };
        let telework_days = days.iter().filter(telework).count();
        let is_workation =
            !is_dual_resident && !is_long_stay && telework_days as u32 >= limits.workation_min_days.get();
        let quarters: BTreeSet<i32> = days.iter().map(|presence| presence.day.month().quarter()).collect();
        let quarters = quarters.len() as i32;
        let comes_often = visits as u32 >= limits.connected_min_visits.get()
            && quarters as u32 >= limits.connected_min_quarters.get();
        let counts = Counts { visits, quarters, is_dual_resident, is_workation, is_long_stay };
        Tie {
            month: window.month,
            town,
            visits,
            visit_days: days.len() as i32,
            visit_day_class: class_text(self.definition.visit_day_class(days.len() as u32)),
            nights: 0,
            is_dual_resident,
            is_workation,
            is_repeat: !is_long_stay
                && (is_dual_resident || comes_often || visits as u32 >= limits.repeat_min_visits.get()),
            is_connected: !is_long_stay && (is_dual_resident || comes_often),
            kind: strongest(person, (window, town), (limits, &self.offices), counts),
        }
    }
}

/// Leaves as many connected ties as the definition allows one person, those with the most visit days.
fn keep_connected(ties: &mut [Tie], most: usize) {
    let mut connected: Vec<&mut Tie> = ties.iter_mut().filter(|tie| tie.is_connected).collect();
    connected.sort_by_key(|tie| (Reverse((tie.visit_days, tie.visits)), tie.town));
    for tie in connected.into_iter().skip(most) {
        tie.is_connected = false;
        if tie.kind == TieKind::Connected {
            tie.kind = TieKind::Repeat;
        }
    }
}

/// `1`, `3-7` or `24+`.
fn class_text((low, high): (u16, Option<u16>)) -> String {
    match high {
        Some(high) if high == low => low.to_string(),
        Some(high) => format!("{low}-{high}"),
        None => format!("{low}+"),
    }
}

/// Nights in a row, at most, of sorted nights.
fn longest_run(nights: &[Day]) -> usize {
    nights.chunk_by(|a, b| b.0 == a.0 + 1).map(<[Day]>::len).max().unwrap_or(0)
}
