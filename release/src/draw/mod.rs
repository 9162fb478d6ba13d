//! Exact counts → noised counts. The one step that sees both.
//!
//! In: the exact counts of a month, and seeds. Out: [`Noised`] grids, the only counts that the rest of this
//! crate can read. [`MonthCounts`] has no way to tell a count to anybody: it can be read from a lake, added
//! up, digested, and drawn. What follows the draw decides, weighs, rounds and rolls up by noised counts, so
//! that it cannot leak what it never had.
//!
//! Everything here is integer arithmetic on the same numbers in the same order of the lattice: any machine, any
//! number of workers and any order of pieces give the same bits.

mod counts;
mod grid;
mod keyed;
mod noise;
mod quantile;
mod seed;

pub use counts::COLUMNS;
pub use counts::MonthCounts;
pub(crate) use counts::{area, prefecture};
pub(crate) use grid::days;
pub use grid::{Drawn, Layout, Noised, ORIGINS, Shape};
pub use keyed::KeyedNoised;
pub use noise::{MonthNoised, draw, draw_keyed};
pub use seed::{Edition, Secret, Seed, Seeds};

#[cfg(test)]
mod tests;
