//! The one place that speaks Delta Lake.
//!
//! In: sorted Arrow batches with the offsets they came from. Out: Delta tables of plain zstd Parquet that any
//! Delta reader opens, and scans of them, in a folder or a bucket. Rows and the positions up to which a
//! source was consumed go into one Delta commit, so that a crash between the two cannot happen; see
//! [`commit`].

pub mod error;
mod refusal;
pub mod fault;
mod durable;
pub mod traffic;
mod stored_file;
pub mod lifecycle;
pub mod location;
pub mod bucket;
pub mod table;
pub mod file;
mod log;
mod code;
pub mod history;
pub mod commit;
mod batches;
pub mod scan;
pub mod sweep;
mod run_mark;
pub mod replace;
pub mod journal;
mod merge;
pub mod compact;
pub mod lease;
pub mod forget;
mod scrub;
pub mod maintain;
mod read_only;
pub mod manifest;
pub mod release;
mod publish;
mod delivery;
mod desk;
mod runs;
pub mod lake;
mod one_run;
pub mod probe;

pub use bucket::{Bucket, Buckets};
pub use commit::Position;
pub use delivery::{DeliveryReader, DeliveryTable};
pub use desk::Desk;
pub use error::LakeError;
pub use lake::Lake;
pub use lifecycle::Lifecycle;
pub use location::Location;
pub use manifest::{Manifest, ManifestFile, ManifestTable, Sealed};
pub use probe::Probe;
pub use publish::ReleaseWriter;
pub use release::ReleaseReader;
pub use replace::{NewFile, Replacement};
pub use run_mark::{RunId, RunMark};
pub use runs::Run;
pub use table::{DataFile, DeltaTable};
pub use traffic::Traffic;
