//! The counts of what people do in a month: where visitors slept and came from, who is where at which hour, who
//! works where, what ties bring.
//!
//! In: a nation at a month, and its ties and visitors. Out: cells of the cubes in [`Cube::CLASSED`] and
//! [`Cube::KEYED`] that the month has. All follows from the same few draws, so that tables agree: patterns of stays add
//! up to the visitors, commuters leave one town and are in another, and at any hour everybody is somewhere or under
//! way. Nobody comes to a town both on a weekday and on a day off of one month, which keeps the sums simple. Where
//! a device would be split over many small cells, those in which few are expected are left out.

use std::collections::BTreeMap;

use kayoi_schemas::figure::{Atom, Cube};
use kayoi_schemas::time::Month;

mod context;
mod sheet;
mod visits;
mod stays;
mod rebound;
mod work;
mod hours;
mod presence;
mod places;
mod flows;
mod trips;
mod tie_days;
mod offices;
mod yearly;
mod people;
mod origins;

use super::Nation;
use super::cells::Cells;
use super::purposes::{COUNT, Row};
use context::Context;
pub(super) use context::group;
pub use rebound::NATION_REBOUND;
use sheet::Sheet;

/// The ties of a town by class and purpose, from everywhere.
fn sum(rows: &[Row]) -> Row {
    let mut sum = [0; COUNT];
    rows.iter().for_each(|row| sum.iter_mut().zip(row).for_each(|(sum, count)| *sum += count));
    sum
}

/// Cells of each cube, in their order.
type CellsByCube = BTreeMap<Cube, Vec<(Atom, u64)>>;

/// All cells of a month; and [`Cells::counted_teleworkers`].
pub(super) fn of_month(nation: &Nation, month: Month, cells: &Cells) -> (CellsByCube, Vec<f64>) {
    let context = Context::new(nation, month);
    let mut sheet = Sheet::new(month, nation.origins.first().copied());
    let visits = visits::of_towns(&context, cells);
    let stays = stays::write(&context, &visits, &mut sheet);
    let (edges, counted_teleworkers) = work::write(&context, &mut sheet);
    let presence = presence::write(&context, &visits, &stays, &edges, &mut sheet);
    places::write(&context, &presence, &mut sheet);
    flows::write(&context, &visits, &stays, &mut sheet);
    trips::write(&context, &stays, &mut sheet);
    let rows: Vec<Vec<Row>> = context.towns().map(|town| nation.rows(town)).collect();
    let sums: Vec<Row> = rows.iter().map(|rows| sum(rows)).collect();
    tie_days::write(&context, &visits, &stays, &sums, &mut sheet);
    offices::write(&context, &sums, &mut sheet);
    yearly::write(&context, &rows, &sums, &cells.totals, &mut sheet);
    people::write(&context, &sums, &cells.totals, &mut sheet);
    if sheet.has(Cube::OriginsYearly) {
        origins::write(&context, &rows, &mut sheet);
    }
    (sheet.finish(), counted_teleworkers)
}

#[cfg(test)]
#[path = "activity_tests.rs"]
mod tests;

#[cfg(test)]
mod ties_tests;
