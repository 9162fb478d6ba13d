use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{HOUR_MS, UtcMillis};

use super::*;
use crate::diary::Activity;
use crate::people::{Persona, Regime, people};
use crate::toy::{Chessboard, small_world};

fn a_year() -> World {
    World { days: 365, devices: 400, ..small_world() }
}

fn check(world: &World, of: impl Fn(&Rules, &Truth)) {
    let land = Land::new(world, &Chessboard).unwrap();
    let definition = Definition::connected_2026().unwrap();
    let almanac = Almanac::new(world.first_day, world.days);
    let rules =
        Rules { definition: &definition, land: &land, almanac: &almanac, world, months: months(world) };
    people(world, &land).iter().map(|person| truth(person, &rules)).for_each(|truth| of(&rules, &truth));
}

#[test]
fn a_night_is_where_the_diary_has_most_of_it() {
    let world = small_world();
    check(&world, |rules, truth| {
        let diary = &truth.life.diary;
        assert!(diary.windows(2).all(|pair| pair[0].until_ms <= pair[1].from_ms));
        for (number, night) in truth.life.nights.iter().take(world.days as usize - 1).enumerate() {
            let midnight = rules.almanac.date(world.first_day.plus(number as i32)).midnight_ms;
            let (from, until) = (midnight + 22 * HOUR_MS, midnight + 32 * HOUR_MS);
            let mut sums: BTreeMap<MunicipalityCode, i64> = BTreeMap::new();
            for stay in diary.iter().filter(|stay| stay.from_ms < until && stay.until_ms > from) {
                *sums.entry(stay.start.town).or_default() +=
                    stay.until_ms.min(until) - stay.from_ms.max(from);
            }
            let most = sums.iter().max_by_key(|(_, sum)| **sum).map(|(town, _)| *town);
            assert_eq!(most, *night, "{:?} night {number}", truth.person.persona);
        }
    });
}

#[test]
fn dual_residents_have_two_residences_in_their_regime() {
    let world = a_year();
    let last = world.last_day().month();
    check(&world, |_, truth| {
        let person = truth.person;
        let (_, residences, ties) = &truth.devices[0];
        let ranks: Vec<i16> = residences.iter().filter(|r| r.month == last).map(|r| r.rank).collect();
        let Some(second) = person.second else {
            assert!(ranks.len() <= 1, "{:?} has {ranks:?}", person.persona);
            return;
        };
        assert_eq!(ranks, [1, 2], "{:?}", person.regime);
        assert!(ties.iter().any(|tie| tie.month == last && tie.is_dual_resident));
        let there = truth.life.nights.iter().filter(|night| **night == Some(second.town)).count();
        let share = there as f64 / truth.life.nights.len() as f64;
        let expected = match person.regime {
            Some(Regime::Weekly) => 0.38..0.48,
            Some(Regime::AlternateWeeks) => 0.45..0.55,
            Some(Regime::SixtyForty) => 0.35..0.45,
            Some(Regime::EightyTwenty) => 0.15..0.25,
            Some(Regime::Seasonal) => 0.08..0.26,
            Some(Regime::ThreeDaysMonthly) => 0.08..0.14,
            None => 0.0..0.0,
        };
        assert!(expected.contains(&share), "{:?} {share}", person.regime);
    });
}

#[test]
fn personas_show_in_their_ties() {
    let world = a_year();
    let last = world.last_day().month();
    let counts = std::cell::RefCell::new(BTreeMap::<Persona, (u32, u32, u32)>::new());
    check(&world, |_, truth| {
        let person = truth.person;
        let ties: Vec<_> = truth.devices[0].2.iter().filter(|tie| tie.month == last).collect();
        let mut counts = counts.borrow_mut();
        let (people, with_ties, workations) = counts.entry(person.persona).or_default();
        *people += 1;
        *with_ties += u32::from(!ties.is_empty());
        *workations += u32::from(ties.iter().any(|tie| tie.is_workation));
        if person.persona == Persona::Repeat {
            assert!(ties.iter().any(|tie| tie.visits >= 2), "{ties:?}");
        }
        for tie in ties {
            let lived = tie.is_dual_resident || person.persona == Persona::Dual;
            assert!(lived || tie.nights <= tie.visit_days, "{:?} {tie:?}", person.persona);
            assert!(person.persona != Persona::Mover || tie.nights < 30, "a former home is no tie: {tie:?}");
            assert!(tie.visits <= tie.visit_days && tie.visit_days <= 365, "{tie:?}");
            assert!(!tie.is_workation || matches!(person.persona, Persona::Workation | Persona::Satellite));
            assert!(tie.visit_day_class.starts_with(|first: char| first.is_ascii_digit()));
        }
    });
    let counts = counts.into_inner();
    let share = |persona: Persona, of: fn(&(u32, u32, u32)) -> u32| {
        f64::from(of(&counts[&persona])) / f64::from(counts[&persona].0)
    };
    assert!(share(Persona::OneOff, |c| c.1) > 0.95);
    assert!(share(Persona::Workation, |c| c.2) > 0.9);
    assert!(share(Persona::Passing, |c| c.1) < 0.4, "kin trips only");
}

#[test]
fn workations_work_in_one_place_in_working_hours() {
    check(&small_world(), |_, truth| {
        for stay in truth.life.diary.iter().filter(|stay| stay.activity == Activity::Telework) {
            let hours = (stay.until_ms - stay.from_ms) as f64 / HOUR_MS as f64;
            let day = kayoi_schemas::time::DayRule::JAPAN.day(UtcMillis(stay.from_ms));
            assert!(day.is_working_day() || truth.person.persona == Persona::Satellite);
            assert!(hours < 10.0, "{hours}");
        }
    });
}

#[test]
fn a_replaced_device_has_a_truth_of_its_own() {
    let world = World { preset: crate::Preset::Hard, ..a_year() };
    let replaced = std::cell::Cell::new(0);
    check(&world, |_, truth| {
        let devices: Vec<&Device> = truth.devices.iter().map(|(device, ..)| device).collect();
        assert_eq!(devices[0].from, world.first_day);
        assert_eq!(devices[devices.len() - 1].until, world.last_day());
        if let [before, after] = devices[..] {
            replaced.set(replaced.get() + 1);
            assert_eq!(before.until.plus(1), after.from);
            assert_ne!(before.text, after.text);
        }
    });
    assert!((8..=40).contains(&replaced.get()), "{}", replaced.get());
}
