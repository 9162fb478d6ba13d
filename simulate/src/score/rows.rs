//! A batch whose columns are read by position, whatever width or encoding they were stored with.
//!
//! In: a batch of the truth or of the lake. Out: plain columns. Both sides are read through it, so that a
//! difference between them is never one of reading.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMillisecondType};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use crate::error::SimulateError;

pub(super) struct Rows {
    pub table: &'static str,
    pub batch: RecordBatch,
}

impl Rows {
    fn cast(&self, column: usize, kind: &DataType) -> Result<ArrayRef, SimulateError> {
        cast(self.batch.column(column), kind).map_err(SimulateError::columns(self.table))
    }

    pub(super) fn integers(&self, column: usize) -> Result<Vec<i64>, SimulateError> {
        Ok(self.cast(column, &DataType::Int64)?.as_primitive::<Int64Type>().values().to_vec())
    }

    pub(super) fn numbers(&self, column: usize) -> Result<Vec<f64>, SimulateError> {
        Ok(self.cast(column, &DataType::Float64)?.as_primitive::<Float64Type>().values().to_vec())
    }

    pub(super) fn days(&self, column: usize) -> Result<Vec<Day>, SimulateError> {
        let array = self.cast(column, &DataType::Date32)?;
        Ok(array.as_primitive::<Date32Type>().values().iter().map(|day| Day(*day)).collect())
    }

    /// Milliseconds UTC.
    pub(super) fn instants(&self, column: usize) -> Result<Vec<i64>, SimulateError> {
        let array = self.cast(column, &DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())))?;
        Ok(array.as_primitive::<TimestampMillisecondType>().values().to_vec())
    }

    pub(super) fn texts(&self, column: usize) -> Result<Vec<Option<String>>, SimulateError> {
        let array = self.cast(column, &DataType::Utf8)?;
        Ok(array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    }

    /// Absent where there is no code.
    pub(super) fn codes(&self, column: usize) -> Result<Vec<Option<MunicipalityCode>>, SimulateError> {
        let parse = |text: Option<String>| text.and_then(|text| MunicipalityCode::parse(&text).ok());
        Ok(self.texts(column)?.into_iter().map(parse).collect())
    }

    pub(super) fn flags(&self, column: usize) -> Result<Vec<bool>, SimulateError> {
        let array = self.cast(column, &DataType::Boolean)?;
        let flags = array.as_boolean();
        Ok((0..flags.len()).map(|row| flags.is_valid(row) && flags.value(row)).collect())
    }
}
