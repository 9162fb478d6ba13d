//! Aggregates that are worked out in a wider type than their own.
//!
//! In: columns of bigint, or of intervals. Out: the sum of the former as bigint, or [`ArithmeticError`] when it does not fit;
//! the shortest and the longest of the latter. The engine's own functions do the work: a sum in 128 bits, where no table is
//! long enough to overflow, and extremes among numbers that order as intervals do and hold them ([`super::checked::ordered`]).
//! What comes out is narrowed. Other types go to the engine as they are.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::compute::{CastOptions, cast, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, ReversedUDAF, Signature,
};

use super::checked::{ArithmeticError, ORDERED, interval_of, ordered};
use crate::types::sql_type;

const WIDE: DataType = DataType::Decimal128(38, 0);

/// `sum`, in place of the engine's.
pub(crate) fn sum() -> AggregateUDF {
    AggregateUDF::new_from_impl(Wide { engine: sum_udaf() })
}

/// `min` and `max` of intervals, by their length; `None` for any other function.
pub(super) fn extreme(name: &str) -> Option<AggregateUDF> {
    let engine = match name {
        "min" => min_udaf(),
        "max" => max_udaf(),
        _ => return None,
    };
    Some(AggregateUDF::new_from_impl(Wide { engine }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Wide {
    engine: Arc<AggregateUDF>,
}

/// The type to narrow to, of an aggregate that is worked out wide. Of whole numbers only a sum is, and of intervals only extremes
/// come here.
fn narrow(field: &FieldRef) -> Option<DataType> {
    let is_wide = matches!(field.data_type(), DataType::Int64 | DataType::UInt64 | DataType::Interval(_));
    is_wide.then(|| field.data_type().clone())
}

fn widened(field: &FieldRef) -> FieldRef {
    let wide = if matches!(field.data_type(), DataType::Interval(_)) { ORDERED } else { WIDE };
    Arc::new(Field::new(field.name(), wide, true))
}

impl Wide {
    /// The engine's accumulator over wide numbers, and the type to narrow its result to.
    fn with_wide<T>(
        arguments: AccumulatorArgs<'_>,
        make: impl FnOnce(AccumulatorArgs<'_>) -> Result<T>,
        wrap: impl FnOnce(T, DataType) -> T,
    ) -> Result<T> {
        let Some(to) = narrow(&arguments.return_field) else { return make(arguments) };
        let fields: Vec<FieldRef> = arguments.expr_fields.iter().map(widened).collect();
        let return_field = widened(&arguments.return_field);
        Ok(wrap(make(AccumulatorArgs { return_field, expr_fields: &fields, ..arguments })?, to))
    }
}

impl AggregateUDFImpl for Wide {
    fn name(&self) -> &str {
        self.engine.name()
    }

    fn signature(&self) -> &Signature {
        self.engine.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.engine.return_type(types)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.engine.coerce_types(types)
    }

    fn accumulator(&self, arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let make = |arguments: AccumulatorArgs<'_>| self.engine.accumulator(arguments);
        Self::with_wide(arguments, make, |wide, to| Box::new(Narrowing { wide, to }))
    }

    fn create_sliding_accumulator(&self, arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let make = |arguments: AccumulatorArgs<'_>| self.engine.create_sliding_accumulator(arguments);
        Self::with_wide(arguments, make, |wide, to| Box::new(Narrowing { wide, to }))
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs<'_>) -> bool {
        self.engine.groups_accumulator_supported(arguments)
    }

    fn create_groups_accumulator(
        &self,
        arguments: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let make = |arguments: AccumulatorArgs<'_>| self.engine.create_groups_accumulator(arguments);
        Self::with_wide(arguments, make, |wide, to| Box::new(NarrowingGroups { wide, to }))
    }

    fn state_fields(&self, arguments: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let return_field = match narrow(&arguments.return_field) {
            Some(_) => widened(&arguments.return_field),
            None => Arc::clone(&arguments.return_field),
        };
        self.engine.state_fields(StateFieldsArgs { return_field, ..arguments })
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }
}

fn widen(values: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
    let widen = |column: &ArrayRef| match column.data_type() {
        DataType::Interval(_) => ordered(column),
        _ => Ok(cast(column, &WIDE)?),
    };
    values.iter().map(widen).collect()
}

fn narrowed(wide: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    if matches!(to, DataType::Interval(_)) {
        return Ok(cast(&interval_of(wide)?, to)?);
    }
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(wide, to, &strict).map_err(|_| ArithmeticError::OutOfRange(sql_type(to)).into())
}

#[derive(Debug)]
struct Narrowing {
    wide: Box<dyn Accumulator>,
    to: DataType,
}

impl Accumulator for Narrowing {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.wide.update_batch(&widen(values)?)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let wide = self.wide.evaluate()?.to_array()?;
        ScalarValue::try_from_array(&narrowed(&wide, &self.to)?, 0)
    }

    fn size(&self) -> usize {
        self.wide.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.wide.state()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.wide.merge_batch(states)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.wide.retract_batch(&widen(values)?)
    }

    fn supports_retract_batch(&self) -> bool {
        self.wide.supports_retract_batch()
    }
}

struct NarrowingGroups {
    wide: Box<dyn GroupsAccumulator>,
    to: DataType,
}

impl GroupsAccumulator for NarrowingGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        group_count: usize,
    ) -> Result<()> {
        self.wide.update_batch(&widen(values)?, groups, filter, group_count)
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        narrowed(&self.wide.evaluate(emit)?, &self.to)
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        self.wide.state(emit)
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], group_count: usize) -> Result<()> {
        self.wide.merge_batch(states, groups, group_count)
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        self.wide.convert_to_state(&widen(values)?, filter)
    }

    fn size(&self) -> usize {
        self.wide.size()
    }
}
