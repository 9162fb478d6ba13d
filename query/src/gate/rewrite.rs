//! Words whose meaning the planner would change.
//!
//! In: a statement that was let through. Out: the same with `AT TIME ZONE` as the function that it is, or a
//! refusal of a type whose length the planner would drop without a word.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    CharacterLength, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, ObjectName, Statement, visit_expressions_mut,
};

use crate::error::QueryError;

/// Puts what is meant in the place of what the planner would misread.
///
/// # Errors
/// [`QueryError::Unsupported`].
pub(super) fn rewrite(statement: &mut Statement) -> Result<(), QueryError> {
    let walked = visit_expressions_mut(statement, |expression| {
        match expression {
            Expr::Cast { data_type, .. } => {
                if let Some(kind) = bounded(data_type) {
                    return ControlFlow::Break(format!(
                        "a cast to `{kind}` with a length\nhint: cast to text; left(x, n) takes the first n letters"
                    ));
                }
            }
            Expr::AtTimeZone { timestamp, time_zone } => {
                let argument =
                    |expression: &Expr| FunctionArg::Unnamed(FunctionArgExpr::Expr(expression.clone()));
                let arguments = vec![argument(time_zone), argument(timestamp)];
                *expression = Expr::Function(call("timezone", arguments));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
    match walked {
        ControlFlow::Break(told) => Err(QueryError::Unsupported(told)),
        ControlFlow::Continue(()) => Ok(()),
    }
}

fn call(name: &str, args: Vec<FunctionArg>) -> Function {
    let list = FunctionArgumentList { duplicate_treatment: None, args, clauses: Vec::new() };
    Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(list),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    }
}

/// A text type with a length, by its name.
fn bounded(data_type: &DataType) -> Option<&'static str> {
    let has_length = |length: &Option<CharacterLength>| length.is_some();
    match data_type {
        DataType::Varchar(length) | DataType::CharacterVarying(length) if has_length(length) => {
            Some("varchar")
        }
        DataType::Char(length) | DataType::Character(length) if has_length(length) => Some("char"),
        _ => None,
    }
}
