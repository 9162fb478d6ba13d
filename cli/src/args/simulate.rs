//! The options of `simulate`.
//!
//! In: arguments and environment. Out: typed options.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{GeographyOption, KeyOption, LakeOption};

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SimulateFormat {
    Ndjson,
    Avro,
    Parquet,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PresetName {
    Easy,
    Hard,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LivesName {
    /// Thirteen kinds of life, and everybody's phone is seen
    Plain,
    /// Night work, hospitals, visitors from abroad and more, seen through a panel's phones
    Real,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi simulate --devices 2000 --days 400 --out feed
  kayoi simulate --lives real --people 30000 --panel-percent 5 --resets-percent 3 --out feed
  kayoi simulate --lives real --people 300 --panel-percent 100 --kinds hospital,birth,night_worker --out feed
  kayoi simulate --preset hard --region 20,19430 --format parquet --out feed
  kayoi simulate --kafka localhost:9092 --topic pings --truth truth
  kayoi simulate --score --truth feed/truth --lake lake")]
pub(crate) struct SimulateOptions {
    /// People; of plain lives each has one device
    #[arg(long, visible_alias = "people", default_value_t = 1000)]
    pub(crate) devices: u32,
    /// What lives people lead
    #[arg(long, value_enum, default_value = "plain")]
    pub(crate) lives: LivesName,
    /// Real lives: percent of people with a phone in the panel [default: 5]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) panel_percent: Option<f64>,
    /// Real lives: percent of panel phones that change their advertising id in a month [default: 3]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) resets_percent: Option<f64>,
    /// Real lives: percent of people who visit from abroad [default: 2]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) abroad_percent: Option<f64>,
    /// Real lives: how many times as often people with ties are in the panel [default: 1]
    #[arg(long, value_name = "FACTOR")]
    pub(crate) tied_factor: Option<f64>,
    /// Real lives: 2 adds a partner that sees a fifth of the same phones under other ids, in pings-2/ [default: 1]
    #[arg(long, value_name = "N")]
    pub(crate) partners: Option<u32>,
    /// Real lives: days on which nine of ten phones are silent [default: 2]
    #[arg(long, value_name = "N")]
    pub(crate) outage_days: Option<u32>,
    /// Real lives: percent of phones whose owner's age and sex the partner knows and sends [default: 0]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) attributes: Option<f64>,
    /// Real lives: only these kinds of people, in equal shares, comma-separated [default: the mixture]
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    pub(crate) kinds: Vec<String>,
    /// Local days
    #[arg(long, default_value_t = 396)]
    pub(crate) days: u32,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// First local day
    #[arg(long, default_value = "2025-04-01", value_name = "DATE")]
    pub(crate) first_day: String,
    /// How unkind phones and delivery are
    #[arg(long, value_enum, default_value = "easy")]
    pub(crate) preset: PresetName,
    /// Mean pings of a device and day [default: a mixture of 5 to 200]
    #[arg(long, value_name = "N")]
    pub(crate) pings_per_day: Option<f64>,
    /// Where visitors go: prefectures (20) or municipalities (20321), comma-separated [default: everywhere]
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    pub(crate) region: Vec<String>,
    /// Errands on days of telework, in kilometres as a share of the commute saved
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    pub(crate) rebound: f64,
    /// Definition whose rules the truth applies: one that ships, or a file [default: connected-2026]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) definition: Option<PathBuf>,
    /// Folder for pings/ and truth/
    #[arg(long, value_name = "DIR", required_unless_present_any = ["kafka", "score"])]
    pub(crate) out: Option<PathBuf>,
    /// How pings are written
    #[arg(long, value_enum, default_value = "ndjson")]
    pub(crate) format: SimulateFormat,
    /// Send the pings to Kafka instead, as JSON
    #[arg(long, value_name = "BROKERS", requires = "topic", conflicts_with = "out")]
    pub(crate) kafka: Option<String>,
    /// The topic
    #[arg(long)]
    pub(crate) topic: Option<String>,
    /// Compare a lake with the truth
    #[arg(long, requires = "truth", conflicts_with_all = ["out", "kafka"])]
    pub(crate) score: bool,
    /// Folder of the truth: with --score the one to compare with, with --kafka where to write it
    #[arg(long, value_name = "DIR")]
    pub(crate) truth: Option<PathBuf>,
    /// Month to score [default: the last full one]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<String>,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
    #[command(flatten)]
    pub(crate) key: KeyOption,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
