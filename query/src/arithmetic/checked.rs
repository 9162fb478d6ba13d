//! Operators that fail instead of giving a wrong number.
//!
//! In: columns of whole numbers or of floating point. Out: columns, or [`ArithmeticError`]. Arrow's checked
//! kernels do whole numbers; for floating point the divisor and the result are looked at afterwards.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::kernels::numeric;
use datafusion::arrow::compute::{CastOptions, cast, cast_with_options};
use datafusion::arrow::datatypes::{
    DataType, Decimal128Type, Decimal256Type, Field, FieldRef, Float64Type, IntervalMonthDayNano,
    IntervalMonthDayNanoType, IntervalUnit, i256,
};
use datafusion::arrow::error::ArrowError;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use crate::types::sql_type;

/// Why there is no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArithmeticError {
    /// The type cannot hold it.
    #[error("a value of type {0}")]
    OutOfRange(String),
    /// The divisor is zero.
    #[error("division by zero")]
    DivisionByZero,
}

impl From<ArithmeticError> for DataFusionError {
    fn from(error: ArithmeticError) -> Self {
        Self::External(Box::new(error))
    }
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Plus,
    Minus,
    Times,
    Over,
    Modulo,
    /// To a whole number of this type, halves away from zero.
    ToWhole(DataType),
    /// To a whole number of this type, halves to the even neighbour.
    ToWholeEven(DataType),
    /// To a whole number, halves to the even neighbour, as floating point.
    RoundToEven,
    /// Nothing, but the result must be a number.
    Finite,
    /// How long an interval is, in nanoseconds, to compare it by: a month has 30 days there and a day 24 hours, as in
    /// PostgreSQL. The engine compares months first, then days, then the rest, and finds 40 days shorter than a month.
    Length,
    /// A number that orders as intervals do and holds the interval: its length, and behind it months and days.
    Ordered,
    /// The interval that such a number holds.
    Interval,
}

const DAY_NANOS: i128 = 86_400_000_000_000;
const MONTH_DAYS: i128 = 30;
/// Holds the longest interval there is.
const LENGTH: DataType = DataType::Decimal128(38, 0);
/// Holds it with 64 bits more.
pub(super) const ORDERED: DataType = DataType::Decimal256(76, 0);
const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

fn nanos(of: IntervalMonthDayNano) -> i128 {
    day_nanos(of.months, of.days) + i128::from(of.nanoseconds)
}

fn day_nanos(months: i32, days: i32) -> i128 {
    (i128::from(months) * MONTH_DAYS + i128::from(days)) * DAY_NANOS
}

/// Intervals as numbers in the order of their lengths.
pub(super) fn ordered(intervals: &ArrayRef) -> Result<ArrayRef> {
    let number = |of: IntervalMonthDayNano| {
        let parts =
            (u128::from(of.months.cast_unsigned()) << u32::BITS) | u128::from(of.days.cast_unsigned());
        (i256::from_i128(nanos(of)) << 64_u8) | i256::from_parts(parts, 0)
    };
    let intervals = cast(intervals, &INTERVAL)?;
    let numbers = intervals.as_primitive::<IntervalMonthDayNanoType>().unary::<_, Decimal256Type>(number);
    Ok(Arc::new(numbers.with_data_type(ORDERED)))
}

/// The intervals of such numbers.
pub(super) fn interval_of(numbers: &ArrayRef) -> Result<ArrayRef> {
    let interval = |number: i256| {
        let part = |from: u32| u32::try_from((number.to_parts().0 >> from) & u128::from(u32::MAX));
        let (months, days) = (part(u32::BITS)?.cast_signed(), part(0)?.cast_signed());
        let length: i256 = number >> 64_u8;
        let length = length.to_i128().unwrap_or_default();
        let rest = i64::try_from(length - day_nanos(months, days))?;
        Ok::<_, std::num::TryFromIntError>(IntervalMonthDayNano::new(months, days, rest))
    };
    let numbers = numbers.as_primitive::<Decimal256Type>();
    let intervals = numbers.try_unary::<_, IntervalMonthDayNanoType, _>(interval);
    let out_of_range = |_| DataFusionError::from(ArithmeticError::OutOfRange(sql_type(&INTERVAL)));
    Ok(Arc::new(intervals.map_err(out_of_range)?))
}

/// A checked operation as a function of the engine.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Checked {
    operation: Operation,
    signature: Signature,
}

impl Checked {
    pub(super) fn new(operation: Operation) -> Self {
        Self { operation, signature: Signature::variadic_any(Volatility::Immutable) }
    }

    fn calculate(&self, left: &ArrayRef, right: &ArrayRef) -> Result<ArrayRef> {
        let out_of_range = || ArithmeticError::OutOfRange(sql_type(left.data_type()));
        if left.data_type().is_floating() && matches!(self.operation, Operation::Over | Operation::Modulo) {
            let (values, divisors) = (doubles(left)?, doubles(right)?);
            let zero = |(value, divisor): (Option<f64>, Option<f64>)| value.is_some() && divisor == Some(0.0);
            if values.iter().zip(divisors.iter()).any(zero) {
                return Err(ArithmeticError::DivisionByZero.into());
            }
        }
        let done = match self.operation {
            Operation::Plus => numeric::add(left, right),
            Operation::Minus => numeric::sub(left, right),
            Operation::Times => numeric::mul(left, right),
            Operation::Over => numeric::div(left, right),
            _ => numeric::rem(left, right),
        };
        let done = done.map_err(|error| match error {
            ArrowError::ArithmeticOverflow(_) => out_of_range().into(),
            ArrowError::DivideByZero => DataFusionError::from(ArithmeticError::DivisionByZero),
            other => other.into(),
        })?;
        if done.data_type().is_floating() {
            let (values, others, results) = (doubles(left)?, doubles(right)?, doubles(&done)?);
            let leaves = |row: usize| {
                results.is_valid(row)
                    && !results.value(row).is_finite()
                    && values.value(row).is_finite()
                    && others.value(row).is_finite()
            };
            if (0..results.len()).any(leaves) {
                return Err(out_of_range().into());
            }
        }
        Ok(done)
    }

    fn round(value: &ArrayRef, to: &DataType, round: fn(f64) -> f64) -> Result<ArrayRef> {
        let rounded: ArrayRef = Arc::new(doubles(value)?.unary::<_, Float64Type>(round));
        let strict = CastOptions { safe: false, ..CastOptions::default() };
        let whole = cast_with_options(&rounded, to, &strict);
        whole.map_err(|_| ArithmeticError::OutOfRange(sql_type(to)).into())
    }

    fn length(value: &ArrayRef) -> Result<ArrayRef> {
        let intervals = cast(value, &INTERVAL)?;
        let lengths = intervals.as_primitive::<IntervalMonthDayNanoType>().unary::<_, Decimal128Type>(nanos);
        Ok(Arc::new(lengths.with_data_type(LENGTH)))
    }

    fn finite(&self, value: &ArrayRef) -> Result<ArrayRef> {
        if doubles(value)?.iter().flatten().all(f64::is_finite) {
            Ok(Arc::clone(value))
        } else {
            Err(ArithmeticError::OutOfRange(sql_type(value.data_type())).into())
        }
    }
}

fn doubles(values: &ArrayRef) -> Result<datafusion::arrow::array::Float64Array> {
    Ok(cast(values, &DataType::Float64)?.as_primitive::<Float64Type>().clone())
}

impl ScalarUDFImpl for Checked {
    fn name(&self) -> &str {
        match self.operation {
            Operation::Plus => "checked_plus",
            Operation::Minus => "checked_minus",
            Operation::Times => "checked_times",
            Operation::Over => "checked_over",
            Operation::Modulo => "checked_modulo",
            Operation::ToWhole(_) => "to_whole",
            Operation::ToWholeEven(_) => "to_whole_even",
            Operation::RoundToEven => "round_to_even",
            Operation::Finite => "checked_number",
            Operation::Length => "length_of_interval",
            Operation::Ordered => "ordered_interval",
            Operation::Interval => "interval_of_order",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(match &self.operation {
            Operation::ToWhole(to) | Operation::ToWholeEven(to) => to.clone(),
            Operation::Length => LENGTH,
            Operation::Ordered => ORDERED,
            Operation::Interval => INTERVAL,
            _ => arguments.first().cloned().unwrap_or(DataType::Null),
        })
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let types: Vec<DataType> =
            arguments.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        let is_nullable = arguments.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(self.name(), self.return_type(&types)?, is_nullable)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = arguments.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        let done = match (&self.operation, columns.as_slice()) {
            (Operation::ToWhole(to), [value]) => Self::round(value, to, f64::round)?,
            (Operation::ToWholeEven(to), [value]) => Self::round(value, to, f64::round_ties_even)?,
            (Operation::RoundToEven, [value]) => {
                let rounded = Self::round(value, &DataType::Float64, f64::round_ties_even)?;
                cast(&rounded, value.data_type())?
            }
            (Operation::Finite, [value]) => self.finite(value)?,
            (Operation::Length, [value]) => Self::length(value)?,
            (Operation::Ordered, [value]) => ordered(value)?,
            (Operation::Interval, [value]) => interval_of(value)?,
            (_, [left, right]) => self.calculate(left, right)?,
            _ => return Err(DataFusionError::Plan(format!("`{}` takes other arguments", self.name()))),
        };
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&done, 0)?));
        }
        Ok(ColumnarValue::Array(done))
    }
}
