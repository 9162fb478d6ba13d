//! Batches whose columns are read by position, whatever width or encoding they were stored with.
//!
//! In: a table of the truth, or a batch of the lake. Out: plain columns. Both sides are read through it, so
//! that a difference between them is never one of reading.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMillisecondType};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::error::SimulateError;

/// A batch, with the name of its table for errors.
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

    /// `None` where there is no code.
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

/// Reads the named columns of a table of the truth, in the order named, a batch at a time.
pub(super) fn read_table(
    folder: &Path,
    name: &'static str,
    columns: &[&str],
) -> Result<impl Iterator<Item = Result<Rows, SimulateError>>, SimulateError> {
    let path = folder.join(format!("{name}.parquet"));
    let file = File::open(&path).map_err(SimulateError::io(&path))?;
    let parquet = SimulateError::parquet(name);
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(&parquet)?;
    let reader = reader.with_batch_size(65_536).build().map_err(&parquet)?;
    let select = |batch: RecordBatch| {
        let schema = batch.schema();
        let indices: Result<Vec<usize>, _> = columns.iter().map(|column| schema.index_of(column)).collect();
        batch.project(&indices?)
    };
    Ok(reader
        .map(move |batch| batch.and_then(&select).map_err(SimulateError::columns(name)))
        .map(move |batch| batch.map(|batch| Rows { table: name, batch })))
}
