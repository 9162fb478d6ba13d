//! What stops an aggregation. The tables of the last finished run stay as they were.

use kayoi_lake::{Bucket, LakeError};
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::invariant::Broken;

/// Why an aggregation cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum AggregateError {
    /// The lake has no pings, so there is nothing to aggregate.
    #[error("the lake holds no pings\nhint: `kayoi ingest --file …` or `kayoi ingest --kafka …` fills it")]
    NoPings,
    /// A bucket of another number of buckets than the lake's.
    #[error("`{given}` is not a bucket of this lake, which has {lake}\nhint: `kayoi lake buckets {}` cuts the lake into as many", given.of().count())]
    OtherBuckets {
        /// What was asked for.
        given: Bucket,
        /// The number of the lake's buckets.
        lake: u32,
    },
    /// Nothing was measured bucket by bucket.
    #[error("no run is open\nhint: `kayoi aggregate --bucket 0/N` opens one and measures its first bucket")]
    NoRun,
    /// The run that is open has other inputs.
    #[error(
        "the run that is open was begun with another definition, other offices, another number of buckets or another version of Kayoi\nhint: go on with the same, or `kayoi aggregate --abandon` drops what it has measured"
    )]
    OtherRun,
    /// The pings of the run that is open are gone.
    #[error(
        "the version of pings that the run reads is gone\nhint: `kayoi aggregate --abandon` drops what it has measured; then begin again"
    )]
    Unreadable,
    /// Not every bucket is measured.
    #[error(
        "{count} of {of} buckets are not measured, the first of them {first}\nhint: `kayoi aggregate --bucket {first}` measures it"
    )]
    Missing {
        /// How many.
        count: usize,
        /// How many there are.
        of: u32,
        /// The first that is missing.
        first: Bucket,
    },
    /// The notes of the run are gone.
    #[error(
        "somebody was forgotten while this run went on, or a run was finished or abandoned; nothing of this one was committed\nhint: begin again with `kayoi aggregate`"
    )]
    Overtaken,
    /// The lake could not be read or written.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// An invariant does not hold, which is a defect: nothing is committed, and so nothing can be released.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl AggregateError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NoPings => ErrorCode::NothingYet,
            Self::OtherBuckets { .. }
            | Self::NoRun
            | Self::OtherRun
            | Self::Unreadable
            | Self::Missing { .. }
            | Self::Overtaken => ErrorCode::OpenRun,
            Self::Lake(error) => error.code(),
            Self::Broken(_) => ErrorCode::Defect,
        }
    }

    /// What it means when a run of several processes reads: a file that is gone was deleted by upkeep or by
    /// forgetting, and trying again finds it gone again.
    pub(crate) fn of_an_open_run(self) -> Self {
        match self {
            Self::Lake(error) if error.is_missing_file() => Self::Unreadable,
            other => other,
        }
    }
}
