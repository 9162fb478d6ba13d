//! Device records and counts → rows of the internal tables.
//!
//! In: what was measured and counted. Out: Arrow batches in each table's order, one file a table.

mod column;
pub(crate) mod stays;
pub(crate) mod nights;
pub(crate) mod residences;
pub(crate) mod people;
pub(crate) mod panel;
pub(crate) mod workplaces;
pub(crate) mod ties;
pub(crate) mod indicators;

pub use indicators::CountsTable;
