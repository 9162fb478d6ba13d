//! Ties under definitions that have further rules.

use super::*;

/// A town near home; the others are far.
const NEAR: u32 = 20_215;

fn km(a: MunicipalityCode, b: MunicipalityCode) -> f64 {
    match (a.number(), b.number()) {
        (a, b) if a == b => 0.0,
        (_, NEAR) | (NEAR, _) => 30.0,
        _ => 150.0,
    }
}

fn excluded(ties: &[Tie], town: u32) -> Option<Excluded> {
    ties.iter().find(|tie| tie.municipality.number() == town).map(|tie| tie.excluded)
}

#[test]
fn less_than_two_hours_are_no_visit_where_the_definition_asks_for_two() {
    let mut person = Person::resident();
    person.is_in(TOWN, day("2025-06-10"), 119.0);
    assert_eq!(excluded(&person.ties_by("resas-stay", &km), TOWN), None);
    person.is_in(TOWN, day("2025-06-10"), 121.0);
    assert_eq!(excluded(&person.ties_by("resas-stay", &km), TOWN), Some(Excluded::No));
}

#[test]
fn a_near_town_counts_by_long_days_and_nights_alone() {
    let mut person = Person::resident();
    for date in ["2025-06-10", "2025-07-10", "2025-08-10"] {
        person.is_in(NEAR, day(date), 300.0);
    }
    assert_eq!(excluded(&person.ties_by("docomo-tourism", &km), NEAR), None);
    person.is_in(NEAR, day("2025-09-10"), 500.0);
    let ties = person.ties_by("docomo-tourism", &km);
    let tie = ties.iter().find(|tie| tie.municipality.number() == NEAR).unwrap();
    assert_eq!((tie.excluded, tie.visit_days), (Excluded::No, 1));
}

#[test]
fn commuters_are_visitors_only_where_the_definition_says_so() {
    let mut person = Person::resident();
    (1..=20).for_each(|date| person.visits(day(&format!("2026-03-{date:02}"))));
    person.works_in(TOWN, 0..=11);
    assert_eq!(excluded(&person.ties_by("connected-2026", &km), TOWN), Some(Excluded::Commuter));
    assert_eq!(excluded(&person.ties_by("hokushin-au", &km), TOWN), Some(Excluded::Commuter));
    assert_eq!(excluded(&person.ties_by("resas-stay", &km), TOWN), Some(Excluded::No));
}

#[test]
fn who_comes_or_sleeps_too_often_is_no_visitor_and_counts_as_nothing() {
    let mut person = Person::resident();
    (0..53).for_each(|week| person.visits(window(march()).0.plus(week * 6)));
    let ties = person.ties_by("hokushin-au", &km);
    assert_eq!(excluded(&ties, TOWN), Some(Excluded::Frequent));
    assert!(ties.iter().all(|tie| !tie.is_connected && !tie.is_repeat && !tie.is_business));
    assert_eq!(excluded(&person.ties_by("connected-2026", &km), TOWN), Some(Excluded::No));

    let mut guest = Person::resident();
    (0..31).for_each(|number| guest.sleeps_in(TOWN, day("2025-06-10").plus(number * 7)));
    assert_eq!(excluded(&guest.ties_by("hokushin-au", &km), TOWN), Some(Excluded::ManyNights));
    assert_eq!(excluded(&guest.ties_by("connected-2026", &km), TOWN), Some(Excluded::No));
}

#[test]
fn one_person_is_connected_to_as_many_towns_as_the_definition_allows() {
    let mut person = Person::resident();
    let towns = [20_201, 20_202, 20_203, 20_204];
    for (number, town) in (0..).zip(towns) {
        // The first has most days.
        (0..6 - number)
            .for_each(|visit| person.is_in(town, day("2025-05-01").plus(visit * 40 + number), 300.0));
    }
    let connected = |definition: &str| {
        let ties = person.ties_by(definition, &km);
        let towns = ties.iter().filter(|tie| tie.is_connected).map(|tie| tie.municipality.number());
        towns.collect::<Vec<u32>>()
    };
    assert_eq!(connected("connected-2026"), towns);
    assert_eq!(connected("furusato-premium"), towns[..3]);
    let last = person.ties_by("furusato-premium", &km);
    let last = last.iter().find(|tie| tie.municipality.number() == towns[3]).unwrap();
    assert_eq!((last.kind, last.is_repeat, last.excluded), (TieKind::Repeat, true, Excluded::No));
}
