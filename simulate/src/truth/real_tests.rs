//! The truth of each kind of real lives on the chessboard.

use kayoi_schemas::ids::MunicipalityCode;

use super::tests::check;
use super::*;
use crate::people::Regime;
use crate::toy::real_world;

/// What is true of each person of some kinds in the last month: second residences, kinds of tie, and the person.
struct Seen {
    kind: &'static str,
    primary: Option<MunicipalityCode>,
    seconds: Vec<MunicipalityCode>,
    ties: Vec<(MunicipalityCode, &'static str)>,
    home: MunicipalityCode,
    work: Option<MunicipalityCode>,
    second: Option<MunicipalityCode>,
    regime: Option<Regime>,
    nights: Vec<Option<MunicipalityCode>>,
    has_moved: bool,
}

fn seen(kinds: &[&str], devices: u32) -> Vec<Seen> {
    let world = real_world(kinds, devices);
    let all = std::cell::RefCell::new(Vec::new());
    check(&world, |rules, truth| {
        let last = *rules.months.last().unwrap();
        let (residences, ties) = truth.whole.as_ref().unwrap();
        let of_month = || residences.iter().filter(|residence| residence.month == last);
        let person = truth.person;
        all.borrow_mut().push(Seen {
            kind: person.persona.as_str(),
            primary: of_month().find(|residence| residence.rank == 1).map(|residence| residence.town),
            seconds: of_month()
                .filter(|residence| residence.rank > 1)
                .map(|residence| residence.town)
                .collect(),
            ties: ties
                .iter()
                .filter(|tie| tie.month == last)
                .map(|tie| (tie.town, tie.kind.as_str()))
                .collect(),
            home: person.home(world.last_day()).spot.town,
            work: person.work.map(|work| work.town),
            second: person.second.map(|spot| spot.town),
            regime: person.regime,
            nights: truth.life.nights.clone(),
            has_moved: person.homes.len() > 1,
        });
    });
    all.into_inner()
}

fn share(seen: &[Seen], of: impl Fn(&Seen) -> bool) -> f64 {
    seen.iter().filter(|person| of(person)).count() as f64 / seen.len() as f64
}

#[test]
fn night_workers_sleep_at_home_and_their_workplace_is_no_residence() {
    for person in seen(&["night_worker", "shift_worker", "rotating_shifts"], 60) {
        let nights = person.nights.iter().flatten();
        let at_work =
            nights.clone().filter(|town| Some(**town) == person.work && **town != person.home).count();
        let at_home = nights.clone().filter(|town| **town == person.home).count();
        assert!(at_work <= 10, "{} nights of a {} at work", at_work, person.kind);
        assert!(at_home > 340, "{at_home} nights of a {} at home", person.kind);
        assert_eq!((person.primary, person.seconds.len()), (Some(person.home), 0), "{}", person.kind);
    }
}

#[test]
fn a_hospital_is_a_long_stay_and_no_residence() {
    let people = seen(&["hospital"], 40);
    let long_stay = |person: &Seen| person.ties.iter().any(|(_, kind)| *kind == "long_stay");
    // A stay of last April is not of the twelve months.
    assert!(share(&people, long_stay) > 0.7, "{}", share(&people, long_stay));
    assert!(people.iter().all(|person| person.seconds.is_empty()));
}

#[test]
fn births_and_long_absences_make_no_second_residence() {
    let people = seen(&["birth", "long_absence"], 60);
    for person in &people {
        assert!(person.seconds.is_empty(), "{} {:?} {:?}", person.kind, person.seconds, person.ties);
        assert_eq!(person.primary, Some(person.home));
    }
}

#[test]
fn posted_workers_and_many_students_have_two_residences() {
    let people = seen(&["posted", "student"], 60);
    let right = |kind: &str| {
        let two = |person: &&Seen| person.kind == kind && person.seconds.first() == person.second.as_ref();
        people.iter().filter(two).count()
    };
    assert!(right("posted") >= 28, "{} of 30", right("posted"));
    // Two short holidays are neither a season nor a regular use.
    assert!((8..=28).contains(&right("student")), "{} of 30", right("student"));
    assert!(people.iter().all(|person| person.primary == Some(person.home)));
}

#[test]
fn dual_residents_of_every_regime_have_two_residences() {
    let people = seen(&["dual"], 120);
    for regime in Regime::ALL {
        let of: Vec<&Seen> =
            people.iter().filter(|person| person.regime == Some(regime) && person.second.is_some()).collect();
        let two = of.iter().filter(|person| person.seconds.len() == 1).count();
        assert!(of.len() >= 10 && two * 20 >= of.len() * 19, "{two} of {} {regime:?}", of.len());
    }
}

#[test]
fn visitors_from_abroad_live_nowhere_and_have_no_ties() {
    for person in seen(&["from_abroad"], 60) {
        assert!(person.primary.is_none() && person.seconds.is_empty() && person.ties.is_empty());
        let nights = person.nights.iter().flatten().count();
        assert!((3..=25).contains(&nights), "{nights}");
    }
}

#[test]
fn who_moves_lives_in_the_new_home() {
    let people = seen(&["dual_then_moved", "mover"], 60);
    let moved: Vec<&Seen> = people.iter().filter(|person| person.has_moved).collect();
    assert!(moved.len() > 40);
    for person in moved {
        assert_eq!(person.primary, Some(person.home));
        assert!(
            person.seconds.is_empty(),
            "a house that was given up is no second residence: {:?}",
            person.seconds
        );
    }
}

#[test]
fn drivers_and_crews_have_one_home_and_work_beside_an_office_is_no_office() {
    let people = seen(&["driver", "crew", "office_neighbour"], 60);
    assert!(share(&people, |person| person.seconds.is_empty()) > 0.9);
    // A crew works where it is sent, which may be an office.
    let elsewhere = people.iter().filter(|person| person.kind != "crew");
    assert!(elsewhere.flat_map(|person| &person.ties).all(|(_, kind)| *kind != "satellite_office"));
}

#[test]
fn work_in_the_room_is_workation_too() {
    let people = seen(&["room_workation"], 40);
    let workation = |person: &Seen| person.ties.iter().any(|(_, kind)| *kind == "workation");
    assert!(share(&people, workation) > 0.8, "{}", share(&people, workation));
}

#[test]
fn the_truth_of_a_person_knows_neither_panel_nor_resets() {
    let truth_of = |panel_percent, resets_percent| {
        let world = real_world(&[], 150);
        let society = crate::Society { panel_percent, resets_percent, ..world.society.clone() };
        let all = std::cell::RefCell::new(Vec::new());
        check(&World { society, ..world }, |_, truth| all.borrow_mut().push(truth.whole.clone().unwrap()));
        all.into_inner()
    };
    assert!(truth_of(5.0, 0.0) == truth_of(100.0, 10.0));
}
