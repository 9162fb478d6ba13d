//! Hours at places → the places where a device works by night.
//!
//! In: in which hours of which days a device stood at which of its places. Out: those that it goes to from home in
//! the evening and comes home from in the morning, to stay there by day. Most people sleep at night; somebody
//! on a night shift sleeps afterwards, so the bed is where the longest rest of those days is spent, and the
//! ward or the factory hall is a workplace however many nights are seen there.
//!
//! Seen from afar a night worker is the mirror image of a commuter: each has two places and one of them at night.
//! What tells them apart is the device's own rhythm: the home has nights too, those off work, and a workplace has
//! no days.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, UtcMillis};
use kayoi_schemas::units::near::metres_between;

use crate::settled::Settled;
use crate::slot::day_and_slot;
use crate::spots::{SpotIndex, Spots};
use crate::way::Way;

/// An hour at a place: its local day, hours after 04:00, and the place.
type Hour<P> = (Day, u8, P);

/// Hours of the evening's day that are night: 22:00 to 04:00.
const NIGHT: std::ops::Range<u8> = 18..24;
/// Hours of the next day that are still night: 04:00 to 06:00.
const NIGHT_END: std::ops::Range<u8> = 0..2;
/// Hours before a shift in which the home is seen: 14:00 to 21:00. Who goes on a trip has left by then.
const BEFORE: std::ops::Range<u8> = 10..17;
/// Hours after a shift in which the home is seen: 08:00 to 14:00. Who spent the night elsewhere is on the way.
const AFTER: std::ops::Range<u8> = 4..10;
/// Hours in which a workplace by night is not seen, on either side of the night: 11:00 to 17:00.
const DAYTIME: std::ops::Range<u8> = 7..13;
/// Hours at home that show a night elsewhere as a shift: those before it, and those after it. A phone that is seen
/// a few times a day often shows one of them only, so shifts are counted by these halves.
const HALVES_A_SHIFT: u32 = 2;
/// Nights that look like shifts which make a workplace.
const LEAST_SHIFTS: u32 = 5;
/// Shifts for each night there that was none, at least.
const SHIFTS_A_NIGHT: u32 = 3;
/// Nights at home for ten shifts, at least: nobody works every night of the year.
const HOME_NIGHTS_OF_TEN: u32 = 2;

/// What was seen of the nights at one place.
struct Nights<P> {
    /// Halves of shifts from another place, by that place.
    halves: BTreeMap<P, u32>,
    /// Nights with a day there before or after them.
    stays: u32,
}

/// A fix or a stay this near to a workplace of the night is at it: indoor fixes jump 200 to 400 m.
const NEAR_M: f64 = 500.0;

/// Where one device works by night.
#[derive(Debug, Clone, Default)]
pub(crate) struct NightWork {
    points: Vec<(f64, f64)>,
    spots: BTreeSet<SpotIndex>,
    municipalities: BTreeSet<MunicipalityCode>,
    /// The municipalities that it comes from.
    homes: BTreeSet<MunicipalityCode>,
    /// The evenings on which it was seen at work.
    evenings: BTreeSet<Day>,
    /// The ways from home.
    ways: Vec<Way>,
}

impl NightWork {
    /// The workplaces of the night among a device's spots.
    pub(crate) fn of(spots: &Spots) -> Self {
        let found = night_workplaces(&merged(spots), |spot| spots.municipality(spot));
        if found.is_empty() {
            return Self::default();
        }
        let town = |spot: &SpotIndex| spots.municipality(*spot);
        let municipalities = found.keys().filter_map(town).collect();
        let homes = found.values().filter_map(town).collect();
        let point = |spot: &SpotIndex| spots.get(*spot).map(|spot| (spot.latitude, spot.longitude));
        let points = found.keys().filter_map(point).collect();
        let ways =
            found.iter().filter_map(|(work, home)| Some(Way::new(point(home)?, point(work)?))).collect();
        let is_near = |spot: &SpotIndex| found.keys().any(|work| spots.metres(*work, *spot) <= NEAR_M);
        let at_work: BTreeSet<SpotIndex> =
            (0..spots.spots.len() as u32).map(SpotIndex).filter(is_near).collect();
        let evenings = spots.hours.iter().filter(|at| at_work.contains(&at.spot));
        let evenings = evenings.filter_map(|at| evening(at.day, at.slot)).collect();
        Self { points, spots: at_work, municipalities, homes, evenings, ways }
    }

    /// Whether the device works by night anywhere.
    pub(crate) fn is_any(&self) -> bool {
        !self.spots.is_empty()
    }

    /// Whether the device works by night in a municipality.
    pub(crate) fn is_in(&self, municipality: MunicipalityCode) -> bool {
        self.municipalities.contains(&municipality)
    }

    /// Whether a point lies on the way to work by night.
    pub(crate) fn passes(&self, point: (f64, f64)) -> bool {
        self.ways.iter().any(|way| way.passes(point))
    }

    /// Whether a spot is such a workplace, or so near that it may be.
    pub(crate) fn is_at(&self, spot: SpotIndex) -> bool {
        self.spots.contains(&spot)
    }

    /// Fixes and stays without those at a workplace of the night and on the way to it; the same ones where there is
    /// none. A sighting on the way, in the evening and in the morning, would else make a bed of the town between.
    pub(crate) fn without<'s>(&self, settled: &'s Settled, rule: DayRule) -> Cow<'s, Settled> {
        if self.points.is_empty() {
            return Cow::Borrowed(settled);
        }
        let is_off = |point: (f64, f64), municipality: Option<MunicipalityCode>, instant: UtcMillis| {
            let (day, slot) = day_and_slot(instant, rule);
            let evening = evening(day, slot);
            // The phone may be silent at work, and seen on the way there and back.
            let is_under_way = evening.is_some()
                && municipality.is_some_and(|code| {
                    !self.homes.contains(&code) && (self.is_in(code) || self.passes(point))
                });
            !is_under_way
                && !evening.is_some_and(|evening| self.evenings.contains(&evening))
                && self.points.iter().all(|at| metres_between(*at, point) > NEAR_M)
        };
        Cow::Owned(settled.only(
            |fix| is_off((fix.point.latitude(), fix.point.longitude()), fix.municipality, fix.instant),
            |stay| is_off((stay.latitude, stay.longitude), stay.municipality, stay.arrival),
        ))
    }
}

/// The hours at spots, with those of a spot beside a more frequent one taken to it: a large building, or a house in
/// which fixes jump, is several spots.
fn merged(spots: &Spots) -> Vec<Hour<SpotIndex>> {
    let mut counts: BTreeMap<SpotIndex, u32> = BTreeMap::new();
    spots.hours.iter().for_each(|at| *counts.entry(at.spot).or_default() += 1);
    let mut by_count: Vec<(SpotIndex, u32)> =
        counts.into_iter().filter(|(_, count)| *count >= LEAST_SHIFTS).collect();
    by_count.sort_by_key(|(spot, count)| (std::cmp::Reverse(*count), *spot));
    let mut centre: BTreeMap<SpotIndex, SpotIndex> = BTreeMap::new();
    let mut centres: Vec<SpotIndex> = Vec::new();
    for (spot, _) in by_count {
        let near = centres.iter().copied().find(|other| spots.metres(*other, spot) <= NEAR_M);
        centre.insert(spot, near.unwrap_or(spot));
        if near.is_none() {
            centres.push(spot);
        }
    }
    let at = |spot: SpotIndex| centre.get(&spot).copied().unwrap_or(spot);
    spots.hours.iter().map(|hour| (hour.day, hour.slot, at(hour.spot))).collect()
}

/// The evening whose night an hour belongs to, with the ways to a shift and from it: 17:00 to 09:00.
fn evening(day: Day, slot: u8) -> Option<Day> {
    match slot {
        0..5 => Some(day.plus(-1)),
        13.. => Some(day),
        _ => None,
    }
}

/// The places where a device works by night, each with the home that it comes from. `hours` are by day and hour; `town`
/// tells which places are one town: who was in the town by day did not come for a shift.
fn night_workplaces<P: Ord + Copy, T: PartialEq>(hours: &[Hour<P>], town: impl Fn(P) -> T) -> BTreeMap<P, P> {
    let days: BTreeMap<Day, &[Hour<P>]> =
        hours.chunk_by(|a, b| a.0 == b.0).filter_map(|day| Some((day.first()?.0, day))).collect();
    let mut beds: BTreeMap<P, u32> = BTreeMap::new();
    let mut seen: BTreeMap<P, Nights<P>> = BTreeMap::new();
    for (day, today) in &days {
        let tomorrow = days.get(&day.plus(1)).copied().unwrap_or_default();
        let Some(place) = night_place(today, tomorrow) else { continue };
        *beds.entry(place).or_default() += 1;
        let of_place = seen.entry(place).or_insert_with(|| Nights { halves: BTreeMap::new(), stays: 0 });
        let by_day = today.iter().chain(tomorrow).filter(|hour| DAYTIME.contains(&hour.1));
        if by_day.clone().any(|hour| town(hour.2) == town(place)) {
            of_place.stays += 1;
        } else {
            for home in homes(today, tomorrow, place) {
                *of_place.halves.entry(home).or_default() += 1;
            }
        }
    }
    let home_of_worker = |nights: &Nights<P>| {
        // Of two homes with as many shifts the lowest, so that the order of days cannot decide.
        let most = nights.halves.iter().max_by_key(|(home, count)| (**count, std::cmp::Reverse(**home)));
        let (home, halves) = most?;
        let at_home = beds.get(home).copied().unwrap_or_default();
        let works = *halves >= HALVES_A_SHIFT * LEAST_SHIFTS
            && *halves >= HALVES_A_SHIFT * SHIFTS_A_NIGHT * nights.stays
            && HALVES_A_SHIFT * at_home * 10 >= HOME_NIGHTS_OF_TEN * halves;
        works.then_some(*home)
    };
    seen.iter().filter_map(|(place, nights)| Some((*place, home_of_worker(nights)?))).collect()
}

/// The place with most hours of the night between two days, the lowest of equal ones.
fn night_place<P: Ord + Copy>(today: &[Hour<P>], tomorrow: &[Hour<P>]) -> Option<P> {
    let tonight = today.iter().filter(|hour| NIGHT.contains(&hour.1));
    most(tonight.chain(tomorrow.iter().filter(|hour| NIGHT_END.contains(&hour.1))))
}

/// The places that were seen before a night elsewhere and after it; none where they are different ones.
fn homes<P: Ord + Copy>(today: &[Hour<P>], tomorrow: &[Hour<P>], elsewhere: P) -> Vec<P> {
    let before = most(today.iter().filter(|hour| BEFORE.contains(&hour.1) && hour.2 != elsewhere));
    let after = most(tomorrow.iter().filter(|hour| AFTER.contains(&hour.1) && hour.2 != elsewhere));
    match (before, after) {
        (Some(before), Some(after)) if before != after => Vec::new(),
        (before, after) => before.into_iter().chain(after).collect(),
    }
}

fn most<'h, P: Ord + Copy + 'h>(hours: impl Iterator<Item = &'h Hour<P>>) -> Option<P> {
    let mut counts: BTreeMap<P, u32> = BTreeMap::new();
    hours.for_each(|hour| *counts.entry(hour.2).or_default() += 1);
    counts
        .into_iter()
        .min_by_key(|(place, count)| (std::cmp::Reverse(*count), *place))
        .map(|(place, _)| place)
}

#[cfg(test)]
#[path = "night_work_tests.rs"]
mod tests;
