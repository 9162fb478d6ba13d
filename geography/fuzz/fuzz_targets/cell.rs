//! Any two doubles at any resolution: the kernel's cell is h3o's.
#![no_main]
#![allow(clippy::unwrap_used, reason = "a fuzz target fails by panicking")]

use kayoi_geography::cell::{Resolution, cell_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (f64, f64, u8)| {
    let (latitude, longitude, resolution) = (input.0, input.1, input.2 % 16);
    let resolution = Resolution::try_from(resolution).unwrap();
    let expected = h3o::LatLng::new(latitude, longitude).map_or(0, |point| point.to_cell(resolution).into());
    assert_eq!(cell_of(resolution, latitude, longitude).h3(), expected);
});
