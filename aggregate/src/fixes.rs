//! Pings of a piece of devices → fixes, sorted and each once.
//!
//! In: the files of `pings` and a range of devices. Out: fixes by (device, instant). Copies that arrived in
//! different commits fall together here: the key is device, instant and point, and the best accuracy is kept.
//! Because the key is total, the result does not depend on the order of arrival.

use std::ops::RangeInclusive;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use kayoi_geography::Register;
use kayoi_lake::{DataFile, LakeError};
use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;
use rayon::prelude::*;

/// A placed ping as aggregation needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Who.
    pub device: DeviceId,
    /// When.
    pub instant: UtcMillis,
    /// Where.
    pub point: GridPoint,
    /// Metres; 50 when the partner does not say.
    pub accuracy_m: f32,
    /// Wards rolled up to their city.
    pub municipality: Option<MunicipalityCode>,
}

const UNKNOWN_ACCURACY_M: f32 = 50.0;
const COLUMNS: [&str; 6] =
    ["device_id", "timestamp", "latitude_e7", "longitude_e7", "accuracy_m", "municipality_code"];

/// Reads the fixes of a range of devices. Returns them and how many copies were dropped.
///
/// # Errors
/// [`LakeError`] when a file cannot be read.
pub fn read(files: &[DataFile], devices: &RangeInclusive<i64>) -> Result<(Vec<Fix>, u64), LakeError> {
    let table = InternalTable::Pings.table();
    let parts: Result<Vec<Vec<Fix>>, LakeError> = files
        .par_iter()
        .map(|file| {
            let batches = kayoi_lake::scan::read_device_range(table, file, &COLUMNS, devices)?;
            Ok(batches.iter().flat_map(fixes_of).collect())
        })
        .collect();
    let mut fixes: Vec<Fix> = parts?.into_iter().flatten().collect();
    let read = fixes.len();
    fixes.par_sort_unstable_by_key(|fix| (fix.device, fix.instant, fix.point, fix.accuracy_m.to_bits()));
    fixes.dedup_by_key(|fix| (fix.device, fix.instant, fix.point));
    let copies = (read - fixes.len()) as u64;
    Ok((fixes, copies))
}

fn fixes_of(batch: &RecordBatch) -> Vec<Fix> {
    let register = Register::japan();
    let device = batch.column(0).as_primitive::<Int64Type>();
    let instant = batch.column(1).as_primitive::<TimestampMicrosecondType>();
    let latitude = batch.column(2).as_primitive::<Int32Type>();
    let longitude = batch.column(3).as_primitive::<Int32Type>();
    let accuracy = batch.column(4).as_primitive::<Float32Type>();
    let municipality = batch.column(5).as_string::<i32>();
    // Neighbouring rows are mostly in one municipality: parse a code once per run.
    let mut last: Option<(&str, Option<MunicipalityCode>)> = None;
    (0..batch.num_rows())
        .map(|row| {
            let code = municipality.is_valid(row).then(|| municipality.value(row));
            let municipality = code.and_then(|text| match last {
                Some((known, code)) if known == text => code,
                _ => {
                    let code = MunicipalityCode::parse(text).ok().map(|code| register.basic(code));
                    last = Some((text, code));
                    code
                }
            });
            Fix {
                device: DeviceId::from_column(device.value(row)),
                instant: UtcMillis(instant.value(row).div_euclid(1000)),
                point: GridPoint { latitude_e7: latitude.value(row), longitude_e7: longitude.value(row) },
                accuracy_m: if accuracy.is_valid(row) { accuracy.value(row) } else { UNKNOWN_ACCURACY_M },
                municipality,
            }
        })
        .collect()
}
