//! Device records and counts → rows of the internal tables.
//!
//! In: what was measured. Out: Arrow batches in each table's order. Pure; `run` writes them.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float32Array, Int16Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use kayoi_lake::LakeError;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::{Month, UtcMillis};

use crate::device::DeviceRecord;
use crate::indicators::{Area, Indicators, kinds};
use crate::release::area_kinds;
use crate::residences::Residence;
use crate::ties::Tie;
use crate::work::Workplace;

/// Rows of `stays`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub fn stays(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
    let rows: Vec<_> = records
        .iter()
        .flat_map(|r| r.stays.iter().map(move |(stay, cell)| (r.device, stay, *cell)))
        .collect();
    let instants = |pick: fn(&crate::stays::Stay) -> UtcMillis| -> ArrayRef {
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

/// Rows of `nights`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub fn nights(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
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

/// Rows of `residences`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub fn residences(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
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

/// Rows of `workplaces`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub fn workplaces(records: &[DeviceRecord]) -> Result<RecordBatch, LakeError> {
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

/// Rows of `ties`.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub fn ties(records: &[DeviceRecord], definition: &Definition) -> Result<RecordBatch, LakeError> {
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
    let flag = |pick: fn(&Tie) -> bool| -> ArrayRef {
        Arc::new(BooleanArray::from_iter(rows.iter().map(|(_, _, tie)| Some(pick(tie)))))
    };
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

/// Rows of `indicators`: the exact totals, for operators' checks.
///
/// # Errors
/// [`LakeError::Arrow`] when columns do not fit.
pub fn indicators(indicators: &Indicators, definition: &Definition) -> Result<RecordBatch, LakeError> {
    let mut rows: Vec<[String; 5]> = Vec::new();
    let mut counts: Vec<(u64, u64)> = Vec::new();
    let mut push = |key: [String; 5], devices: u64, ties: u64| {
        rows.push(key);
        counts.push((devices, ties));
    };
    let words = |table: &str, period: String, area: String, kind: String| {
        [table.to_owned(), period, area, kind, "all".to_owned()]
    };
    for ((month, place), atoms) in &indicators.monthly {
        for kind in kinds(definition) {
            let count = atoms.iter().filter(|(atom, _)| atom.is(kind)).map(|(_, count)| count).sum();
            push(
                words("connected_monthly", month.to_string(), place.to_string(), kind.to_string()),
                count,
                count,
            );
        }
    }
    for ((month, area), atoms) in &indicators.totals {
        for kind in area_kinds() {
            let count = atoms.iter().filter(|(atom, _)| atom.is(kind)).map(|(_, count)| count).sum();
            let code = match area {
                Area::Country => "JP".to_owned(),
                Area::Prefecture(code) => code.to_string(),
            };
            let ties = gross(indicators, *month, *area, kind);
            push(words("connected_totals_monthly", month.to_string(), code, kind.to_string()), count, ties);
        }
    }
    for ((day, place), origins) in &indicators.daily {
        let count = origins.values().sum();
        push(words("visitors_daily", day.to_string(), place.to_string(), "visitor".to_owned()), count, count);
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| rows[*a].cmp(&rows[*b]));
    let mut columns: Vec<ArrayRef> =
        (0..5).map(|column| texts(order.iter().map(|row| Some(rows[*row][column].clone())))).collect();
    columns.push(longs(order.iter().map(|row| counts[*row].0 as i64)));
    columns.push(longs(order.iter().map(|row| counts[*row].1 as i64)));
    columns.push(texts(order.iter().map(|_| Some(definition.id()))));
    batch(InternalTable::Indicators, columns)
}

fn gross(indicators: &Indicators, month: Month, area: Area, kind: kayoi_schemas::release::TieKind) -> u64 {
    let of_area = indicators
        .monthly
        .iter()
        .filter(|((found, place), _)| *found == month && area.contains(place.prefecture()));
    of_area
        .flat_map(|(_, atoms)| atoms.iter().filter(|(atom, _)| atom.is(kind)).map(|(_, count)| *count))
        .sum()
}

fn longs(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn ints(values: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values.map(|value| value as i32)))
}

fn floats(values: impl Iterator<Item = f32>) -> ArrayRef {
    Arc::new(Float32Array::from_iter_values(values))
}

fn texts(values: impl Iterator<Item = Option<String>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(values))
}

fn batch(table: InternalTable, columns: Vec<ArrayRef>) -> Result<RecordBatch, LakeError> {
    let table = table.table();
    RecordBatch::try_new(table.arrow_schema(), columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}
