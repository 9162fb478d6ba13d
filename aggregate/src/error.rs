//! What stops an aggregation. The tables of the last finished run stay as they were.

use kayoi_lake::LakeError;
use kayoi_schemas::invariant::Broken;

/// An aggregation that cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum AggregateError {
    /// There is nothing to aggregate.
    #[error("the lake holds no pings\nhint: `kayoi ingest --file …` or `kayoi ingest --kafka …` fills it")]
    NoPings,
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// An invariant does not hold: a defect, nothing is released.
    #[error(transparent)]
    Broken(#[from] Broken),
}
