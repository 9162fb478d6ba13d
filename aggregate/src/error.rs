//! What stops an aggregation. The tables of the last finished run stay as they were.

use kayoi_lake::LakeError;
use kayoi_schemas::invariant::Broken;

/// Why an aggregation cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum AggregateError {
    /// The lake has no pings, so there is nothing to aggregate.
    #[error("the lake holds no pings\nhint: `kayoi ingest --file …` or `kayoi ingest --kafka …` fills it")]
    NoPings,
    /// The lake could not be read or written.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// An invariant does not hold, which is a defect: nothing is committed, and so nothing can be released.
    #[error(transparent)]
    Broken(#[from] Broken),
}
