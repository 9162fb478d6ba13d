//! People in towns → people in H3 cells and meshes.
//!
//! In: presence by hour, and the places of each town. Out: cells by time band and type of day, in which nobody is at
//! home: people of other towns, and residents who work or are out in their own town. A mesh has what the cells
//! have whose middle lies in it.

use std::collections::BTreeMap;
use std::ops::Range;

use kayoi_schemas::figure::{Area, Cube, Dimension};

use super::super::draw::Use;
use super::context::Context;
use super::presence::Presence;
use super::sheet::Sheet;

/// The hours of 昼, 深夜 and 終日.
const BANDS: [Range<usize>; 3] = [11..14, 1..4, 0..24];
/// How much a cell differs from month to month: of the logarithm.
const SIGMA: f64 = 0.05;

/// Writes the cells and meshes of all towns.
pub(super) fn write(context: &Context<'_>, towns: &[Presence], sheet: &mut Sheet) {
    for (town, presence) in towns.iter().enumerate() {
        of_town(context, town, presence, sheet);
    }
}

fn of_town(context: &Context<'_>, town: usize, presence: &Presence, sheet: &mut Sheet) {
    let code = context.nation.towns[town].code;
    let per_one = f64::from(Cube::CellsMonthly.declaration().per_one);
    let mut stream = context.stream(Use::Spots, town);
    let spots = &context.nation.spots[town];
    let factors: Vec<f64> = spots.iter().map(|_| stream.factor(SIGMA)).collect();
    let mut meshes: BTreeMap<(u32, usize, usize), u64> = BTreeMap::new();
    for day_type in 0..2 {
        let drawn = || spots.iter().zip(&factors).map(|(spot, factor)| spot.shares[day_type] * factor);
        let sum: f64 = drawn().sum();
        for (band, hours) in BANDS.into_iter().enumerate() {
            let people = mean(presence, day_type, hours);
            for (spot, share) in spots.iter().zip(drawn()) {
                let parts = (people * share / sum * per_one).round() as u64;
                let class = [(Dimension::DayType, day_type), (Dimension::Band, band)];
                sheet.put_keyed(Cube::CellsMonthly, (Area::Cell(spot.cell), code), class, parts);
                *meshes.entry((spot.mesh, day_type, band)).or_default() += parts;
            }
        }
    }
    for ((mesh, day_type, band), parts) in meshes {
        let class = [(Dimension::DayType, day_type), (Dimension::Band, band)];
        sheet.put_keyed(Cube::MeshesMonthly, (Area::Mesh(mesh), code), class, parts);
    }
}

/// People in a town and not at home, in the mean of some hours.
fn mean(presence: &Presence, day_type: usize, hours: Range<usize>) -> f64 {
    let count = hours.len() as f64;
    let at = |hour: usize| {
        let [_, from_elsewhere @ ..] = &presence.groups;
        let elsewhere: f64 = from_elsewhere.iter().map(|group| group[day_type][hour]).sum();
        elsewhere + presence.out_of_home[day_type][hour]
    };
    hours.map(at).sum::<f64>() / count
}
