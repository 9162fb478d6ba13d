//! The truth: where everybody was and slept, where they live and work, and what ties follow.
//!
//! In: people and their plans. Out: Parquet files `people`, `diary`, `nights`, `residences`, `ties` and
//! `workplaces`, by device id; `activity`, sums of what everybody did (see [`activity`]); of real lives `persons`,
//! `person_residences` and `person_ties` besides, of everybody, with a phone in the panel or without, and whatever
//! ids the phone has had. The truth is walked anew from the plans, person by person, and never looks at a ping. Ties
//! and residences apply the definition's own rules to the true walk, so that a difference to Kayoi's tables
//! is an error of inference and not of taste. Only the kind of a tie knows what somebody was there for.
//!
//! `diary` holds the first 2,000 people with a phone only, to bound its size; its metadata says so. Between two
//! of its rows the person is under way. Residences, ties and workplaces are given for every full month of a
//! world of up to 400 days, and for the last three months of a longer one; those of persons, and sums, for the
//! last three.

use std::path::Path;

use kayoi_schemas::definition::Definition;
use kayoi_schemas::time::{Day, Month};
use rayon::prelude::*;

use crate::date::almanac;
use crate::error::SimulateError;
use crate::land::Land;
use crate::people::Person;
use crate::people::carried::Carried;
use crate::people::device_id::device_text;
use crate::world::{Lives, World};

mod window;
mod life;
mod offices;
mod kinds;
mod long_stays;
mod rules;
mod workplaces;
mod tables;
mod persons;
mod activity;

pub(crate) use tables::{Table, texts};

use activity::{Added, Figures};
use life::{Keep, Life};
use offices::OfficeList;
use rules::{Residence, Rules, Tie};
use tables::Tables;
use workplaces::Workplace;

/// People walked before their rows are written.
const CHUNK: usize = 512;
/// Worlds up to this long have the truth of every month.
const ALL_MONTHS_DAYS: u32 = 400;
const LAST_MONTHS: usize = 3;

/// A device id of a person and the days on which it is in use.
#[derive(Debug, Clone)]
struct Device {
    text: String,
    from: Day,
    until: Day,
    /// Mean pings of a day.
    rate: f64,
}

/// What a perfect observer of a device id would say.
struct Judged {
    device: Device,
    residences: Vec<Residence>,
    ties: Vec<Tie>,
    workplaces: Vec<Workplace>,
}

impl Judged {
    /// The residences and ties of some months.
    fn of_months(&self, months: &[Month]) -> (Vec<Residence>, Vec<Tie>) {
        let residences = self.residences.iter().filter(|residence| months.contains(&residence.month));
        let ties = self.ties.iter().filter(|tie| months.contains(&tie.month));
        (residences.cloned().collect(), ties.cloned().collect())
    }
}

/// What one person adds to the tables.
struct Truth<'p> {
    person: &'p Person,
    life: Life,
    devices: Vec<Judged>,
    /// In real lives: residences and ties of the person, whatever the phones say.
    whole: Option<(Vec<Residence>, Vec<Tie>)>,
    /// What the person adds to the sums of the last months.
    activity: Added,
}

/// Writes all tables.
///
/// # Errors
/// [`SimulateError`] when a file cannot be written.
pub(crate) fn write(
    world: &World,
    land: &Land,
    people: &[Person],
    folder: &Path,
) -> Result<(), SimulateError> {
    let definition = world.definition.clone().map_or_else(Definition::connected_2026, Ok)?;
    let almanac = almanac(world);
    let rules = Rules {
        definition: &definition,
        land,
        almanac: &almanac,
        world,
        offices: OfficeList::of(people, land),
        months: months(world),
    };
    let mut tables = Tables::create(folder)?;
    let mut persons = persons::Persons::create(folder);
    let mut figures = Figures::default();
    for chunk in people.chunks(CHUNK) {
        let mut truths: Vec<Truth> = chunk.par_iter().map(|person| truth(person, &rules)).collect();
        // In the order of people: sums of fractions follow from it to the last digit.
        truths.iter_mut().for_each(|truth| figures.add(std::mem::take(&mut truth.activity)));
        tables.append(world, &truths)?;
        if world.lives == Lives::Real {
            persons.append(world, &truths)?;
        }
    }
    tables.close()?;
    persons.close()?;
    activity::write(&figures, world, folder)?;
    rules.offices.write(folder)
}

fn truth<'p>(person: &'p Person, rules: &Rules) -> Truth<'p> {
    let world = rules.world;
    let last = rules.last_months();
    let keep = Keep { diary: person.keeps_diary, walk_from: activity::walk_from(last) };
    let mut life = life::live(person, rules.land, world, rules.almanac, keep);
    let judge = |device: Device| {
        let days = (device.from, device.until);
        let (residences, ties) = rules.judge(person, &life, days, &rules.months);
        let workplaces = rules.workplaces(person, &life, days);
        Judged { device, residences, ties, workplaces }
    };
    let devices: Vec<Judged> = devices(world, person).map(judge).collect();
    let days = (world.first_day, world.last_day());
    // Who is known by one id all the time is judged already.
    let known = devices.iter().find(|judged| (judged.device.from, judged.device.until) == days);
    let whole = match known {
        Some(judged) => judged.of_months(last),
        None => rules.judge(person, &life, days, last),
    };
    let activity = activity::of_person(rules, person, &life, (&whole.0, &whole.1));
    // Of one person only: the walk of a chunk would be large.
    life.walk = Vec::new();
    Truth { person, life, devices, whole: (world.lives == Lives::Real).then_some(whole), activity }
}

/// All ids of all phones of a person.
fn devices(world: &World, person: &Person) -> impl Iterator<Item = Device> {
    let of_phone = move |phone: &Carried| {
        let rate = phone.habits.rate;
        let ids: Vec<_> = phone.ids().collect();
        ids.into_iter().map(move |(generation, from, until)| Device {
            text: device_text(world.seed, person.index, generation),
            from,
            until,
            rate,
        })
    };
    person.phones.iter().flat_map(of_phone)
}

/// The months that residences, ties and workplaces are given for; a world shorter than a month has its last
/// one.
fn months(world: &World) -> Vec<Month> {
    let last = world.last_day();
    let range = world.first_day.month().0..=last.month().0;
    let full = |month: &Month| month.first_day() >= world.first_day && month.last_day() <= last;
    let mut months: Vec<Month> = range.map(Month).filter(full).collect();
    if months.is_empty() {
        months.push(last.month());
    }
    if world.days > ALL_MONTHS_DAYS {
        months.drain(..months.len().saturating_sub(LAST_MONTHS));
    }
    months
}

#[cfg(test)]
#[path = "truth_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "real_tests.rs"]
mod real_tests;
