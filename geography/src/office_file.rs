//! Reading a file of offices.
//!
//! In: a path. Out: places, in the order of the file, every value checked. CSV is read here, GeoJSON in
//! `office_geojson`; what a place must be is one set of rules for both.
//!
//! Spreadsheets in Japan still write CSV in Shift_JIS, so a text that is no UTF-8 is read as that.

use std::ops::RangeInclusive;
use std::path::Path;

use csv::StringRecord;
use encoding_rs::SHIFT_JIS;

use crate::boundaries::ring::Point;
use crate::office_error::{OfficeFault, OfficesError, PlaceIn};
use crate::office_geojson;
use crate::offices::{DEFAULT_RADIUS_M, LARGEST_RADIUS_M, Office, Shape};

/// The box that holds Japan, degrees; ingest accepts fixes from the same one.
const LATITUDES: RangeInclusive<f64> = 20.4..=45.6;
const LONGITUDES: RangeInclusive<f64> = 122.9..=154.0;

/// A column or property, in English and in Japanese.
pub(crate) type Field = (&'static str, &'static str);
pub(crate) const NAME: Field = ("name", "名称");
const LATITUDE: Field = ("latitude", "緯度");
const LONGITUDE: Field = ("longitude", "経度");
pub(crate) const RADIUS_M: Field = ("radius_m", "半径");

/// What a radius may be written as.
pub(crate) const METRES: &str = "metres such as 100";

/// Reads the places of a file, at least one.
pub(crate) fn read(path: &Path) -> Result<Vec<Office>, OfficesError> {
    let extension = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    let (parse, expected): (Parse, _) = match extension.as_str() {
        "csv" => (read_csv, "line below the header"),
        "geojson" | "json" => (office_geojson::read, "feature"),
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

type Parse = fn(&Path, &str) -> Result<Vec<Office>, OfficesError>;

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
    // UTF-16 and workbooks have them, tables have not.
    if text.contains('\0') { Err(not_text()) } else { Ok(text) }
}

fn read_csv(path: &Path, text: &str) -> Result<Vec<Office>, OfficesError> {
    let malformed = |error: csv::Error| OfficesError::malformed(path, "CSV", error);
    let refused =
        |place, fault| OfficesError::Office { path: path.to_owned(), place: PlaceIn::Line(place), fault };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(malformed)?.clone();
    if header.is_empty() {
        return Ok(Vec::new());
    }
    let columns = Columns::of(&header).map_err(|fault| refused(1, fault))?;
    let mut offices = Vec::new();
    for record in reader.records() {
        let record = record.map_err(malformed)?;
        // Spreadsheets pad tables with lines of commas.
        if record.iter().all(str::is_empty) {
            continue;
        }
        offices.push(columns.office(&record).map_err(|fault| refused(line_of(&record, text), fault))?);
    }
    Ok(offices)
}

/// The line on which a record begins. The reader's own count misses blank lines before it, and the second half of
/// the line ends that Windows writes.
fn line_of(record: &StringRecord, text: &str) -> u64 {
    let start = record.position().map_or(0, |position| position.byte() as usize);
    let (before, from) = text.as_bytes().split_at(start.min(text.len()));
    let ends = from.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    1 + before.iter().chain(ends).filter(|byte| **byte == b'\n').count() as u64
}

/// Where the columns stand.
struct Columns {
    count: usize,
    name: usize,
    latitude: usize,
    longitude: usize,
    radius_m: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self, OfficeFault> {
        if let Some(found) = header.iter().find(|column| is_other_radius(column)) {
            return Err(OfficeFault::OtherRadius { found: found.to_owned() });
        }
        let optional = |(column, japanese): Field| {
            let mut positions = header.iter().enumerate().filter(|(_, found)| is(found, (column, japanese)));
            match (positions.next(), positions.next()) {
                (_, Some(_)) => Err(OfficeFault::TwoColumns { column, japanese }),
                (first, None) => Ok(first.map(|(position, _)| position)),
            }
        };
        let required = |(column, japanese): Field| {
            let found = || header.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            optional((column, japanese))?.ok_or_else(|| OfficeFault::NoColumn {
                column,
                japanese,
                found: found(),
            })
        };
        Ok(Self {
            count: header.len(),
            name: required(NAME)?,
            latitude: required(LATITUDE)?,
            longitude: required(LONGITUDE)?,
            radius_m: optional(RADIUS_M)?,
        })
    }

    fn office(&self, record: &StringRecord) -> Result<Office, OfficeFault> {
        if record.len() > self.count {
            return Err(OfficeFault::TooManyValues { found: record.len(), columns: self.count });
        }
        let value = |column: usize| record.get(column).unwrap_or_default();
        let degrees = |column, field: Field| number(field.0, value(column), "degrees such as 35.6812");
        let name = name(value(self.name))?;
        let (latitude, longitude) = (degrees(self.latitude, LATITUDE)?, degrees(self.longitude, LONGITUDE)?);
        let centre = point_in_japan([longitude, latitude])?;
        let radius_m = match self.radius_m.map(value).unwrap_or_default() {
            "" => DEFAULT_RADIUS_M,
            text => radius_m(number(RADIUS_M.0, text, METRES)?)?,
        };
        Ok(Office { name, shape: Shape::Circle { centre, radius_m } })
    }
}

/// Whether a column or property is this field, in either language.
pub(crate) fn is(found: &str, (english, japanese): Field) -> bool {
    found.eq_ignore_ascii_case(english) || found == japanese
}

/// Whether a column or property means a radius, but in a name that is not read: passed over, its places would
/// silently get the default.
pub(crate) fn is_other_radius(found: &str) -> bool {
    let means_radius = found.to_lowercase().starts_with("radius") || found.starts_with(RADIUS_M.1);
    means_radius && !is(found, RADIUS_M)
}

pub(crate) fn name(text: &str) -> Result<String, OfficeFault> {
    match text.trim() {
        "" => Err(OfficeFault::NoName),
        name => Ok(name.to_owned()),
    }
}

pub(crate) fn number(field: &'static str, text: &str, allowed: &'static str) -> Result<f64, OfficeFault> {
    text.trim().parse().map_err(|_| OfficeFault::NotNumber { field, value: text.to_owned(), allowed })
}

pub(crate) fn radius_m(value: f64) -> Result<f64, OfficeFault> {
    if value > 0.0 && value <= LARGEST_RADIUS_M { Ok(value) } else { Err(OfficeFault::Radius { value }) }
}

/// The point, if it lies in the box that holds Japan.
pub(crate) fn point_in_japan(point: Point) -> Result<Point, OfficeFault> {
    let [longitude, latitude] = point;
    let outside = |field: Field, value, allowed: RangeInclusive<f64>| {
        Err(OfficeFault::OutsideJapan { field: field.0, value, low: *allowed.start(), high: *allowed.end() })
    };
    match (LATITUDES.contains(&latitude), LONGITUDES.contains(&longitude)) {
        (true, true) => Ok(point),
        _ if LATITUDES.contains(&longitude) && LONGITUDES.contains(&latitude) => {
            Err(OfficeFault::Swapped { latitude, longitude })
        }
        (false, _) => outside(LATITUDE, latitude, LATITUDES),
        (true, false) => outside(LONGITUDE, longitude, LONGITUDES),
    }
}
