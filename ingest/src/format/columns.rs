//! Rows of a column file (Parquet) → pings.
//!
//! In: a record batch. Out: a ping per row. Columns are found and cast once per batch; a column whose type
//! cannot be cast is an error of the file, not of a row.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use kayoi_schemas::ping::{FixSource, Ping, RejectReason};

use super::header::{self, HeaderError};
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
    /// The names do not fit the contract.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A column holds a type from which the contract's cannot be made.
    #[error("the column of `{field}` has another type than the contract says")]
    Type {
        /// The contract's name for it.
        field: &'static str,
    },
}

impl<'a> ColumnReader<'a> {
    /// Finds and casts the columns.
    ///
    /// # Errors
    /// [`ColumnsError`] when a required column is missing or of an impossible type.
    pub(crate) fn new(batch: &'a RecordBatch, mapping: &Mapping) -> Result<Self, ColumnsError> {
        let schema = batch.schema();
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let fields = header::fields(&names, mapping)?;
        let columns = Columns { batch, fields };
        let missing = |field| HeaderError::Missing { field, columns: names.join(", ") };
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

    fn text(&self, field: &'static str) -> Result<Option<StringArray>, ColumnsError> {
        let texts = self.of(field).map(|column| cast_to(column, &DataType::Utf8, field)).transpose()?;
        Ok(texts.map(|texts| texts.as_string::<i32>().clone()))
    }

    fn float(&self, field: &'static str) -> Result<Option<Float64Array>, ColumnsError> {
        let numbers = self.of(field).map(|column| cast_to(column, &DataType::Float64, field)).transpose()?;
        Ok(numbers.map(|numbers| numbers.as_primitive::<Float64Type>().clone()))
    }

    /// A column of timestamps says itself what its numbers are; others are read as the mapping says.
    fn timestamps(&self, unit: TimestampUnit) -> Result<Option<Timestamps>, ColumnsError> {
        let Some(column) = self.of("timestamp") else { return Ok(None) };
        let integers = |column: &ArrayRef| -> Result<_, ColumnsError> {
            let numbers = cast_to(column, &DataType::Int64, "timestamp")?;
            Ok(Timestamps::Milliseconds(numbers.as_primitive::<Int64Type>().clone()))
        };
        let timestamps = match (column.data_type(), unit) {
            (DataType::Timestamp(..), _) => {
                let milliseconds = DataType::Timestamp(TimeUnit::Millisecond, None);
                integers(&cast_to(column, &milliseconds, "timestamp")?)?
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

/// What Arrow says of a cast is left out: it names the columns inside of a column, which a partner wrote.
fn cast_to(column: &ArrayRef, kind: &DataType, field: &'static str) -> Result<ArrayRef, ColumnsError> {
    cast(column, kind).map_err(|_| ColumnsError::Type { field })
}

fn text_at(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}
