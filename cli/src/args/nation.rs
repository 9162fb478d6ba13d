//! The options of `nation`, which measures how far intervals hold (`make coverage`).
//!
//! In: arguments. Out: typed options.

use std::path::PathBuf;

use clap::Args;

use super::LakeOption;

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi nation --lake lake --truth truth --panel-percent 8 --families 0.5
  kayoi nation --lake lake --truth truth --month 2025-12 --friendships 0.02")]
pub(crate) struct NationOptions {
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    /// Folder for figures.parquet, what each figure of the release should be
    #[arg(long, value_name = "DIR")]
    pub(crate) truth: PathBuf,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The newest month; those that end a quarter or a year have more figures
    #[arg(long, default_value = "2025-12", value_name = "YYYY-MM")]
    pub(crate) month: String,
    /// Months, the newest among them; the truth is of the newest
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) months: u32,
    /// Percent of people with a phone in the panel
    #[arg(long, default_value_t = 3.0, value_name = "PERCENT")]
    pub(crate) panel_percent: f64,
    /// How much municipalities differ in it: of the logarithm
    #[arg(long, default_value_t = 0.0, value_name = "SIGMA")]
    pub(crate) ownership_sigma: f64,
    /// Share of people who come into the panel with their family of three or not at all
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    pub(crate) families: f64,
    /// Share of the panel's people who have two phones in it
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    pub(crate) second_phones: f64,
    /// How many times as often people who come again are in the panel
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR")]
    pub(crate) tied_factor: f64,
    /// Share of pairs of municipalities with three times the ties
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    pub(crate) friendships: f64,
    /// Ties and visitors alone, without what is done in the month
    #[arg(long)]
    pub(crate) ties_only: bool,
}
