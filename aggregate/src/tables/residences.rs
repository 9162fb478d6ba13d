//! Residences → rows of `residences`.
//!
//! In: device records. Out: one row for each month and residence, ranked from 1.

use std::sync::Arc;

use arrow::array::{Int16Array, RecordBatch};
use kayoi_device::DeviceRecord;
use kayoi_device::residences::Residence;
use kayoi_lake::LakeError;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Month;

use super::column::{batch, floats, ints, longs, texts};

/// Rows of `residences`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub(crate) fn rows(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
    let mut rows: Vec<(i64, Month, usize, &Residence)> = Vec::new();
    for record in records {
        for (month, residences) in &record.residences {
            let ranked = residences.iter().enumerate();
            rows.extend(
                ranked.map(|(index, residence)| (record.device.column_value(), *month, index + 1, residence)),
            );
        }
    }
    batch(
        InternalTable::Residences,
        vec![
            longs(rows.iter().map(|row| row.0)),
            texts(rows.iter().map(|row| Some(row.1.to_string()))),
            Arc::new(Int16Array::from_iter_values(rows.iter().map(|row| row.2 as i16))),
            texts(rows.iter().map(|row| Some(row.3.municipality.to_string()))),
            texts(rows.iter().map(|row| Some(row.3.regime.as_str().to_owned()))),
            ints(rows.iter().map(|row| row.3.nights_observed)),
            floats(rows.iter().map(|row| row.3.nights_estimated as f32)),
            ints(rows.iter().map(|row| row.3.nights_known)),
        ],
    )
}
