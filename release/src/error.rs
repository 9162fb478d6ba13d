//! What stops a release. The tables of the last one stay as they were, or are replaced as far as the run got.

use kayoi_lake::LakeError;

/// Why a release cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The lake could not be read or written.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The counts were made by another definition, or by a Kayoi that declares its cubes otherwise.
    #[error(
        "the counts of the lake were made with {what} `{found}`, this release needs `{needed}`\nhint: `kayoi aggregate` counts again"
    )]
    OtherCounts {
        /// Which of the stamps differs, as `the definition`.
        what: &'static str,
        /// The stamp on the counts.
        found: String,
        /// The stamp that this release needs.
        needed: String,
    },
    /// A cell of `indicators` that no cube has.
    #[error("row {row} of `indicators` has no valid `{column}`\nhint: `kayoi aggregate` counts again")]
    Unreadable {
        /// Number of the row in its file, from 0.
        row: usize,
        /// The column whose value cannot be read.
        column: &'static str,
    },
}
