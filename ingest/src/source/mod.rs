//! Where records come from, behind one trait.
//!
//! In: files, folders, standard input, Kafka topics ([`Input`]). Out: chunks of consecutive records of one
//! stream, each record with its offset. Whoever polls a source (`polled`) cannot tell files from topics.

mod error;
mod polled;
pub mod file;
pub mod kafka;
mod input;

pub use error::SourceError;
pub use input::Input;
pub(crate) use polled::{Polled, Positions, Source};
