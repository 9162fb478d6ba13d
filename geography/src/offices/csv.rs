//! Reading offices from CSV.
//!
//! In: the text of a table with a header. Out: places, in the order of its lines. Columns are found by their
//! names and may stand in any order among others, as in the lists that offices are kept in anyway.

use std::path::Path;

use csv::StringRecord;

use super::error::{OfficeFault, OfficesError, PlaceIn};
use super::field::{
    Field, LATITUDE, LONGITUDE, METRES, NAME, RADIUS_M, is, is_other_radius, name, number, point_in_japan,
    radius_m,
};
use super::place::{DEFAULT_RADIUS_M, Office, Shape};

/// The places of a table, which are none when there is no line below the header.
pub(super) fn read(path: &Path, text: &str) -> Result<Vec<Office>, OfficesError> {
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

/// The line on which a record begins. The reader's own count misses blank lines before it, and the second
/// half of the line ends that Windows writes.
pub(crate) fn line_of(record: &StringRecord, text: &str) -> u64 {
    let start = record.position().map_or(0, |position| position.byte() as usize);
    let (before, from) = text.as_bytes().split_at(start.min(text.len()));
    let ends = from.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    1 + before.iter().chain(ends).filter(|byte| **byte == b'\n').count() as u64
}

/// Where the columns stand in each line, counted from 0.
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
