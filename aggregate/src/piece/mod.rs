//! The unit of work: a range of devices.
//!
//! In: files of `pings`, a range and the options. Out: the files and counts of the range, and a note named by
//! all of its inputs, so that a piece that is done twice is the same piece. Pieces share nothing and their
//! counts add up, which lets the same code run on one machine and on many.

mod read;
mod done;
mod measure;
mod note;

pub use read::Piece;

pub(crate) use measure::measure_piece;
pub(crate) use note::{journal, name, read, write};
