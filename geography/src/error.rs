//! What can go wrong with boundaries, in words an operator can act on.
//!
//! In: a cause. Out: one message that names the file, what was expected, and a `hint:` line.

use std::path::{Path, PathBuf};

use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::MunicipalityCode;

/// The cause underneath, from whichever library read the bytes.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
pub enum GeographyError {
    /// The file system said no.
    #[error("cannot read `{}`\nhint: check that the file exists and that this user may read it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The file system said no.
    #[error("cannot write `{}`\nhint: check that its folder exists, is writable and has space", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The file can be read and is something else than N03.
    #[error(
        "`{}` holds no administrative areas: {found}; expected polygons with the attribute `N03_007` (five \
         digits) as a .zip with a Shapefile or GeoJSON, as .shp, .parquet, .geojson, .geojson.gz, .ndjson or \
         .ndjson.gz, or a folder of such files\n\
         hint: download 行政区域データ (N03) from 国土数値情報, https://nlftp.mlit.go.jp/ksj/, and give the .zip as \
         it is; for other areas name the column of their codes (`--code-column`)",
        path.display()
    )]
    NotN03 {
        /// The file.
        path: PathBuf,
        /// What it holds instead.
        found: String,
    },
    /// The file can be read, but the column that was named for the code gives nothing.
    #[error(
        "`{}` holds no areas with a code in `{column}`: {found}; expected polygons with five digits there, \
         the first two 01 to 47\n\
         hint: name the column that holds such codes (`--code-column`)",
        path.display()
    )]
    NoCodes {
        /// The file.
        path: PathBuf,
        /// The column that was named.
        column: String,
        /// What it holds instead.
        found: String,
    },
    /// A .parquet without geometries that can be read.
    #[error(
        "`{}` is not GeoParquet that can be read: {found}; expected the file metadata `geo` and a primary \
         column with encoding `WKB`\n\
         hint: write it anew with GDAL (`ogr2ogr areas.parquet ...`) or GeoPandas (`to_parquet`), which take \
         WKB by default",
        path.display()
    )]
    NotGeoParquet {
        /// The file.
        path: PathBuf,
        /// What it holds instead.
        found: String,
    },
    /// Coordinates that are not longitude and latitude.
    #[error(
        "`{}` has its coordinates in {crs}; expected longitude and latitude in degrees on WGS 84, JGD2000 or \
         JGD2011: `OGC:CRS84`, `EPSG:4326`, `EPSG:6668` or `EPSG:4612`\n\
         hint: reproject it, as with `ogr2ogr -t_srs EPSG:6668 reprojected.geojson {}`; if its coordinates are \
         such degrees already, correct what it says of them (`crs` in GeoJSON, the .prj of a Shapefile, \
         `set_crs(4326)` of GeoPandas)",
        path.display(),
        path.display()
    )]
    OtherCrs {
        /// The file.
        path: PathBuf,
        /// The coordinate reference system that it names.
        crs: String,
    },
    /// Coordinates beyond those of the globe.
    #[error(
        "`{}` has coordinates that are no degrees, beyond 180 or 90, in {not_degrees} of {all} features; expected \
         longitude and latitude\n\
         hint: they are projected, as plane rectangular coordinates (平面直角座標) in metres are; reproject them, as \
         with `ogr2ogr -s_srs EPSG:6677 -t_srs EPSG:6668 reprojected.geojson {}` for zone 9",
        path.display(),
        path.display()
    )]
    NotDegrees {
        /// The file.
        path: PathBuf,
        /// Features with such coordinates.
        not_degrees: u64,
        /// Features with a code.
        all: u64,
    },
    /// Coordinates in the other order.
    #[error(
        "`{}` has latitude first in {swapped} of {all} features; expected longitude first, as GeoJSON and Shapefile \
         have it\n\
         hint: exchange the two numbers of each point; RFC 7946 has longitude first",
        path.display()
    )]
    LatitudeFirst {
        /// The file.
        path: PathBuf,
        /// Features with such coordinates.
        swapped: u64,
        /// Features with a code.
        all: u64,
    },
    /// Shapes and rows of which nobody knows which belong together.
    #[error(
        "`{layer}` of `{}` has {shapes} shapes and its .dbf {rows} records; expected one record for each shape, \
         which belong together by their order alone\n\
         hint: get all parts of the Shapefile again, from one place; a .dbf that was packed by itself has lost the \
         records of shapes that are still there",
        path.display()
    )]
    ShapesAndRows {
        /// The file.
        path: PathBuf,
        /// The .shp.
        layer: String,
        /// Shapes in it.
        shapes: usize,
        /// Records of the .dbf.
        rows: usize,
    },
    /// Codes with and without a check digit.
    #[error(
        "`{}` mixes codes: {five} can only be of five digits (as `{five_example}`), {six} only of six with the \
         check digit (as `{six_example}`); expected one kind in a file\n\
         hint: write all of them alike, or say which are right with `--code-digits 5` or `--code-digits 6`: the \
         others are then left out and counted",
        path.display()
    )]
    MixedCodes {
        /// The file.
        path: PathBuf,
        /// Different codes that are no six digits.
        five: usize,
        /// One of them.
        five_example: String,
        /// Different codes that are no five digits.
        six: usize,
        /// One of them.
        six_example: String,
    },
    /// Codes that are right in two ways.
    #[error(
        "`{}` has {codes} codes that may have five digits or six without their leading zero, as `{example}`: \
         `{as_five}` or `{as_six}`; expected codes that say which\n\
         hint: say it with `--code-digits 5` or `--code-digits 6`",
        path.display()
    )]
    AmbiguousCodes {
        /// The file.
        path: PathBuf,
        /// Different codes that may be either.
        codes: usize,
        /// One of them.
        example: String,
        /// That one, if it has five digits.
        as_five: MunicipalityCode,
        /// That one, if it has lost a zero.
        as_six: MunicipalityCode,
    },
    /// Borders of different years.
    #[error(
        "`{}` holds more than one edition: {editions}; expected one, for codes and borders change between them\n\
         hint: put each edition into a folder of its own, or name one file or layer with `--layer`",
        path.display()
    )]
    SeveralEditions {
        /// The file or folder.
        path: PathBuf,
        /// The editions.
        editions: String,
    },
    /// Two drawings of one unit.
    #[error(
        "`{}` draws the land of `{code}` in `{one}` and again, differently, in `{other}`; expected each unit once, \
         or in pieces that do not overlap\n\
         hint: name the one that is meant, as with `--layer {one}`",
        path.display()
    )]
    DrawnTwice {
        /// The file or folder.
        path: PathBuf,
        /// The unit.
        code: MunicipalityCode,
        /// A layer or file.
        one: String,
        /// Another one.
        other: String,
    },
    /// No such layer.
    #[error(
        "`{}` has no layer `{layer}`; it has {there}\n\
         hint: give one of them with `--layer`, or leave it out to read all that hold areas",
        path.display()
    )]
    NoSuchLayer {
        /// The file or folder.
        path: PathBuf,
        /// The layer that was asked for.
        layer: String,
        /// Those that there are.
        there: String,
    },
    /// A part of the file breaks the rules of its own format.
    #[error(
        "cannot read {part} of `{}` as {format}; expected administrative areas\n\
         hint: get the file again, as it is offered; N03 is at 国土数値情報, https://nlftp.mlit.go.jp/ksj/",
        path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Which part of it: a layer, a line.
        part: String,
        /// The format it was read as.
        format: &'static str,
        /// What the reader of that format said.
        source: Cause,
    },
    /// The file does not start as a boundary file does.
    #[error(
        "`{}` is not a boundary file of Kayoi\nhint: import the N03 download first; the import writes the boundary file",
        path.display()
    )]
    NotBoundaryFile {
        /// The file.
        path: PathBuf,
    },
    /// Another Kayoi wrote the file.
    #[error(
        "boundary file `{}` has format version `{version}`, this program reads `{supported}`\n\
         hint: import the N03 download again, or use the program that wrote the file",
        path.display()
    )]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u16,
        /// The version that this program reads.
        supported: u16,
    },
    /// Boundaries that cannot be indexed.
    #[error(
        "the boundaries `{edition}` cannot be indexed: {source}\n\
         hint: check that they are administrative areas of one country, or simplify them"
    )]
    Index {
        /// The edition.
        edition: String,
        /// Why not.
        source: crate::index::BuildFault,
    },
    /// The bytes are not those that were written.
    #[error("boundary file `{}` is damaged: {what}\nhint: import the N03 download again", path.display())]
    DamagedBoundaryFile {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// The borders that ship could not be read.
    #[error("the embedded simplified borders cannot be read\nhint: this build is broken, take another")]
    EmbeddedBorders,
}

impl GeographyError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Read { .. } | Self::Write { .. } => ErrorCode::File,
            Self::NotN03 { .. }
            | Self::NoCodes { .. }
            | Self::NotGeoParquet { .. }
            | Self::OtherCrs { .. }
            | Self::NotDegrees { .. }
            | Self::LatitudeFirst { .. }
            | Self::ShapesAndRows { .. }
            | Self::MixedCodes { .. }
            | Self::AmbiguousCodes { .. }
            | Self::SeveralEditions { .. }
            | Self::DrawnTwice { .. }
            | Self::NoSuchLayer { .. }
            | Self::Malformed { .. }
            | Self::NotBoundaryFile { .. }
            | Self::OtherVersion { .. }
            | Self::Index { .. }
            | Self::DamagedBoundaryFile { .. } => ErrorCode::Borders,
            Self::EmbeddedBorders => ErrorCode::Defect,
        }
    }

    pub(crate) fn read(path: &Path, source: std::io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path, source: std::io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    /// Nothing to import; `column` is the one that was named for the code.
    pub(crate) fn no_areas(path: &Path, column: Option<&str>, found: impl Into<String>) -> Self {
        let (path, found) = (path.to_owned(), found.into());
        match column {
            None => Self::NotN03 { path, found },
            Some(column) => Self::NoCodes { path, column: column.to_owned(), found },
        }
    }

    pub(crate) fn no_such_layer(path: &Path, layer: String, offered: &[String]) -> Self {
        let names: Vec<String> = offered.iter().map(|name| format!("`{name}`")).collect();
        let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        Self::NoSuchLayer { path: path.to_owned(), layer, there }
    }

    pub(crate) fn not_geoparquet(path: &Path, found: impl Into<String>) -> Self {
        Self::NotGeoParquet { path: path.to_owned(), found: found.into() }
    }

    pub(crate) fn malformed(
        path: &Path,
        part: impl Into<String>,
        format: &'static str,
        source: impl Into<Cause>,
    ) -> Self {
        Self::Malformed { path: path.to_owned(), part: part.into(), format, source: source.into() }
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::DamagedBoundaryFile { path: path.to_owned(), what: what.into() }
    }
}
