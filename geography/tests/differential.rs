//! The index against a naive oracle on real boundaries: bounding boxes only, then crate `geo` polygon by
//! polygon.
//!
//! The folder of the data is `KAYOI_TEST_DATA` (default `../shared/data` beside the repository). How many points
//! the full N03 is asked is `KAYOI_VERIFY_POINTS` (default 200,000).

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and says what it found")]

use std::path::PathBuf;
use std::time::Instant;

use geo::Intersects as _;
use kayoi_geography::Geography;
use kayoi_geography::boundaries::ring::{Point, Ring};
use kayoi_geography::boundaries::{BoundarySet, Polygon, file};
use kayoi_geography::import::{ImportOptions, import_file};
use kayoi_schemas::ids::MunicipalityCode;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

const POINTS_PER_TASK: u64 = 20_000;

/// A file of the test data, or a clear word that it is not there.
fn data(name: &str) -> Option<PathBuf> {
    let beside = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").into();
    let folder = std::env::var_os("KAYOI_TEST_DATA").unwrap_or_else(beside);
    let path = PathBuf::from(folder).join(name);
    if path.exists() {
        return Some(path);
    }
    println!(
        "NOT RUN: `{}` is not there; set KAYOI_TEST_DATA to the folder of the test data",
        path.display()
    );
    None
}

type Boxed = GeomWithData<Rectangle<Point>, (MunicipalityCode, geo::Polygon)>;

struct Naive(RTree<Boxed>);

impl Naive {
    fn of(set: &BoundarySet) -> Self {
        let line = |ring: &Ring| geo::LineString::from(ring.points().to_vec());
        let boxed = |(code, polygon): (MunicipalityCode, &Polygon)| {
            let (low, high) = polygon.exterior().bounds();
            let geometry =
                geo::Polygon::new(line(polygon.exterior()), polygon.holes().iter().map(line).collect());
            GeomWithData::new(Rectangle::from_corners(low, high), (code, geometry))
        };
        Self(RTree::bulk_load(set.polygons().map(boxed).collect()))
    }

    fn municipality_at(&self, point: Point) -> Option<MunicipalityCode> {
        self.0
            .locate_in_envelope_intersecting(AABB::from_point(point))
            .map(|boxed| &boxed.data)
            .filter(|(_, polygon)| polygon.intersects(&geo::Point::from(point)))
            .map(|(code, _)| *code)
            .min()
    }
}

struct VerifyReport {
    points: u64,
    differences: u64,
    in_some_municipality: u64,
}

/// Half of the points uniform over the box, half 1e-6 to 1e-3 degree (0.1 to 100 m) from a random place of a
/// random edge, with every eighth of those exactly on a vertex.
fn verify(geography: &Geography, set: &BoundarySet, points: u64, seed: u64) -> VerifyReport {
    let naive = Naive::of(set);
    let rings: Vec<&Ring> = set.polygons().flat_map(|(_, polygon)| polygon.rings()).collect();
    let starts: Vec<usize> = rings
        .iter()
        .scan(0, |total, ring| {
            let start = *total;
            *total += ring.points().len() - 1;
            Some(start)
        })
        .collect();
    let edges = starts.last().unwrap() + rings.last().unwrap().points().len() - 1;
    let bounds: Vec<(Point, Point)> = rings.iter().map(|ring| ring.bounds()).collect();
    let low = [0, 1].map(|axis| bounds.iter().map(|(low, _)| low[axis]).fold(f64::INFINITY, f64::min));
    let high = [0, 1].map(|axis| bounds.iter().map(|(_, high)| high[axis]).fold(f64::NEG_INFINITY, f64::max));
    let draw = |random: &mut SmallRng| -> Point {
        if random.random_bool(0.5) {
            return [0, 1].map(|axis| random.random_range(low[axis]..=high[axis]));
        }
        let edge = random.random_range(0..edges);
        let ring = starts.partition_point(|&start| start <= edge) - 1;
        let (a, b) =
            (rings[ring].points()[edge - starts[ring]], rings[ring].points()[edge - starts[ring] + 1]);
        if random.random_bool(0.125) {
            return a;
        }
        let share = random.random_range(0.0..=1.0);
        let away = 10f64.powf(random.random_range(-6.0..-3.0));
        let (sin, cos) = random.random_range(0.0..std::f64::consts::TAU).sin_cos();
        [a[0] + (b[0] - a[0]) * share + away * cos, a[1] + (b[1] - a[1]) * share + away * sin]
    };
    let tasks = points.div_ceil(POINTS_PER_TASK);
    let one = |task: u64| {
        let mut random = SmallRng::seed_from_u64(seed.wrapping_add(task));
        let count = POINTS_PER_TASK.min(points - task * POINTS_PER_TASK);
        let mut report = VerifyReport { points: count, differences: 0, in_some_municipality: 0 };
        for _ in 0..count {
            let point = draw(&mut random);
            let (found, expected) =
                (geography.municipality_at(point[1], point[0]), naive.municipality_at(point));
            report.in_some_municipality += u64::from(expected.is_some());
            if found != expected {
                report.differences += 1;
                println!("difference at {point:?}: index {found:?}, naive {expected:?}");
            }
        }
        report
    };
    let nothing = || VerifyReport { points: 0, differences: 0, in_some_municipality: 0 };
    (0..tasks).into_par_iter().map(one).reduce(nothing, |a, b| VerifyReport {
        points: a.points + b.points,
        differences: a.differences + b.differences,
        in_some_municipality: a.in_some_municipality + b.in_some_municipality,
    })
}

fn import(path: &std::path::Path) -> BoundarySet {
    import_file(path, &ImportOptions::default(), &mut |_| {}).unwrap().0
}

#[test]
fn simplified_n03_is_answered_as_the_naive_test_answers() {
    let Some(path) = data("boundaries/n03_2025_simplified_koxon_1747.ndjson.gz") else { return };
    let set = import(&path);
    assert_eq!((set.counts().units, set.counts().polygons, set.counts().vertices), (1_747, 3_230, 133_358));
    let report = verify(&Geography::of_boundaries(&set), &set, 200_000, 1);
    println!("simplified N03: {} points, {} differences", report.points, report.differences);
    assert_eq!(report.differences, 0);
    assert!(report.in_some_municipality > report.points / 4);
}

#[test]
fn full_n03_is_answered_as_the_naive_test_answers() {
    let Some(path) = data("boundaries/n03_2022_full_plus_fill.ndjson.gz") else { return };
    let folder = tempfile::tempdir().unwrap();
    let compact = folder.path().join("n03.kayoi");
    let set = import(&path);
    let counts = set.counts();
    assert_eq!((counts.units, counts.polygons), (1_902, 90_853));
    file::write(&set, &compact).unwrap();
    let (header, back) = file::read(&compact).unwrap();
    assert!(back == set, "the file gives back every coordinate");
    assert_eq!(header.decimal_scale, Some(7));
    drop(back);

    let geography = Geography::open(&compact).unwrap();
    let points =
        std::env::var("KAYOI_VERIFY_POINTS").ok().and_then(|text| text.parse().ok()).unwrap_or(200_000);
    let start = Instant::now();
    let report = verify(&geography, &set, points, 2);
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "full N03 (polygons {}, vertices {}): {} points, {} in a municipality, {} differences, {seconds:.1} s",
        counts.polygons, counts.vertices, report.points, report.in_some_municipality, report.differences
    );
    assert_eq!(report.points, points);
    assert_eq!(report.differences, 0);
}

/// Real GPS in Kobe, placed on the same full N03 by another library.
#[test]
fn real_fixes_get_the_municipality_that_another_library_found() {
    let boundaries = data("boundaries/n03_2022_full_plus_fill.ndjson.gz");
    let (Some(boundaries), Some(fixes)) = (boundaries, data("real/kobe/pings_muni.csv")) else { return };
    let geography = Geography::of_boundaries(&import(&boundaries));
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
