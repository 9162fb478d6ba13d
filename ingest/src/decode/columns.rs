//! Rows of a column file (Parquet) → pings.
//!
//! In: a record batch. Out: a ping per row. Columns are found and cast once per batch; a column whose type
//! cannot be cast is an error of the file, not of a row.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use kayoi_schemas::ping::{CONTRACT, FixSource, Ping, RejectReason};

use super::{Rejection, iso_milliseconds};
use crate::error::IngestError;
use crate::source::{Chunk, Mapping, TimestampUnit};

/// The contract's columns of a batch.
#[derive(Debug)]
pub struct ColumnReader<'a> {
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

/// Checks that a column file has the required fields.
///
/// # Errors
/// [`IngestError::MissingColumn`] naming the first that is not there.
pub(super) fn require(
    fields: &[Option<&'static str>],
    names: &[String],
    chunk: &Chunk,
) -> Result<(), IngestError> {
    for field in CONTRACT.iter().filter(|field| field.required) {
        if !fields.contains(&Some(field.name)) {
            let path = chunk.stream.path.clone().unwrap_or_default();
            return Err(IngestError::MissingColumn { path, field: field.name, columns: names.join(", ") });
        }
    }
    Ok(())
}

impl<'a> ColumnReader<'a> {
    /// Finds and casts the columns.
    ///
    /// # Errors
    /// [`IngestError`] when a required column is missing or of an impossible type.
    pub(super) fn new(batch: &'a RecordBatch, mapping: &Mapping, chunk: &Chunk) -> Result<Self, IngestError> {
        let schema = batch.schema();
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let fields: Vec<_> = names.iter().map(|name| mapping.field(name)).collect();
        require(&fields, &names, chunk)?;
        let column = |field: &'static str, kind: &DataType| -> Result<Option<ArrayRef>, IngestError> {
            let Some(index) = fields.iter().position(|found| *found == Some(field)) else { return Ok(None) };
            cast(batch.column(index), kind).map(Some).map_err(|source| IngestError::Columns {
                path: chunk.stream.path.clone().unwrap_or_default(),
                format: "columns of the ping contract",
                source,
            })
        };
        let text = |field| {
            Ok::<_, IngestError>(column(field, &DataType::Utf8)?.map(|c| c.as_string::<i32>().clone()))
        };
        let float = |field| {
            let found = column(field, &DataType::Float64)?;
            Ok::<_, IngestError>(found.map(|c| c.as_primitive::<Float64Type>().clone()))
        };
        let missing = |field| IngestError::MissingColumn {
            path: chunk.stream.path.clone().unwrap_or_default(),
            field,
            columns: names.join(", "),
        };
        let timestamp_index = fields.iter().position(|found| *found == Some("timestamp"));
        let timestamp_kind = timestamp_index.map(|index| schema.field(index).data_type().clone());
        let milliseconds = DataType::Timestamp(TimeUnit::Millisecond, None);
        let timestamp = match (timestamp_kind, mapping.timestamp_unit) {
            (Some(DataType::Timestamp(..)), _) => {
                let cast_once = column("timestamp", &milliseconds)?.ok_or_else(|| missing("timestamp"))?;
                let integers = cast(&cast_once, &DataType::Int64).map_err(|source| IngestError::Columns {
                    path: chunk.stream.path.clone().unwrap_or_default(),
                    format: "columns of the ping contract",
                    source,
                })?;
                Timestamps::Milliseconds(integers.as_primitive::<Int64Type>().clone())
            }
            (_, TimestampUnit::Milliseconds) => {
                let integers = column("timestamp", &DataType::Int64)?.ok_or_else(|| missing("timestamp"))?;
                Timestamps::Milliseconds(integers.as_primitive::<Int64Type>().clone())
            }
            (_, TimestampUnit::Seconds) => {
                Timestamps::Seconds(float("timestamp")?.ok_or_else(|| missing("timestamp"))?)
            }
            (_, TimestampUnit::Iso) => {
                Timestamps::Text(text("timestamp")?.ok_or_else(|| missing("timestamp"))?)
            }
        };
        Ok(Self {
            device_id: text("device_id")?.ok_or_else(|| missing("device_id"))?,
            timestamp,
            latitude: float("latitude")?.ok_or_else(|| missing("latitude"))?,
            longitude: float("longitude")?.ok_or_else(|| missing("longitude"))?,
            accuracy_m: float("horizontal_accuracy")?,
            source: text("source")?,
            consent: text("consent")?,
            unknown_fields: fields.iter().filter(|field| field.is_none()).count() as u32,
            _batch: batch,
        })
    }

    /// The ping of a row.
    ///
    /// # Errors
    /// `wrong_type` when a text timestamp is none.
    pub(super) fn decode(&self, row: usize) -> Result<Ping<'_>, Rejection> {
        let float = |column: &Float64Array| column.is_valid(row).then(|| column.value(row));
        let timestamp_ms = match &self.timestamp {
            Timestamps::Milliseconds(column) => column.is_valid(row).then(|| column.value(row)),
            Timestamps::Seconds(column) => float(column).map(|seconds| (seconds * 1000.0).round() as i64),
            Timestamps::Text(column) if column.is_valid(row) => {
                let wrong = || (RejectReason::WrongType, "field `timestamp` is no ISO 8601 text".to_owned());
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

fn text_at(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}
