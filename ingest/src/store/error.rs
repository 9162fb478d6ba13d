//! Why what waits cannot be committed.

use kayoi_lake::LakeError;
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::invariant::Broken;

/// A commit that was not made. What waits stays, and can be committed later.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// Records were lost or doubled: a defect.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl StoreError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Lake(error) => error.code(),
            Self::Broken(_) => ErrorCode::Defect,
        }
    }
}
