//! One person: home, work, second residence, phone and plans.
//!
//! In: an index. Out: a [`Person`]. The destination comes first and the home second, see [`crate::land`].

use kayoi_schemas::time::Day;
use rand::Rng;
use rand::rngs::SmallRng;

use super::carried::Carried;
use super::phone::Phone;
use super::rebound::rebounds;
use super::trips::{Wishes, plan};
use super::{DIARY_PEOPLE, Home, Person, Persona, Regime, Working};
use crate::land::{Land, Reach, Spot};
use crate::random::{Purpose, chance, generator};
use crate::world::{Preset, World};

/// Haunts of a home: shops, friends, a park.
const HAUNTS: usize = 5;

/// A person of plain lives.
pub(super) fn person(
    world: &World,
    land: &Land,
    index: u32,
    (persona, regime): (Persona, Option<Regime>),
) -> Person {
    let mut rng = generator(world.seed, u64::from(index), 0, Purpose::Person);
    let rng = &mut rng;
    let (home, target) = home_and_target(world, land, rng, persona, regime);
    let second = target.filter(|_| persona == Persona::Dual).map(|town| land.point_in(rng, town));
    let work = workplace(land, rng, persona, home, target);
    let mut homes = vec![settle(land, rng, world.first_day.plus(-400), home)];
    if persona == Persona::Mover {
        let days = world.days as i32;
        let moves = world.first_day.plus(days / 8 + rng.random_range(0..(days * 3 / 4).max(1)));
        if let Some(town) = target {
            let next = land.home(rng, town, false);
            homes.push(settle(land, rng, moves, next));
        }
    }
    let replaced = (world.preset == Preset::Hard && world.days > 1 && chance(rng, 0.05))
        .then(|| world.first_day.plus(rng.random_range(1..world.days as i32)));
    let telework_share =
        if persona == Persona::Commuter && chance(rng, 0.3) { 0.2 + 0.4 * rng.random::<f64>() } else { 0.0 };
    let wishes = Wishes { persona, regime, home, target, second };
    let phone = Carried {
        habits: Phone::draw(world, index),
        number: 0,
        days: (world.first_day, world.last_day()),
        changes: replaced.into_iter().collect(),
    };
    Person {
        index,
        leader: index,
        persona,
        regime,
        spells: plan(world, land, rng, &wishes),
        homes,
        second,
        work,
        telework_share,
        working: Working {
            rebounds: rebounds(world, land, index, telework_share, (home, work)),
            ..Working::plain()
        },
        citizen: None,
        phones: vec![phone],
        keeps_diary: index < DIARY_PEOPLE,
    }
}

/// Residents and commuters live in the region, one in five elsewhere, and have no target; the home of
/// everybody else suits the target.
pub(super) fn home_and_target(
    world: &World,
    land: &Land,
    rng: &mut SmallRng,
    persona: Persona,
    regime: Option<Regime>,
) -> (Spot, Option<usize>) {
    let beside_border = world.preset == Preset::Hard && chance(rng, 0.15);
    match persona {
        Persona::Resident | Persona::Commuter => {
            let town = if chance(rng, 0.8) { land.inhabited(rng) } else { land.anywhere(rng) };
            (land.home(rng, town, beside_border), None)
        }
        _ => {
            let reach = if regime.is_some() { Reach::Second } else { Reach::Visit };
            let (least_km, _) = reach.range_km();
            let target = land.destination(rng);
            let target_code = land.code(target);
            let suits = |home: &Spot| land.towns_apart_km(home.town, target_code) >= least_km;
            let mut draw = || {
                let origin = land.origin(rng, target, reach)?;
                Some(land.home(rng, origin, beside_border)).filter(suits)
            };
            match (0..12).find_map(|_| draw()) {
                Some(home) => (home, Some(target)),
                None => {
                    let town = land.anywhere(rng);
                    (land.home(rng, town, beside_border), None)
                }
            }
        }
    }
}

pub(super) fn workplace(
    land: &Land,
    rng: &mut SmallRng,
    persona: Persona,
    home: Spot,
    target: Option<usize>,
) -> Option<Spot> {
    let share = match persona {
        Persona::Commuter => 1.0,
        Persona::Itinerant | Persona::Mover | Persona::Satellite | Persona::SeasonalWorker => 0.0,
        Persona::Resident => 0.5,
        _ => 0.6,
    };
    if !chance(rng, share) {
        return None;
    }
    let target = target.map(|town| land.code(town));
    let (least_km, greatest_km) = if persona == Persona::Resident { (0.5, 5.0) } else { (3.0, 40.0) };
    let suits = |work: &Spot| match persona {
        Persona::Resident => work.town == home.town,
        _ => target.is_none_or(|target| work.town != target),
    };
    (0..8).find_map(|_| land.around(rng, home, least_km, greatest_km).filter(suits))
}

pub(super) fn settle(land: &Land, rng: &mut SmallRng, from: Day, spot: Spot) -> Home {
    let haunts = (0..HAUNTS).filter_map(|_| land.around(rng, spot, 0.3, 6.0)).collect();
    Home { from, spot, haunts }
}
