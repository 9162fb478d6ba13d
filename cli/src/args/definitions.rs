//! The options of `definitions`.
//!
//! In: arguments and environment. Out: typed options.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_long_help = "Examples:
  kayoi definitions                            the thresholds of connected-2026 and their precedents
  kayoi definitions list                       those that ship
  kayoi definitions show docomo-tourism        what it asks for, and what it cannot copy
  kayoi definitions diff connected-2026 resas-stay
  kayoi definitions --toml > mine.toml         a definition of one's own to change
  kayoi definitions --definition mine.toml --json")]
pub(crate) struct DefinitionsOptions {
    #[command(subcommand)]
    pub(crate) command: Option<DefinitionsCommand>,
    /// Another definition than connected-2026: one that ships, or a file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) definition: Option<PathBuf>,
    /// Print the TOML file, to start one's own from
    #[arg(long, conflicts_with = "json")]
    pub(crate) toml: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DefinitionsCommand {
    /// Those that ship, and the statistic that each is near to
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print one: what it may be compared with, what it cannot copy, its thresholds
    Show(ShowOptions),
    /// What differs between two; exit code 1 when anything does
    Diff(DiffOptions),
}

#[derive(Debug, Args)]
pub(crate) struct ShowOptions {
    /// One that ships, or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) definition: PathBuf,
    /// Print the TOML file
    #[arg(long, conflicts_with = "json")]
    pub(crate) toml: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffOptions {
    /// One that ships, or a file
    #[arg(value_name = "A")]
    pub(crate) first: PathBuf,
    /// Another
    #[arg(value_name = "B")]
    pub(crate) second: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
