//! Visitors → where they slept, for how many nights, for how many hours they came.
//!
//! In: visitors by town and prefecture of residence. Out: cells of stays, and a [`Stay`] for each town, from which
//! presence, flows and trips follow. The further from home, the more stay for the night; where a town draws people on
//! days off, more of them sleep in it.

use kayoi_schemas::figure::{Cube, Dimension};
use kayoi_schemas::units::distance_km;

use super::super::draw::{Use, split};
use super::super::town::PREFECTURES;
use super::context::Context;
use super::sheet::Sheet;
use super::visits::Visits;

/// Share of visitors with a night away from home: next door, and what is added far away.
const OVERNIGHT: f64 = 0.06;
const OVERNIGHT_FAR: f64 = 0.7;
/// From where on it is far.
const FAR_KM: f64 = 250.0;
/// Of those who sleep in the town, the share who sleep elsewhere too.
const BOTH: f64 = 0.12;
/// Share of visitors whose nights are not known.
const NOT_KNOWN: f64 = 0.05;
/// Visitors with nights by their number: one, two, three, four to six, seven and more; and nights of each.
const BY_NIGHTS: [f64; 5] = [0.62, 0.22, 0.08, 0.055, 0.025];
const NIGHTS: [f64; 5] = [1.0, 2.0, 3.0, 4.7, 9.0];
/// Day trips by hours: under two, under four, under six, longer.
const BY_HOURS: [f64; 4] = [0.24, 0.33, 0.24, 0.19];

/// Positions of patterns.
pub(super) const DAY_TRIP: usize = 0;
pub(super) const HERE: usize = 1;
pub(super) const ELSEWHERE: usize = 2;
pub(super) const WITH_BOTH: usize = 3;

/// Visitors of a town by pattern, in the parts of [`Cube::StaysMonthly`].
pub(super) struct Stay {
    /// By group of residence: inside the prefecture, and outside.
    pub(super) patterns: [[u64; 5]; 2],
    /// Nights slept in the town.
    pub(super) nights: u64,
    /// Of these, by prefecture of residence.
    pub(super) nights_from: [f64; PREFECTURES],
}

impl Stay {
    /// Parts of all visitors.
    pub(super) fn all(&self) -> u64 {
        self.patterns.iter().flatten().sum()
    }

    /// Parts of the visitors with a pattern.
    pub(super) fn of(&self, pattern: usize) -> u64 {
        self.patterns.iter().map(|of_group| of_group[pattern]).sum()
    }

    /// Parts of those who slept in the town.
    pub(super) fn guests(&self) -> u64 {
        self.of(HERE) + self.of(WITH_BOTH)
    }
}

/// Draws and writes the stays of all towns.
pub(super) fn write(context: &Context<'_>, visits: &[Visits], sheet: &mut Sheet) -> Vec<Stay> {
    visits.iter().enumerate().map(|(town, visits)| of_town(context, town, visits, sheet)).collect()
}

fn of_town(context: &Context<'_>, town: usize, visits: &Visits, sheet: &mut Sheet) -> Stay {
    let mut stream = context.stream(Use::Stays, town);
    let (own, lodging) = (context.prefecture(town), context.nation.towns[town].lodging);
    let overnight = overnight_by_origin(context, town, visits);
    let per_one = u64::from(Cube::StaysMonthly.declaration().per_one);
    let mut patterns = [[0; 5]; 2];
    for (group, patterns) in patterns.iter_mut().enumerate() {
        let origins = || (0..PREFECTURES).filter(|origin| (*origin == own) == (group == 0));
        let people: u64 = origins().map(|origin| visits.from(origin)).sum();
        let night: f64 = origins().map(|origin| overnight[origin]).sum::<f64>() / (people.max(1)) as f64;
        let known = 1.0 - NOT_KNOWN;
        let expected = [
            known * (1.0 - night),
            known * night * lodging * (1.0 - BOTH),
            known * night * (1.0 - lodging),
            known * night * lodging * BOTH,
            NOT_KNOWN,
        ];
        *patterns = split(&mut stream, people * per_one, people as f64, expected);
    }
    let mut stay = Stay { patterns, nights: 0, nights_from: [0.0; PREFECTURES] };
    let guests = stay.guests() as f64 / per_one as f64;
    let by_nights = split(&mut stream, stay.guests(), guests, BY_NIGHTS);
    let of_classes = by_nights.iter().zip(NIGHTS);
    let nights: f64 = of_classes.map(|(parts, nights)| *parts as f64 * nights).sum();
    stay.nights = (nights / per_one as f64).round() as u64;
    let all: f64 = overnight.iter().sum();
    if all > 0.0 {
        stay.nights_from = overnight.map(|of_origin| stay.nights as f64 * of_origin / all);
    }
    let day_trips = stay.of(DAY_TRIP);
    let by_hours = split(&mut stream, day_trips, day_trips as f64 / per_one as f64, BY_HOURS);
    let area = context.area(town);
    for (group, patterns) in stay.patterns.iter().enumerate() {
        for (pattern, parts) in patterns.iter().enumerate() {
            // Of people from elsewhere it is not told who lives in the same block.
            let group = if group == 0 { 1 } else { 3 };
            let class = [(Dimension::Pattern, pattern), (Dimension::Group, group)];
            sheet.put(Cube::StaysMonthly, area, class, *parts);
        }
    }
    for (class, parts) in by_nights.into_iter().enumerate() {
        sheet.put(Cube::StayNightsMonthly, area, [(Dimension::StayNights, class)], parts);
    }
    for (class, parts) in by_hours.into_iter().enumerate() {
        sheet.put(Cube::StayHoursMonthly, area, [(Dimension::StayHours, class)], parts);
    }
    sheet.put(Cube::PersonNightsMonthly, area, [], stay.nights);
    stay
}

/// Visitors who are expected to have slept away from home, by prefecture of residence.
fn overnight_by_origin(context: &Context<'_>, town: usize, visits: &Visits) -> [f64; PREFECTURES] {
    let here = &context.register[town];
    std::array::from_fn(|origin| {
        let code = context.nation.origins.get(origin);
        let Some(home) = code.and_then(|code| kayoi_geography::Register::japan().get(*code)) else {
            return 0.0;
        };
        let km = distance_km((home.latitude, home.longitude), (here.latitude, here.longitude));
        let share = OVERNIGHT + OVERNIGHT_FAR * (1.0 - (-km / FAR_KM).exp());
        visits.from(origin) as f64 * share
    })
}
