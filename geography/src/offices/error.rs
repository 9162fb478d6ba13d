//! What can go wrong with a file of places, in words an operator can act on.
//!
//! In: a cause. Out: one message with the file, the line or feature, its value, what is allowed, and a
//! `hint:`.

use std::fmt;
use std::path::{Path, PathBuf};

use kayoi_schemas::error_code::ErrorCode;

use super::place::LARGEST_RADIUS_M;
use crate::error::Cause;

/// Errors of reading a file of places.
#[derive(Debug, thiserror::Error)]
pub enum OfficesError {
    /// The file system said no.
    #[error("cannot read `{}`\nhint: check that the file exists and that this user may read it", path.display())]
    Read {
        /// The file of places.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The name does not say which format it is.
    #[error(
        "`{}` has {found}; places are read from `.csv`, `.geojson` and `.json`\n\
         hint: save a table as CSV (UTF-8), and a layer of a map as GeoJSON",
        path.display()
    )]
    OtherFormat {
        /// The file of places.
        path: PathBuf,
        /// What its name ends with.
        found: String,
    },
    /// The bytes are not text.
    #[error(
        "`{}` is not text in UTF-8 or Shift_JIS\n\
         hint: save it again, from a spreadsheet as CSV UTF-8; a workbook (.xlsx) under another name is not CSV",
        path.display()
    )]
    NotText {
        /// The file of places.
        path: PathBuf,
    },
    /// The text breaks the rules of its format.
    #[error(
        "cannot read `{}` as {format}\n\
         hint: the cause below names the line; close every bracket and quote there",
        path.display()
    )]
    Malformed {
        /// The file of places.
        path: PathBuf,
        /// The format it was read as.
        format: &'static str,
        /// What the reader of that format said.
        source: Cause,
    },
    /// JSON, but not a list of features.
    #[error(
        "`{}` holds {found}; expected a GeoJSON object of type `FeatureCollection` with the list `features`\n\
         hint: put a single Feature or geometry into the list of a FeatureCollection",
        path.display()
    )]
    NotCollection {
        /// The file of places.
        path: PathBuf,
        /// What it holds instead.
        found: String,
    },
    /// A file without any place.
    #[error(
        "`{}` holds no places; expected at least one {expected}\n\
         hint: leave the file out if there are no places to name",
        path.display()
    )]
    Empty {
        /// The file of places.
        path: PathBuf,
        /// What a place would have been.
        expected: &'static str,
    },
    /// One place is not as it should be.
    #[error("`{}`, {place}: {fault}", path.display())]
    Office {
        /// The file of places.
        path: PathBuf,
        /// Where in the file.
        place: PlaceIn,
        /// What is wrong.
        fault: OfficeFault,
    },
}

/// Where in a file, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceIn {
    /// A line of a CSV file.
    Line(u64),
    /// A feature of a FeatureCollection.
    Feature(usize),
}

impl fmt::Display for PlaceIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(formatter, "line {line}"),
            Self::Feature(feature) => write!(formatter, "feature {feature}"),
        }
    }
}

/// Why a place, or the header of a table of places, is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OfficeFault {
    /// The header lacks a column.
    #[error(
        "no column `{column}` ({japanese}) among {found}; expected `name`, `latitude`, `longitude` and, if \
         wanted, `radius_m`\n\
         hint: the first line names the columns, separated by commas"
    )]
    NoColumn {
        /// The column in English.
        column: &'static str,
        /// The same column in Japanese.
        japanese: &'static str,
        /// The columns there are.
        found: String,
    },
    /// The header has a column twice, perhaps once in each language.
    #[error(
        "the column `{column}` ({japanese}) is there twice; expected once\nhint: take one of the two out"
    )]
    TwoColumns {
        /// The column in English.
        column: &'static str,
        /// The same column in Japanese.
        japanese: &'static str,
    },
    /// A radius that would be passed over.
    #[error(
        "`{found}` is not a name that is read; expected `radius_m` (半径), metres\nhint: rename it, in metres"
    )]
    OtherRadius {
        /// The column or property.
        found: String,
    },
    /// More values than the header has columns.
    #[error(
        "{found} values under {columns} columns; expected at most one for each\n\
         hint: put values with commas in them, such as addresses, between double quotes"
    )]
    TooManyValues {
        /// Values of the line.
        found: usize,
        /// Columns of the header.
        columns: usize,
    },
    /// The name is missing.
    #[error("the name is empty; expected some text in `name` (名称)\nhint: the name tells places apart")]
    NoName,
    /// Text where a number should be.
    #[error(
        "{field} `{value}` is not a number; expected {allowed}\n\
         hint: decimals with a point, without units; degrees without minutes and seconds"
    )]
    NotNumber {
        /// The column or property.
        field: &'static str,
        /// The text that stands there instead.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Outside the box that holds Japan.
    #[error(
        "{field} `{value}` is outside Japan; expected {low} to {high}\n\
         hint: degrees WGS 84; metres of a plane (EPSG:6669 to 6687, 3857) must be reprojected first"
    )]
    OutsideJapan {
        /// Latitude or longitude.
        field: &'static str,
        /// The degrees that were given.
        value: f64,
        /// The least degrees in Japan.
        low: f64,
        /// The most degrees in Japan.
        high: f64,
    },
    /// Latitude and longitude are exchanged.
    #[error(
        "latitude `{latitude}` and longitude `{longitude}` lie in Japan only the other way round\n\
         hint: swap them; a GeoJSON position is [longitude, latitude], and in a CSV the header says which is which"
    )]
    Swapped {
        /// What was given as the latitude.
        latitude: f64,
        /// What was given as the longitude.
        longitude: f64,
    },
    /// No radius, or that of a town.
    #[error(
        "radius_m `{value}` is not allowed; expected more than 0 and at most {} metres\n\
         hint: a place is a building or a campus; name several, or draw a polygon",
        LARGEST_RADIUS_M
    )]
    Radius {
        /// The metres that were given.
        value: f64,
    },
    /// A radius around a polygon.
    #[error(
        "a {geometry} has radius_m `{value}`; expected it with a Point only\n\
         hint: take it out, or draw the polygon as wide as is meant"
    )]
    RadiusOfPolygon {
        /// The type of the geometry.
        geometry: String,
        /// The metres that were given.
        value: f64,
    },
    /// No geometry of a place.
    #[error("the geometry is {found}; expected `Point`, `Polygon` or `MultiPolygon`\nhint: split others up")]
    Geometry {
        /// What it is.
        found: String,
    },
    /// Coordinates that do not fit their geometry.
    #[error("the coordinates {found} are not a {expected}\nhint: see RFC 7946, section 3.1")]
    Coordinates {
        /// What they are, cut short.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A hole that lies outside its polygon.
    #[error(
        "the hole at `[{longitude},{latitude}]` lies outside its polygon; expected it inside the first ring\n\
         hint: in a Polygon the first ring is the outer one and others are its holes; for several places make a \
         MultiPolygon"
    )]
    HoleOutside {
        /// Of its first position.
        longitude: f64,
        /// Of its first position.
        latitude: f64,
    },
    /// A polygon of the size of a town.
    #[error(
        "the polygon is {} m wide; expected at most {} m\n\
         hint: a place is a building or a campus, not a municipality; divide a larger one",
        extent_m.round(),
        2.0 * LARGEST_RADIUS_M
    )]
    TooWide {
        /// Width or height, whichever is more, metres.
        extent_m: f64,
    },
}

impl OfficesError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Read { .. } => ErrorCode::File,
            Self::OtherFormat { .. }
            | Self::NotText { .. }
            | Self::Malformed { .. }
            | Self::NotCollection { .. }
            | Self::Empty { .. }
            | Self::Office { .. } => ErrorCode::OwnTable,
        }
    }

    pub(super) fn malformed(path: &Path, format: &'static str, source: impl Into<Cause>) -> Self {
        Self::Malformed { path: path.to_owned(), format, source: source.into() }
    }
}
