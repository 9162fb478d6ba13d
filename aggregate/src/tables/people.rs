//! What partners say of people → rows of `people`.
//!
//! In: device records. Out: one row for each device of whose person anything is known.

use std::sync::Arc;

use arrow::array::{Date32Array, RecordBatch};
use kayoi_device::{DeviceRecord, Person};
use kayoi_lake::LakeError;
use kayoi_schemas::tables::InternalTable;

use super::column::{batch, longs, texts};

/// Rows of `people`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub(crate) fn rows(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
    let known = records.iter().filter_map(|record| Some((record.device.column_value(), record.person?)));
    let rows: Vec<(i64, Person)> = known.collect();
    batch(
        InternalTable::People,
        vec![
            longs(rows.iter().map(|row| row.0)),
            texts(rows.iter().map(|row| row.1.attributes.age.map(|age| age.to_string()))),
            texts(rows.iter().map(|row| row.1.attributes.sex.map(|sex| sex.as_str().to_owned()))),
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.1.as_of.0))),
        ],
    )
}
