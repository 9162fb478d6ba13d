//! The options of `quality`.
//!
//! In: arguments and environment. Out: typed options. `--help` lists the measures from the one list there is.

use std::fmt::Write;

use clap::Args;
use kayoi_ingest::quality::MEASURES;

use super::LakeOption;

#[derive(Debug, Args)]
#[command(after_long_help = after_long_help())]
pub(crate) struct QualityOptions {
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    /// Only this partner
    #[arg(long)]
    pub(crate) partner: Option<String>,
    /// Local days to show, up to the newest one
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// Show the table as it stands, without what was ingested since its last update
    #[arg(long)]
    pub(crate) no_update: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn after_long_help() -> String {
    let mut text = "Examples:
  kayoi quality --lake lake                    the last 14 days of each partner, and warnings
  kayoi quality --lake lake --partner p --days 60 --json

Measures of a partner and local day (from 04:00 Asia/Tokyo), in table `quality`:"
        .to_owned();
    for measure in MEASURES {
        // Writing to a text cannot fail.
        let _ = write!(text, "\n  {:<18} {:<8} {}", measure.name, measure.unit, measure.meaning);
    }
    text
}
