//! The options of `ask` and `questions`.
//!
//! In: arguments and environment. Out: typed options.

use clap::{Args, ValueEnum};

use super::{AnswerFormat, GeographyOption, LakeOption};

/// What stands in the places of a question.
#[derive(Debug, Default, Args)]
pub(crate) struct AskValues {
    /// Municipality that the question is about, by code or name
    #[arg(long, value_name = "PLACE")]
    pub(crate) town: Option<String>,
    /// Municipality to compare with
    #[arg(long, value_name = "PLACE")]
    pub(crate) other: Option<String>,
    /// Up to ten municipalities to compare with, with commas between
    #[arg(long, value_name = "PLACES")]
    pub(crate) others: Option<String>,
    /// Kind of people: connected, visitor, repeat, dual_resident or workation
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Grid of cells: h3_8, h3_7, h3_6 or mesh_1km
    #[arg(long)]
    pub(crate) grid: Option<String>,
    /// Prefecture that the question is about, by code or name [default: that of --town]
    #[arg(long, value_name = "PLACE")]
    pub(crate) prefecture: Option<String>,
    /// Month that the answer is of or ends with, 2026-05 [default: the newest published]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi ask repeat-rate --town 20202 --lake lake
  kayoi ask repeat-rate --town 松本市 --lang en --lake lake
  kayoi ask peak-months --prefecture 長野県 --format csv-excel --lake lake > peaks.csv
  kayoi questions                              the questions, and what they take")]
pub(crate) struct AskOptions {
    /// Name of the question
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) values: AskValues,
    /// Language of the sentence
    #[arg(long, value_enum, default_value = "ja")]
    pub(crate) lang: LanguageName,
    /// How the rows are written; with another than table, the sentence goes to stderr
    #[arg(long, value_enum, default_value = "table", conflicts_with = "json")]
    pub(crate) format: AnswerFormat,
    /// Print one JSON object: sentence, rows, what the answer does not say
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi questions
  kayoi questions repeat-rate                  what it takes, its SQL, what it does not say
  kayoi questions --json")]
pub(crate) struct QuestionsOptions {
    /// Name of one question, to be explained
    pub(crate) name: Option<String>,
    /// Language of titles
    #[arg(long, value_enum, default_value = "ja", conflicts_with = "json")]
    pub(crate) lang: LanguageName,
    /// Print JSON, in both languages
    #[arg(long)]
    pub(crate) json: bool,
}

/// A language of people.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LanguageName {
    /// Japanese
    Ja,
    /// English
    En,
}
