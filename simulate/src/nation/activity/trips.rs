//! Visitors → how many municipalities their trip visited, and which ones together.
//!
//! In: stays. Out: cells of trips. Whoever visits one town of a pair and the other on the same trip is counted in
//! both, so both have the same number: the smaller one of what is expected of either.

use kayoi_schemas::figure::{Cube, Dimension};

use super::super::draw::{Use, split};
use super::context::Context;
use super::sheet::Sheet;
use super::stays::{ELSEWHERE, HERE, Stay, WITH_BOTH};

const PARTS: u64 = 500;
/// Trips of one, two, three, and four municipalities or more: of day visitors, and of those with a night.
const SIZES: [[f64; 4]; 2] = [[0.76, 0.17, 0.05, 0.02], [0.45, 0.27, 0.16, 0.12]];
/// Other municipalities of the trip that a visitor names, in the mean.
const OTHERS: f64 = 0.6;
/// How fast a near town is less likely with distance, from an offset.
const OFFSET_KM: f64 = 12.0;
const POWER: f64 = -1.5;
/// A pair in which fewer devices are expected is left out.
const LEAST: f64 = 1.0;

/// Draws and writes the trips of all towns.
pub(super) fn write(context: &Context<'_>, stays: &[Stay], sheet: &mut Sheet) {
    for (town, stay) in stays.iter().enumerate() {
        let mut stream = context.stream(Use::Trips, town);
        let at_night = stay.of(HERE) + stay.of(ELSEWHERE) + stay.of(WITH_BOTH);
        let night = at_night as f64 / stay.all().max(1) as f64;
        let expected = std::array::from_fn(|size| (1.0 - night) * SIZES[0][size] + night * SIZES[1][size]);
        let sizes: [u64; 4] = split(&mut stream, stay.all(), stay.all() as f64 / PARTS as f64, expected);
        for (size, parts) in sizes.into_iter().enumerate() {
            sheet.put(Cube::TripSizesMonthly, context.area(town), [(Dimension::TripSize, size)], parts);
        }
    }
    pairs(context, stays, sheet);
}

fn pairs(context: &Context<'_>, stays: &[Stay], sheet: &mut Sheet) {
    let weight = |other: usize, km: f64| stays[other].all() as f64 * (km + OFFSET_KM).powf(POWER);
    let sums: Vec<f64> = context
        .towns()
        .map(|town| {
            let others = context.nation.near[town].iter().filter(|near| near.town != town);
            others.map(|near| weight(near.town, near.km)).sum()
        })
        .collect();
    let expected = |town: usize, other: usize, km: f64| {
        stays[town].all() as f64 / PARTS as f64 * OTHERS * weight(other, km)
            / sums[town].max(f64::MIN_POSITIVE)
    };
    for town in context.towns() {
        let mut stream = context.stream(Use::Trips, town);
        for near in context.nation.near[town].iter().filter(|near| near.town > town) {
            let devices = expected(town, near.town, near.km).min(expected(near.town, town, near.km));
            if devices < context.nation.of_devices(LEAST) {
                continue;
            }
            let most = stays[town].all().min(stays[near.town].all());
            let parts = (u64::from(stream.poisson(2.0 * devices)) * (PARTS / 2)).min(most);
            for (one, other) in [(town, near.town), (near.town, town)] {
                let key = (context.area(one), context.nation.towns[other].code);
                sheet.put_keyed(Cube::TripPairsMonthly, key, [], parts);
            }
        }
    }
}
