//! Values that the library's encoder does not write as PostgreSQL does, as texts.
//!
//! In: a piece of an answer. Out: the same, with texts in columns that are sent as text. Of double and single precision those
//! of [`crate::floating`]: clients compare such texts. Numerics: all their digits, of which the encoder has 28.
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

use crate::floating::{of_double, of_single};

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
            column.as_primitive::<Float32Type>().iter().map(|value| value.map(of_single)).collect()
        }
        DataType::Float64 => {
            column.as_primitive::<Float64Type>().iter().map(|value| value.map(of_double)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

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
