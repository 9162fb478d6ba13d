use std::collections::BTreeSet;

use kayoi_schemas::time::Day;

use super::*;
use crate::people::persona::REAL_SHARES;
use crate::people::{Aim, people as everybody};
use crate::toy::{Chessboard, real_world, small_world};
use crate::world::{Lives, Society};

fn drawn(world: &World) -> Vec<Person> {
    let land = Land::new(world, &Chessboard).unwrap();
    everybody(world, &land).unwrap()
}

fn with_panel(percent: f64, devices: u32) -> World {
    let world = real_world(&[], devices);
    let society = Society { panel_percent: percent, ..world.society };
    World { days: 200, society, ..world }
}

#[test]
fn shares_of_real_lives_add_up_and_every_kind_is_drawn() {
    let sum: f64 = REAL_SHARES.iter().map(|(_, share)| share).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    let people = drawn(&with_panel(5.0, 2_000));
    for (kind, share) in REAL_SHARES {
        let found = people.iter().filter(|person| person.persona == kind).count() as f64;
        assert!((found - 2_000.0 * 0.98 * share).abs() <= 4.0, "{kind:?}: {found}");
    }
    let abroad = people.iter().filter(|person| !person.is_domestic()).count();
    assert!((38..=42).contains(&abroad), "{abroad}");
}

#[test]
fn the_panel_has_the_share_asked_for_and_fewer_of_the_old() {
    for percent in [5.0, 20.0] {
        let people = drawn(&with_panel(percent, 6_000));
        let share = |of: &dyn Fn(&Person) -> bool| {
            let all: Vec<&Person> = people.iter().filter(|person| of(person)).collect();
            100.0 * all.iter().filter(|person| !person.phones.is_empty()).count() as f64 / all.len() as f64
        };
        let all = share(&|person| person.is_domestic());
        assert!((0.85 * percent..1.15 * percent).contains(&all), "{all} % of {percent} %");
        let old = |person: &Person| person.citizen.is_some_and(|citizen| citizen.age.as_str() == "65+");
        assert!(share(&old) < 0.8 * share(&|person| !old(person)));
    }
}

#[test]
fn some_of_the_panel_have_two_phones() {
    let people = drawn(&with_panel(100.0, 3_000));
    let two = people.iter().filter(|person| person.phones.len() == 2).count();
    assert!((60..=120).contains(&two), "{two} of 3000");
    assert!(people.iter().all(|person| !person.phones.is_empty()));
}

#[test]
fn a_second_partner_sees_a_fifth_of_the_phones_under_ids_that_change_on_the_same_days() {
    let world = with_panel(100.0, 1_000);
    let society = Society { partners: 2, resets_percent: 10.0, ..world.society.clone() };
    let people = drawn(&World { society, ..world });
    let is_of_second = |phone: &&crate::people::Carried| phone.number >= 2;
    let mut seen = 0;
    for person in &people {
        for shared in person.phones.iter().filter(is_of_second) {
            let own = person.phones.iter().find(|phone| phone.number + 2 == shared.number).unwrap();
            assert_eq!((&own.changes, own.days), (&shared.changes, shared.days));
            seen += 1;
        }
    }
    assert!((160..=250).contains(&seen), "{seen}");
}

#[test]
fn ids_are_changed_as_often_as_asked() {
    for percent in [0.0, 3.0, 10.0] {
        let world = with_panel(100.0, 2_000);
        let society = Society { resets_percent: percent, ..world.society.clone() };
        let people = drawn(&World { society, ..world });
        let phones = people.iter().filter(|person| person.is_domestic()).flat_map(|person| &person.phones);
        let (phones, changes) = phones.fold((0, 0), |(n, c), phone| (n + 1, c + phone.changes.len()));
        let a_month = 100.0 * changes as f64 / f64::from(phones) / (199.0 / 30.42);
        // A hazard of 10 % a month, day by day, is 10.5 changes per hundred months.
        assert!((a_month - percent).abs() < 0.1 * percent + 0.01, "{a_month} for {percent}");
    }
}

#[test]
fn another_panel_is_another_look_at_the_same_people() {
    let key = |person: &Person| {
        let spells = person.spells.iter().map(|spell| (spell.from, spell.until, spell.town));
        (person.homes[0].spot.town, person.work.map(|work| work.town), spells.collect::<Vec<_>>())
    };
    let (few, many) = (drawn(&with_panel(5.0, 400)), drawn(&with_panel(80.0, 400)));
    assert!(few.iter().zip(&many).all(|(one, other)| key(one) == key(other)));
    let phones = |people: &[Person]| people.iter().filter(|person| !person.phones.is_empty()).count();
    assert!(phones(&few) * 5 < phones(&many));
}

#[test]
fn families_share_home_and_trips_and_crews_share_trips() {
    let people = drawn(&real_world(&["family", "crew"], 200));
    let leaders: BTreeSet<u32> = people.iter().map(|person| person.leader).collect();
    for leader in leaders {
        let party: Vec<&Person> = people.iter().filter(|person| person.leader == leader).collect();
        assert!(party.len() <= 5);
        for person in &party[1..] {
            let days =
                |of: &Person| of.spells.iter().map(|at| (at.from, at.until, at.town)).collect::<Vec<_>>();
            assert_eq!(days(person), days(party[0]));
            let at_home = person.homes[0].spot == party[0].homes[0].spot;
            assert_eq!(at_home, person.persona == Persona::Family);
        }
    }
}

#[test]
fn visitors_from_abroad_are_seen_from_landing_to_take_off() {
    let world = real_world(&["from_abroad"], 200);
    for person in drawn(&world) {
        let (first, last) = person.visit().unwrap();
        assert!((3..=25).contains(&(last.0 - first.0)), "{first} to {last}");
        assert!((1..=6).contains(&person.spells.len()));
        assert!(person.spells.windows(2).all(|pair| pair[0].until == pair[1].from));
        assert!(person.phones.iter().all(|phone| phone.days == (first, last)));
        assert!(world.first_day <= first && last <= world.last_day());
    }
}

#[test]
fn nobody_is_in_two_places_by_plan() {
    for person in drawn(&with_panel(100.0, 1_500)) {
        for pair in person.spells.windows(2) {
            assert!(pair[0].until <= pair[1].from, "{:?} {pair:?}", person.persona);
        }
    }
}

#[test]
fn seasonal_dual_residents_come_back_outside_their_season() {
    let world = real_world(&["dual"], 300);
    let seasonal = |person: &Person| person.regime == Some(Regime::Seasonal) && person.second.is_some();
    for person in drawn(&world).into_iter().filter(seasonal) {
        let stays = || person.spells.iter().filter(|spell| spell.aim == Aim::SecondHome);
        let nights = |from: Day, until: Day| until.0 - from.0;
        let season = stays().max_by_key(|stay| nights(stay.from, stay.until)).unwrap();
        let short = stays().filter(|stay| nights(stay.from, stay.until) <= 2);
        let apart = short.filter(|at| at.until.0 + 10 <= season.from.0 || at.from.0 >= season.until.0 + 10);
        assert!(apart.count() >= 2, "{:?}", person.spells);
    }
}

#[test]
fn an_unknown_kind_is_refused_with_the_known_ones() {
    let world = real_world(&["wizard"], 10);
    let land = Land::new(&world, &Chessboard).unwrap();
    let error = everybody(&world, &land).err().unwrap().to_string();
    assert!(error.contains("`wizard`") && error.contains("night_worker"), "{error}");
    let plain = World { lives: Lives::Plain, ..small_world() };
    assert!(drawn(&plain).iter().all(|person| person.phones.len() == 1));
}
