//! Noised counts → the rows of the release tables.
//!
//! In: the noised counts of a month and of the months before it, weights, and what every row says of itself.
//! Out: [`Released`] batches, table by table, in bounded pieces. The lattice of rows is fixed: a municipality
//! has a row for each kind in each month, and rows by origin where its total is shown; so a row that is missing
//! says nothing that the total does not say. No exact count is known here.

mod activity;
mod compared;
mod connected;
mod figures;
mod month;
mod period;
mod published;
mod sheet;
mod totals;
mod value;
mod visitors;
mod weights;
mod panel;
mod yearly;

pub(crate) use connected::not_computed;
pub(crate) use month::Sink;
pub use month::{Constants, Made, MonthRows};
pub(crate) use published::Published;
pub use sheet::Released;
pub(crate) use sheet::Tally;
pub(crate) use weights::{Change, changes};

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
