//! One person of real lives: home, work, second residence and plans; phones come later.
//!
//! In: a role. Out: a [`Person`]. The main place comes first and the home second where the kind of life has one,
//! as in plain lives.

use rand::Rng;
use rand::rngs::SmallRng;

use super::citizen::Citizen;
use super::{Role, abroad, leave, plans};
use crate::land::{Land, Spot};
use crate::people::draw::{home_and_target, settle, workplace};
use crate::people::rebound::rebounds;
use crate::people::roster::{Kind, Roster};
use crate::people::trips::Wishes;
use crate::people::{Home, Person, Persona, Working};
use crate::random::{Purpose, between, chance, generator, one_of};
use crate::world::World;

/// Days off that nobody planned, beside leave.
const UNPLANNED_OFF: f64 = 0.02;
/// Share of teleworkers who run errands on days of telework.
const WITH_ERRANDS: f64 = 0.5;
/// A shop beside an office, kilometres from it.
const NEIGHBOUR_KM: (f64, f64) = (0.04, 0.08);

pub(super) fn person(world: &World, land: &Land, role: &Role) -> Person {
    let Role { index, leader, persona, regime } = *role;
    let rng_of = |who: u32, part: i32, purpose| generator(world.seed, u64::from(who), part, purpose);
    let mut rng = rng_of(leader, 0, Purpose::Person);
    let mut plan_rng = rng_of(leader, 1, Purpose::Person);
    let mut own = rng_of(index, 0, Purpose::Own);
    let citizen = Citizen::draw(&mut rng_of(index, 0, Purpose::Age), persona);
    let nobody = Person {
        index,
        leader,
        persona,
        regime,
        homes: Vec::new(),
        second: None,
        work: None,
        telework_share: 0.0,
        working: Working::plain(),
        spells: Vec::new(),
        citizen: Some(citizen),
        phones: Vec::new(),
        keeps_diary: false,
    };
    if persona == Persona::FromAbroad {
        let (homes, spells) = abroad::tour(world, land, &mut plan_rng);
        return Person { homes, spells, ..nobody };
    }
    let (home, target) = places(world, land, &mut rng, role);
    let second = target.filter(|_| has_second(persona)).map(|town| land.point_in(&mut rng, town));
    let of_party = persona == Persona::Crew && index != leader;
    let own_home = if of_party { land.around(&mut own, home, 0.5, 12.0).unwrap_or(home) } else { home };
    let mut homes = vec![settle(land, &mut own, world.first_day.plus(-400), own_home)];
    homes.extend(next_home(world, land, &mut own, role, (home, target, second)));
    let work = work(land, &mut own, persona, home, target);
    let leave = if work.is_some() { leave::leave(world, &mut own) } else { Vec::new() };
    let teleworks = persona == Persona::Commuter && chance(&mut own, 0.3);
    let telework_share = if teleworks { between(&mut own, 0.2, 0.6) } else { 0.0 };
    let errands = if teleworks && chance(&mut own, WITH_ERRANDS) {
        (0..3).filter_map(|_| land.around(&mut own, home, 5.0, 20.0)).collect()
    } else {
        Vec::new()
    };
    let wishes = Wishes { persona, regime, home, target, second };
    let moves = homes.get(1).map(|home| home.from);
    Person {
        spells: plans::plan(world, land, &mut plan_rng, &wishes, moves, &leave),
        homes,
        second,
        work,
        telework_share,
        working: Working {
            roster: work.and_then(|_| roster(&mut own, persona)),
            unplanned_off: UNPLANNED_OFF,
            leave,
            errands,
            rebounds: rebounds(world, land, index, telework_share, (own_home, work)),
        },
        ..nobody
    }
}

fn has_second(persona: Persona) -> bool {
    matches!(persona, Persona::Dual | Persona::DualThenMoved | Persona::Posted | Persona::Student)
}

/// Home and main place: as of a visitor for who has one in the region, as of a resident for everybody else.
fn places(world: &World, land: &Land, rng: &mut SmallRng, role: &Role) -> (Spot, Option<usize>) {
    let like = |rng: &mut SmallRng, persona| home_and_target(world, land, rng, persona, role.regime);
    match role.persona {
        Persona::ShiftWorker
        | Persona::RotatingShifts
        | Persona::NightWorker
        | Persona::OfficeNeighbour
        | Persona::Driver => like(rng, Persona::Commuter),
        Persona::Hospital | Persona::LongAbsence => {
            let (home, _) = like(rng, Persona::Resident);
            let reach_km = if role.persona == Persona::Hospital { (12.0, 60.0) } else { (12.0, 400.0) };
            (home, land.within(rng, home.town, reach_km))
        }
        persona => like(rng, persona),
    }
}

/// The home that is moved to: the town of the habit for who simply moves; for a dual resident who gives that up
/// the second residence, or a third town.
fn next_home(
    world: &World,
    land: &Land,
    rng: &mut SmallRng,
    role: &Role,
    (home, target, second): (Spot, Option<usize>, Option<Spot>),
) -> Option<Home> {
    let days = world.days as i32;
    let mut within = |least: i32, most: i32| {
        world
            .first_day
            .plus(rng.random_range(days * least / 100..(days * most / 100).max(days * least / 100 + 1)))
    };
    match role.persona {
        Persona::Mover => {
            let moves = within(12, 87);
            let next = land.home(rng, target?, false);
            Some(settle(land, rng, moves, next))
        }
        Persona::DualThenMoved => {
            let moves = within(45, 80);
            let second = second?;
            let third = land.within(rng, home.town, (30.0, 400.0)).filter(|_| chance(rng, 0.5));
            let third = third.filter(|town| land.code(*town) != second.town);
            let next = third.map_or(second, |town| land.home(rng, town, false));
            Some(settle(land, rng, moves, next))
        }
        _ => None,
    }
}

fn work(
    land: &Land,
    rng: &mut SmallRng,
    persona: Persona,
    home: Spot,
    target: Option<usize>,
) -> Option<Spot> {
    match persona {
        Persona::ShiftWorker | Persona::RotatingShifts | Persona::NightWorker => {
            let elsewhere = |work: &Spot| work.town != home.town;
            let far = (0..16).find_map(|_| land.around(rng, home, 12.0, 40.0).filter(elsewhere));
            far.or_else(|| land.around(rng, home, 3.0, 40.0))
        }
        Persona::Posted => land.around(rng, home, 1.0, 25.0),
        Persona::Student => land.around(rng, home, 0.5, 8.0),
        Persona::Crew => land.around(rng, home, 2.0, 15.0),
        Persona::Driver => None,
        Persona::OfficeNeighbour => {
            let town = land.within(rng, home.town, (12.0, 40.0)).or_else(|| land.town_index(home.town))?;
            land.around(rng, land.office(town), NEIGHBOUR_KM.0, NEIGHBOUR_KM.1)
        }
        _ => workplace(land, rng, persona, home, target),
    }
}

fn roster(rng: &mut SmallRng, persona: Persona) -> Option<Roster> {
    let (kind, phases) = match persona {
        Persona::ShiftWorker => (Kind::SomeNights, 15),
        Persona::RotatingShifts => (Kind::Rotating, 3),
        Persona::NightWorker => (Kind::Nights, 7),
        _ => return None,
    };
    let all: Vec<i32> = (0..phases).collect();
    Some(Roster { kind, phase: one_of(rng, &all).unwrap_or_default() })
}
