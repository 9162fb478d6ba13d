//! Offices: places that an operator names, such as satellite offices and coworking spaces, and those whose pings
//! nobody may keep.
//!
//! In: a file of places, CSV or GeoJSON. Out: [`Offices`], which tell for a point the place that it lies in,
//! or lies near enough to for how exact the point is, and a [`Fence`] around them, which tells fast that it lies
//! in none. Only this file knows which formats there are; what a
//! place must be is one set of rules for all of them (`field`), and one bad place refuses the file.

mod error;
mod place;
mod field;
mod csv;
mod geojson;
mod index;
mod fence;

use std::path::Path;

use encoding_rs::SHIFT_JIS;

pub(crate) use csv::line_of;
use place::Office;

pub use error::{OfficeFault, OfficesError, PlaceIn};
pub use fence::Fence;
pub use index::{LARGEST_SLACK_M, OfficeIndex, Offices};
pub use place::{DEFAULT_RADIUS_M, LARGEST_RADIUS_M};

impl Offices {
    /// Reads a file of places: GeoJSON (`.geojson`, `.json`) with points (`name`, `radius_m`), polygons and
    /// multipolygons, or CSV (`.csv`) with the columns `name`, `latitude`, `longitude` and `radius_m`.
    ///
    /// # Errors
    /// [`OfficesError`] with the line or the feature, its value and what is allowed. One bad place fails the
    /// file: a place that is left out would show as fewer people, and nobody would know why.
    pub fn read(path: &Path) -> Result<Offices, OfficesError> {
        Ok(Self::of(places(path)?))
    }
}

/// Reads one format.
type Parse = fn(&Path, &str) -> Result<Vec<Office>, OfficesError>;

/// Reads the places of a file, at least one.
fn places(path: &Path) -> Result<Vec<Office>, OfficesError> {
    let extension = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    let (parse, expected): (Parse, _) = match extension.as_str() {
        "csv" => (csv::read, "line below the header"),
        "geojson" | "json" => (geojson::read, "feature"),
        _ => {
            let found = match extension.as_str() {
                "" => "no extension".to_owned(),
                other => format!("the extension `.{other}`"),
            };
            return Err(OfficesError::OtherFormat { path: path.to_owned(), found });
        }
    };
    let bytes = std::fs::read(path).map_err(|source| OfficesError::Read { path: path.to_owned(), source })?;
    let offices = parse(path, &text(path, &bytes)?)?;
    if offices.is_empty() {
        return Err(OfficesError::Empty { path: path.to_owned(), expected });
    }
    Ok(offices)
}

/// The file as text: UTF-8, or else Shift_JIS, in which spreadsheets in Japan still write.
fn text(path: &Path, bytes: &[u8]) -> Result<String, OfficesError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let not_text = || OfficesError::NotText { path: path.to_owned() };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => SHIFT_JIS
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(not_text)?
            .into_owned(),
    };
    // UTF-16 and workbooks contain NUL characters; a table does not.
    if text.contains('\0') { Err(not_text()) } else { Ok(text) }
}

#[cfg(test)]
#[path = "offices_tests.rs"]
mod tests;
