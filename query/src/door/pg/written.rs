//! Values that the library's encoder does not write as PostgreSQL does, as texts.
//!
//! In: a piece of an answer. Out: the same, with texts in columns that are sent as text. Of double and single precision: the
//! shortest text that reads as the same number, plain or with an exponent where PostgreSQL's `float8out` and `float4out` change
//! over; clients compare such texts, and 136 is not 136.0 there. Numerics: all their digits, of which the encoder has 28.
//! Intervals: nothing where there is none, which the encoder takes for one of no length.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Field, Float32Type, Float64Type, IntervalMonthDayNanoType, IntervalUnit,
    Schema,
};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use pg_interval::Interval;

/// From this power of ten on a number has an exponent: DBL_DIG of `float.h`, and FLT_DIG.
const DOUBLE_DIGITS: i32 = 15;
const SINGLE_DIGITS: i32 = 6;
/// Below this power of ten it has one too.
const LEAST: i32 = -4;

/// A piece of an answer in which such numbers are texts, in the columns that are sent as text.
pub(super) fn as_texts(
    batch: RecordBatch,
    is_text: impl Fn(usize) -> bool,
) -> Result<RecordBatch, ArrowError> {
    let is_meant = |(place, field): (usize, &Arc<Field>)| {
        use DataType::{Decimal128, Decimal256, Float32, Float64, Interval};
        let is_other =
            matches!(field.data_type(), Float32 | Float64 | Decimal128(..) | Decimal256(..) | Interval(_));
        is_other && is_text(place)
    };
    let schema = batch.schema();
    if !schema.fields().iter().enumerate().any(is_meant) {
        return Ok(batch);
    }
    let (mut columns, mut fields) = (Vec::new(), Vec::new());
    for (place, (column, field)) in batch.columns().iter().zip(schema.fields()).enumerate() {
        if is_meant((place, field)) {
            columns.push(texts(column)?);
            fields.push(Arc::new(Field::new(field.name(), DataType::Utf8, true)));
        } else {
            columns.push(Arc::clone(column));
            fields.push(Arc::clone(field));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn texts(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let texts: StringArray = match column.data_type() {
        DataType::Float32 => {
            let values = column.as_primitive::<Float32Type>().iter();
            values.map(|value| value.map(|value| written(&format!("{value:e}"), SINGLE_DIGITS))).collect()
        }
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>().iter();
            values.map(|value| value.map(|value| written(&format!("{value:e}"), DOUBLE_DIGITS))).collect()
        }
        DataType::Interval(_) => {
            let values = cast(column, &DataType::Interval(IntervalUnit::MonthDayNano))?;
            let text = |value: <IntervalMonthDayNanoType as ArrowPrimitiveType>::Native| {
                Interval::new(value.months, value.days, value.nanoseconds / 1000).to_postgres()
            };
            values.as_primitive::<IntervalMonthDayNanoType>().iter().map(|value| value.map(text)).collect()
        }
        _ => return cast(column, &DataType::Utf8),
    };
    Ok(Arc::new(texts))
}

/// A number from its shortest digits, as `-1.36e2`.
fn written(shortest: &str, digits: i32) -> String {
    let (sign, rest) = shortest.strip_prefix('-').map_or(("", shortest), |rest| ("-", rest));
    let Some((mantissa, exponent)) = rest.split_once('e') else {
        // Neither a number nor finite.
        return if rest == "inf" { format!("{sign}Infinity") } else { "NaN".to_owned() };
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if !(LEAST..digits).contains(&exponent) {
        let of_exponent = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{of_exponent}{:02}", exponent.abs());
    }
    let figures = mantissa.replace('.', "");
    let point = exponent + 1;
    let text = match usize::try_from(point) {
        Ok(0) | Err(_) => format!("0.{}{figures}", "0".repeat(point.unsigned_abs() as usize)),
        Ok(point) if point >= figures.len() => format!("{figures}{}", "0".repeat(point - figures.len())),
        Ok(point) => format!("{}.{}", &figures[..point], &figures[point..]),
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_postgresql_writes_them() {
        // What PostgreSQL 15 answers to `SELECT x::float8`.
        let known = [
            (136.0, "136"),
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1e20, "1e+20"),
            (1e15, "1e+15"),
            (123_456_789_012_345.0, "123456789012345"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (0.000_123, "0.000123"),
            (1e300, "1e+300"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ];
        for (value, text) in known {
            assert_eq!(written(&format!("{value:e}"), DOUBLE_DIGITS), text);
        }
        assert_eq!(written(&format!("{:e}", 1e6_f32), SINGLE_DIGITS), "1e+06");
        assert_eq!(written(&format!("{:e}", 123_456.0_f32), SINGLE_DIGITS), "123456");
    }

    #[test]
    fn what_is_not_there_stays_so_and_all_digits_are_written() {
        use datafusion::arrow::array::{Decimal128Array, IntervalMonthDayNanoArray};
        use datafusion::arrow::datatypes::IntervalMonthDayNano;
        let of = |column: ArrayRef| {
            let field = Field::new("a", column.data_type().clone(), true);
            let batch = RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![column]).unwrap();
            let texts = as_texts(batch, |_| true).unwrap();
            texts.column(0).as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>()
        };
        let length = IntervalMonthDayNano::new(14, -3, 4_500_000_000);
        let intervals = of(Arc::new(IntervalMonthDayNanoArray::from(vec![Some(length), None])));
        assert_eq!(intervals, [Some("1 year 2 mons -3 days 00:00:04.500000".to_owned()), None]);
        let digits =
            Decimal128Array::from(vec![Some(99_999_999_999_999_999_999_999_999_999_999_999_999), None]);
        let numbers = of(Arc::new(digits.with_precision_and_scale(38, 10).unwrap()));
        assert_eq!(numbers, [Some("9999999999999999999999999999.9999999999".to_owned()), None]);
    }
}
