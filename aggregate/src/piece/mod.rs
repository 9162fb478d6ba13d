//! What is in memory at a time: a range of devices.
//!
//! In: a sweep over `pings`, a range and the options. Out: the records of its devices and what they add to the
//! counts.

mod read;
mod measure;

pub use read::Piece;

pub(crate) use measure::measure_piece;
