//! Who is in the panel, and under which ids.
//!
//! In: people. Out: the same people, some with phones. Whether somebody has one goes by age, sex and home town
//! (in some towns the partner's apps are liked better), and by nothing that the figures are about, unless a
//! world asks for that as a stress. One in thirty has two phones in the same pocket. A second
//! partner sees some of the same phones through another app.

use std::collections::HashMap;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;
use rand::Rng;
use rand::rngs::SmallRng;
use rayon::prelude::*;

use crate::people::carried::Carried;
use crate::people::phone::Phone;
use crate::people::{Citizen, DIARY_PEOPLE, Person, Persona};
use crate::random::{Purpose, generator, normal, share};
use crate::world::World;

/// Standard deviation of the logarithm of a town's factor.
const TOWN_DEVIATION: f64 = 0.3;
const SECOND_PHONES: f64 = 0.03;
/// Share of phones that the second partner sees too.
const OF_SECOND_PARTNER: f64 = 0.2;
const DAYS_A_MONTH: f64 = 365.0 / 12.0;

/// Gives the panel its phones.
pub(super) fn hand_out(world: &World, people: &mut [Person]) {
    let mut towns: HashMap<MunicipalityCode, f64> = HashMap::new();
    for person in people.iter() {
        let town = person.homes[0].spot.town;
        towns.entry(town).or_insert_with(|| town_factor(world.seed, town));
    }
    let factor = |person: &Person| {
        let own = person.citizen.map_or(1.0, Citizen::ownership);
        let tied = if is_tied(person.persona) { world.society.tied_factor } else { 1.0 };
        own * tied * towns.get(&person.homes[0].spot.town).copied().unwrap_or(1.0)
    };
    let (sum, count) = people
        .iter()
        .filter(|person| person.is_domestic())
        .fold((0.0, 0.0), |(sum, count), person| (sum + factor(person), count + 1.0));
    let wanted = world.society.panel_percent / 100.0;
    let scale = if sum > 0.0 { wanted * count / sum } else { wanted };
    people.par_iter_mut().for_each(|person| {
        let chance = if person.is_domestic() && wanted < 1.0 { scale * factor(person) } else { wanted };
        if share(world.seed, u64::from(person.index), 0, Purpose::Panel) < chance {
            person.phones = phones(world, person);
        }
    });
    let with_phone = people.iter_mut().filter(|person| !person.phones.is_empty());
    with_phone.take(DIARY_PEOPLE as usize).for_each(|person| person.keeps_diary = true);
}

/// People with ties to another town, as far as the kind of life tells.
fn is_tied(persona: Persona) -> bool {
    matches!(
        persona,
        Persona::Repeat
            | Persona::Dual
            | Persona::Workation
            | Persona::Satellite
            | Persona::Kin
            | Persona::SeasonalWorker
            | Persona::Posted
            | Persona::Student
            | Persona::RoomWorkation
            | Persona::DualThenMoved
    )
}

/// Lognormal, one on average.
fn town_factor(seed: u64, town: MunicipalityCode) -> f64 {
    let mut rng = generator(seed, u64::from(town.number()), 0, Purpose::Ownership);
    (TOWN_DEVIATION * normal(&mut rng) - TOWN_DEVIATION * TOWN_DEVIATION / 2.0).exp()
}

fn phones(world: &World, person: &Person) -> Vec<Carried> {
    let days = match person.visit() {
        Some((from, until)) => (from.max(world.first_day), until.min(world.last_day())),
        None => (world.first_day, world.last_day()),
    };
    let has_second = share(world.seed, u64::from(person.index), 1, Purpose::Panel) < SECOND_PHONES;
    let phone = |number| {
        let who = Carried::who(person.index, number);
        let mut rng = generator(world.seed, u64::from(who), 0, Purpose::Resets);
        Carried {
            habits: Phone::draw(world, who),
            number,
            days,
            changes: changes(&mut rng, days, world.society.resets_percent / 100.0),
        }
    };
    let mut phones: Vec<Carried> = (0..=u8::from(has_second)).map(phone).collect();
    for number in 0..phones.len() {
        let who = u64::from(Carried::who(person.index, number as u8));
        let is_shared = share(world.seed, who, 2, Purpose::Panel) < OF_SECOND_PARTNER;
        if world.society.partners > 1 && is_shared {
            let number = Carried::at_second_partner(number as u8);
            let habits = Phone::draw(world, Carried::who(person.index, number));
            // The advertising id is the phone's: its pseudonyms change on the same days at both partners.
            phones.push(Carried { habits, number, ..phones[usize::from(number) - 2].clone() });
        }
    }
    phones
}

/// The days on which an id is changed, each day with the same chance.
fn changes(rng: &mut SmallRng, (first, last): (Day, Day), a_month: f64) -> Vec<Day> {
    let stays = (1.0 - a_month).powf(1.0 / DAYS_A_MONTH);
    let mut changes = Vec::new();
    if stays >= 1.0 {
        return changes;
    }
    let mut day = first;
    loop {
        let gap = ((1.0 - rng.random::<f64>()).ln() / stays.ln()).ceil().clamp(1.0, 100_000.0);
        day = day.plus(gap as i32);
        if day > last {
            return changes;
        }
        changes.push(day);
    }
}
