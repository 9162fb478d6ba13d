//! Workplaces → rows of `workplaces`.
//!
//! In: device records. Out: one row for each month with a workplace.

use arrow::array::RecordBatch;
use kayoi_device::{DeviceRecord, Workplace};
use kayoi_lake::LakeError;
use kayoi_schemas::tables::InternalTable;

use super::column::{batch, floats, ints, longs, texts};

/// Rows of `workplaces`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub(crate) fn rows(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
    let rows: Vec<_> = records
        .iter()
        .flat_map(|record| record.workplaces.iter().map(|(month, work)| (record.device, *month, work)))
        .collect();
    let days = |pick: fn(&Workplace) -> f64| ints(rows.iter().map(|(_, _, work)| pick(work).round() as u32));
    let float = |pick: fn(&Workplace) -> f64| floats(rows.iter().map(|(_, _, work)| pick(work) as f32));
    batch(
        InternalTable::Workplaces,
        vec![
            longs(rows.iter().map(|(device, ..)| device.column_value())),
            texts(rows.iter().map(|(_, month, _)| Some(month.to_string()))),
            texts(rows.iter().map(|(_, _, work)| Some(work.municipality.to_string()))),
            days(|work| work.work_days),
            days(|work| work.telework_days),
            ints(rows.iter().map(|(_, _, work)| work.days_seen)),
            // Whole kilometres: with the municipality's shape a finer figure would point at a home.
            float(|work| work.commute_km.round()),
            float(|work| work.km_avoided.round()),
            float(|work| work.kg_co2_avoided),
        ],
    )
}
