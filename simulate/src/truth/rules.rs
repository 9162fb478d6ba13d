//! The definition's rules, applied to the true walk.
//!
//! In: a life, and the days a device id was in use. Out: the residences and ties that a perfect observer
//! would give that id in each month, over the twelve months that end with it.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::{Day, Month};

use super::kinds::{Counts, strongest};
use super::life::{Life, Presence};
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
    /// The strongest of what is true of it.
    pub kind: TieKind,
}

/// What the rules look at.
pub(super) struct Rules<'a, 'g> {
    pub definition: &'a Definition,
    pub land: &'a Land<'g>,
    pub almanac: &'a Almanac,
    pub world: &'a World,
    pub months: Vec<Month>,
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
    /// The residences and ties of a device that was in use on `from..=until`.
    pub(super) fn judge(
        &self,
        person: &Person,
        life: &Life,
        from: Day,
        until: Day,
    ) -> (Vec<Residence>, Vec<Tie>) {
        let (mut residences, mut ties) = (Vec::new(), Vec::new());
        for &month in &self.months {
            let Some(window) = Window::of(month, from, until) else { continue };
            let primary = self.primary(person, life, window);
            let second = primary.and_then(|primary| self.second(person, life, window, primary));
            let nearly_even = second.is_some() && self.balance(person, life, window).is_nearly_even();
            let residence = |rank, town, regime| Residence { month, rank, town, regime, nearly_even };
            residences.extend(primary.map(|town| residence(1, town, "primary")));
            let regime = person.regime.map_or("unplanned", |regime| regime.as_str());
            residences.extend(second.map(|town| residence(2, town, regime)));
            self.ties(person, life, window, (primary, second), &mut ties);
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

    /// The other residence: a dual resident's own, or any place that the definition's rules make one. Those
    /// rules do not ask why somebody sleeps thirty nights a year in a town, and neither does the truth. Only
    /// the homes of somebody who moved house are not second residences.
    fn second(
        &self,
        person: &Person,
        life: &Life,
        window: Window,
        primary: MunicipalityCode,
    ) -> Option<MunicipalityCode> {
        let limits = &self.definition.thresholds;
        let mut by_town: BTreeMap<MunicipalityCode, Vec<Day>> = BTreeMap::new();
        for night in (window.from.0..=window.until.0).map(Day) {
            if let Some(town) = life.night(self.world, night) {
                by_town.entry(town).or_default().push(night);
            }
        }
        let own = person.second.filter(|_| person.persona == Persona::Dual).map(|second| second.town);
        let home = person.home(window.until).spot.town;
        let own = if own == Some(primary) { Some(home) } else { own };
        let is_residence = |(town, nights): &(&MunicipalityCode, &Vec<Day>)| {
            let is_home = person.homes.iter().any(|home| home.spot.town == **town);
            let far = self.land.towns_apart_km(primary, **town) >= limits.second_residence_min_km.get();
            let months = nights.iter().map(|night| night.month()).collect::<BTreeSet<_>>().len();
            let has_rhythm = months as u32 >= limits.second_residence_min_months.get()
                || longest_run(nights) as u32 >= limits.second_residence_run_nights.get();
            nights.len() as u32 >= limits.second_residence_min_nights.get()
                && (own == Some(**town) || !is_home && far && has_rhythm)
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
        person: &Person,
        life: &Life,
        window: Window,
        (primary, second): (Option<MunicipalityCode>, Option<MunicipalityCode>),
        ties: &mut Vec<Tie>,
    ) {
        let limits = &self.definition.thresholds;
        let Some(primary) = primary else { return };
        let mut by_town: BTreeMap<MunicipalityCode, Vec<&Presence>> = BTreeMap::new();
        let first = life.presences.partition_point(|presence| presence.day < window.from);
        for presence in life.presences[first..].iter().take_while(|presence| presence.day <= window.until) {
            if presence.minutes >= limits.stay_min_minutes.get() {
                by_town.entry(presence.town).or_default().push(presence);
            }
        }
        let workplace = person.work.map(|work| work.town);
        for (town, days) in by_town {
            let is_dual_resident = second == Some(town);
            let far = self.land.towns_apart_km(primary, town) >= limits.visitor_min_km.get();
            let counts = town != primary && workplace != Some(town) && far;
            // A visit is away from the home of that day: daily life before moving house makes no ties with
            // the old neighbourhood.
            let away = |day: Day| {
                let home = person.home(day).spot.town;
                is_dual_resident || self.land.towns_apart_km(home, town) >= limits.visitor_min_km.get()
            };
            let days: Vec<&Presence> = days.into_iter().filter(|presence| away(presence.day)).collect();
            if !days.is_empty() && (counts || is_dual_resident) {
                let slept = |evening: &Day| life.night(self.world, *evening) == Some(town) && away(*evening);
                let nights = (window.from.0..=window.until.0).map(Day).filter(slept).count() as i32;
                let tie = self.tie((person, life), window, town, &days, is_dual_resident);
                ties.push(Tie { nights, ..tie });
            }
        }
    }

    /// A tie whose nights are not counted yet.
    fn tie(
        &self,
        (person, life): (&Person, &Life),
        window: Window,
        town: MunicipalityCode,
        days: &[&Presence],
        is_dual_resident: bool,
    ) -> Tie {
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
        let is_workation = !is_dual_resident && telework_days as u32 >= limits.workation_min_days.get();
        let quarters: BTreeSet<i32> = days.iter().map(|presence| presence.day.month().quarter()).collect();
        let counts = Counts { visits, quarters: quarters.len() as i32, is_dual_resident, is_workation };
        Tie {
            month: window.month,
            town,
            visits,
            visit_days: days.len() as i32,
            visit_day_class: class_text(self.definition.visit_day_class(days.len() as u32)),
            nights: 0,
            is_dual_resident,
            is_workation,
            kind: strongest(person, window, town, limits, counts),
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
