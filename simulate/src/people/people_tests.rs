use std::collections::BTreeMap;

use super::persona::{SHARES, persona};
use super::*;
use crate::land::Reach;
use crate::toy::{Chessboard, small_world};

#[test]
fn shares_add_up_and_every_kind_is_in_a_small_world() {
    let sum: f64 = SHARES.iter().map(|(_, share)| share).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    let mut counts: BTreeMap<_, u32> = BTreeMap::new();
    (0..200).map(|index| persona(&SHARES, index)).for_each(|kind| *counts.entry(kind).or_default() += 1);
    for (kind, share) in SHARES {
        let found: u32 = counts.iter().filter(|((persona, _), _)| *persona == kind).map(|(_, n)| n).sum();
        assert!((f64::from(found) - 200.0 * share).abs() <= 3.0, "{kind:?}: {found}");
    }
    for regime in Regime::ALL {
        assert!(counts.contains_key(&(Persona::Dual, Some(regime))), "{regime:?}");
    }
}

#[test]
fn nobody_is_in_two_places_by_plan() {
    let world = small_world();
    let land = Land::new(&world, &Chessboard).unwrap();
    for person in people(&world, &land).unwrap() {
        for pair in person.spells.windows(2) {
            assert!(pair[0].until <= pair[1].from, "{:?}", person.persona);
            assert!(pair[0].from < pair[1].from, "{:?}", person.persona);
        }
    }
}

#[test]
fn second_homes_and_destinations_are_far_enough_and_in_the_region() {
    let world = small_world();
    let land = Land::new(&world, &Chessboard).unwrap();
    let in_region = |code: &str| world.region.iter().any(|town| town == code);
    for person in people(&world, &land).unwrap() {
        let home = person.homes[0].spot.town;
        for spell in &person.spells {
            assert_eq!(land.town_index(spell.bed.town), Some(spell.town));
            let least_km = match spell.aim {
                Aim::Road => 0.0,
                Aim::SecondHome => Reach::Second.range_km().0,
                _ => Reach::Visit.range_km().0,
            };
            let apart_km = land.towns_apart_km(home, spell.bed.town);
            assert!(apart_km >= least_km, "{:?} {apart_km}", spell.aim);
            assert!(spell.aim == Aim::Road || in_region(&spell.bed.town.to_string()), "{}", spell.bed.town);
        }
    }
}

#[test]
fn hard_worlds_have_homes_beside_borders() {
    let world = World { preset: crate::Preset::Hard, devices: 1_000, ..small_world() };
    let land = Land::new(&world, &Chessboard).unwrap();
    let beside = |spot: Spot| {
        let step = 0.35 / crate::land::KM_PER_DEGREE * 1.5;
        let around = [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step), (step, step), (-step, -step)];
        use crate::ground::Ground;
        around
            .iter()
            .any(|(n, e)| Chessboard.town_at(spot.latitude + n, spot.longitude + e) != Some(spot.town))
    };
    let found = people(&world, &land).unwrap().iter().filter(|person| beside(person.homes[0].spot)).count();
    assert!((110..=260).contains(&found), "{found}");
}

#[test]
fn an_unknown_region_is_refused_with_a_hint() {
    let world = World { region: vec!["99999".to_owned()], ..small_world() };
    let error = Land::new(&world, &Chessboard).err().unwrap().to_string();
    assert!(error.contains("`99999`") && error.contains("hint:"), "{error}");
}
