//! Stays → rows of `stays`.
//!
//! In: device records. Out: one row for each stay, in the order of devices and arrivals.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, TimestampMicrosecondArray};
use kayoi_device::{CompletedStay, DeviceRecord};
use kayoi_lake::LakeError;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::UtcMillis;

use super::column::{batch, floats, ints, longs, texts};

/// Rows of `stays`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub(crate) fn rows(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
    let rows: Vec<_> = records
        .iter()
        .flat_map(|r| r.stays.iter().map(move |(stay, cell)| (r.device, stay, *cell)))
        .collect();
    let instants = |pick: fn(&CompletedStay) -> UtcMillis| -> ArrayRef {
        let micros = rows.iter().map(|(_, stay, _)| pick(stay).0 * 1000);
        Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))
    };
    batch(
        InternalTable::Stays,
        vec![
            longs(rows.iter().map(|(device, ..)| device.column_value())),
            instants(|stay| stay.arrival),
            instants(|stay| stay.departure),
            longs(rows.iter().map(|(_, _, cell)| cell.column_value())),
            texts(rows.iter().map(|(_, stay, _)| stay.municipality.map(|code| code.to_string()))),
            ints(rows.iter().map(|(_, stay, _)| stay.ping_count)),
            floats(rows.iter().map(|(_, stay, _)| stay.observed_minutes)),
            floats(rows.iter().map(|(_, stay, _)| stay.inferred_minutes)),
        ],
    )
}
