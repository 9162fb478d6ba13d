//! What of the counts may be seen, and how sure are we?
//!
//! In: the table `indicators`, exact counts without a device. Out: the release tables, the only ones that
//! people can query. This crate depends neither on `kayoi-aggregate` nor on `kayoi-device`: a crate that
//! cannot name a device cannot publish one. Exact counts are read and drawn in one folder, [`draw`]; what comes out
//! of it are noised counts, and all that follows (which are shown, weights, intervals, coarser rungs) knows these
//! alone. [`rows::Released`] is a table, and [`release()`] writes nothing else. A release is seen when its
//! manifest is.

mod error;
mod options;
mod secret_file;
mod sign;
mod store;
mod series;
pub mod ledger;
pub mod draw;
pub mod decide;
mod people;
pub mod weights;
mod town_weights;
mod composition;
mod design;
mod telework;
mod rebound;
pub mod estimate;
pub mod rows;
mod month;
mod publish;
mod verify;
#[cfg(test)]
mod attack;

pub use error::ReleaseError;
pub use options::{Expansion, ReleaseOptions, SEAL_AFTER_DAYS};
pub use people::People;
pub use publish::{DueRelease, ReleaseSummary, check, due_releases, release};
pub use secret_file::create as create_secret;
pub use series::{Correction, Raised, Real, Record, Series, Settings, require_reason};
pub use sign::{PublicKey, SigningKey, sha256_of};
pub use verify::{Verified, retire, verify};
