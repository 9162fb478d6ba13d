//! `to_char`, by PostgreSQL's patterns.
//!
//! In: dates, times and numbers, and a pattern. Out: texts, or an error for a pattern that is not read here.
//! The engine has a function of this name that reads patterns of another family and gives back what it does
//! not know, so that `to_char(date, 'YYYY-MM')` was `YYYY-MM`.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Offset};
use datafusion::arrow::array::timezone::Tz;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::common::{ScalarValue, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::types::sql_type;

mod moment;
mod number;
mod shown;

pub(crate) use moment::MONTHS;
use moment::{Moment, MomentPattern};
use number::NumberPattern;
pub(crate) use shown::shown;

/// A pattern that is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    /// A part of PostgreSQL's patterns that is not read here.
    #[error("`{part}` in a pattern of to_char is not supported\nhint: supported are {supported}")]
    Unsupported {
        /// The part.
        part: String,
        /// What is read.
        supported: &'static str,
    },
}

/// `to_char(value, pattern)`.
pub(super) fn to_char() -> ScalarUDF {
    ScalarUDF::new_from_impl(ToChar { signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ToChar {
    signature: Signature,
}

/// The type that a value is written from.
fn written_as(given: &DataType) -> Option<DataType> {
    match given {
        DataType::Timestamp(_, zone) => Some(DataType::Timestamp(TimeUnit::Microsecond, zone.clone())),
        DataType::Date32 | DataType::Date64 => Some(DataType::Timestamp(TimeUnit::Microsecond, None)),
        DataType::Null => Some(DataType::Float64),
        number if number.is_integer() => Some(DataType::Decimal128(38, 0)),
        number if number.is_floating() => Some(DataType::Float64),
        DataType::Decimal128(..) => Some(given.clone()),
        _ => None,
    }
}

impl ScalarUDFImpl for ToChar {
    fn name(&self) -> &'static str {
        "to_char"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        if let [value, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null] = given
            && let Some(value) = written_as(value)
        {
            return Ok(vec![value, DataType::Utf8]);
        }
        let given: Vec<_> = given.iter().map(sql_type).collect();
        plan_err!("`to_char` takes (date, timestamp or number, text), not ({})", given.join(", "))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = arguments.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        let [values, patterns] = columns.as_slice() else {
            return Err(DataFusionError::Plan("`to_char` takes two arguments".to_owned()));
        };
        let written = match values.data_type() {
            DataType::Timestamp(_, zone) => moments(values, zone.as_deref(), patterns)?,
            _ => numbers(values, patterns)?,
        };
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&written, 0)?));
        }
        Ok(ColumnarValue::Array(Arc::new(written)))
    }
}

/// Writes each row by its pattern; a pattern that repeats is read once.
fn each<P>(
    values: &ArrayRef,
    patterns: &ArrayRef,
    read: impl Fn(&str) -> std::result::Result<P, PatternError>,
    write: impl Fn(&P, usize) -> Option<String>,
) -> Result<StringArray> {
    let patterns = patterns.as_string::<i32>();
    let mut known: Option<(&str, P)> = None;
    let mut texts = Vec::with_capacity(values.len());
    for row in 0..values.len() {
        if values.is_null(row) || patterns.is_null(row) {
            texts.push(None);
            continue;
        }
        let text = patterns.value(row);
        if known.as_ref().is_none_or(|(last, _)| *last != text) {
            let pattern = read(text).map_err(|error| DataFusionError::External(Box::new(error)))?;
            known = Some((text, pattern));
        }
        texts.push(known.as_ref().and_then(|(_, pattern)| write(pattern, row)));
    }
    Ok(StringArray::from(texts))
}

/// Times in microseconds, whatever they were in.
fn in_micros(values: &ArrayRef) -> Result<ArrayRef> {
    match written_as(values.data_type()) {
        Some(micros) => Ok(cast(values, &micros)?),
        None => Ok(Arc::clone(values)),
    }
}

/// What the clocks show at each row.
fn moments_of<'a>(
    values: &'a ArrayRef,
    zone: Option<&str>,
) -> Result<impl Fn(usize) -> Option<Moment> + use<'a>> {
    let zone = zone.map(Tz::from_str).transpose()?;
    let instants = values.as_primitive::<TimestampMicrosecondType>();
    Ok(move |row: usize| {
        let instant = DateTime::from_timestamp_micros(instants.value(row))?;
        Some(match zone {
            Some(zone) => {
                let local = instant.with_timezone(&zone);
                Moment { local: local.naive_local(), offset_seconds: local.offset().fix().local_minus_utc() }
            }
            None => Moment { local: instant.naive_utc(), offset_seconds: 0 },
        })
    })
}

fn moments(values: &ArrayRef, zone: Option<&str>, patterns: &ArrayRef) -> Result<StringArray> {
    let moment = moments_of(values, zone)?;
    each(values, patterns, MomentPattern::read, |pattern, row| {
        moment(row).map(|moment| pattern.write(&moment))
    })
}

fn numbers(values: &ArrayRef, patterns: &ArrayRef) -> Result<StringArray> {
    // Digits as text: decimal columns are exact, and floating point has its shortest digits.
    let texts: StringArray = if values.data_type().is_floating() {
        let doubles = values.as_primitive::<Float64Type>();
        doubles.iter().map(|number| number.map(|number| number.to_string())).collect()
    } else {
        cast(values, &DataType::Utf8)?.as_string::<i32>().clone()
    };
    each(values, patterns, NumberPattern::read, |pattern, row| Some(pattern.write(texts.value(row))))
}

#[cfg(test)]
#[path = "to_char_tests.rs"]
mod tests;
