//! What stops a release. Whoever reads sees the last one until the new one is whole.

use std::path::PathBuf;

use kayoi_lake::LakeError;
use kayoi_schemas::disclosure::ParameterError;
use kayoi_schemas::error_code::ErrorCode;

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
        /// Number of the row in its batch, from 0.
        row: usize,
        /// The column whose value cannot be read.
        column: &'static str,
    },
    /// Noised counts of a sealed month that are not those of this definition and register.
    #[error(
        "the noised counts of {month} do not fit the figures of today\nhint: `kayoi aggregate --correction` publishes everything again, as a new edition"
    )]
    OtherLattice {
        /// The month.
        month: String,
    },
    /// A table of people without some municipality.
    #[error(
        "the table of people has none of {count} municipalities, the first is {first}\nhint: `kayoi population info` lists them; without --population the census of 2020 is used"
    )]
    PeopleMissing {
        /// How many.
        count: usize,
        /// The first of them by code.
        first: String,
    },
    /// Parameters below the floors.
    #[error(transparent)]
    Parameters(#[from] ParameterError),
    /// More privacy would be spent than is allowed.
    #[error(
        "the release would cost rho {cost:.2} of a {line}, its budget is {budget:.2}\nhint: `kayoi release ledger` shows what costs how much; `kayoi release budget {line}` raises the budget by name"
    )]
    OverBudget {
        /// The line of the ledger.
        line: &'static str,
        /// What it would cost.
        cost: f64,
        /// What is allowed.
        budget: f64,
    },
    /// A lake whose figures are published was to be released without its secret.
    #[error(
        "the figures of this lake are a real series, which needs its secret\nhint: name the file with --secret, and the folder of its seeds with --seeds"
    )]
    NoSecret,
    /// A secret for a lake in trial.
    #[error(
        "this lake is in trial\nhint: `kayoi release begin` starts the real series; without --secret figures are tried out"
    )]
    NotBegun,
    /// The series was begun with another secret.
    #[error(
        "this is not the secret that the series began with: its fingerprint is `{found}`, not `{needed}`\nhint: name the right file with --secret"
    )]
    OtherSecret {
        /// The fingerprint of the one that was named.
        found: String,
        /// That of the series.
        needed: String,
    },
    /// The series was begun with another key for signatures.
    #[error(
        "this is not the key whose signatures the series has\nhint: name the right file with --signing-key"
    )]
    OtherSigningKey,
    /// The series began before.
    #[error(
        "the real series of this lake began on {since}\nhint: `kayoi release show` shows what it has published"
    )]
    BegunBefore {
        /// The day.
        since: String,
    },
    /// A file or folder that cannot be used.
    #[error("cannot use `{}`", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that holds something else.
    #[error("`{}` is not {what}\nhint: {hint}", path.display())]
    NotOne {
        /// Its path.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// What helps.
        hint: &'static str,
    },
    /// The seeds of a month are not where they should be.
    #[error(
        "the seeds of {month} are not in `{}`\nhint: restore the folder from its backup; without them `kayoi aggregate --correction` begins a new edition of everything",
        folder.display()
    )]
    NoSeeds {
        /// The month.
        month: String,
        /// The store.
        folder: PathBuf,
    },
    /// The record of a series that cannot be read.
    #[error("`kayoi-release.json` of the lake cannot be read\nhint: restore it from a backup of the lake")]
    Record(#[source] serde_json::Error),
    /// Releases of a real series without its record.
    #[error(
        "the lake has releases of a real series, and its `kayoi-release.json` is gone\nhint: restore that file from a backup of the lake"
    )]
    RecordGone,
    /// Months of one edition would be made in two ways.
    #[error(
        "the series is made with {what} `{needed}`, not `{found}`\nhint: name what it was made with, if this Kayoi still has it; --correction publishes everything anew with another, and a new lake begins a series of its own"
    )]
    OtherSettings {
        /// The option.
        what: &'static str,
        /// What was asked for.
        found: String,
        /// What the series has.
        needed: String,
    },
    /// Several definitions for a series that has one.
    #[error(
        "a real series is published by one definition, and {count} are named\nhint: name the one that the series has; compare others in a lake in trial, or begin a series of their own in another lake and add both ledgers up"
    )]
    OneDefinition {
        /// How many are named.
        count: u32,
    },
    /// A day that is yet to come.
    #[error(
        "--as-of {day} is after today, {today}: it would make months final that are not over\nhint: name a day up to today"
    )]
    Future {
        /// The day that was named.
        day: String,
        /// Today.
        today: String,
    },
    /// A correction as of a day on which a final month was not.
    #[error(
        "the final month {month} would not be final as of that day\nhint: leave --as-of out, or name a later day"
    )]
    Unseals {
        /// The month.
        month: String,
    },
    /// A reason that says nothing.
    #[error("a reason is needed, in one line\nhint: say who decided and why; it is kept and published")]
    NoReason,
    /// A release that is not listed.
    #[error("there is no release {revision}\nhint: `kayoi release list` names those that there are")]
    NoRelease {
        /// The number.
        revision: u64,
    },
    /// The random numbers of the machine cannot be had.
    #[error("this machine gives no random numbers")]
    NoRandom,
    /// The newest release cannot be retired: readers would find nothing.
    #[error(
        "release {revision} is the newest, which readers see\nhint: retire an older one; `kayoi aggregate` makes a newer one first"
    )]
    Newest {
        /// The number.
        revision: u64,
    },
}

impl ReleaseError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Lake(error) => error.code(),
            Self::OtherCounts { .. } | Self::Unreadable { .. } | Self::OtherLattice { .. } => {
                ErrorCode::NotWhole
            }
            Self::PeopleMissing { .. } => ErrorCode::OwnTable,
            Self::Parameters(error) => error.code(),
            Self::NoReason | Self::Future { .. } | Self::Unseals { .. } => ErrorCode::Argument,
            Self::OverBudget { .. } => ErrorCode::Budget,
            Self::NoSecret
            | Self::NotBegun
            | Self::BegunBefore { .. }
            | Self::OtherSettings { .. }
            | Self::OneDefinition { .. } => ErrorCode::Series,
            Self::OtherSecret { .. } | Self::OtherSigningKey => ErrorCode::OtherKey,
            Self::File { .. } => ErrorCode::File,
            Self::NotOne { .. } => ErrorCode::SecretFile,
            Self::NoSeeds { .. } | Self::Record(_) | Self::RecordGone => ErrorCode::SeriesFiles,
            Self::NoRelease { .. } | Self::Newest { .. } => ErrorCode::NoRelease,
            Self::NoRandom => ErrorCode::System,
        }
    }
}
