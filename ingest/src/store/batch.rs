//! Rows → the columns of their table.
//!
//! In: sorted rows. Out: Arrow batches. The partition column is a folder, not a column of the file.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Schema;
use kayoi_lake::LakeError;
use kayoi_schemas::tables::{InternalTable, Table};
use kayoi_schemas::time::DayRule;

use super::columns::FixColumns;
use super::side::SideRow;
use crate::place::PlacedPing;
use crate::rejection::Rejection;

/// Rows of one day.
pub(super) fn pings(rows: FixColumns, partners: &[String]) -> Result<RecordBatch, LakeError> {
    batch(InternalTable::Pings.table(), rows.finish(partners))
}

/// Late pings, of any days.
pub(super) fn late(rows: &[SideRow<'_, PlacedPing>]) -> Result<RecordBatch, LakeError> {
    let mut sorted: Vec<&SideRow<'_, PlacedPing>> = rows.iter().collect();
    sorted.sort_by_key(|row| (row.value.device(), row.value.instant(), row.offset));
    let mut partners: Vec<String> = sorted.iter().map(|row| row.stream.feed.partner.clone()).collect();
    partners.sort_unstable();
    partners.dedup();
    let mut fixes = FixColumns::with_capacity(sorted.len());
    for row in &sorted {
        let partner = partners.partition_point(|name| *name < row.stream.feed.partner);
        fixes.push(row.value, partner as u16);
    }
    let mut columns = fixes.finish(&partners);
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

fn batch(table: &Table, columns: Vec<ArrayRef>) -> Result<RecordBatch, LakeError> {
    let schema = table.arrow_schema();
    let fields = schema.fields().iter().filter(|field| Some(field.name().as_str()) != table.partition);
    let schema = Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()));
    RecordBatch::try_new(schema, columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}
