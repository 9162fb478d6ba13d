//! How far the simplified borders that ship err, against the full N03.
//!
//! In: both, and random points, as many on each square kilometre of land. Out: the shares that come to lie in
//! another municipality or in none: over all, by size of municipality, for people instead of land, and for
//! several distances from the coast. `KAYOI_VERIFY_POINTS=5000000` gives the figures of `data/README.md`.
//!
//! The full N03 is of 2022 and the simplified of 2025; compared are municipalities with the wards of
//! designated cities rolled up, of which none changed in between.

use std::collections::BTreeMap;

use kayoi_geography::boundaries::BoundarySet;
use kayoi_geography::index::Index;
use kayoi_geography::place::DEFAULT_COAST_METRES;
use kayoi_geography::{Geography, Register, simplified};
use kayoi_schemas::ids::MunicipalityCode;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use rayon::prelude::*;

use kayoi_harness::data::test_data;

use crate::{import, points_to_ask};

const SOURCE: &str = "boundaries/n03_2025_simplified_koxon_1747.ndjson.gz";
const FULL: &str = "boundaries/n03_2022_full_plus_fill.ndjson.gz";

const POINTS_PER_TASK: u64 = 10_000;
/// Upper ends of the classes of size, km².
const SIZES_KM2: [f64; 6] = [20.0, 50.0, 100.0, 250.0, 500.0, f64::INFINITY];
/// Distances from the coast that are tried, metres.
const COASTS: [f64; 5] = [0.0, 250.0, DEFAULT_COAST_METRES, 1_000.0, 2_000.0];
/// How far at sea points are drawn, metres.
const AT_SEA: f64 = 5_000.0;

/// Points of one kind and where they came to lie.
#[derive(Debug, Default, Clone, Copy)]
struct Placed {
    points: u64,
    wrong: u64,
    nowhere: u64,
}

impl Placed {
    fn add(&mut self, expected: MunicipalityCode, found: Option<MunicipalityCode>) {
        self.points += 1;
        self.nowhere += u64::from(found.is_none());
        self.wrong += u64::from(found.is_some_and(|found| found != expected));
    }

    fn and(self, other: Self) -> Self {
        Self {
            points: self.points + other.points,
            wrong: self.wrong + other.wrong,
            nowhere: self.nowhere + other.nowhere,
        }
    }

    fn percent(self) -> (f64, f64) {
        let share = |part: u64| 100.0 * part as f64 / self.points.max(1) as f64;
        (share(self.wrong), share(self.nowhere))
    }
}

/// Counts of a task.
#[derive(Debug, Default)]
struct Counted {
    /// On land, placed as Kayoi places them.
    by_town: BTreeMap<MunicipalityCode, Placed>,
    /// On land, by distance from the coast.
    on_land: [Placed; COASTS.len()],
    /// At sea, within [`DEFAULT_COAST_METRES`] of the full N03's coast.
    near: [Placed; COASTS.len()],
    /// Farther at sea: points, and how many of them are placed nevertheless.
    far: [(u64, u64); COASTS.len()],
    /// Points on land in another municipality, by how far at most the true border is.
    wrong_within: BTreeMap<u32, u64>,
}

impl Counted {
    fn and(mut self, other: Self) -> Self {
        for (town, placed) in other.by_town {
            let own = self.by_town.entry(town).or_default();
            *own = own.and(placed);
        }
        for (metres, points) in other.wrong_within {
            *self.wrong_within.entry(metres).or_default() += points;
        }
        for coast in 0..COASTS.len() {
            self.on_land[coast] = self.on_land[coast].and(other.on_land[coast]);
            self.near[coast] = self.near[coast].and(other.near[coast]);
            self.far[coast].0 += other.far[coast].0;
            self.far[coast].1 += other.far[coast].1;
        }
        self
    }
}

/// Uniform on the sphere, in the box around Japan.
fn anywhere(random: &mut SmallRng) -> (f64, f64) {
    let height = |degrees: f64| degrees.to_radians().sin();
    let latitude = random.random_range(height(20.4)..height(45.6)).asin().to_degrees();
    (latitude, random.random_range(122.9..154.0))
}

/// Draws until so many points of a task lay on land.
fn counted(full: &Index, coasts: &[Geography], task: u64) -> Counted {
    let mut random = SmallRng::seed_from_u64(task);
    let basic = |code| Register::japan().basic(code);
    let mut counted = Counted::default();
    let mut on_land = 0;
    while on_land < POINTS_PER_TASK {
        let (latitude, longitude) = anywhere(&mut random);
        let found = || coasts.iter().map(|one| one.place(latitude, longitude).municipality.map(basic));
        if let Some(expected) = full.municipality_at(latitude, longitude).map(basic) {
            on_land += 1;
            for ((found, placed), metres) in found().zip(&mut counted.on_land).zip(COASTS) {
                placed.add(expected, found);
                if metres == DEFAULT_COAST_METRES {
                    counted.by_town.entry(expected).or_default().add(expected, found);
                    if found.is_some_and(|found| found != expected) {
                        let within = |metres: &u32| {
                            full.nearest_within(latitude, longitude, f64::from(*metres)).is_some()
                        };
                        let least = (0..14).map(|step| 10 << step).find(within).unwrap_or(u32::MAX);
                        *counted.wrong_within.entry(least).or_default() += 1;
                    }
                }
            }
        } else if let Some(nearest) = full.nearest_within(latitude, longitude, DEFAULT_COAST_METRES) {
            for (found, placed) in found().zip(&mut counted.near) {
                placed.add(basic(nearest), found);
            }
        } else if full.nearest_within(latitude, longitude, AT_SEA).is_some() {
            for (found, far) in found().zip(&mut counted.far) {
                far.0 += 1;
                far.1 += u64::from(found.is_some());
            }
        }
    }
    counted
}

fn areas_km2(set: &BoundarySet) -> BTreeMap<MunicipalityCode, f64> {
    let mut areas = BTreeMap::new();
    for unit in set.units() {
        *areas.entry(Register::japan().basic(unit.code)).or_default() += unit.area_km2();
    }
    areas
}

fn print(counted: &Counted, areas: &BTreeMap<MunicipalityCode, f64>) {
    let mut smaller = 0.0;
    for size in SIZES_KM2 {
        let of_size = |code: &MunicipalityCode| (smaller..size).contains(&areas[code]);
        let towns: Vec<_> = counted.by_town.iter().filter(|(code, _)| of_size(code)).collect();
        let placed = towns.iter().fold(Placed::default(), |sum, (_, placed)| sum.and(**placed));
        let (wrong, nowhere) = placed.percent();
        println!("{smaller} to {size} km²: {} towns, {placed:?}, {wrong:.2} %, {nowhere:.2} %", towns.len());
        smaller = size;
    }
    let mut towns: Vec<_> = counted.by_town.iter().filter(|(_, placed)| placed.points >= 20).collect();
    towns.sort_by(|a, b| b.1.percent().0.total_cmp(&a.1.percent().0));
    for (code, placed) in towns.iter().take(10) {
        let name = Register::japan().get(**code).map_or("", |one| one.name.as_str());
        println!("worst: {code} {name}, {:.1} km², {placed:?}, {:.1?} %", areas[code], placed.percent());
    }
    for (coast, metres) in COASTS.iter().enumerate() {
        let (land, near, far) = (counted.on_land[coast], counted.near[coast], counted.far[coast]);
        println!(
            "coast {metres} m: on land {:.3?} %; of {} within 500 m {:.2?} %; of {} farther {:.2} % placed",
            land.percent(),
            near.points,
            near.percent(),
            far.0,
            100.0 * far.1 as f64 / far.0.max(1) as f64
        );
    }
    println!("points in another municipality, by distance of the true border: {:?}", counted.wrong_within);
}

/// The shares for people who live evenly spread over their municipality: percent in another, and in none.
fn percent_of_people(counted: &Counted) -> (f64, f64) {
    let (mut people, mut wrong, mut nowhere) = (0.0, 0.0, 0.0);
    for (code, placed) in &counted.by_town {
        let Some(known) = Register::japan().get(*code) else { continue };
        let residents = f64::from(known.population_2020);
        people += residents;
        wrong += residents * placed.percent().0;
        nowhere += residents * placed.percent().1;
    }
    (wrong / people, nowhere / people)
}

#[test]
fn the_borders_that_ship_err_as_they_say() {
    let Some(path) = test_data(FULL) else { return };
    let set = import(&path);
    let full = Index::build(&set, &mut |_| {}).unwrap();
    let coasts = COASTS.map(|metres| Geography::simplified().unwrap().with_coast_metres(metres));
    let counted = (0..points_to_ask().div_ceil(POINTS_PER_TASK))
        .into_par_iter()
        .map(|task| counted(&full, &coasts, task))
        .reduce(Counted::default, Counted::and);
    let areas = areas_km2(&set);
    print(&counted, &areas);
    let all = counted.by_town.values().fold(Placed::default(), |sum, placed| sum.and(*placed));
    let (wrong, nowhere) = all.percent();
    println!("{} points on land: {wrong:.2} % in another municipality, {nowhere:.2} % in none", all.points);
    println!("people, evenly spread over their municipality: {:.2?} %", percent_of_people(&counted));
    let small = counted.by_town.iter().filter(|(code, _)| areas[code] < simplified::SMALL_KM2);
    let small = small.fold(Placed::default(), |sum, (_, placed)| sum.and(*placed));
    for (found, said, points) in [
        (wrong, simplified::WRONG_PERCENT, all.points),
        (nowhere, simplified::NOWHERE_PERCENT, all.points),
        (small.percent().0, simplified::WRONG_PERCENT_OF_SMALL, small.points),
    ] {
        // Three standard errors, and what is said is rounded.
        let chance = 3.0 * (found.max(said) * 100.0 / points as f64).sqrt();
        assert!((found - said).abs() < 0.05 + chance, "{found:.3} % were found, {said} % are said");
    }
}

#[test]
fn the_borders_that_ship_are_made_of_their_source_and_lack_nobodys_largest_island() {
    let Some(path) = test_data(SOURCE) else { return };
    let source = import(&path);
    let shipped = simplified::borders().unwrap();
    assert_eq!(shipped, &simplified::rounded(&source));
    assert_eq!(shipped.source().blake3, source.source().blake3);
    assert_eq!(shipped.units().len(), source.units().len());
    for (shipped, source) in shipped.units().iter().zip(source.units()) {
        let largest = |unit: &kayoi_geography::boundaries::Unit| {
            unit.polygons.iter().map(|polygon| polygon.area_km2()).fold(0.0, f64::max)
        };
        let (kept, was) = (largest(shipped), largest(source));
        assert!(
            shipped.code == source.code && (kept - was).abs() < 0.02 * was,
            "{}: {kept} {was}",
            source.code
        );
    }
}
