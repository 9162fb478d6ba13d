//! A chessboard of 100 towns for the tests: squares of a quarter degree, so that every answer is plain.

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use crate::ground::{Ground, Town};
use crate::world::{Lives, Society, World};

const SIDE: usize = 10;
const STEP: f64 = 0.25;
const SOUTH: f64 = 34.9;
const WEST: f64 = 136.1;

pub(crate) struct Chessboard;

impl Ground for Chessboard {
    fn towns(&self) -> Vec<Town> {
        let squares = (0..SIDE).flat_map(|row| (0..SIDE).map(move |column| (row, column)));
        let towns = squares.map(|(row, column)| Town {
            code: code(row, column).unwrap(),
            latitude: SOUTH + (row as f64 + 0.5) * STEP,
            longitude: WEST + (column as f64 + 0.5) * STEP,
            area_km2: 620.0,
            population: 5_000.0 + 3_000.0 * ((row * 7 + column * 3) % 11) as f64,
        });
        towns.collect()
    }

    fn town_at(&self, latitude: f64, longitude: f64) -> Option<MunicipalityCode> {
        let square = |degrees: f64, first: f64| {
            let step = ((degrees - first) / STEP).floor();
            (0.0..SIDE as f64).contains(&step).then_some(step as usize)
        };
        code(square(latitude, SOUTH)?, square(longitude, WEST)?)
    }

    fn town_of(&self, code: MunicipalityCode) -> MunicipalityCode {
        code
    }
}

fn code(row: usize, column: usize) -> Option<MunicipalityCode> {
    MunicipalityCode::from_number((20 + row as u32) * 1000 + 200 + column as u32)
}

pub(crate) fn small_world() -> World {
    World {
        devices: 200,
        days: 120,
        first_day: Day::parse("2025-04-01").unwrap(),
        seed: 7,
        pings_per_day: Some(20.0),
        region: ["24204", "25205", "26206"].map(str::to_owned).to_vec(),
        ..World::default()
    }
}

/// Real lives of some kinds for thirteen months on the whole board, everybody in the panel; the mixture when none is named.
pub(crate) fn real_world(kinds: &[&str], devices: u32) -> World {
    let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    World {
        devices,
        days: 396,
        lives: Lives::Real,
        region: Vec::new(),
        society: Society { panel_percent: 100.0, kinds, ..Society::default() },
        ..small_world()
    }
}
