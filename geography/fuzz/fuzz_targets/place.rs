//! Any rings on a small lattice, crossing and touching themselves as they like: the index answers as the
//! rings read whole, on the lattice and between its points.
#![no_main]
#![allow(clippy::unwrap_used, reason = "a fuzz target fails by panicking")]

use kayoi_geography::boundaries::ring::Position;
use kayoi_geography::boundaries::{BoundarySet, Polygon, Ring, Source};
use kayoi_geography::index::Index;
use kayoi_schemas::ids::MunicipalityCode;
use libfuzzer_sys::fuzz_target;

/// Corners on the lattice, by ring and polygon.
type Polygons = Vec<Vec<Vec<(u8, u8)>>>;

fuzz_target!(|input: (Polygons, u8)| {
    // From cells as large as the rings down to cells of a tenth of a step.
    let step = [1.0, 1e-3, 1e-5][usize::from(input.1 % 3)];
    let at = |number: f64| 135.0 + number * step;
    let polygon = |rings: &Vec<Vec<(u8, u8)>>| {
        let points = |ring: &Vec<(u8, u8)>| {
            ring.iter().map(|&(x, y)| [at(f64::from(x % 16)), at(f64::from(y % 16)) - 100.0]).collect()
        };
        let mut rings = rings.iter().filter_map(|ring| Ring::new(points(ring)).ok()).map(|(ring, _)| ring);
        rings.next().map(|exterior| Polygon::new(exterior, rings.collect()))
    };
    let numbered = input.0.iter().filter_map(polygon).enumerate();
    let coded = numbered.filter_map(|(n, one)| Some((MunicipalityCode::from_number(1_000 + n as u32)?, one)));
    let set = BoundarySet::new("fuzz", Source::default(), coded);
    let index = Index::build(&set, &mut |_| {}).unwrap();
    for (x, y) in (0..32).flat_map(|x| (0..32).map(move |y| (x, y))) {
        let point = [at(f64::from(x) / 2.0), at(f64::from(y) / 2.0) - 100.0];
        let covers = |polygon: &Polygon| match polygon.exterior().position(point) {
            Position::Outside => false,
            Position::Border => true,
            Position::Inside => {
                let decisive = polygon.holes().iter().map(|hole| hole.position(point));
                decisive.into_iter().find(|at| *at != Position::Outside) != Some(Position::Inside)
            }
        };
        let expected = set.polygons().find(|(_, polygon)| covers(polygon)).map(|(code, _)| code);
        assert_eq!(index.municipality_at(point[1], point[0]), expected, "{point:?}");
    }
});
