//! Lists with the places of their elements, by which clients read the columns of keys.
//!
//! In: lists, as keys are. Out: for each a list of places, or of elements with their places. PostgreSQL's
//! `generate_subscripts` and `_pg_expandarray` give a row for each of them; the engine's `unnest` is the only function among
//! the columns that gives several rows, so that [`super::statements`] writes it around these. They have names of their own,
//! by which a statement that was rewritten is known.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, ListArray, StructArray, new_empty_array,
};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::{cast, concat};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields, Int64Type};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// `generate_subscripts(list, dimension)` without its rows.
pub(super) const PLACES: &str = "places_of";
/// `_pg_expandarray(list)` without its rows.
pub(super) const ELEMENTS: &str = "elements_of";

/// The functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    [(PLACES, 2, false), (ELEMENTS, 1, true)]
        .map(|(name, count, with_elements)| {
            let signature = Signature::any(count, Volatility::Immutable);
            ScalarUDF::from(Numbered { name, with_elements, signature })
        })
        .to_vec()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Numbered {
    name: &'static str,
    with_elements: bool,
    signature: Signature,
}

impl Numbered {
    /// What the lists that it gives hold.
    fn gives(&self, element: &DataType) -> FieldRef {
        let of = if self.with_elements { DataType::Struct(pair(element)) } else { DataType::Int32 };
        Arc::new(Field::new_list_field(of, true))
    }
}

fn pair(element: &DataType) -> Fields {
    Fields::from(vec![Field::new("x", element.clone(), true), Field::new("n", DataType::Int32, true)])
}

/// The type of the elements of a list; of no list, that of numbers.
fn element_of(list: &DataType) -> DataFusionResult<DataType> {
    match list {
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            Ok(field.data_type().clone())
        }
        DataType::Null => Ok(DataType::Int32),
        other => plan_err!("a list is numbered, and not {other}"),
    }
}

impl ScalarUDFImpl for Numbered {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, given: &[DataType]) -> DataFusionResult<DataType> {
        let element = element_of(given.first().unwrap_or(&DataType::Null))?;
        Ok(DataType::List(self.gives(&element)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DataFusionResult<ColumnarValue> {
        let [lists, rest @ ..] = args.args.as_slice() else { return exec_err!("{} takes a list", self.name) };
        let element = element_of(&lists.data_type())?;
        let of_lists = DataType::List(Arc::new(Field::new_list_field(element.clone(), true)));
        let lists = cast(&lists.to_array(args.number_rows)?, &of_lists)?;
        let lists = lists.as_list::<i32>();
        let dimensions = match rest.first() {
            Some(dimension) => Some(cast(&dimension.to_array(args.number_rows)?, &DataType::Int64)?),
            None => None,
        };
        let mut parts: Vec<ArrayRef> = Vec::new();
        let mut lengths = Vec::with_capacity(args.number_rows);
        let mut places: Vec<i32> = Vec::new();
        for row in 0..args.number_rows {
            // Lists have one dimension here.
            let is_numbered = lists.is_valid(row)
                && dimensions.as_ref().is_none_or(|dimensions| {
                    dimensions.is_valid(row) && dimensions.as_primitive::<Int64Type>().value(row) == 1
                });
            let length = if is_numbered { lists.value_length(row) } else { 0 };
            places.extend(1..=length);
            lengths.push(usize::try_from(length).unwrap_or_default());
            if length > 0 {
                parts.push(lists.value(row));
            }
        }
        let places: ArrayRef = Arc::new(Int32Array::from(places));
        let values = if self.with_elements {
            let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
            let elements = if parts.is_empty() { new_empty_array(&element) } else { concat(&parts)? };
            Arc::new(StructArray::try_new(pair(&element), vec![elements, places], None)?) as ArrayRef
        } else {
            places
        };
        let numbered =
            ListArray::try_new(self.gives(&element), OffsetBuffer::from_lengths(lengths), values, None)?;
        Ok(ColumnarValue::Array(Arc::new(numbered)))
    }
}
