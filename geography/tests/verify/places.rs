//! The index against two oracles on real boundaries.

use std::time::Instant;

use kayoi_geography::boundaries::BoundarySet;
use kayoi_geography::{Geography, file};
use kayoi_schemas::ids::MunicipalityCode;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use rayon::prelude::*;

use crate::draw::Borders;
use crate::naive::Naive;
use crate::oracle::Bands;
use crate::{import, points_to_ask};
use kayoi_harness::data::test_data;

/// So many that, sorted by latitude, the oracle reads the country's edges once for several points.
const POINTS_PER_TASK: u64 = 2_000_000;
/// Points that the slow oracle is asked besides.
const NAIVE_POINTS: u64 = 100_000;

#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    points: u64,
    differences: u64,
    in_some_municipality: u64,
}

fn compared(
    geography: &Geography,
    set: &BoundarySet,
    points: u64,
    seed: u64,
    expected: impl Fn([f64; 2]) -> Option<MunicipalityCode> + Sync,
) -> Compared {
    let borders = Borders::of(set);
    let one = |task: u64| {
        let mut random = SmallRng::seed_from_u64(seed.wrapping_add(task));
        let count = POINTS_PER_TASK.min(points - task * POINTS_PER_TASK);
        let mut asked: Vec<[f64; 2]> = (0..count).map(|_| borders.draw(&mut random)).collect();
        asked.sort_unstable_by(|a, b| a[1].total_cmp(&b[1]));
        let (latitudes, longitudes): (Vec<f64>, Vec<f64>) =
            asked.iter().map(|point| (point[1], point[0])).unzip();
        let mut found = Vec::new();
        geography.append_municipalities(&latitudes, &longitudes, &mut found);
        let mut compared = Compared { points: count, ..Compared::default() };
        for (point, found) in asked.into_iter().zip(found) {
            let expected = expected(point);
            compared.in_some_municipality += u64::from(expected.is_some());
            if found != expected || geography.municipality_at(point[1], point[0]) != found {
                compared.differences += 1;
                println!("difference at {point:?}: index {found:?}, oracle {expected:?}");
            }
        }
        compared
    };
    (0..points.div_ceil(POINTS_PER_TASK)).into_par_iter().map(one).reduce(Compared::default, |a, b| {
        Compared {
            points: a.points + b.points,
            differences: a.differences + b.differences,
            in_some_municipality: a.in_some_municipality + b.in_some_municipality,
        }
    })
}

#[test]
fn simplified_n03_is_answered_as_both_oracles_answer() {
    let Some(path) = test_data("boundaries/n03_2025_simplified_koxon_1747.ndjson.gz") else { return };
    let set = import(&path);
    assert_eq!((set.counts().units, set.counts().polygons, set.counts().vertices), (1_747, 3_230, 133_358));
    let geography = Geography::of_boundaries(&set).unwrap();
    let (naive, bands) = (Naive::of(&set), Bands::of(&set));
    for (name, compared) in [
        ("naive", compared(&geography, &set, NAIVE_POINTS, 1, |point| naive.municipality_at(point))),
        ("bands", compared(&geography, &set, 2 * NAIVE_POINTS, 2, |point| bands.municipality_at(point))),
    ] {
        println!(
            "simplified N03: {} points, {} differences to {name}",
            compared.points, compared.differences
        );
        assert_eq!(compared.differences, 0);
        assert!(compared.in_some_municipality > compared.points / 4);
    }
}

#[test]
fn full_n03_is_answered_as_both_oracles_answer() {
    let Some(path) = test_data("boundaries/n03_2022_full_plus_fill.ndjson.gz") else { return };
    let folder = tempfile::tempdir().unwrap();
    let indexed = folder.path().join("n03.kayoi");
    let set = import(&path);
    let counts = set.counts();
    assert_eq!((counts.units, counts.polygons), (1_902, 90_853));
    file::write(&set, &indexed, &mut |_| {}).unwrap();
    let (header, back) = file::read(&indexed).unwrap();
    assert!(back == set, "the file gives back every coordinate");
    assert_eq!(header.decimal_scale, Some(7));
    drop(back);

    let geography = Geography::open(&indexed).unwrap();
    let (naive, bands) = (Naive::of(&set), Bands::of(&set));
    for (name, compared, seconds) in [
        timed("naive", || compared(&geography, &set, NAIVE_POINTS, 3, |point| naive.municipality_at(point))),
        timed("bands", || {
            compared(&geography, &set, points_to_ask(), 4, |point| bands.municipality_at(point))
        }),
    ] {
        println!(
            "full N03 (polygons {}, vertices {}): {} points, {} in a municipality, {} differences to {name}, {seconds:.1} s",
            counts.polygons,
            counts.vertices,
            compared.points,
            compared.in_some_municipality,
            compared.differences
        );
        assert_eq!(compared.differences, 0);
    }
}

fn timed(name: &'static str, compare: impl FnOnce() -> Compared) -> (&'static str, Compared, f64) {
    let start = Instant::now();
    (name, compare(), start.elapsed().as_secs_f64())
}

/// Real GPS in Kobe, placed on the same full N03 by another library.
#[test]
fn real_fixes_get_the_municipality_that_another_library_found() {
    let boundaries = test_data("boundaries/n03_2022_full_plus_fill.ndjson.gz");
    let (Some(boundaries), Some(fixes)) = (boundaries, test_data("real/kobe/pings_muni.csv")) else { return };
    let geography = Geography::of_boundaries(&import(&boundaries)).unwrap();
    let table = std::fs::read_to_string(fixes).unwrap();
    let (mut fixes, mut in_chuo_ward, mut nowhere) = (0, 0, 0);
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split(',').collect();
        let (latitude, longitude) = (columns[2].parse().unwrap(), columns[3].parse().unwrap());
        let found = geography.municipality_at(latitude, longitude).map(|code| code.to_string());
        assert_eq!(found.as_deref().unwrap_or_default(), columns[10], "{line}");
        fixes += 1;
        in_chuo_ward += u32::from(found.as_deref() == Some("28110"));
        nowhere += u32::from(found.is_none());
    }
    assert_eq!((fixes, in_chuo_ward, nowhere), (5_074, 4_869, 57));
}
