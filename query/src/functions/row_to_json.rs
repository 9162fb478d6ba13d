//! `row_to_json(row)`: a row as the text of a JSON object.
//!
//! In: names and values by turns, as the gate writes them for a table of the `FROM`, because the engine has no value that is a
//! whole row. Out: texts, in which the values have the order of their columns, as in PostgreSQL.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use serde_json::Value;

/// `row_to_json(name, value, …)`.
pub(super) fn row_to_json() -> ScalarUDF {
    ScalarUDF::new_from_impl(RowToJson { signature: Signature::variadic_any(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct RowToJson {
    signature: Signature,
}

impl ScalarUDFImpl for RowToJson {
    fn name(&self) -> &'static str {
        "row_to_json"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, given: &[DataType]) -> Result<DataType> {
        if given.len().is_multiple_of(2) {
            Ok(DataType::Utf8)
        } else {
            plan_err!("row_to_json takes a table of the FROM, each of whose columns has a name")
        }
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for pair in arguments.args.chunks_exact(2) {
            let [ColumnarValue::Scalar(name), values] = pair else {
                return exec_err!("row_to_json takes names that are written");
            };
            let name = written(&Value::from(name.to_string()))?;
            columns.push((name, readable(&values.to_array(arguments.number_rows)?)?));
        }
        let mut rows = Vec::with_capacity(arguments.number_rows);
        for row in 0..arguments.number_rows {
            let mut members = Vec::with_capacity(columns.len());
            for (name, values) in &columns {
                members.push(format!("{name}:{}", written(&value(values, row)?)?));
            }
            rows.push(format!("{{{}}}", members.join(",")));
        }
        Ok(ColumnarValue::Array(Arc::new(StringArray::from(rows))))
    }
}

fn written(value: &Value) -> Result<String> {
    serde_json::to_string(value).map_err(|error| DataFusionError::External(Box::new(error)))
}

/// Values in one of the types that JSON has, or lists of them. Dates, moments and all else are texts.
fn readable(values: &ArrayRef) -> Result<ArrayRef> {
    let of = match values.data_type() {
        whole if whole.is_integer() => DataType::Int64,
        broken if broken.is_floating() => DataType::Float64,
        DataType::Boolean | DataType::List(_) | DataType::Null => return Ok(Arc::clone(values)),
        _ => DataType::Utf8,
    };
    Ok(cast(values, &of)?)
}

fn value(values: &ArrayRef, row: usize) -> Result<Value> {
    if values.is_null(row) {
        return Ok(Value::Null);
    }
    Ok(match values.data_type() {
        DataType::Null => Value::Null,
        DataType::Int64 => values.as_primitive::<Int64Type>().value(row).into(),
        // JSON has no infinity, for which PostgreSQL writes a text and this is NULL.
        DataType::Float64 => values.as_primitive::<Float64Type>().value(row).into(),
        DataType::Boolean => values.as_boolean().value(row).into(),
        DataType::List(_) => {
            let elements = readable(&values.as_list::<i32>().value(row))?;
            let read = (0..elements.len()).map(|at| value(&elements, at));
            Value::Array(read.collect::<Result<_>>()?)
        }
        _ => values.as_string::<i32>().value(row).into(),
    })
}
