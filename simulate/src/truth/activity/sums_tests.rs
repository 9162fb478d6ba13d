//! Sums over whole worlds.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Definition;
use kayoi_schemas::time::Month;

use super::rows::{Row, rows};
use super::*;
use crate::date::almanac;
use crate::land::Land;
use crate::people::people;
use crate::toy::{Chessboard, small_world};
use crate::truth::offices::OfficeList;
use crate::truth::{months, truth};
use crate::world::World;

/// The figures of a world, and its rows.
fn of_world(world: &World) -> Vec<Row> {
    let land = Land::new(world, &Chessboard).unwrap();
    let (definition, almanac) = (Definition::connected_2026().unwrap(), almanac(world));
    let people = people(world, &land).unwrap();
    let rules = Rules {
        definition: &definition,
        land: &land,
        almanac: &almanac,
        world,
        offices: OfficeList::of(&people, &land),
        months: months(world),
    };
    let mut figures = Figures::default();
    for person in people {
        figures.add(truth(&person, &rules).activity);
    }
    rows(&figures, world).collect()
}

#[test]
fn classes_add_up_to_people_and_the_night_holds_nearly_everybody() {
    let world = World { days: 120, devices: 300, ..small_world() };
    let rows = of_world(&world);
    let mut sums: BTreeMap<(Month, &str, &str), f64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.hour == -1 && row.group == "all") {
        *sums.entry((row.month, row.measure, &row.municipality)).or_default() += row.value;
    }
    let mut compared = 0;
    for ((month, measure, town), sum) in &sums {
        let people = match *measure {
            "pattern" | "nights" | "hours" | "lodging" => sum.round(),
            "before" | "after" | "trip_size" => sums[&(*month, "pattern", *town)],
            _ => continue,
        };
        compared += 1;
        assert!((sum - people).abs() < 1e-6 && *sum > 0.5, "{measure} {town}: {sum}");
        assert!(people <= sums[&(*month, "pattern", *town)] + 1e-6, "{measure} {town}");
    }
    assert!(compared > 200, "{compared}");
    let night = rows.iter().filter(|row| (row.measure, row.hour) == ("presence_120", 3));
    let month =
        night.filter(|row| row.day_type == "all" && row.group == "all" && row.month.to_string() == "2025-06");
    let asleep: f64 = month.map(|row| row.value).sum();
    assert!((295.0..=300.0).contains(&asleep), "{asleep} of 300 people");
    let groups = |name: &str| rows.iter().filter(|row| row.group == name).map(|row| row.value).sum::<f64>();
    let measured = |row: &&Row| row.measure == "pattern" || row.hour >= 0;
    let all: f64 = rows.iter().filter(measured).filter(|row| row.group == "all").map(|row| row.value).sum();
    assert!((groups("resident") + groups("inside") + groups("outside") - all).abs() < 1e-6 * all);
}

#[test]
fn the_sums_are_the_same_on_any_number_of_threads() {
    let world = World { days: 40, devices: 700, ..small_world() };
    let land = Land::new(&world, &Chessboard).unwrap();
    let people = people(&world, &land).unwrap();
    let written = |threads| {
        let folder = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| crate::truth::write(&world, &land, &people, folder.path()).unwrap());
        std::fs::read(folder.path().join("activity.parquet")).unwrap()
    };
    assert!(written(1) == written(3));
}

#[test]
fn a_planted_rebound_is_in_the_sums() {
    let share_of = |rebound| {
        let rows = of_world(&World { devices: 200, rebound, ..small_world() });
        let sum = |measure: &str| {
            let meant = rows.iter().filter(|row| row.measure == measure && row.class == "residence");
            meant.map(|row| row.value).sum::<f64>()
        };
        assert!(sum("km_gross") > 1000.0);
        sum("rebound_km") / sum("km_gross")
    };
    assert_eq!(share_of(0.0), 0.0);
    assert!((share_of(0.3) - 0.3).abs() < 0.003, "{}", share_of(0.3));
}
