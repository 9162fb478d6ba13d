//! Rows of a column file (Parquet) → pings.
//!
//! In: a record batch. Out: a ping per row. Columns are found once per batch, and each is brought to one of the
//! few types that a [`Value`] knows; what a value stands for is asked of [`value`](super::value), as in every
//! other format. A column of a type that its field never takes is an error of the file, not of a row.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::types::{Float32Type, Float64Type, Int64Type, UInt64Type};
use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Float32Array, Float64Array, Int64Array, RecordBatch,
    StringArray, UInt64Array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use kayoi_schemas::ping::Ping;

use super::draft::Draft;
use super::header::{self, HeaderError};
use super::mapping::Mapping;
use super::slot::Slot;
use super::value::Value;
use super::value::scale::Scale;
use super::value::spelling::Spelling;
use crate::rejection::Rejection;

/// The contract's columns of a batch.
#[derive(Debug)]
pub(crate) struct ColumnReader<'a> {
    columns: Vec<(Slot, Column)>,
    unknown_fields: u32,
    spelling: &'a Spelling,
}

/// The values of a column.
#[derive(Debug)]
enum Column {
    Text(StringArray),
    Bytes(BinaryArray),
    Integer(Int64Array),
    Unsigned(UInt64Array),
    Float(Float64Array),
    Single(Float32Array),
    Boolean(BooleanArray),
    Instant(Int64Array, Scale),
    Local(Int64Array, Scale),
    /// All values are null.
    Missing,
}

/// Columns from which no ping can be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ColumnsError {
    /// The names do not fit the contract.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A column has a type that its field never takes.
    #[error("the column for `{field}` holds values of type {found}; read are {allowed}")]
    Type {
        /// The contract's name of the field.
        field: &'static str,
        /// What kind of type it is.
        found: &'static str,
        /// The types that are read.
        allowed: &'static str,
    },
    /// The column of timestamps holds local times, and nobody says where.
    #[error("the column for `timestamp` holds local times, which name no zone")]
    NoZone,
}

impl<'a> ColumnReader<'a> {
    /// Finds the columns.
    ///
    /// # Errors
    /// [`ColumnsError`] when a required column is missing or of an impossible type.
    pub(crate) fn new(batch: &RecordBatch, mapping: &'a Mapping) -> Result<Self, ColumnsError> {
        let schema = batch.schema();
        let mut flat = Flat { mapping, names: Vec::new(), columns: Vec::new() };
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            flat.add(field.name().clone(), column);
        }
        let fields = header::fields(&flat.names, mapping)?;
        let slots = fields.iter().map(|field| field.map(Slot::of));
        let mut columns = Vec::new();
        for (slot, column) in slots.clone().zip(&flat.columns) {
            match slot {
                None | Some(Slot::Unstored) => {}
                Some(slot) => match Column::new(slot, column, &mapping.spelling) {
                    Ok(column) => columns.push((slot, column)),
                    Err(error) if slot.is_strict() => return Err(error),
                    Err(_) => {}
                },
            }
        }
        let unknown_fields = slots.filter(Option::is_none).count() as u32;
        Ok(Self { columns, unknown_fields, spelling: &mapping.spelling })
    }

    /// The ping of a row.
    ///
    /// # Errors
    /// `invalid_utf8`, or what the contract refuses.
    pub(crate) fn decode(&self, row: usize) -> Result<Ping<'_>, Rejection> {
        let mut draft = Draft::default();
        draft.ping.unknown_fields = self.unknown_fields;
        for (slot, column) in &self.columns {
            match column {
                Column::Bytes(column) if column.is_valid(row) => {
                    draft.take_bytes(*slot, column.value(row), self.spelling);
                }
                column => draft.take(*slot, column.value(row), self.spelling),
            }
        }
        draft.finish()
    }
}

/// Columns by their paths: one that has fields of the contract in it stands for its parts.
struct Flat<'m> {
    mapping: &'m Mapping,
    names: Vec<String>,
    columns: Vec<ArrayRef>,
}

impl Flat<'_> {
    fn add(&mut self, path: String, column: &ArrayRef) {
        match column.as_struct_opt() {
            Some(group) if self.mapping.leads_into(&path) => {
                // A part is null where the whole is.
                let (fields, parts) = group.flatten();
                for (field, part) in fields.iter().zip(&parts) {
                    self.add(format!("{path}.{}", field.name()), part);
                }
            }
            _ => {
                self.names.push(path);
                self.columns.push(Arc::clone(column));
            }
        }
    }
}

impl Column {
    fn new(slot: Slot, column: &ArrayRef, spelling: &Spelling) -> Result<Self, ColumnsError> {
        let is_timestamp = slot == Slot::Timestamp;
        let allowed = if is_timestamp { "numbers, texts and timestamps" } else { "numbers and texts" };
        let wrong = |found| ColumnsError::Type { field: slot.name(), found, allowed };
        // What Arrow says of a cast is left out: it names what a partner wrote.
        let to = |kind: DataType| cast(column, &kind).map_err(|_| wrong(word(column.data_type())));
        Ok(match column.data_type() {
            DataType::Null => Self::Missing,
            // A decimal is its digits: no float could hold as many.
            DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..) => Self::Text(to(DataType::Utf8)?.as_string().clone()),
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
                Self::Bytes(to(DataType::Binary)?.as_binary().clone())
            }
            DataType::UInt64 => Self::Unsigned(column.as_primitive::<UInt64Type>().clone()),
            kind if kind.is_integer() => {
                Self::Integer(to(DataType::Int64)?.as_primitive::<Int64Type>().clone())
            }
            DataType::Float64 => Self::Float(column.as_primitive::<Float64Type>().clone()),
            DataType::Float16 | DataType::Float32 => {
                Self::Single(to(DataType::Float32)?.as_primitive::<Float32Type>().clone())
            }
            DataType::Boolean if !is_timestamp => Self::Boolean(column.as_boolean().clone()),
            DataType::Timestamp(unit, zone) if is_timestamp => {
                let numbers = to(DataType::Int64)?.as_primitive::<Int64Type>().clone();
                match zone {
                    Some(_) => Self::Instant(numbers, scale(*unit)),
                    None if spelling.zone.is_none() => return Err(ColumnsError::NoZone),
                    None => Self::Local(numbers, scale(*unit)),
                }
            }
            DataType::Dictionary(_, values) => {
                let plain = to(values.as_ref().clone())?;
                return Self::new(slot, &plain, spelling);
            }
            kind => return Err(wrong(word(kind))),
        })
    }

    #[inline]
    fn value(&self, row: usize) -> Value<'_> {
        let is_null = match self {
            Self::Text(column) => column.is_null(row),
            Self::Bytes(column) => column.is_null(row),
            Self::Integer(column) | Self::Instant(column, _) | Self::Local(column, _) => column.is_null(row),
            Self::Unsigned(column) => column.is_null(row),
            Self::Float(column) => column.is_null(row),
            Self::Single(column) => column.is_null(row),
            Self::Boolean(column) => column.is_null(row),
            Self::Missing => true,
        };
        if is_null {
            return Value::Missing;
        }
        match self {
            Self::Text(column) => Value::Text(Cow::Borrowed(column.value(row))),
            Self::Bytes(_) | Self::Missing => Value::Missing,
            Self::Integer(column) => Value::Integer(column.value(row)),
            Self::Unsigned(column) => Value::of_unsigned(column.value(row)),
            Self::Float(column) => Value::Float(column.value(row)),
            Self::Single(column) => Value::Single(column.value(row)),
            Self::Boolean(column) => Value::Boolean(column.value(row)),
            Self::Instant(column, scale) => {
                scale.of_integer(column.value(row)).map_or(Value::Other, Value::Instant)
            }
            Self::Local(column, scale) => {
                scale.of_integer(column.value(row)).map_or(Value::Other, Value::Local)
            }
        }
    }
}

fn scale(unit: TimeUnit) -> Scale {
    match unit {
        TimeUnit::Second => Scale::Seconds,
        TimeUnit::Millisecond => Scale::Milliseconds,
        TimeUnit::Microsecond => Scale::Microseconds,
        TimeUnit::Nanosecond => Scale::Nanoseconds,
    }
}

/// A word for a type. Its own text would hold names of the file.
fn word(kind: &DataType) -> &'static str {
    match kind {
        DataType::Boolean => "boolean",
        DataType::Date32 | DataType::Date64 => "date",
        DataType::Time32(_) | DataType::Time64(_) => "time of day",
        DataType::Timestamp(..) => "timestamp",
        DataType::Duration(_) | DataType::Interval(_) => "duration",
        DataType::FixedSizeBinary(_) => "fixed-length bytes",
        DataType::Struct(_) => "struct",
        DataType::Map(..) => "map",
        kind if kind.is_nested() => "list",
        _ => "another kind",
    }
}
