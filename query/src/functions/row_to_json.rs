//! `row_to_json(row)`: a row as the text of a JSON object.
//!
//! In: names and values by turns, as the gate writes them for a table of the `FROM`, because the engine has no value that is a
//! whole row. Out: texts, in which the values have the order of their columns, as in PostgreSQL: numbers without quotes and with all
//! their digits, and lists as what they are. There is no type `json` here, so that a text of this function says in its
//! field that it is one: within another row it is an object and no text.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float32Type, Float64Type};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::floating::{of_double, of_single};

/// Where a field says that its texts are JSON.
const KEY: &str = "kayoi.json";

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

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let given: Vec<DataType> =
            arguments.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        let said = HashMap::from([(KEY.to_owned(), "text".to_owned())]);
        let field = Field::new(self.name(), self.return_type(&given)?, true);
        Ok(Arc::new(field.with_metadata(said)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut members = Vec::new();
        for (at, pair) in arguments.args.chunks_exact(2).enumerate() {
            let [ColumnarValue::Scalar(name), values] = pair else {
                return exec_err!("row_to_json takes names that are written");
            };
            let is_json =
                arguments.arg_fields.get(2 * at + 1).is_some_and(|field| field.metadata().contains_key(KEY));
            let values = values.to_array(arguments.number_rows)?;
            members.push((quoted(&name.to_string())?, written(&values, is_json)?));
        }
        let rows: Vec<String> = (0..arguments.number_rows).map(|row| object(&members, row)).collect();
        Ok(ColumnarValue::Array(Arc::new(StringArray::from(rows))))
    }
}

/// A row of members, each with its name in JSON and its values by rows.
fn object(members: &[(String, Vec<String>)], row: usize) -> String {
    let member =
        |(name, values): &(String, Vec<String>)| values.get(row).map(|value| format!("{name}:{value}"));
    format!("{{{}}}", members.iter().filter_map(member).collect::<Vec<_>>().join(","))
}

/// Every value in JSON.
fn written(values: &ArrayRef, is_json: bool) -> Result<Vec<String>> {
    match values.data_type() {
        DataType::Null => Ok(vec![NULL.to_owned(); values.len()]),
        DataType::Float64 => Ok(numbers(values.as_primitive::<Float64Type>().iter(), of_double)),
        DataType::Float32 => Ok(numbers(values.as_primitive::<Float32Type>().iter(), of_single)),
        DataType::List(_) => lists(values.as_list::<i32>()),
        other => {
            let is_bare = is_json || other.is_integer() || other.is_decimal() || *other == DataType::Boolean;
            // Dates, moments and all else are texts.
            let texts = cast(values, &DataType::Utf8)?;
            let text = |text: Option<&str>| match text {
                None => Ok(NULL.to_owned()),
                Some(text) if is_bare => Ok(text.to_owned()),
                Some(text) => quoted(text),
            };
            texts.as_string::<i32>().iter().map(text).collect()
        }
    }
}

const NULL: &str = "null";

/// JSON has no infinity and nothing that is no number, for which PostgreSQL writes a text.
fn numbers<T: Copy + Into<f64>>(
    values: impl Iterator<Item = Option<T>>,
    text: fn(T) -> String,
) -> Vec<String> {
    let number = |value: Option<T>| match value {
        None => NULL.to_owned(),
        Some(value) if Into::<f64>::into(value).is_finite() => text(value),
        Some(value) => format!("\"{}\"", text(value)),
    };
    values.map(number).collect()
}

fn lists(lists: &ListArray) -> Result<Vec<String>> {
    let mut rows = Vec::with_capacity(lists.len());
    for row in 0..lists.len() {
        rows.push(if lists.is_null(row) {
            NULL.to_owned()
        } else {
            format!("[{}]", written(&lists.value(row), false)?.join(","))
        });
    }
    Ok(rows)
}

fn quoted(text: &str) -> Result<String> {
    serde_json::to_string(text).map_err(|error| DataFusionError::External(Box::new(error)))
}
