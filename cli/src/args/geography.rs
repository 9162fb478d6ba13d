//! The options of `boundaries`, `codes` and `mesh`, and those that say which borders other commands place
//! with.
//!
//! In: arguments and environment. Out: typed options.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kayoi_geography::import::Digits;
use kayoi_geography::place::{DEFAULT_COAST_METRES, LARGEST_COAST_METRES};
use kayoi_geography::simplified;

#[derive(Debug, Clone, Args)]
pub(crate) struct GeographyOption {
    /// Boundary file made by `kayoi boundaries import`; without it simplified borders of Japan are used
    #[arg(long, env = "KAYOI_BOUNDARIES", value_name = "FILE", long_help = long_help())]
    pub(crate) boundaries: Option<PathBuf>,
}

/// What `--help` says of the borders; `-h` keeps to one line.
fn long_help() -> String {
    format!(
        "Boundary file made by `kayoi boundaries import`; without it simplified borders of Japan are used\n\n\
         For trials only: {}; {} with `kayoi boundaries import`.",
        simplified::HOW_FAR_THEY_ERR,
        simplified::ADVICE
    )
}

#[derive(Debug, Args)]
pub(crate) struct CoastOption {
    /// How far from the coast a point still counts for the nearest municipality, 0 to 5000 m; 0: never
    #[arg(long = "coast-m", default_value_t = DEFAULT_COAST_METRES, value_name = "METRES", value_parser = coast_metres)]
    pub(crate) metres: f64,
}

fn coast_metres(text: &str) -> Result<f64, String> {
    let metres = text.parse().ok().filter(|metres| (0.0..=LARGEST_COAST_METRES).contains(metres));
    metres.ok_or_else(|| format!("metres are in 0..={LARGEST_COAST_METRES}"))
}

fn code_digits(text: &str) -> Result<Digits, String> {
    match text {
        "5" => Ok(Digits::Five),
        "6" => Ok(Digits::Six),
        _ => Err("codes have 5 digits, or 6 with the check digit".to_owned()),
    }
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi boundaries import N03-20250101_GML.zip --out japan-2025.boundaries
  kayoi boundaries import downloads --out japan-2025.boundaries      a folder of prefectures' files
  kayoi boundaries import towns.geojson --code-column code --edition \"Towns 2025-01-01\" --out towns.boundaries
  kayoi boundaries info japan-2025.boundaries
  kayoi boundaries place 36.0451 138.1171 --boundaries japan-2025.boundaries")]
pub(crate) struct BoundariesOptions {
    #[command(subcommand)]
    pub(crate) command: BoundariesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BoundariesCommand {
    /// Read N03 as downloaded (zip, Shapefile, GeoJSON, or a folder of them), or any GeoJSON or GeoParquet with a
    /// column of codes, into one indexed boundary file
    Import {
        /// The download, or a folder of downloads of one edition
        file: PathBuf,
        /// Boundary file to write
        #[arg(long, default_value = "boundaries.kayoi", value_name = "FILE")]
        out: PathBuf,
        /// Edition to print with every figure, with the date of its codes, as "N03 2025-01-01" [default: read
        /// from the file name]
        #[arg(long)]
        edition: Option<String>,
        /// Column of the codes; id is also the id of a GeoJSON feature [default: N03_007, else code]
        #[arg(long, value_name = "NAME")]
        code_column: Option<String>,
        /// Digits of the codes, 6 with the check digit [default: told by the codes of the whole file]
        #[arg(long, value_name = "5|6", value_parser = code_digits)]
        code_digits: Option<Digits>,
        /// Layer of a zip, or file of a folder, to read [default: all that hold areas]
        #[arg(long, value_name = "NAME")]
        layer: Option<String>,
        /// Credit that the licence asks for [default: N03's, or none with --code-column]
        #[arg(long, value_name = "TEXT")]
        credit: Option<String>,
        /// Boundary file to compare with [default: the one that is replaced]
        #[arg(long, value_name = "FILE")]
        previous: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what a boundary file holds
    Info {
        /// The boundary file [default: KAYOI_BOUNDARIES, else the simplified borders that ship]
        #[arg(env = "KAYOI_BOUNDARIES")]
        file: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say in which cell and municipality a point lies
    Place {
        /// Degrees, WGS 84
        #[arg(allow_negative_numbers = true)]
        latitude: f64,
        /// Degrees, WGS 84
        #[arg(allow_negative_numbers = true)]
        longitude: f64,
        #[command(flatten)]
        geography: GeographyOption,
        #[command(flatten)]
        coast: CoastOption,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi codes changes --from 2018-01-01        what changed since
  kayoi codes convert 40305 --from 2018-09-30 --to 2024-01-01
  kayoi codes convert 22135 --from 2023-12-31 --to 2024-01-01 --weight 22138=40000 --weight 22139=50000
  kayoi codes table --from 2015-01-01 --to 2025-01-01 > conversion.csv
  kayoi codes chain 28102                      神戸市灘区 < 神戸市 < 兵庫県 < 近畿圏 < 全国")]
pub(crate) struct CodesOptions {
    #[command(subcommand)]
    pub(crate) command: CodesCommand,
}

#[derive(Debug, Args)]
pub(crate) struct DatesOption {
    /// Code date of the figures, as 2023-12-31
    #[arg(long, value_name = "DATE", default_value = "2013-12-31")]
    pub(crate) from: String,
    /// Code date that is wanted
    #[arg(long, value_name = "DATE", default_value = "2026-09-01")]
    pub(crate) to: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CodesCommand {
    /// List the changes between two dates
    Changes {
        #[command(flatten)]
        dates: DatesOption,
    },
    /// Say which codes hold a code's people on another date, with shares
    Convert {
        /// Five digits, or six with the check digit
        code: String,
        #[command(flatten)]
        dates: DatesOption,
        /// People of a part, as in 22138=40000, where no official source gives the shares; once for each part
        #[arg(long = "weight", value_name = "CODE=PEOPLE")]
        weights: Vec<String>,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Print the conversion of every code as CSV: from_code, to_code, date, share
    Table {
        #[command(flatten)]
        dates: DatesOption,
    },
    /// Print what a code lies in: city, prefecture, 地方ブロック, nation
    Chain {
        /// Five digits, or six with the check digit
        code: String,
        /// Date of the names
        #[arg(long, value_name = "DATE", default_value = "2026-09-01")]
        on: String,
        /// Put 東京都区部 between the special wards and Tokyo
        #[arg(long)]
        tokyo_as_one: bool,
    },
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi mesh at 35.658581 139.745433           JIS X 0410 codes, 80 km to 125 m
  kayoi mesh shares 882f5aadc7fffff --metres 1000")]
pub(crate) struct MeshOptions {
    #[command(subcommand)]
    pub(crate) command: MeshCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MeshCommand {
    /// Print the codes of a point at every level
    At {
        /// Degrees, WGS 84
        #[arg(allow_negative_numbers = true)]
        latitude: f64,
        /// Degrees, WGS 84
        #[arg(allow_negative_numbers = true)]
        longitude: f64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print which part of each cell's area lies in which mesh, as CSV: for exports of cells in mesh
    Shares {
        /// H3 cells, as in 882f5aadc7fffff
        #[arg(required = true)]
        cells: Vec<String>,
        /// Level, by its nominal side: 80000, 10000, 5000, 2000, 1000, 500, 250 or 125
        #[arg(long, default_value_t = 1_000)]
        metres: u32,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
}
