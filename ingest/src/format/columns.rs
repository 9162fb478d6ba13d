//! Rows of a column file (Parquet) → pings.
//!
//! In: a record batch. Out: a ping per row. Columns are found and cast once per batch; a column whose type
//! cannot be cast is an error of the file, not of a row.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use arrow::error::ArrowError;
use kayoi_schemas::ping::{CONTRACT, FixSource, Ping, RejectReason};

use super::instant::iso_milliseconds;
use super::mapping::{Mapping, TimestampUnit};
use crate::rejection::Rejection;

/// The contract's columns of a batch.
#[derive(Debug)]
pub(crate) struct ColumnReader<'a> {
    device_id: StringArray,
    timestamp: Timestamps,
    latitude: Float64Array,
    longitude: Float64Array,
    accuracy_m: Option<Float64Array>,
    source: Option<StringArray>,
    consent: Option<StringArray>,
    unknown_fields: u32,
    _batch: &'a RecordBatch,
}

#[derive(Debug)]
enum Timestamps {
    Milliseconds(Int64Array),
    Seconds(Float64Array),
    Text(StringArray),
}

/// Columns from which no ping can be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ColumnsError {
    /// A column is not there that the contract requires.
    #[error("no column for `{field}`; the columns are {columns}")]
    Missing {
        /// The contract's name for what is missing.
        field: &'static str,
        /// The names that there are.
        columns: String,
    },
    /// A column holds a type from which the contract's cannot be made.
    #[error("a column has another type than the contract says")]
    Cast(#[from] ArrowError),
}

/// Checks that a file of rows or columns has the required fields.
///
/// # Errors
/// [`ColumnsError::Missing`] naming the first that is not there.
pub(crate) fn require(fields: &[Option<&'static str>], names: &[String]) -> Result<(), ColumnsError> {
    let is_there = |field: &str| fields.iter().flatten().any(|found| *found == field);
    match CONTRACT.iter().find(|field| field.required && !is_there(field.name)) {
        Some(field) => Err(ColumnsError::Missing { field: field.name, columns: names.join(", ") }),
        None => Ok(()),
    }
}

impl<'a> ColumnReader<'a> {
    /// Finds and casts the columns.
    ///
    /// # Errors
    /// [`ColumnsError`] when a required column is missing or of an impossible type.
    pub(crate) fn new(batch: &'a RecordBatch, mapping: &Mapping) -> Result<Self, ColumnsError> {
        let schema = batch.schema();
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let fields: Vec<_> = names.iter().map(|name| mapping.field(name)).collect();
        require(&fields, &names)?;
        let columns = Columns { batch, fields };
        let missing = |field| ColumnsError::Missing { field, columns: names.join(", ") };
        Ok(Self {
            device_id: columns.text("device_id")?.ok_or_else(|| missing("device_id"))?,
            timestamp: columns.timestamps(mapping.timestamp_unit)?.ok_or_else(|| missing("timestamp"))?,
            latitude: columns.float("latitude")?.ok_or_else(|| missing("latitude"))?,
            longitude: columns.float("longitude")?.ok_or_else(|| missing("longitude"))?,
            accuracy_m: columns.float("horizontal_accuracy")?,
            source: columns.text("source")?,
            consent: columns.text("consent")?,
            unknown_fields: columns.fields.iter().filter(|field| field.is_none()).count() as u32,
            _batch: batch,
        })
    }

    /// The ping of a row.
    ///
    /// # Errors
    /// `wrong_type` when a text does not hold a timestamp.
    pub(crate) fn decode(&self, row: usize) -> Result<Ping<'_>, Rejection> {
        let float = |column: &Float64Array| column.is_valid(row).then(|| column.value(row));
        let timestamp_ms = match &self.timestamp {
            Timestamps::Milliseconds(column) => column.is_valid(row).then(|| column.value(row)),
            Timestamps::Seconds(column) => float(column).map(|seconds| (seconds * 1000.0).round() as i64),
            Timestamps::Text(column) if column.is_valid(row) => {
                let wrong =
                    || Rejection::new(RejectReason::WrongType, "field `timestamp` is not an ISO 8601 text");
                Some(iso_milliseconds(column.value(row)).ok_or_else(wrong)?)
            }
            Timestamps::Text(_) => None,
        };
        Ok(Ping {
            device_id: text_at(&self.device_id, row).map(Cow::Borrowed),
            timestamp_ms,
            latitude: float(&self.latitude),
            longitude: float(&self.longitude),
            accuracy_m: self.accuracy_m.as_ref().and_then(float),
            source: self.source.as_ref().and_then(|c| text_at(c, row)).and_then(FixSource::parse),
            consent: self.consent.as_ref().and_then(|c| text_at(c, row)).map(Cow::Borrowed),
            unknown_fields: self.unknown_fields,
        })
    }
}

/// The columns of a batch under the contract's names.
struct Columns<'a> {
    batch: &'a RecordBatch,
    fields: Vec<Option<&'static str>>,
}

impl Columns<'_> {
    fn of(&self, field: &'static str) -> Option<&ArrayRef> {
        let index = self.fields.iter().position(|found| *found == Some(field))?;
        Some(self.batch.column(index))
    }

    fn text(&self, field: &'static str) -> Result<Option<StringArray>, ArrowError> {
        let texts = self.of(field).map(|column| cast(column, &DataType::Utf8)).transpose()?;
        Ok(texts.map(|texts| texts.as_string::<i32>().clone()))
    }

    fn float(&self, field: &'static str) -> Result<Option<Float64Array>, ArrowError> {
        let numbers = self.of(field).map(|column| cast(column, &DataType::Float64)).transpose()?;
        Ok(numbers.map(|numbers| numbers.as_primitive::<Float64Type>().clone()))
    }

    /// A column of timestamps says itself what its numbers are; others are read as the mapping says.
    fn timestamps(&self, unit: TimestampUnit) -> Result<Option<Timestamps>, ArrowError> {
        let Some(column) = self.of("timestamp") else { return Ok(None) };
        let integers = |column: &ArrayRef| -> Result<_, ArrowError> {
            let numbers = cast(column, &DataType::Int64)?;
            Ok(Timestamps::Milliseconds(numbers.as_primitive::<Int64Type>().clone()))
        };
        let timestamps = match (column.data_type(), unit) {
            (DataType::Timestamp(..), _) => {
                integers(&cast(column, &DataType::Timestamp(TimeUnit::Millisecond, None))?)?
            }
            (_, TimestampUnit::Milliseconds) => integers(column)?,
            (_, TimestampUnit::Seconds) => {
                return Ok(self.float("timestamp")?.map(Timestamps::Seconds));
            }
            (_, TimestampUnit::Iso) => return Ok(self.text("timestamp")?.map(Timestamps::Text)),
        };
        Ok(Some(timestamps))
    }
}

fn text_at(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}
