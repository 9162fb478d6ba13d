//! Whole numbers that no bigint holds.
//!
//! In: a statement whose columns have their names. Out: the same, in which such a number is a `numeric` of as many digits, as in
//! PostgreSQL. The planner would make it a double, which has 15 of them, or an unsigned number, which SQL does not know. To read
//! every number with a point as a `numeric` (`parse_float_as_decimal`) would be another thing: `0.1` is a double here, as the
//! columns of a release are.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    CastKind, DataType, ExactNumberInfo, Expr, Statement, Value, ValueWithSpan, visit_expressions_mut,
};

use crate::error::QueryError;

/// Digits of a `numeric` of 128 bits, the longest that the Postgres wire can send.
const MOST_DIGITS: usize = 38;

/// Writes such numbers as what they are.
///
/// # Errors
/// [`QueryError::Unsupported`] for one of more digits than a `numeric` has here.
pub(super) fn write_out(statement: &mut Statement) -> Result<(), QueryError> {
    let walked = visit_expressions_mut(statement, |expression| {
        let Some(digits) = long(expression) else { return ControlFlow::Continue(()) };
        if digits.len() > MOST_DIGITS {
            return ControlFlow::Break(());
        }
        let precision = u64::try_from(digits.len()).unwrap_or(u64::MAX);
        *expression = Expr::Cast {
            kind: CastKind::Cast,
            expr: Box::new(Expr::Value(Value::SingleQuotedString(digits).with_empty_span())),
            data_type: DataType::Decimal(ExactNumberInfo::PrecisionAndScale(precision, 0)),
            array: false,
            format: None,
        };
        ControlFlow::Continue(())
    });
    match walked {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(QueryError::Unsupported(format!(
            "a whole number of more than {MOST_DIGITS} digits\n\
             hint: write it with an exponent, as in 1e40, for a double, or in quotes for a text"
        ))),
    }
}

/// The digits of a whole number that no bigint holds.
fn long(expression: &Expr) -> Option<String> {
    let Expr::Value(ValueWithSpan { value: Value::Number(written, _), .. }) = expression else { return None };
    // The parser lets `1_000` pass.
    let digits = written.replace('_', "");
    let digits = digits.trim_start_matches('0');
    let is_whole = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    (is_whole && digits.parse::<i64>().is_err()).then(|| digits.to_owned())
}
