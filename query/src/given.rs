//! Values that come with a question, in the place of its parameters.
//!
//! In: a plan with `$1`, `$2` … and a value for each. Out: the plan without them. JSON knows numbers, texts and
//! truth and no more; where the query tells what it takes, a value becomes that: `"2026-03-01"` a date, `20214`
//! a text. A value never becomes a piece of the SQL.

use datafusion::common::{ParamValues, ScalarValue};

use crate::engine::Engine;
use crate::error::QueryError;
use crate::parameters;
use crate::plan::Planned;
use crate::types::sql_type;

/// The plan with values for all of its parameters.
///
/// # Errors
/// [`QueryError::Given`] when there are more values or fewer, [`QueryError::InvalidText`] when one is not what the
/// query takes there.
pub(crate) fn bound(
    planned: Planned,
    values: Vec<ScalarValue>,
    engine: &Engine,
) -> Result<Planned, QueryError> {
    let types = match planned.logical_plan() {
        Some(plan) => parameters::types(plan, engine)?,
        None => Vec::new(),
    };
    if types.len() != values.len() {
        return Err(QueryError::Given { parameters: types.len(), values: values.len() });
    }
    if values.is_empty() {
        return Ok(planned);
    }
    let mut taken = Vec::new();
    for (position, (value, takes)) in values.into_iter().zip(types).enumerate() {
        taken.push(match takes {
            Some(takes) if !takes.is_nested() && !value.data_type().is_nested() => {
                let unfit = |_| {
                    QueryError::InvalidText(format!(
                        "the value of `${}` is no {}\nhint: `$1::text` says in SQL what a parameter takes",
                        position + 1,
                        sql_type(&takes)
                    ))
                };
                value.cast_to(&takes).map_err(unfit)?
            }
            _ => value,
        });
    }
    planned.bind(&ParamValues::from(taken)).map_err(|error| engine.explain(error))
}
