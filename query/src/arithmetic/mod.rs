//! Calculating as PostgreSQL does, or not at all.
//!
//! In: a plan whose types are settled. Out: the same plan in which sums, differences, products and quotients,
//! casts to whole numbers and functions that leave the numbers are checked, times are cast to text and
//! intervals are compared, sorted and grouped as there. The engine wraps whole numbers around and goes to infinity without a word, and it cuts fractions
//! off where PostgreSQL rounds; a figure that is wrong looks like any other. The rule stands after type coercion, so that each operator's types
//! are known, and before every other rule, so that nothing is calculated unchecked.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::expr::{Cast, ScalarFunction};
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::AnalyzerRule;

use crate::functions::shown;
use crate::typed::rewrite_node;

mod checked;
mod guard;
mod keys;
mod lengths;
mod mixed;
mod wide;

pub(crate) use checked::ArithmeticError;
use checked::{Checked, Operation};
pub(crate) use guard::GuardChecked;
pub(crate) use lengths::OrderByLength;
pub(crate) use mixed::CompareAsDoubles;
pub(crate) use wide::sum;

/// The rule.
#[derive(Debug)]
pub(crate) struct CheckArithmetic;

impl AnalyzerRule for CheckArithmetic {
    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let plan = plan.transform_up_with_subqueries(|node| rewrite_node(node, settle))?.data;
        let plan = plan.transform_up_with_subqueries(keys::keyed)?;
        if !plan.transformed {
            return Ok(plan.data);
        }
        let plan =
            plan.data.transform_up_with_subqueries(|node| Ok(Transformed::yes(node.recompute_schema()?)))?;
        Ok(plan.data)
    }

    fn name(&self) -> &str {
        "check_arithmetic"
    }
}

/// One expression whose parts are settled already.
fn settle(expression: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    lengths::compared(expression, schema)?.transform_data(|expression| check(expression, schema))
}

fn check(expression: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expression {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let operation = match op {
                Operator::Plus => Operation::Plus,
                Operator::Minus => Operation::Minus,
                Operator::Multiply => Operation::Times,
                Operator::Divide => Operation::Over,
                Operator::Modulo => Operation::Modulo,
                _ => return Ok(Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right }))),
            };
            let types = (left.get_type(schema)?, right.get_type(schema)?);
            if types.0 == types.1 && is_checked(&types.0) {
                return Ok(Transformed::yes(call(operation, vec![*left, *right])));
            }
            Ok(Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })))
        }
        Expr::Negative(inner) => {
            let data_type = inner.get_type(schema)?;
            if !data_type.is_integer() {
                return Ok(Transformed::no(Expr::Negative(inner)));
            }
            let zero = Expr::Literal(ScalarValue::new_zero(&data_type)?, None);
            Ok(Transformed::yes(call(Operation::Minus, vec![zero, *inner])))
        }
        Expr::Cast(cast) if cast.field.data_type().is_integer() => round_before(cast, schema),
        Expr::Cast(cast) if is_text(cast.field.data_type()) => match cast.expr.get_type(schema)? {
            DataType::Timestamp(..) => {
                let text = ScalarFunction::new_udf(Arc::new(shown()), vec![*cast.expr]);
                let to = cast.field.data_type().clone();
                Ok(Transformed::yes(Expr::Cast(Cast::new(Box::new(Expr::ScalarFunction(text)), to))))
            }
            _ => Ok(Transformed::no(Expr::Cast(cast))),
        },
        Expr::ScalarFunction(function) if LEAVES_NUMBERS.contains(&function.func.name()) => {
            let whole = Expr::ScalarFunction(function);
            let is_float = whole.get_type(schema)?.is_floating();
            if is_float {
                Ok(Transformed::yes(call(Operation::Finite, vec![whole])))
            } else {
                Ok(Transformed::no(whole))
            }
        }
        Expr::ScalarFunction(function) if function.func.name() == "round" && function.args.len() == 1 => {
            let is_double =
                function.args[0].get_type(schema)?.is_floating() && !is_numeric(&function.args[0]);
            if is_double {
                Ok(Transformed::yes(call(Operation::RoundToEven, function.args)))
            } else {
                Ok(Transformed::no(Expr::ScalarFunction(function)))
            }
        }
        other => Ok(Transformed::no(other)),
    }
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// Functions whose result may be no number, where PostgreSQL has an error.
const LEAVES_NUMBERS: [&str; 18] = [
    "acos", "acosh", "asin", "atanh", "cbrt", "cosh", "cot", "exp", "ln", "log", "log10", "pow", "power",
    "sinh", "sqrt", "tan", "degrees", "radians",
];

/// Casts to a whole number round, as PostgreSQL's do; the engine's cut the fraction off.
fn round_before(cast: Cast, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let to = cast.field.data_type().clone();
    match cast.expr.get_type(schema)? {
        from if from.is_floating() => {
            let ties =
                if is_numeric(&cast.expr) { Operation::ToWhole(to) } else { Operation::ToWholeEven(to) };
            Ok(Transformed::yes(call(ties, vec![*cast.expr])))
        }
        DataType::Decimal128(precision, scale) if scale > 0 => {
            let whole = Expr::Cast(Cast::new(cast.expr, DataType::Decimal128(precision, 0)));
            Ok(Transformed::yes(Expr::Cast(Cast::new(Box::new(whole), to))))
        }
        _ => Ok(Transformed::no(Expr::Cast(cast))),
    }
}

/// Whether PostgreSQL would calculate this in numeric, where halves are rounded away from zero, and not in
/// double precision, where they go to the even neighbour: a number that was written with a point is numeric
/// there, and double here.
fn is_numeric(expression: &Expr) -> bool {
    match expression {
        Expr::Literal(value, _) => value.data_type().is_floating(),
        Expr::Cast(cast) => match cast.expr.as_ref() {
            Expr::Literal(value, _) => value.data_type().is_integer(),
            Expr::Column(_) | Expr::AggregateFunction(_) => true,
            inner => is_numeric(inner),
        },
        Expr::Alias(alias) => is_numeric(&alias.expr),
        Expr::Negative(inner) => is_numeric(inner),
        Expr::ScalarFunction(function) => {
            (function.func.inner().is::<Checked>() || KEEPS_NUMERIC.contains(&function.func.name()))
                && function.args.iter().all(is_numeric)
        }
        _ => false,
    }
}

const KEEPS_NUMERIC: [&str; 5] = ["abs", "ceil", "floor", "round", "trunc"];

/// Types that the engine calculates with unchecked. Decimals it checks itself.
fn is_checked(data_type: &DataType) -> bool {
    data_type.is_integer() || matches!(data_type, DataType::Float32 | DataType::Float64)
}

fn call(operation: Operation, arguments: Vec<Expr>) -> Expr {
    Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(Checked::new(operation).into()), arguments))
}

#[cfg(test)]
#[path = "arithmetic_tests.rs"]
mod tests;
