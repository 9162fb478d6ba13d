//! Values → Arrow columns, and columns → a batch in a table's own schema.
//!
//! In: iterators of values. Out: arrays. One name for each type, so that a table's columns read as a list.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use kayoi_lake::LakeError;
use kayoi_schemas::tables::InternalTable;

pub(super) fn longs(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

pub(super) fn ints(values: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values.map(|value| value as i32)))
}

pub(super) fn floats(values: impl Iterator<Item = f32>) -> ArrayRef {
    Arc::new(Float32Array::from_iter_values(values))
}

pub(super) fn texts(values: impl Iterator<Item = Option<String>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(values))
}

pub(super) fn booleans(values: impl Iterator<Item = bool>) -> ArrayRef {
    Arc::new(BooleanArray::from_iter(values.map(Some)))
}

/// A batch of columns in the order and types of the table's files.
pub(super) fn batch(table: InternalTable, columns: Vec<ArrayRef>) -> Result<RecordBatch, LakeError> {
    let table = table.table();
    RecordBatch::try_new(table.file_schema(), columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}
