//! Nights → rows of `nights`.
//!
//! In: device records. Out: one row for each evening from a device's first to its last day, known or not.

use std::sync::Arc;

use arrow::array::{Date32Array, RecordBatch};
use kayoi_device::DeviceRecord;
use kayoi_lake::LakeError;
use kayoi_schemas::tables::InternalTable;

use super::column::{batch, floats, longs, texts};

/// Rows of `nights`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub(crate) fn rows(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
    let rows: Vec<_> =
        records.iter().flat_map(|r| r.nights.nights.iter().map(move |night| (r.device, night))).collect();
    batch(
        InternalTable::Nights,
        vec![
            longs(rows.iter().map(|(device, _)| device.column_value())),
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|(_, night)| night.night.0))),
            texts(rows.iter().map(|(_, night)| night.slept.municipality().map(|code| code.to_string()))),
            texts(rows.iter().map(|(_, night)| Some(night.slept.status().to_owned()))),
            floats(rows.iter().map(|(_, night)| night.minutes)),
            floats(rows.iter().map(|(_, night)| night.probability)),
        ],
    )
}
