//! Ties → rows of `ties`.
//!
//! In: device records. Out: one row for each month and municipality, those that do not count included, with
//! the reason.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float32Array, RecordBatch};
use kayoi_device::{DeviceRecord, Tie};
use kayoi_lake::LakeError;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Month;

use super::column::{batch, booleans, ints, longs, texts};

/// Rows of `ties`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub(crate) fn rows(records: &[DeviceRecord], definition: &Definition) -> Result<RecordBatch, LakeError> {
    let mut rows: Vec<(i64, Month, &Tie)> = Vec::new();
    for record in records {
        for (month, ties) in &record.ties {
            rows.extend(ties.iter().map(|tie| (record.device.column_value(), *month, tie)));
        }
    }
    let class = |tie: &Tie| match definition.visit_day_class(tie.visit_days) {
        (from, Some(to)) if from == to => from.to_string(),
        (from, Some(to)) => format!("{from}-{to}"),
        (from, None) => format!("{from}+"),
    };
    let count = |pick: fn(&Tie) -> u32| ints(rows.iter().map(|(_, _, tie)| pick(tie)));
    let flag = |pick: fn(&Tie) -> bool| booleans(rows.iter().map(|(_, _, tie)| pick(tie)));
    let day = |pick: fn(&Tie) -> i32| -> ArrayRef {
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|(_, _, tie)| pick(tie))))
    };
    batch(
        InternalTable::Ties,
        vec![
            longs(rows.iter().map(|row| row.0)),
            texts(rows.iter().map(|row| Some(row.1.to_string()))),
            texts(rows.iter().map(|(_, _, tie)| Some(tie.municipality.to_string()))),
            texts(rows.iter().map(|(_, _, tie)| tie.origin.map(|code| code.to_string()))),
            count(|tie| tie.visits),
            count(|tie| tie.visit_days),
            texts(rows.iter().map(|(_, _, tie)| Some(class(tie)))),
            count(|tie| tie.nights),
            count(|tie| tie.quarters),
            count(|tie| tie.working_days),
            count(|tie| tie.telework_days),
            day(|tie| tie.first_day.0),
            day(|tie| tie.last_day.0),
            count(|tie| tie.kin_visit_days),
            count(|tie| tie.office_days),
            Arc::new(Float32Array::from_iter(
                rows.iter().map(|(_, _, tie)| tie.mean_interval_days.map(|days| days as f32)),
            )),
            Arc::new(Float32Array::from_iter(
                rows.iter().map(|(_, _, tie)| tie.distance_km.map(|km| km as f32)),
            )),
            texts(rows.iter().map(|(_, _, tie)| Some(tie.excluded.as_str().to_owned()))),
            texts(rows.iter().map(|(_, _, tie)| Some(tie.kind.as_str().to_owned()))),
            flag(|tie| tie.is_repeat),
            flag(|tie| tie.is_connected),
            flag(|tie| tie.is_dual_resident),
            flag(|tie| tie.is_workation),
        ],
    )
}
