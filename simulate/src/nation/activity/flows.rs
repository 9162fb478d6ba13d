//! Visitors → where they were before and after, where they slept, and where they came in.
//!
//! In: visitors and stays. Out: cells of flows. Before and after, most are at home, where the gravity model has
//! them live; the others are in a town near by, which they visit too. Guests are where they sleep; of those who sleep
//! elsewhere, most are in a near town with many guests. Under a town's own code stands everybody whose other
//! municipality is known.

use kayoi_schemas::figure::{Cube, Dimension, SLEPT};

use super::super::draw::{Stream, Use};
use super::super::town::PREFECTURES;
use super::context::Context;
use super::sheet::Sheet;
use super::stays::{ELSEWHERE, HERE, Stay, WITH_BOTH};
use super::visits::Visits;

/// Values of the direction; the last one is everybody whose lodging is known, under the town itself.
const BEFORE: usize = 0;
const AFTER: usize = 1;
const LODGING: usize = 2;
const ENTRY: usize = 3;
const ALL_LODGING: usize = SLEPT as usize;

/// Of all visitors, those whose place before and after is known, and the one where they came in.
const KNOWN: f64 = 0.93;
const KNOWN_ENTRY: f64 = 0.85;
/// Of those, who came from home; and who went home.
const FROM_HOME: f64 = 0.6;
const TO_HOME: f64 = 0.66;
/// Of those who slept in the town and elsewhere, what is counted of the town.
const OF_BOTH: f64 = 0.6;
/// How fast a near town is less likely with distance, from an offset.
const OFFSET_KM: f64 = 8.0;
const POWER: f64 = -1.5;
/// A device may be in two halves.
const PARTS: u64 = 500;
const HALF: u64 = PARTS / 2;
/// A place in which fewer devices are expected is left out: ten are needed before anything is shown.
const LEAST: f64 = 3.0;

/// Draws and writes the flows of all towns.
pub(super) fn write(context: &Context<'_>, visits: &[Visits], stays: &[Stay], sheet: &mut Sheet) {
    for (town, (visits, stay)) in visits.iter().zip(stays).enumerate() {
        if stay.all() > 0 {
            of_town(context, town, visits, stays, sheet);
        }
    }
}

fn of_town(context: &Context<'_>, town: usize, visits: &Visits, stays: &[Stay], sheet: &mut Sheet) {
    let stay = &stays[town];
    let mut stream = context.stream(Use::Flows, town);
    let people = stay.all() as f64 / PARTS as f64;
    let homes = homes(context, town, visits);
    let by_people = near(context, town, |other| context.nation.towns[other].panel.powf(0.7));
    let by_guests = near(context, town, |other| stays[other].guests() as f64);
    let mixed = |known: f64, home: f64| -> Vec<f64> {
        homes
            .iter()
            .zip(&by_people)
            .map(|(at, near)| known * (home * at + (1.0 - home) * people * near))
            .collect()
    };
    let mut put = |direction: usize, total: u64, expected: &[f64]| {
        let (own, mut left) = (context.nation.towns[town].code, total);
        for (other, parts) in draw(&mut stream, expected, context.nation.of_devices(LEAST)) {
            let parts = parts.min(left);
            left -= parts;
            let key = (context.area(town), context.nation.towns[other].code);
            sheet.put_keyed(Cube::FlowsMonthly, key, [(Dimension::Direction, direction)], parts);
        }
        let of_all = if direction == LODGING { ALL_LODGING } else { direction };
        let key = (context.area(town), own);
        if direction == LODGING {
            let here = (stay.of(HERE) + (stay.of(WITH_BOTH) as f64 * OF_BOTH) as u64).min(left);
            sheet.put_keyed(Cube::FlowsMonthly, key, [(Dimension::Direction, direction)], here);
        }
        sheet.put_keyed(Cube::FlowsMonthly, key, [(Dimension::Direction, of_all)], total);
    };
    let known = (stay.all() as f64 * KNOWN).round() as u64;
    put(BEFORE, known, &mixed(KNOWN, FROM_HOME));
    put(AFTER, known, &mixed(KNOWN, TO_HOME));
    let elsewhere = (stay.of(ELSEWHERE) as f64 + (1.0 - OF_BOTH) * stay.of(WITH_BOTH) as f64) / PARTS as f64;
    let slept = stay.guests() + stay.of(ELSEWHERE);
    put(LODGING, slept, &by_guests.iter().map(|near| near * elsewhere).collect::<Vec<_>>());
    let entry: Vec<f64> = by_people.iter().map(|near| near * people * KNOWN_ENTRY).collect();
    put(ENTRY, (stay.all() as f64 * KNOWN_ENTRY).round() as u64, &entry);
}

/// Visitors by the town where they live.
fn homes(context: &Context<'_>, town: usize, visits: &Visits) -> Vec<f64> {
    let of_town = &context.nation.towns[town];
    let shares: [f64; PREFECTURES] = std::array::from_fn(|origin| {
        let ties = of_town.ties[origin];
        if ties > 0.0 { visits.from(origin) as f64 / ties } else { 0.0 }
    });
    let ties = context.nation.homes.of(town).iter().zip(&context.nation.towns);
    ties.map(|(ties, home)| f64::from(*ties) * shares[home.prefecture]).collect()
}

/// Shares of the other towns near by, by weight and distance.
fn near(context: &Context<'_>, town: usize, weight: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut shares = vec![0.0; context.nation.towns.len()];
    let others = || context.nation.near[town].iter().filter(|near| near.town != town);
    others().for_each(|near| shares[near.town] = weight(near.town) * (near.km + OFFSET_KM).powf(POWER));
    let sum: f64 = shares.iter().sum();
    if sum > 0.0 {
        shares.iter_mut().for_each(|share| *share /= sum);
    }
    shares
}

/// Parts of devices in other towns, by chance.
fn draw(stream: &mut Stream, expected: &[f64], least: f64) -> Vec<(usize, u64)> {
    let large = expected.iter().enumerate().filter(|(_, expected)| **expected >= least);
    large.map(|(other, expected)| (other, u64::from(stream.poisson(2.0 * expected)) * HALF)).collect()
}
