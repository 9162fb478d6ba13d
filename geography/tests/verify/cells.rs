//! The cell kernel against crate `h3o`, at every resolution.

use std::time::Instant;

use h3o::LatLng;
use kayoi_geography::cell::{Resolution, append_cells, cell_of};
use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use rayon::prelude::*;

use crate::{draw, points_to_ask};

/// Not a multiple of the kernel's chunk, so that its rest is asked too.
const POINTS_PER_TASK: u64 = 9_999;

fn differences(task: u64, points: u64) -> u64 {
    let mut random = SmallRng::seed_from_u64(task);
    let resolution = Resolution::try_from((task % 16) as u8).unwrap();
    let (latitudes, longitudes) = draw::for_cells(&mut random, resolution, points);
    let mut cells = Vec::new();
    append_cells(resolution, &latitudes, &longitudes, &mut cells);
    assert_eq!(cells.len() as u64, points);
    let mut differences = 0;
    for ((latitude, longitude), cell) in latitudes.iter().zip(&longitudes).zip(cells) {
        let expected = u64::from(LatLng::new(*latitude, *longitude).unwrap().to_cell(resolution));
        if cell.h3() != expected {
            println!(
                "difference at {latitude} {longitude}, resolution {resolution}: {cell}, h3o {expected:x}"
            );
            differences += 1;
        }
    }
    differences
}

#[test]
fn cells_are_those_of_h3o() {
    let points = points_to_ask();
    let start = Instant::now();
    let tasks = points.div_ceil(POINTS_PER_TASK);
    let found: u64 = (0..tasks)
        .into_par_iter()
        .map(|task| differences(task, POINTS_PER_TASK.min(points - task * POINTS_PER_TASK)))
        .sum();
    println!("cells: {points} points, {found} differences to h3o, {:.1} s", start.elapsed().as_secs_f64());
    assert_eq!(found, 0);
}

#[test]
fn centres_corners_and_halves_of_edges_are_where_h3o_has_them() {
    for resolution in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
        let mut cells: Vec<h3o::CellIndex> = resolution.pentagons().collect();
        cells.extend((0..40).map(|step| {
            let (latitude, longitude) =
                (f64::from(step) * 4.3 - 86.0, f64::from(step) * 67.7 % 360.0 - 180.0);
            LatLng::new(latitude, longitude).unwrap().to_cell(resolution)
        }));
        for cell in cells {
            let centre = LatLng::from(cell);
            let corners = cell.boundary();
            for at in corners.iter().chain([&centre]) {
                let expected = u64::from(LatLng::new(at.lat(), at.lng()).unwrap().to_cell(resolution));
                assert_eq!(cell_of(resolution, at.lat(), at.lng()).h3(), expected, "{cell} {at}");
            }
        }
    }
}

#[test]
fn points_that_are_none_have_no_cell() {
    for (latitude, longitude) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (f64::NEG_INFINITY, f64::NAN)] {
        assert_eq!(cell_of(Resolution::Nine, latitude, longitude).h3(), 0);
    }
    // Beyond the globe h3o goes round and round, and so do we.
    for (latitude, longitude) in [(91.0, 0.0), (35.0, 540.5), (-1e9, 1e9), (1e300, -1e300)] {
        let expected = u64::from(LatLng::new(latitude, longitude).unwrap().to_cell(Resolution::Five));
        assert_eq!(cell_of(Resolution::Five, latitude, longitude).h3(), expected);
    }
}
