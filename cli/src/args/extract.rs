//! `kayoi extract`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{GeographyOption, LakeOption};

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi extract --lake lake --out extract                        every table as Parquet
  kayoi extract connected_monthly --format csv --lake lake --out extract
  kayoi extract cells_monthly connected_monthly --format geoparquet --month 2026-05 --lake lake --out extract

Beside the tables stands about.json: the release, its definition, credit and terms, and of each table its rows, its
columns with their explanation in Japanese and English, and the SHA-256 of its file. A hidden figure is NULL with its
status beside it, as everywhere. GeoParquet opens in QGIS and in GeoPandas (`geopandas.read_parquet`).")]
pub(crate) struct ExtractOptions {
    /// Release tables, by name [default: all that have rows, and for GeoParquet and GeoJSON all that lie somewhere]
    pub(crate) tables: Vec<String>,
    /// Folder for the files; made when it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The form of the files
    #[arg(long, value_enum, default_value = "parquet")]
    pub(crate) format: ExtractFormat,
    /// Only rows of one month, in tables that have months
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<String>,
    /// Number of the release [default: the newest]
    #[arg(long, value_name = "REVISION")]
    pub(crate) rev: Option<u64>,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
    /// Print about.json
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExtractFormat {
    /// With types, credit and terms
    Parquet,
    /// Comma-separated with a header, for programs
    Csv,
    /// Comma-separated, for Excel: a byte order mark, and codes as text (="01101")
    CsvExcel,
    /// Parquet with outlines as WKB
    Geoparquet,
    /// Features with outlines
    Geojson,
}
