//! Visitors from abroad: land, go from hotel to hotel, leave.
//!
//! In: a world. Out: the two airports, as homes that nobody sleeps in, and the nights between. The phone is seen
//! from the landing to the take-off only.

use kayoi_schemas::time::Day;
use rand::Rng;
use rand::rngs::SmallRng;

use crate::land::{Land, Spot};
use crate::people::{Aim, Home, Spell};
use crate::random::{chance, running_sums, weighted};
use crate::world::World;

/// Shares of the airports at which people land, in the order of [`Land::airports`].
const ARRIVALS: [f64; 7] = [0.05, 0.31, 0.18, 0.05, 0.27, 0.10, 0.04];
const FEWEST_NIGHTS: f64 = 3.0;
const MOST_NIGHTS: f64 = 25.0;
const MOST_TOWNS: i32 = 6;

pub(super) fn tour(world: &World, land: &Land, rng: &mut SmallRng) -> (Vec<Home>, Vec<Spell>) {
    let drawn = (FEWEST_NIGHTS * (MOST_NIGHTS / FEWEST_NIGHTS).powf(rng.random())).round() as i32;
    let days = world.days as i32;
    let nights = drawn.min(days - 1).max(1);
    let first = world.first_day.plus(rng.random_range(0..(days - nights).max(1)));
    let towns = rng.random_range(1..=MOST_TOWNS.min(nights.div_euclid(2).max(1)));
    // The nights at which one town is left for the next.
    let mut changes: Vec<i32> =
        (1..towns).map(|town| town * nights / towns + rng.random_range(0..=1)).collect();
    changes.push(nights);
    let mut from = 0;
    let mut spells = Vec::with_capacity(changes.len());
    for until in changes.into_iter().map(|until| until.min(nights)) {
        if until <= from {
            continue;
        }
        let town = if chance(rng, 0.6) { land.inhabited(rng) } else { land.destination(rng) };
        let spots = land.spots(town);
        let bed = spots[rng.random_range(0..spots.len())];
        spells.push(Spell {
            from: first.plus(from),
            until: first.plus(until),
            aim: Aim::Tour,
            town,
            bed,
            desk: bed,
        });
        from = until;
    }
    let landing = airport(land, rng);
    let take_off = if chance(rng, 0.7) { landing } else { airport(land, rng) };
    let home = |from: Day, spot: Option<Spot>| spot.map(|spot| Home { from, spot, haunts: Vec::new() });
    let homes = [home(world.first_day.plus(-400), landing), home(first.plus(nights), take_off)];
    (homes.into_iter().flatten().collect(), spells)
}

fn airport(land: &Land, rng: &mut SmallRng) -> Option<Spot> {
    let airports = land.airports();
    let sums = running_sums(ARRIVALS.into_iter().take(airports.len()));
    weighted(rng, &sums).and_then(|index| airports.get(index)).copied()
}
