use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{HOUR_MS, UtcMillis};

use super::*;
use crate::date::Date;
use crate::diary::Activity;
use crate::people::{Persona, Regime, people};
use crate::toy::{Chessboard, small_world};

fn a_year() -> World {
    World { days: 365, devices: 400, ..small_world() }
}

pub(super) fn check(world: &World, of: impl Fn(&Rules, &Truth)) {
    check_by(&Definition::connected_2026().unwrap(), world, of);
}

fn check_by(definition: &Definition, world: &World, of: impl Fn(&Rules, &Truth)) {
    let land = Land::new(world, &Chessboard).unwrap();
    let almanac = almanac(world);
    let people = people(world, &land).unwrap();
    let offices = OfficeList::of(&people, &land);
    let rules = Rules { definition, land: &land, almanac: &almanac, world, offices, months: months(world) };
    people.iter().map(|person| truth(person, &rules)).for_each(|truth| of(&rules, &truth));
}

#[test]
fn a_night_is_where_the_diary_has_most_of_it() {
    let world = small_world();
    check(&world, |rules, truth| {
        let diary = &truth.life.diary;
        assert!(diary.windows(2).all(|pair| pair[0].until_ms <= pair[1].from_ms));
        for (number, night) in truth.life.nights.iter().take(world.days as usize - 1).enumerate() {
            let midnight = Date::of(world.first_day.plus(number as i32), rules.almanac).midnight_ms;
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
        let Judged { residences, ties, .. } = &truth.devices[0];
        let ranks: Vec<i16> = residences.iter().filter(|r| r.month == last).map(|r| r.rank).collect();
        let Some(second) = person.second else {
            // The definition's rules make a residence of thirty nights a year, whatever brought somebody
            // there; but moving house makes none.
            let may = !matches!(person.persona, Persona::Mover | Persona::OneOff | Persona::Resident);
            assert!(ranks.len() <= 1 || may, "{:?} has {ranks:?}", person.persona);
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
        let ties: Vec<_> = truth.devices[0].ties.iter().filter(|tie| tie.month == last).collect();
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
        let devices: Vec<&Device> = truth.devices.iter().map(|judged| &judged.device).collect();
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

#[test]
fn nights_on_both_sides_are_nearly_even_within_a_tenth() {
    let balance = |home, second| super::rules::Balance { home, second };
    assert!(balance(180, 178).is_nearly_even() && balance(178, 180).is_nearly_even());
    assert!(!balance(100, 90).is_nearly_even() && !balance(0, 0).is_nearly_even());
    assert!(balance(100, 91).is_nearly_even());
    assert!(!balance(100, 109).is_second_primary() && balance(100, 110).is_second_primary());
    assert!(!balance(0, 0).is_second_primary());
}

#[test]
fn alternate_weeks_are_nearly_even_and_other_regimes_are_not() {
    let last = a_year().last_day().month();
    let (alternate, even) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    check(&a_year(), |_, truth| {
        for residence in truth.devices[0].residences.iter().filter(|residence| residence.month == last) {
            match truth.person.regime {
                Some(Regime::AlternateWeeks) => {
                    alternate.set(alternate.get() + 1);
                    even.set(even.get() + u32::from(residence.nearly_even));
                }
                // Trips from home may even it out.
                Some(Regime::SixtyForty | Regime::Weekly) => {}
                regime => assert!(!residence.nearly_even, "{regime:?}"),
            }
        }
    });
    assert!(even.get() * 2 > alternate.get(), "{} of {}", even.get(), alternate.get());
}

#[test]
fn seasonal_workers_sleep_and_work_elsewhere_and_keep_their_home() {
    let world = World { devices: 800, ..a_year() };
    let last = world.last_day().month();
    let seen = std::cell::Cell::new(0);
    check(&world, |_, truth| {
        let person = truth.person;
        let seasons = || person.spells.iter().filter(|spell| spell.aim == crate::people::Aim::SeasonalWork);
        if person.persona != Persona::SeasonalWorker {
            assert_eq!(seasons().count(), 0);
            return;
        }
        let Some(season) = seasons().next() else { return };
        seen.set(seen.get() + 1);
        let nights = season.until.0 - season.from.0;
        assert!((30..=90).contains(&nights), "{nights}");
        assert_ne!(season.desk, season.bed);
        let works = |stay: &&crate::diary::Piece| stay.activity == Activity::Work;
        let days =
            truth.life.diary.iter().filter(works).filter(|stay| stay.start == season.desk).count() as i32;
        assert!(days * 2 > nights && days < nights, "{days} days of work in {nights} nights");
        let Judged { residences, ties, .. } = &truth.devices[0];
        // Thirty nights in a row are a residence too; what somebody does there is the tie's kind.
        assert!(residences.iter().all(|r| r.rank == 1 || r.town == season.bed.town));
        let tie = ties.iter().find(|tie| tie.month == last && tie.town == season.bed.town).unwrap();
        assert_eq!(tie.kind.as_str(), "seasonal_worker");
    });
    assert!(seen.get() >= 4, "{}", seen.get());
}

#[test]
fn workplaces_have_the_working_days_of_their_month_and_telework_in_its_share() {
    let (work, telework) = (std::cell::Cell::new(0.0), std::cell::Cell::new(0.0));
    let expected = std::cell::Cell::new(0.0);
    check(&a_year(), |_, truth| {
        let person = truth.person;
        for place in &truth.devices[0].workplaces {
            let days = place.work_days + place.telework_days;
            assert!((1..=23).contains(&days), "{place:?}");
            assert_eq!(Some(place.town), person.work.map(|work| work.town));
            assert!(place.commute_km > 0.0 && (person.telework_share > 0.0 || place.telework_days == 0));
            if person.telework_share > 0.0 {
                work.set(work.get() + f64::from(place.work_days));
                telework.set(telework.get() + f64::from(place.telework_days));
                expected.set(expected.get() + f64::from(days) * person.telework_share);
            }
        }
    });
    let ratio = telework.get() / expected.get();
    assert!((0.93..1.07).contains(&ratio), "{ratio}, {} days at work", work.get());
}

#[test]
fn every_aim_shows_as_a_kind() {
    let last = a_year().last_day().month();
    let counts = std::cell::RefCell::new(BTreeMap::<(Persona, &str), u32>::new());
    check(&a_year(), |_, truth| {
        for tie in truth.devices[0].ties.iter().filter(|tie| tie.month == last) {
            let kind = tie.kind.as_str();
            assert!(tie.is_dual_resident || kind != "dual_resident");
            assert!(!tie.is_dual_resident || matches!(kind, "dual_resident" | "seasonal_worker"), "{kind}");
            assert!(tie.is_workation || kind != "workation");
            *counts.borrow_mut().entry((truth.person.persona, tie.kind.as_str())).or_default() += 1;
        }
    });
    let counts = counts.into_inner();
    for known in [
        (Persona::Dual, "dual_resident"),
        (Persona::Workation, "workation"),
        (Persona::Satellite, "satellite_office"),
        (Persona::Business, "business"),
        (Persona::Itinerant, "itinerant"),
        (Persona::SeasonalWorker, "seasonal_worker"),
        (Persona::Repeat, "connected"),
        (Persona::OneOff, "one_off"),
    ] {
        assert!(counts.contains_key(&known), "{known:?} in {counts:?}");
    }
}

#[test]
fn the_same_lives_have_other_ties_by_another_definition() {
    let world = a_year();
    let last = world.last_day().month();
    let counts = |name: &str| {
        let definition = Definition::shipped(name).unwrap().unwrap();
        let (visitors, connected) = (std::cell::Cell::new(0_u32), std::cell::RefCell::new(Vec::new()));
        check_by(&definition, &world, |_, truth| {
            let ties = truth.devices[0].ties.iter().filter(|tie| tie.month == last);
            visitors.set(visitors.get() + ties.clone().count() as u32);
            connected.borrow_mut().push(ties.filter(|tie| tie.is_connected).count());
        });
        (visitors.get(), connected.into_inner())
    };
    let (usual, of_usual) = counts("connected-2026");
    let (near, of_near) = counts("furusato-premium");
    let (far, _) = counts("docomo-tourism");
    let (seldom, _) = counts("hokushin-au");
    // With 80 km there are fewer, and who comes every week is none. All towns of the board are 20 km apart.
    assert!(far < usual && usual <= near && seldom < near, "{far} {usual} {seldom} {near}");
    assert!(of_usual.iter().chain(&of_near).any(|connected| *connected > 0));
    assert!(of_near.iter().all(|connected| *connected <= 3), "{of_near:?}");
}
