//! The one place that speaks Delta Lake.
//!
//! In: sorted Arrow batches with the offsets they came from. Out: Delta tables of plain zstd Parquet that any
//! Delta reader opens, and scans of them. Rows and the positions up to which a source was consumed go into one
//! Delta commit, so that a crash between the two cannot happen; see [`commit`].
//!
//! The lake is a local folder today: files are written with `std::fs`, which is why nothing here is generic
//! over object stores.

pub mod error;
pub mod table;
pub mod file;
pub mod commit;
pub mod scan;
pub mod replace;
pub mod provider;
pub mod lake;

pub use commit::Position;
pub use error::LakeError;
pub use lake::Lake;
pub use replace::Replacement;
pub use table::{DataFile, DeltaTable};
