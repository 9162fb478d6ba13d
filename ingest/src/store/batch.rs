//! Rows → the columns of their table.
//!
//! In: sorted rows. Out: Arrow batches. The partition column is a folder, not a column of the file.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float32Array, Int32Array, Int64Array, RecordBatch, StringArray, StringBuilder,
    TimestampMicrosecondArray,
};
use arrow::datatypes::Schema;
use kayoi_lake::LakeError;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tables::{InternalTable, Table};
use kayoi_schemas::time::DayRule;

use super::order::Row;
use super::side::SideRow;
use crate::place::PlacedPing;
use crate::rejection::Rejection;

/// Rows of one day.
pub(super) fn pings(rows: &[Row], partners: &[String]) -> Result<RecordBatch, LakeError> {
    let partner = |row: &Row| partners.get(usize::from(row.partner)).map_or("", String::as_str);
    let mut columns = fixes(rows.iter().map(|row| &row.ping));
    columns.push(Arc::new(StringArray::from_iter_values(rows.iter().map(partner))));
    batch(InternalTable::Pings.table(), columns)
}

/// Late pings, of any days.
pub(super) fn late(rows: &[SideRow<'_, PlacedPing>]) -> Result<RecordBatch, LakeError> {
    let mut sorted: Vec<&SideRow<'_, PlacedPing>> = rows.iter().collect();
    sorted.sort_by_key(|row| (row.value.device(), row.value.instant(), row.offset));
    let mut columns = fixes(sorted.iter().map(|row| row.value));
    let partners = sorted.iter().map(|row| &row.stream.feed.partner);
    columns.push(Arc::new(StringArray::from_iter_values(partners)));
    let days = sorted.iter().map(|row| DayRule::JAPAN.day(row.value.instant()).0);
    columns.push(Arc::new(Date32Array::from_iter_values(days)));
    batch(InternalTable::LatePings.table(), columns)
}

/// Rejected records, of any streams.
pub(super) fn rejects(rows: &[SideRow<'_, Rejection>]) -> Result<RecordBatch, LakeError> {
    let mut sorted: Vec<&SideRow<'_, Rejection>> = rows.iter().collect();
    sorted.sort_by(|a, b| {
        let key = |row: &SideRow<'_, Rejection>| (row.stream.partition, row.offset);
        a.stream.name.cmp(&b.stream.name).then_with(|| key(a).cmp(&key(b)))
    });
    let rows = || sorted.iter();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows().map(|r| &r.stream.feed.partner))),
        Arc::new(StringArray::from_iter_values(rows().map(|r| &r.stream.name))),
        Arc::new(Int32Array::from_iter_values(rows().map(|r| r.stream.partition))),
        Arc::new(Int64Array::from_iter_values(rows().map(|r| r.offset))),
        Arc::new(StringArray::from_iter_values(rows().map(|r| r.value.reason.as_str()))),
        Arc::new(StringArray::from_iter_values(rows().map(|r| r.value.detail.to_string()))),
    ];
    batch(InternalTable::Rejects.table(), columns)
}

/// The columns that every table of fixes begins with.
fn fixes<'p>(pings: impl Iterator<Item = &'p PlacedPing> + Clone) -> Vec<ArrayRef> {
    let mut municipality = StringBuilder::new();
    for ping in pings.clone() {
        municipality.append_option(ping.municipality.map(|code: MunicipalityCode| code.to_string()));
    }
    let instants = pings.clone().map(|ping| ping.instant().0 * 1000);
    vec![
        Arc::new(Int64Array::from_iter_values(pings.clone().map(|ping| ping.device().column_value()))),
        Arc::new(TimestampMicrosecondArray::from_iter_values(instants).with_timezone("UTC")),
        Arc::new(Int32Array::from_iter_values(pings.clone().map(|ping| ping.point().latitude_e7))),
        Arc::new(Int32Array::from_iter_values(pings.clone().map(|ping| ping.point().longitude_e7))),
        Arc::new(Float32Array::from_iter(pings.clone().map(|ping| ping.accuracy_m()))),
        Arc::new(StringArray::from_iter(
            pings.clone().map(|ping| ping.source().map(|source| source.as_str())),
        )),
        Arc::new(Int64Array::from_iter_values(pings.map(|ping| ping.cell.column_value()))),
        Arc::new(municipality.finish()),
    ]
}

fn batch(table: &Table, columns: Vec<ArrayRef>) -> Result<RecordBatch, LakeError> {
    let schema = table.arrow_schema();
    let fields = schema.fields().iter().filter(|field| Some(field.name().as_str()) != table.partition);
    let schema = Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()));
    RecordBatch::try_new(schema, columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}
