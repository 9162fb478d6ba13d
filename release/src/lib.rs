//! What of the counts may be seen, and how sure are we?
//!
//! In: the table `indicators`, exact counts without a device. Out: the release tables, the only ones that
//! people can query. This crate depends neither on `kayoi-aggregate` nor on `kayoi-device`: a crate that
//! cannot name a device cannot publish one. From a count to a row there is one type for each step and one
//! maker for each type: [`counts::Counts`] are read, [`suppress::Suppressed`] decides what may be seen,
//! [`weigh::Weighed`] makes people of devices, [`rows::Released`] is a table, and [`release()`] writes
//! nothing else.

mod error;
mod options;
pub mod counts;
pub mod suppress;
pub mod shown;
mod gross;
mod relations;
pub mod weigh;
pub mod rows;
mod publish;

pub use error::ReleaseError;
pub use options::{Expansion, ReleaseOptions};
pub use publish::{ReleaseSummary, release};
