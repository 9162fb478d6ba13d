//! The options of a release, and those of `release`.
//!
//! In: arguments and environment. Out: typed options. Secrets are files, never words on a command line.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::LakeOption;

/// How figures are drawn.
#[derive(Debug, Args)]
#[command(next_help_heading = "The release")]
pub(crate) struct SeriesOptions {
    /// Secret of a real series, as `kayoi release begin` was given it [default: a trial, drawn anew by every run]
    #[arg(
        long,
        env = "KAYOI_RELEASE_SECRET",
        value_name = "FILE",
        requires = "signing_key",
        conflicts_with = "trial_seed"
    )]
    pub(crate) secret: Option<PathBuf>,
    /// Folder of the seeds of a real series [default: the secret's name + .seeds]
    #[arg(long, env = "KAYOI_RELEASE_SEEDS", value_name = "DIR", requires = "secret")]
    pub(crate) seeds: Option<PathBuf>,
    /// Key that signs the releases of a real series
    #[arg(long, env = "KAYOI_SIGNING_KEY", value_name = "FILE")]
    pub(crate) signing_key: Option<PathBuf>,
    /// Draw a trial that can be drawn again [default: random]
    #[arg(long, value_name = "N")]
    pub(crate) trial_seed: Option<u64>,
    /// How strong the noise of a trial is
    #[arg(long, value_enum, default_value = "standard")]
    pub(crate) preset: PresetOfNoise,
    /// Day on which months are judged final or not [default: today in a real series; in a trial all are final]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Days after its last one from which a month is final: as long as pings may come late
    #[arg(long, value_name = "DAYS", default_value_t = kayoi_release::SEAL_AFTER_DAYS,
        value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(crate) seal_after_days: u32,
    /// Publish all final figures of a real series again, as a new edition, for this reason
    #[arg(long, value_name = "REASON", requires = "secret")]
    pub(crate) correction: Option<String>,
}

/// Sets of noise and thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PresetOfNoise {
    /// Noise of 5 devices, figures from 25 noised devices
    Standard,
    /// Four times the noise: of 20 devices, figures from 70
    Strict,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi release keygen --out release.key       release.key signs, release.key.pub verifies
  kayoi release begin --lake lake --secret release.secret --signing-key release.key
  kayoi aggregate --lake lake --secret release.secret --signing-key release.key
  kayoi release ledger --lake lake             what the release costs in privacy
  kayoi release list --lake lake
  kayoi release show 3 --lake lake
  kayoi release verify 3 --lake lake --public-key release.key.pub

Until `begin` a lake is in trial: every run draws its noise anew, and each row says so. From then on a month is
published once and never changes. Keep the secret and its seeds apart from the lake, and back both up.")]
pub(crate) struct ReleaseCommandOptions {
    #[command(subcommand)]
    pub(crate) command: ReleaseCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseCommand {
    /// Make a key that signs releases, and the public key that verifies them
    Keygen {
        /// New file for the signing key; the public key goes beside it, named .pub
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Begin the real series of a lake: from now on a month is published once and never changes
    Begin {
        #[command(flatten)]
        lake: LakeOption,
        /// File of the secret; made where there is none
        #[arg(long, env = "KAYOI_RELEASE_SECRET", value_name = "FILE")]
        secret: PathBuf,
        /// Folder for the seeds, apart from the lake [default: the secret's name + .seeds]
        #[arg(long, env = "KAYOI_RELEASE_SEEDS", value_name = "DIR")]
        seeds: Option<PathBuf>,
        /// Key that signs the releases
        #[arg(long, env = "KAYOI_SIGNING_KEY", value_name = "FILE")]
        signing_key: PathBuf,
        /// How strong the noise is, for good
        #[arg(long, value_enum, default_value = "standard")]
        preset: PresetOfNoise,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what the release costs in privacy, line by line, in words
    Ledger {
        #[command(flatten)]
        lake: LakeOption,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Raise a budget of the ledger, by name and for a reason that is kept
    Budget {
        /// tie-year or tie-month
        line: String,
        /// rho that it may cost from now on
        #[arg(long, value_name = "RHO")]
        to: f64,
        /// Who raises it, and why
        #[arg(long, value_name = "REASON")]
        reason: String,
        #[command(flatten)]
        lake: LakeOption,
    },
    /// List the releases that there are
    List {
        #[command(flatten)]
        lake: LakeOption,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a release: tables, months, parameters, what is shown and hidden
    Show {
        /// Number of the release [default: the newest]
        revision: Option<u64>,
        #[command(flatten)]
        lake: LakeOption,
        /// Print its manifest
        #[arg(long)]
        json: bool,
    },
    /// Check the signature of a release and every file of it
    Verify {
        /// Number of the release [default: the newest]
        revision: Option<u64>,
        #[command(flatten)]
        lake: LakeOption,
        /// The public key of who made it
        #[arg(long, value_name = "FILE")]
        public_key: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take an old release out of the list, with the files that no other release has
    Retire {
        /// Number of the release
        revision: u64,
        #[command(flatten)]
        lake: LakeOption,
        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
    },
}
