//! How right Kayoi's tables are, against the truth.
//!
//! In: the folder of a truth, and a lake that was filled with its pings. Out: [`Score`] for one month. This file
//! reads the lake and is the only one that knows it; [`truth`] reads the truth, [`compare`] counts.

use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Int64Type};
use kayoi_lake::Lake;
use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::{Day, Month};

use crate::error::SimulateError;

mod compare;
mod report;
mod truth;

pub use report::{Classes, Detection, Nights, Primary, Score};

/// Scores a month: the one that is named, or the last one of the truth.
///
/// `device_of` gives the pseudonym that ingest made of a partner's device id.
///
/// # Errors
/// [`SimulateError`] when the truth or the lake cannot be read, or when the truth does not have the month.
pub fn score(
    truth_dir: &Path,
    lake: &Lake,
    month: Option<Month>,
    device_of: &dyn Fn(&str) -> DeviceId,
) -> Result<Score, SimulateError> {
    let known = truth::read(truth_dir, month, device_of)?;
    let seen = read_lake(lake, known.month)?;
    Ok(compare::compare(&known, &seen))
}

/// What Kayoi's tables say of a month.
#[derive(Debug, Default)]
struct Seen {
    /// Known nights.
    nights: Vec<(i64, Day, MunicipalityCode)>,
    /// Device, rank, municipality.
    residences: Vec<(i64, i64, MunicipalityCode)>,
    /// Ties that count.
    ties: Vec<SeenTie>,
}

/// A tie that counts.
#[derive(Debug)]
struct SeenTie {
    device: i64,
    town: MunicipalityCode,
    class: String,
    is_dual_resident: bool,
    is_workation: bool,
}

fn read_lake(lake: &Lake, month: Month) -> Result<Seen, SimulateError> {
    let mut seen = Seen::default();
    for batch in lake.rows(InternalTable::Nights, &["device_id", "night", "municipality_code"])? {
        let rows = Rows { table: "nights", batch };
        let (devices, nights, codes) = (rows.integers(0)?, rows.days(1)?, rows.texts(2)?);
        for ((device, night), code) in devices.into_iter().zip(nights).zip(codes) {
            if let Some(code) = code.and_then(|code| MunicipalityCode::parse(&code).ok()) {
                seen.nights.push((device, night, code));
            }
        }
    }
    let wanted = month.to_string();
    for batch in lake.rows(InternalTable::Residences, &["device_id", "month", "rank", "municipality_code"])? {
        let rows = Rows { table: "residences", batch };
        let (devices, months) = (rows.integers(0)?, rows.texts(1)?);
        let places = rows.integers(2)?.into_iter().zip(rows.texts(3)?);
        for ((device, month), (rank, code)) in devices.into_iter().zip(months).zip(places) {
            let code = code.and_then(|code| MunicipalityCode::parse(&code).ok());
            if let Some(code) = code.filter(|_| month.as_deref() == Some(&wanted)) {
                seen.residences.push((device, rank, code));
            }
        }
    }
    let columns = [
        "device_id",
        "month",
        "municipality_code",
        "visit_day_class",
        "is_dual_resident",
        "is_workation",
        "excluded",
    ];
    for batch in lake.rows(InternalTable::Ties, &columns)? {
        let rows = Rows { table: "ties", batch };
        let (devices, months, codes) = (rows.integers(0)?, rows.texts(1)?, rows.texts(2)?);
        let (classes, excluded) = (rows.texts(3)?, rows.texts(6)?);
        let (dual, workation) = (rows.flags(4)?, rows.flags(5)?);
        for (row, device) in devices.into_iter().enumerate() {
            let counts = months[row].as_deref() == Some(&wanted) && excluded[row].as_deref() == Some("no");
            let code = codes[row].as_deref().and_then(|code| MunicipalityCode::parse(code).ok());
            if let Some(town) = code.filter(|_| counts) {
                seen.ties.push(SeenTie {
                    device,
                    town,
                    class: classes[row].clone().unwrap_or_default(),
                    is_dual_resident: dual[row],
                    is_workation: workation[row],
                });
            }
        }
    }
    Ok(seen)
}

/// A batch whose columns are read by position, whatever width or encoding they were stored with.
struct Rows {
    table: &'static str,
    batch: RecordBatch,
}

impl Rows {
    fn cast(&self, column: usize, kind: &DataType) -> Result<arrow::array::ArrayRef, SimulateError> {
        cast(self.batch.column(column), kind).map_err(SimulateError::columns(self.table))
    }

    fn integers(&self, column: usize) -> Result<Vec<i64>, SimulateError> {
        Ok(self.cast(column, &DataType::Int64)?.as_primitive::<Int64Type>().values().to_vec())
    }

    fn days(&self, column: usize) -> Result<Vec<Day>, SimulateError> {
        let array = self.cast(column, &DataType::Date32)?;
        Ok(array.as_primitive::<Date32Type>().values().iter().map(|day| Day(*day)).collect())
    }

    fn texts(&self, column: usize) -> Result<Vec<Option<String>>, SimulateError> {
        let array = self.cast(column, &DataType::Utf8)?;
        Ok(array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    }

    fn flags(&self, column: usize) -> Result<Vec<bool>, SimulateError> {
        let array = self.cast(column, &DataType::Boolean)?;
        let flags = array.as_boolean();
        Ok((0..flags.len()).map(|row| flags.is_valid(row) && flags.value(row)).collect())
    }
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
