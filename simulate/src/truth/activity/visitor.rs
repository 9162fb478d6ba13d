//! What a person's visits of a month add.
//!
//! In: visits and trips. Out: sums of people. A person counts once for a municipality, split evenly over the
//! visits, nights or day trips that a measure is about: so classes add up to people.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::MunicipalityCode;

use super::figures::{Added, Area, Group, Key, Measure};
use super::visits::{Journeys, Pattern, Trip, Visit};
use super::{Lives, up_to_four};

/// Nights of a month that one person counts for in one municipality, where they are capped.
const MOST_NIGHTS: u32 = 20;

pub(super) fn add(journeys: &Journeys, lives: &Lives, added: &mut Added) {
    let mut by_town: BTreeMap<MunicipalityCode, Vec<&Visit>> = BTreeMap::new();
    for visit in &journeys.visits {
        by_town.entry(visit.town).or_default().push(visit);
    }
    for (town, visits) in by_town {
        let mut guest = Guest { town, lives, trips: &journeys.trips, added };
        guest.patterns(&visits);
        guest.nights(&visits);
        guest.hours(&visits);
        guest.flows(&visits);
        guest.trips(&visits);
    }
}

/// A person in a municipality.
struct Guest<'a> {
    town: MunicipalityCode,
    lives: &'a Lives,
    trips: &'a [Trip],
    added: &'a mut Added,
}

impl Guest<'_> {
    fn key(&self, measure: Measure) -> Key {
        Key::of(self.lives.month, measure, Area::Municipality(self.town))
    }

    /// One person, split evenly over classes.
    fn split(&mut self, measure: Measure, classes: &[&'static str]) {
        let part = 1.0 / classes.len().max(1) as f64;
        for class in classes {
            self.added.add(Key { class, ..self.key(measure) }, part);
        }
    }

    fn patterns(&mut self, visits: &[&Visit]) {
        let part = 1.0 / visits.len().max(1) as f64;
        for visit in visits {
            for group in [Group::of(self.town, self.lives.primary), Group::All] {
                let key = Key { group, class: visit.pattern.as_str(), ..self.key(Measure::Pattern) };
                self.added.add(key, part);
            }
        }
    }

    fn nights(&mut self, visits: &[&Visit]) {
        let overnight = visits.iter().filter(|visit| visit.nights > 0);
        let classes: Vec<&str> = overnight.map(|visit| nights_class(visit.nights)).collect();
        if classes.is_empty() {
            return;
        }
        self.split(Measure::Nights, &classes);
        let nights: u32 = visits.iter().map(|visit| visit.nights).sum();
        self.added.add(self.key(Measure::PersonNights), f64::from(nights));
        self.added.add(self.key(Measure::PersonNightsCapped), f64::from(nights.min(MOST_NIGHTS)));
    }

    fn hours(&mut self, visits: &[&Visit]) {
        let day_trips = visits.iter().filter(|visit| visit.pattern == Pattern::DayTrip);
        let classes: Vec<&str> = day_trips.map(|visit| hours_class(visit.minutes)).collect();
        self.split(Measure::Hours, &classes);
    }

    fn flows(&mut self, visits: &[&Visit]) {
        let part = 1.0 / visits.len().max(1) as f64;
        for visit in visits {
            self.added.add(Key { other: visit.before, ..self.key(Measure::Before) }, part);
            self.added.add(Key { other: visit.after, ..self.key(Measure::After) }, part);
        }
        let trips: BTreeSet<usize> = visits.iter().map(|visit| visit.trip).collect();
        let beds: Vec<MunicipalityCode> =
            trips.into_iter().flat_map(|trip| self.trips[trip].beds.iter().copied()).collect();
        let part = 1.0 / beds.len().max(1) as f64;
        for bed in beds {
            self.added.add(Key { other: Some(bed), ..self.key(Measure::Lodging) }, part);
        }
    }

    fn trips(&mut self, visits: &[&Visit]) {
        let part = 1.0 / visits.len().max(1) as f64;
        for visit in visits {
            let towns = &self.trips[visit.trip].towns;
            self.added.add(Key { class: up_to_four(towns.len()), ..self.key(Measure::TripSize) }, part);
            for other in towns.iter().filter(|other| **other != self.town) {
                self.added.add(Key { other: Some(*other), ..self.key(Measure::Pair) }, part);
            }
        }
    }
}

fn nights_class(nights: u32) -> &'static str {
    match nights {
        0 | 1 => "1",
        2 => "2",
        3 => "3",
        4..=6 => "4_6",
        _ => "7_plus",
    }
}

fn hours_class(minutes: f64) -> &'static str {
    match minutes / 60.0 {
        hours if hours < 2.0 => "under_2h",
        hours if hours < 4.0 => "2_4h",
        hours if hours < 6.0 => "4_6h",
        _ => "6h_plus",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_begin_at_their_least() {
        assert_eq!(
            [1, 2, 3, 4, 6, 7, 90].map(nights_class),
            ["1", "2", "3", "4_6", "4_6", "7_plus", "7_plus"]
        );
        let hours = [30.0, 119.9, 120.0, 239.9, 240.0, 359.9, 360.0].map(hours_class);
        assert_eq!(hours, ["under_2h", "under_2h", "2_4h", "2_4h", "4_6h", "4_6h", "6h_plus"]);
        assert_eq!([1, 2, 3, 4, 9].map(up_to_four), ["1", "2", "3", "4_plus", "4_plus"]);
    }
}
