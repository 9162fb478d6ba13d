//! The places of a town: H3 cells and meshes around its representative point.
//!
//! In: the towns. Out: for each 3 to 60 cells of resolution 8, with how much of what happens in the town happens
//! there by day of the week. More people live in more cells, and most is in the middle. Towns that lie close to each
//! other may share a cell, as they do where a border cuts one.

use h3o::{CellIndex, LatLng};
use kayoi_geography::Municipality;
use kayoi_geography::cell::{Resolution, cell_of};
use kayoi_geography::mesh::{MeshCode, MeshLevel};
use kayoi_schemas::ids::Cell;

use super::draw::{Stream, Use};

/// Cells of a town.
const FEWEST: f64 = 3.0;
const MOST: f64 = 60.0;
/// Rings of cells around the middle one: 61 cells.
const RINGS: u32 = 4;
/// A cell's area.
const CELL_KM2: f64 = 0.75;
/// How much cells differ: of the logarithm; the same for one type of day beside the other.
const SIGMA: f64 = 1.0;
const DAY_TYPE_SIGMA: f64 = 0.3;

/// A cell of a town.
pub(super) struct Spot {
    pub(super) cell: Cell,
    /// The mesh in which the middle of the cell lies.
    pub(super) mesh: u32,
    /// Share of what happens in the town, on weekdays and days off.
    pub(super) shares: [f64; 2],
}

/// The places of each town, by cell.
pub(super) fn of_towns(all: &[Municipality], seed: u64) -> Vec<Vec<Spot>> {
    all.iter().map(|town| of_town(town, seed)).collect()
}

fn of_town(town: &Municipality, seed: u64) -> Vec<Spot> {
    let middle = cell_of(Resolution::Eight, town.latitude, town.longitude);
    let Ok(middle) = CellIndex::try_from(middle.h3()) else { return Vec::new() };
    let by_people = (f64::from(town.population_2020) / 2_500.0).powf(0.62);
    let count = (FEWEST + by_people).min(town.area_km2 / CELL_KM2).clamp(FEWEST, MOST) as usize;
    let mut disk: Vec<(u32, CellIndex)> =
        middle.grid_disk_distances::<Vec<_>>(RINGS).into_iter().map(|(cell, ring)| (ring, cell)).collect();
    disk.sort_unstable();
    disk.truncate(count);
    let mut stream = Stream::new(seed, Use::Spots, 0, town.code.number());
    let mut spots: Vec<Spot> =
        disk.into_iter().filter_map(|(ring, cell)| spot(&mut stream, ring, cell)).collect();
    spots.sort_unstable_by_key(|spot| spot.cell);
    for day_type in 0..2 {
        let sum: f64 = spots.iter().map(|spot| spot.shares[day_type]).sum();
        spots.iter_mut().for_each(|spot| spot.shares[day_type] /= sum);
    }
    spots
}

fn spot(stream: &mut Stream, ring: u32, cell: CellIndex) -> Option<Spot> {
    let middle = LatLng::from(cell);
    let mesh = MeshCode::of_degrees(MeshLevel::Third, middle.lat(), middle.lng())?;
    let share = stream.factor(SIGMA) * (-0.5 * f64::from(ring)).exp();
    let shares = [share * stream.factor(DAY_TYPE_SIGMA), share * stream.factor(DAY_TYPE_SIGMA)];
    Some(Spot { cell: Cell::from_h3(cell.into()), mesh: u32::try_from(mesh.number()).ok()?, shares })
}
