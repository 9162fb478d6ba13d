//! What devices can speak for → rows of `panel`.
//!
//! In: device records. Out: one row for each month in which a device was seen.

use arrow::array::RecordBatch;
use kayoi_device::{DeviceRecord, PanelMonth};
use kayoi_lake::LakeError;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Month;

use super::column::{batch, booleans, ints, longs, texts};

/// Rows of `panel`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub(crate) fn rows(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
    let of_device = |record: &'_ DeviceRecord| {
        let device = record.device.column_value();
        record.panel.iter().map(move |(month, panel)| (device, *month, *panel)).collect::<Vec<_>>()
    };
    let rows: Vec<(i64, Month, PanelMonth)> = records.iter().flat_map(of_device).collect();
    batch(
        InternalTable::Panel,
        vec![
            longs(rows.iter().map(|row| row.0)),
            texts(rows.iter().map(|row| Some(row.1.to_string()))),
            ints(rows.iter().map(|row| row.2.days_seen)),
            texts(rows.iter().map(|row| Some(row.2.standing.as_str().to_owned()))),
            booleans(rows.iter().map(|row| row.2.is_of_month)),
            booleans(rows.iter().map(|row| row.2.is_of_year)),
        ],
    )
}
