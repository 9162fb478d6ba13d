//! Arguments of `kayoi kpi`.

use clap::{Args, Subcommand, ValueEnum};

use super::{GeographyOption, LakeOption, LanguageName};

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi kpi add \"関係人口を増やす\" --town 茅野市 --kind connected --fiscal-year 2027 --persons 5000 --lake lake
  kayoi kpi list --town 茅野市 --lake lake      each with its verdict: 達成, 未達, 判定不能, 秘匿, 期間前
  kayoi kpi remove 1 --town 茅野市 --lake lake")]
pub(crate) struct KpiOptions {
    #[command(subcommand)]
    pub(crate) action: KpiAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KpiAction {
    /// Write what a town aims at; says which change its figures could show
    Add(KpiAdd),
    /// What a town aims at, and what became of it
    List(KpiList),
    /// Take a target away
    Remove(KpiRemove),
}

#[derive(Debug, Args)]
pub(crate) struct KpiTown {
    /// Municipality, by code or name
    #[arg(long, value_name = "PLACE")]
    pub(crate) town: String,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
}

#[derive(Debug, Args)]
pub(crate) struct KpiAdd {
    /// What the plan calls it
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) town: KpiTown,
    /// Who is counted: visitor, repeat, connected, dual_resident, workation or satellite_office
    #[arg(long, default_value = "connected")]
    pub(crate) kind: String,
    /// How high in the plan it stands
    #[arg(long, value_enum, default_value = "kpi")]
    pub(crate) level: KpiLevel,
    /// An upper end instead of a lower one
    #[arg(long)]
    pub(crate) at_most: bool,
    /// Fiscal year, April to March
    #[arg(long, value_name = "YYYY")]
    pub(crate) fiscal_year: u16,
    /// People
    #[arg(long, value_name = "N")]
    pub(crate) persons: u32,
    /// Fiscal year that the plan compares with
    #[arg(long, value_name = "YYYY")]
    pub(crate) baseline_fiscal_year: Option<u16>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KpiLevel {
    /// Key goal indicator
    Kgi,
    /// Key success indicator
    Ksi,
    /// Key performance indicator
    Kpi,
}

#[derive(Debug, Args)]
pub(crate) struct KpiList {
    #[command(flatten)]
    pub(crate) town: KpiTown,
    /// Language of the sentence
    #[arg(long, value_enum, default_value = "ja")]
    pub(crate) lang: LanguageName,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct KpiRemove {
    /// Number of the target, which `kayoi kpi list` shows
    pub(crate) number: u64,
    #[command(flatten)]
    pub(crate) town: KpiTown,
}
