//! The value of a subquery that may give one row and no more.
//!
//! In: a value of its rows, and how many these are, as the gate writes both for a subquery that looks at the row around it: the
//! planner joins such a subquery to what it looks at where it is an aggregate, and the rows of which nobody asks are among it
//! then. Whether there are too many is therefore looked at here, outside, for the rows that are asked for. Out: the value.

use std::sync::Arc;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::FunctionError;

/// The name by which the gate calls it.
pub(crate) const ONLY_ROW: &str = "only_row";

/// `only_row(value, rows)`.
pub(super) fn only_row() -> ScalarUDF {
    ScalarUDF::new_from_impl(OnlyRow { signature: Signature::any(2, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OnlyRow {
    signature: Signature,
}

impl ScalarUDFImpl for OnlyRow {
    fn name(&self) -> &'static str {
        ONLY_ROW
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, given: &[DataType]) -> Result<DataType> {
        match given {
            [value, _] => Ok(value.clone()),
            _ => plan_err!("{ONLY_ROW} takes a value and a number of rows"),
        }
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let [value, _] = arguments.arg_fields else {
            return plan_err!("{ONLY_ROW} takes a value and a number of rows");
        };
        // What is known of the texts of a column holds for its values, too.
        let field = Field::new(self.name(), value.data_type().clone(), true);
        Ok(Arc::new(field.with_metadata(value.metadata().clone())))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value, rows] = arguments.args.as_slice() else {
            return exec_err!("{ONLY_ROW} takes a value and a number of rows");
        };
        let rows = cast(&rows.to_array(arguments.number_rows)?, &DataType::Int64)?;
        if rows.as_primitive::<Int64Type>().iter().flatten().any(|rows| rows > 1) {
            return Err(DataFusionError::External(Box::new(FunctionError::SeveralRows)));
        }
        Ok(value.clone())
    }
}
