//! The options of `population`.
//!
//! In: arguments and environment. Out: typed options.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use kayoi_geography::population::{Base, ColumnNames, Condition};

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi population import 2025jinko.xlsx --date 2025-01-01 --base resident_register --out population.csv
  kayoi population import total.csv ages.csv --date 2020-10-01 --base census --source \"令和2年国勢調査(総務省統計局)\"
  kayoi population import towns.csv --date 2025-01-01 --base estimate --columns code=自治体,people=推計
  kayoi population import long.csv --date 2020-10-01 --base census --where 国籍=国籍総数
  kayoi population info population.csv")]
pub(crate) struct PopulationOptions {
    #[command(subcommand)]
    pub(crate) command: PopulationCommand,
}

/// The official statistic that counted the people.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum BaseName {
    /// 住民基本台帳に基づく人口, by 1 January
    ResidentRegister,
    /// 国勢調査, by 1 October of every fifth year
    Census,
    /// 推計人口
    Estimate,
}

impl BaseName {
    pub(crate) fn base(self) -> Base {
        match self {
            Self::ResidentRegister => Base::ResidentRegister,
            Self::Census => Base::Census,
            Self::Estimate => Base::Estimate,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum PopulationCommand {
    /// Read official tables of people by municipality, as published (.xlsx, .xls, CSV), into one normalized file
    #[command(after_long_help = "Known layouts:
  住民基本台帳に基づく人口: totals by sex (columns 男, 女, 計), and ages (a row each for 計, 男, 女)
  国勢調査: main results (01100_札幌市), ages by sex, and the long tables of e-Stat (性別 and 年齢 as columns)
  other tables with a header of 団体コード or 都道府県名 and 市区町村名, and of 人口, 総数, 男, 女, 0～4歳 ... 100歳以上

Wards are put together to their city. What a table tells of prefectures, cities, sexes and ages must sum up.
Credit: the licence of official statistics asks for the source; --source writes it on every row.

Examples:
  kayoi population import 2025jinko.xlsx --date 2025-01-01 --base resident_register --out population.csv
  kayoi population import total.csv ages.csv --date 2020-10-01 --base census
  kayoi population import towns.csv --date 2025-01-01 --base estimate --columns code=自治体,people=推計")]
    Import {
        /// The tables of one base and date: all that is given counts together
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Day on which the people were counted; the codes are those of this day
        #[arg(long, value_name = "DATE")]
        date: String,
        /// The official statistic
        #[arg(long, value_enum)]
        base: BaseName,
        /// File to write
        #[arg(long, default_value = "population.csv", value_name = "FILE")]
        out: PathBuf,
        /// Publication to name with every figure [default: the names of the files]
        #[arg(long, value_name = "TEXT")]
        source: Option<String>,
        /// Names of the columns of another layout: code or prefecture and municipality, people, and sex, age
        #[arg(long, value_name = "KEY=NAME,...", value_parser = ColumnNames::parse)]
        columns: Option<ColumnNames>,
        /// Take only rows with this value, once for each column
        #[arg(long = "where", value_name = "NAME=VALUE", value_parser = Condition::parse)]
        conditions: Vec<Condition>,
        /// Take tables that lack municipalities
        #[arg(long)]
        partial: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what a file of people holds, after holding it against itself
    Info {
        /// The file [default: the census of 2020 that ships]
        file: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}
