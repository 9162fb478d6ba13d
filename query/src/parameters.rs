//! The types of a query's parameters. In: a plan with `$1`, `$2` …. Out: their types, as far as the query
//! tells.
//!
//! Clients that send no types ask for them and refuse a number where text was described. DataFusion infers a
//! type from a comparison with a column only; here follow casts (`$1::double`), LIMIT and OFFSET, and
//! arguments of functions that say what they take, as Kayoi's own do.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::engine::Engine;
use crate::error::QueryError;

/// The type of each parameter; `None` where the query does not tell.
pub(crate) fn types(plan: &LogicalPlan, engine: &Engine) -> Result<Vec<Option<DataType>>, QueryError> {
    let mut types = Vec::new();
    for (name, known) in plan.get_parameter_types().map_err(|error| engine.explain(error))? {
        // The protocol counts parameters in 16 bits.
        let number = name.trim_start_matches('$').parse::<u16>().ok().filter(|number| *number > 0);
        let number =
            number.ok_or_else(|| QueryError::Plan(format!("parameter `{name}` is not $1 to $65535")))?;
        let index = usize::from(number) - 1;
        types.resize(types.len().max(index + 1), None);
        types[index] = known;
    }
    if types.contains(&None) {
        told_by_use(plan, &mut types).map_err(|error| engine.explain(error))?;
    }
    Ok(types)
}

fn told_by_use(plan: &LogicalPlan, types: &mut [Option<DataType>]) -> DataFusionResult<()> {
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::Limit(limit) = node {
            for expression in limit.skip.iter().chain(&limit.fetch) {
                tell(expression, &DataType::Int64, types);
            }
        }
        node.apply_expressions(|expression| {
            expression.apply(|inner| {
                told_around(inner, types);
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(())
}

/// What an expression tells about parameters directly in it.
fn told_around(expression: &Expr, types: &mut [Option<DataType>]) {
    match expression {
        Expr::Cast(cast) => tell(&cast.expr, cast.field.data_type(), types),
        Expr::ScalarFunction(function) => {
            // A function that leaves its types open says nothing here.
            let nulls = vec![DataType::Null; function.args.len()];
            for (argument, takes) in
                function.args.iter().zip(function.func.coerce_types(&nulls).unwrap_or_default())
            {
                tell(argument, &takes, types);
            }
        }
        _ => {}
    }
}

fn tell(expression: &Expr, told: &DataType, types: &mut [Option<DataType>]) {
    if let Expr::Placeholder(placeholder) = expression
        && let Ok(number) = placeholder.id.trim_start_matches('$').parse::<usize>()
        && let Some(unknown @ None) = types.get_mut(number.wrapping_sub(1))
        && !told.is_null()
    {
        *unknown = Some(told.clone());
    }
}
