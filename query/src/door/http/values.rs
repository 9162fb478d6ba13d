//! Values of JSON as values of SQL. In: what stands in `parameters`. Out: scalars, or what is wrong with them.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use serde_json::Value;

use super::problem::Problem;

/// Most parameters of a question.
const MOST: usize = 1_000;

/// The values for `$1`, `$2` ….
///
/// # Errors
/// 400 for an object, a list of lists or a list of unlike values.
pub(super) fn values(given: Vec<Value>) -> Result<Vec<ScalarValue>, Problem> {
    if given.len() > MOST {
        return Err(Problem::bad(format!("more than `{MOST}` parameters")));
    }
    let one = |(position, value): (usize, Value)| {
        scalar(value).map_err(|what| {
            let problem = Problem::bad(format!("the value of `${}` is {what}", position + 1));
            problem.with_hint("a value is a text, a number, true, false, null, or a list of one kind of them")
        })
    };
    given.into_iter().enumerate().map(one).collect()
}

fn scalar(value: Value) -> Result<ScalarValue, &'static str> {
    match value {
        Value::Array(list) => self::list(list),
        Value::Object(_) => Err("an object"),
        plain => self::plain(plain),
    }
}

fn plain(value: Value) -> Result<ScalarValue, &'static str> {
    Ok(match value {
        Value::Null => ScalarValue::Null,
        Value::Bool(truth) => ScalarValue::Boolean(Some(truth)),
        Value::String(text) => ScalarValue::Utf8(Some(text)),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => ScalarValue::Int64(Some(whole)),
            (None, Some(float)) => ScalarValue::Float64(Some(float)),
            (None, None) => return Err("a number that is too large"),
        },
        Value::Array(_) | Value::Object(_) => return Err("a list of lists or of objects"),
    })
}

fn list(list: Vec<Value>) -> Result<ScalarValue, &'static str> {
    let values = list.into_iter().map(plain).collect::<Result<Vec<_>, _>>()?;
    let mut kind = DataType::Null;
    for value in &values {
        kind = match (kind, value.data_type()) {
            (DataType::Null, other) | (other, DataType::Null) => other,
            (DataType::Int64, DataType::Float64) | (DataType::Float64, DataType::Int64) => DataType::Float64,
            (one, other) if one == other => one,
            _ => return Err("a list of unlike values"),
        };
    }
    if kind.is_null() {
        kind = DataType::Utf8;
    }
    let alike = values.iter().map(|value| value.cast_to(&kind)).collect::<Result<Vec<_>, _>>();
    Ok(ScalarValue::List(ScalarValue::new_list_nullable(
        &alike.map_err(|_| "a list of unlike values")?,
        &kind,
    )))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_numbers_truth_null_and_lists_of_them_are_values() {
        let Value::Array(given) = json!(["長野", 7, 1.5, true, null, ["a", null], [1, 2.5], []]) else {
            unreachable!("an array")
        };
        let values = values(given).unwrap();
        assert_eq!(values[0], ScalarValue::from("長野"));
        assert_eq!((&values[1], &values[2]), (&ScalarValue::from(7_i64), &ScalarValue::from(1.5)));
        assert_eq!((&values[3], &values[4]), (&ScalarValue::from(true), &ScalarValue::Null));
        let kinds: Vec<String> = values[5..].iter().map(|value| value.data_type().to_string()).collect();
        assert!(
            kinds[0].contains("Utf8") && kinds[1].contains("Float64") && kinds[2].contains("Utf8"),
            "{kinds:?}"
        );
    }

    #[test]
    fn what_sql_has_no_value_for_is_named_by_its_place() {
        for wrong in [json!([1, {}]), json!([1, [[2]]]), json!([1, ["a", 2]]), json!([0, [{}]])] {
            let Value::Array(given) = wrong else { unreachable!("an array") };
            let problem = values(given).unwrap_err().to_json(false);
            assert!(problem["error"].as_str().unwrap().starts_with("the value of `$2` is "), "{problem}");
        }
    }
}
