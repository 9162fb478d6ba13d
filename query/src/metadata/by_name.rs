//! Names and lists in statements of clients, before the other parser sees them.
//!
//! In: a statement. Out: the same, where functions are compared by the names that the catalog here has instead of
//! numbers, a cast to `regclass` is the function that looks the number up, a letter beside a flag is true or false, and
//! `= ANY ($1)` takes a list.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, ObjectName, Value, ValueWithSpan, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use kayoi_schemas::tables::{ColumnType, ReleaseTable};

/// Columns in which the catalog has the names of functions, where PostgreSQL has numbers that it shows as
/// names.
const NAMING: [&str; 14] = [
    "typinput",
    "typoutput",
    "typreceive",
    "typsend",
    "typmodin",
    "typmodout",
    "typanalyze",
    "typsubscript",
    "amhandler",
    "oprcode",
    "oprrest",
    "oprjoin",
    "prosupport",
    "aggfnoid",
];

/// Functions that look up a number by name, as a cast does.
const LOOKING_UP: [&str; 6] =
    ["to_regnamespace", "to_regproc", "to_regtype", "regnamespace", "regproc", "regtype"];

/// Columns of the catalog that are true or false, which clients compare with a letter.
const FLAGS: [&str; 10] = [
    "attisdropped",
    "attnotnull",
    "atthasdef",
    "condeferrable",
    "indisclustered",
    "indisprimary",
    "indisunique",
    "indisvalid",
    "relhasindex",
    "rolcanlogin",
];

/// The text with functions compared by name. The other parser would make numbers of them, and compare a name
/// with a number.
pub(super) fn with_names(text: &str) -> Result<Option<String>, ParserError> {
    let small = text.to_ascii_lowercase();
    // What psql asks is known to the other parser by its letters, so that nothing else is written anew.
    let has_list = small.contains("any") && small.contains('$');
    let names = NAMING.iter().chain(&LOOKING_UP).chain(&FLAGS);
    if !has_list && !small.contains("regclass") && !names.into_iter().any(|name| small.contains(name)) {
        return Ok(None);
    }
    let mut statements = Parser::parse_sql(&PostgreSqlDialect {}, text)?;
    let _ = statements.visit(&mut ByName);
    Ok(Some(statements.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
}

pub(super) struct ByName;

impl VisitorMut for ByName {
    type Break = ();

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        match expression {
            Expr::BinaryOp { left, op: BinaryOperator::Eq | BinaryOperator::NotEq, right } => {
                if names_function(left) {
                    by_name(right);
                } else if names_function(right) {
                    by_name(left);
                } else if is_one_of(left, &FLAGS) {
                    as_flag(right);
                }
            }
            Expr::Cast { expr, data_type, .. } if is_regproc(data_type) && names_function(expr) => {
                *expression = expr.as_ref().clone();
            }
            Expr::Cast { expr, data_type, .. } if is_type(data_type, "regclass") && is_name(expr) => {
                *expression = Expr::Function(call("regclass", expr.as_ref().clone()));
            }
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => as_list_of(left, right),
            Expr::Function(function) => {
                if let Some(cast) = as_cast(function) {
                    *expression = cast;
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// `'pg_catalog.array_in'::regproc` and `p.oid`, beside a column that has names.
fn by_name(other: &mut Expr) {
    match other {
        Expr::Cast { expr, data_type, .. } if is_regproc(data_type) => {
            let Expr::Value(value) = expr.as_mut() else { return };
            if let Value::SingleQuotedString(name) = &mut value.value {
                if let Some(bare) = name.strip_prefix("pg_catalog.") {
                    *name = bare.to_owned();
                }
                *other = expr.as_ref().clone();
            }
        }
        // No function has the number 0, and shows as a dash.
        Expr::Value(ValueWithSpan { value, .. }) if value.to_string() == "0" => {
            *value = Value::SingleQuotedString("-".to_owned());
        }
        Expr::CompoundIdentifier(parts) => {
            if let Some(last) = parts.last_mut()
                && last.value.eq_ignore_ascii_case("oid")
            {
                *last = Ident::new("proname");
            }
        }
        _ => {}
    }
}

/// `to_regtype('text')` as the cast that it is, with which the other parser can deal.
fn as_cast(function: &Function) -> Option<Expr> {
    let name = function.name.to_string().to_ascii_lowercase();
    let name = name.trim_start_matches("pg_catalog.");
    let FunctionArguments::List(list) = &function.args else { return None };
    let [FunctionArg::Unnamed(FunctionArgExpr::Expr(value))] = list.args.as_slice() else { return None };
    if !LOOKING_UP.contains(&name) || !matches!(value, Expr::Value(_)) {
        return None;
    }
    let to = name.trim_start_matches("to_");
    let cast = format!("CAST({value} AS {to})");
    Parser::new(&PostgreSqlDialect {}).try_with_sql(&cast).ok()?.parse_expr().ok()
}

fn names_function(expression: &Expr) -> bool {
    is_one_of(expression, &NAMING)
}

fn is_one_of(expression: &Expr, columns: &[&str]) -> bool {
    let last = match expression {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(parts) => parts.last(),
        _ => None,
    };
    last.is_some_and(|name| columns.iter().any(|column| name.value.eq_ignore_ascii_case(column)))
}

/// `'t'` beside a column that is true or false.
fn as_flag(other: &mut Expr) {
    let Expr::Value(ValueWithSpan { value, .. }) = other else { return };
    match value {
        Value::SingleQuotedString(letter) if letter == "t" => *value = Value::Boolean(true),
        Value::SingleQuotedString(letter) if letter == "f" => *value = Value::Boolean(false),
        _ => {}
    }
}

fn is_regproc(data_type: &DataType) -> bool {
    is_type(data_type, "regproc") || is_type(data_type, "regprocedure")
}

fn is_type(data_type: &DataType, name: &str) -> bool {
    let told = data_type.to_string().to_ascii_lowercase().replace('"', "");
    told.trim_start_matches("pg_catalog.") == name
}

/// Whether an operand of a cast to `regclass` is a name, and no number of a relation that is to be shown as one.
fn is_name(operand: &Expr) -> bool {
    match operand {
        Expr::Value(_) | Expr::Function(_) => true,
        Expr::Nested(inner) => is_name(inner),
        Expr::Cast { data_type, .. } => is_type(data_type, "text"),
        _ => false,
    }
}

/// `= ANY ($1)`, whose place takes a list of what stands before it. The planner would take it for one value.
fn as_list_of(left: &Expr, right: &mut Expr) {
    let mut place = &*right;
    while let Expr::Nested(inner) = place {
        place = inner;
    }
    if !matches!(place, Expr::Value(ValueWithSpan { value: Value::Placeholder(_), .. })) {
        return;
    }
    let text = format!("CAST({place} AS {}[])", kind_of(left));
    let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(&text).map(|mut parser| parser.parse_expr());
    if let Ok(Ok(cast)) = parsed {
        *right = cast;
    }
}

/// The SQL word for the type of a column, by the name that it has wherever it stands; text for anything else.
fn kind_of(value: &Expr) -> &'static str {
    let name = match value {
        Expr::Identifier(name) => name,
        Expr::CompoundIdentifier(parts) => match parts.last() {
            Some(last) => last,
            None => return "text",
        },
        Expr::Nested(inner) => return kind_of(inner),
        _ => return "text",
    };
    let name = name.value.to_lowercase();
    let columns = || ReleaseTable::ALL.into_iter().flat_map(|table| table.table().columns);
    match columns().find(|column| column.name == name).map(|column| column.kind) {
        Some(ColumnType::Long) => "bigint",
        Some(ColumnType::Int) => "integer",
        Some(ColumnType::Short) => "smallint",
        Some(ColumnType::Double) => "double precision",
        Some(ColumnType::Float) => "real",
        Some(ColumnType::Boolean) => "boolean",
        Some(ColumnType::Date) => "date",
        Some(ColumnType::Timestamp) => "timestamptz",
        None if name == "oid" || name.ends_with("relid") || name.ends_with("namespace") => "integer",
        Some(ColumnType::Text) | None => "text",
    }
}

pub(super) fn call(name: &'static str, value: Expr) -> Function {
    Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(value))],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    }
}
