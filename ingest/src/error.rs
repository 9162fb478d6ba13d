//! What stops an ingest: the errors of its stages.
//!
//! In: an error of the stage that cannot go on. Out: one type for whoever runs the pipeline, which adds no
//! word to it. A bad record is never here: it becomes a [`Rejection`](crate::rejection::Rejection).

use kayoi_lake::LakeError;
use kayoi_schemas::error_code::ErrorCode;

use crate::decode::DecodeError;
use crate::source::SourceError;
use crate::store::StoreError;

/// An ingest that cannot go on. Everything committed before stays, exactly once.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// Nothing more can be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// What was read cannot be decoded as a whole.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// What was decoded cannot be committed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake cannot be used, or another process reads the same input.
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl IngestError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Source(error) => error.code(),
            Self::Decode(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Lake(error) => error.code(),
        }
    }
}
