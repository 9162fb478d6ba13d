use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::format::Format;
use crate::people::{Aim, people as everybody};
use crate::toy::{Chessboard, real_world};
use crate::world::Society;

/// The phones of each day on which their fixes were made, and the people they belong to.
fn phones_by_day(world: &World) -> (BTreeMap<Day, BTreeSet<u32>>, Vec<Person>) {
    let land = Land::new(world, &Chessboard).unwrap();
    let people = everybody(world, &land).unwrap();
    let delivery = Delivery::new(world.preset, Format::Parquet);
    let mut days: BTreeMap<Day, BTreeSet<u32>> = BTreeMap::new();
    let mut sink = |_, records: Vec<Record>| {
        for record in records {
            days.entry(DayRule::JAPAN.day(UtcMillis(record.instant_ms))).or_default().insert(record.phone);
        }
        Ok(())
    };
    stream(world, &land, &people, &delivery, &mut sink, &mut |_| {}).unwrap();
    (days, people)
}

#[test]
fn most_phones_are_silent_on_the_days_of_an_outage() {
    let world = real_world(&["resident"], 300);
    let world = World { days: 30, society: Society { outage_days: 2, ..world.society }, ..world };
    let (days, _) = phones_by_day(&world);
    let outages: Vec<Day> = days.keys().copied().filter(|day| world.is_outage(*day)).collect();
    assert_eq!(outages.len(), 2);
    for (day, phones) in days {
        let seen = phones.len();
        assert!(
            if outages.contains(&day) { (10..60).contains(&seen) } else { seen > 200 },
            "{seen} on {day}"
        );
    }
}

#[test]
fn visitors_from_abroad_are_seen_on_the_days_of_their_visit_only() {
    let world = World { days: 90, ..real_world(&["from_abroad"], 60) };
    let (days, people) = phones_by_day(&world);
    let mut seen = 0;
    for (day, phones) in days {
        for phone in phones {
            let (first, last) = people[Carried::person(phone) as usize].visit().unwrap();
            assert!((first..=last).contains(&day), "{day} is not from {first} to {last}");
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen} days of visitors");
}

#[test]
fn who_is_out_of_touch_has_the_phone_off_on_most_days() {
    let world = real_world(&["long_absence"], 20);
    let (days, people) = phones_by_day(&world);
    let (mut away, mut seen) = (0, 0);
    for person in &people {
        for spell in person.spells.iter().filter(|spell| spell.aim == Aim::Absence) {
            let nights = (spell.from.0 + 1..spell.until.0 - 1).map(Day);
            away += nights.clone().count();
            seen += nights.filter(|day| days.get(day).is_some_and(|day| day.contains(&person.index))).count();
        }
    }
    assert!(away > 1_500 && seen * 10 < away, "{seen} of {away} days");
}

#[test]
fn two_phones_in_a_pocket_are_seen_under_two_ids() {
    let world = World { days: 20, ..real_world(&["commuter"], 400) };
    let (days, people) = phones_by_day(&world);
    let seen: BTreeSet<u32> = days.into_values().flatten().collect();
    let two = people.iter().filter(|person| person.phones.len() == 2);
    let two: Vec<&Person> = two.collect();
    assert!(two.len() >= 4);
    for person in two {
        assert!(
            seen.contains(&Carried::who(person.index, 0)) && seen.contains(&Carried::who(person.index, 1))
        );
    }
}

#[test]
fn most_visitors_are_seen_in_a_terminal_after_landing_or_before_take_off() {
    let world = real_world(&["from_abroad"], 100);
    let land = Land::new(&world, &Chessboard).unwrap();
    let people = everybody(&world, &land).unwrap();
    let delivery = Delivery::new(world.preset, Format::Parquet);
    let mut at_airport: BTreeSet<u32> = BTreeSet::new();
    let mut sink = |_, records: Vec<Record>| {
        for record in records.iter().filter(|record| record.kind == Kind::Good) {
            let (latitude, longitude) =
                (f64::from(record.latitude_e7) / 1e7, f64::from(record.longitude_e7) / 1e7);
            let homes = &people[Carried::person(record.phone) as usize].homes;
            let near = |spot: &crate::land::Spot| {
                (spot.latitude - latitude).abs() < 0.005 && (spot.longitude - longitude).abs() < 0.005
            };
            if homes.iter().any(|home| near(&home.spot)) {
                at_airport.insert(Carried::person(record.phone));
            }
        }
        Ok(())
    };
    stream(&world, &land, &people, &delivery, &mut sink, &mut |_| {}).unwrap();
    assert!((80..100).contains(&at_airport.len()), "{} of 100", at_airport.len());
}
