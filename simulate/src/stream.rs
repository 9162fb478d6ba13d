//! The days of the world, one after another: what arrives on each.
//!
//! In: people. Out: for each delivery day (local, from 04:00) the records that arrive on it, in order of
//! arrival. People are walked in parallel within a day. Records that arrive later wait in a queue by day: a
//! record never arrives before it is made, so a day is complete once its own walks are done.

use std::collections::BTreeMap;

use kayoi_schemas::time::{Day, DayRule, UtcMillis};
use rayon::prelude::*;

use crate::date::{Date, almanac};
use crate::deliver::{Delivery, Kind, LATEST_DAYS, Record};
use crate::diary;
use crate::error::SimulateError;
use crate::land::Land;
use crate::observe;
use crate::people::Person;
use crate::people::carried::Carried;
use crate::random::{Purpose, share};
use crate::terminal;
use crate::world::{Progress, World, Written};

/// People walked by one task.
const CHUNK: usize = 128;
/// Share of phones that are silent on a day on which the feed is thin.
const OUTAGE_SILENT: f64 = 0.9;
/// Share of days on which the phone of somebody is off who is out of touch.
const OUT_OF_TOUCH_SILENT: f64 = 0.95;

/// Takes the records of a delivery day.
pub(crate) type Sink<'s> = dyn FnMut(Day, Vec<Record>) -> Result<(), SimulateError> + 's;

/// Walks all days.
///
/// # Errors
/// What the sink returns.
pub(crate) fn stream(
    world: &World,
    land: &Land,
    people: &[Person],
    delivery: &Delivery,
    sink: &mut Sink<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Written, SimulateError> {
    let almanac = almanac(world);
    let mut waiting: BTreeMap<Day, Vec<Record>> = BTreeMap::new();
    let mut written = Written::default();
    let days = world.days + LATEST_DAYS;
    for number in 0..days {
        let day = world.first_day.plus(number as i32);
        if number < world.days {
            let made = walk_day(world, land, people, delivery, Date::of(day, &almanac));
            for record in made.into_iter().flatten() {
                let arrival = DayRule::JAPAN.day(UtcMillis(record.arrival_ms));
                waiting.entry(arrival).or_default().push(record);
            }
        }
        if let Some(mut records) = waiting.remove(&day) {
            records.par_sort_unstable_by_key(Record::order);
            count(&records, &mut written);
            sink(day, records)?;
        }
        progress(Progress { day: number + 1, days, records: written.records });
    }
    Ok(written)
}

fn walk_day(
    world: &World,
    land: &Land,
    people: &[Person],
    delivery: &Delivery,
    date: Date,
) -> Vec<Vec<Record>> {
    let walk_chunk = |chunk: &[Person]| {
        let (mut pieces, mut fixes, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for person in chunk {
            let mut is_walked = false;
            for phone in &person.phones {
                let who = Carried::who(person.index, phone.number);
                if is_silent(world, person, phone, date) {
                    continue;
                }
                if !is_walked {
                    diary::day(person, land, world.seed, date, &mut pieces);
                    is_walked = true;
                }
                observe::observe(land, who, &phone.habits, date, &pieces, &mut fixes);
                terminal::limit(land, (person, phone), date, &pieces, &mut fixes);
                let who = (world.seed, who, phone.generation(date.day), date.day.0);
                delivery.deliver(who, &fixes, &mut records);
            }
        }
        records
    };
    people.par_chunks(CHUNK).map(walk_chunk).collect()
}

/// Whether the partner gets nothing from a phone on a day.
fn is_silent(world: &World, person: &Person, phone: &Carried, date: Date) -> bool {
    let who = Carried::who(person.index, phone.number);
    if !phone.is_seen(date.day) || phone.habits.is_silent(world.seed, who, date) {
        return true;
    }
    let falls = |silent: f64, purpose| share(world.seed, u64::from(who), date.day.0, purpose) < silent;
    world.is_outage(date.day) && falls(OUTAGE_SILENT, Purpose::Outage)
        || person.is_out_of_touch(date.day) && falls(OUT_OF_TOUCH_SILENT, Purpose::Quiet)
}

fn count(records: &[Record], written: &mut Written) {
    written.records += records.len() as u64;
    for record in records {
        match record.kind {
            Kind::Good => written.good += 1,
            Kind::Duplicate => written.duplicates += 1,
            Kind::Malformed(kind) => match written.malformed.get_mut(kind.as_str()) {
                Some(count) => *count += 1,
                None => {
                    written.malformed.insert(kind.as_str().to_owned(), 1);
                }
            },
        }
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
