//! What stops a release. The tables of the last one stay as they were, or are replaced as far as the run came.

use kayoi_lake::LakeError;

/// A release that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The counts were made by another definition, or by a Kayoi that declares its cubes otherwise.
    #[error(
        "the counts of the lake were made with {what} `{found}`, this release needs `{needed}`\nhint: `kayoi aggregate` counts again"
    )]
    OtherCounts {
        /// What differs.
        what: &'static str,
        /// What the counts say.
        found: String,
        /// What is needed.
        needed: String,
    },
    /// A cell of `indicators` that no cube has.
    #[error("row {row} of `indicators` has no valid `{column}`\nhint: `kayoi aggregate` counts again")]
    Unreadable {
        /// Number of the row in its file, from 0.
        row: usize,
        /// The column.
        column: &'static str,
    },
}
