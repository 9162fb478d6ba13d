//! `SHOW FUNCTIONS`, as a query.
//!
//! In: the pattern that it may have. Out: a query of Kayoi's functions and named questions with their arguments and what they
//! give, and after them of PostgreSQL's that there are. The engine's own listing knows functions by the types of their
//! arguments, which ours work out for themselves, and so lists none of ours.

use datafusion::sql::sqlparser::ast::{ShowStatementFilter, Statement};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::error::QueryError;
use crate::functions::FUNCTIONS;
use crate::questions::{QuestionFunction, ROWS};

/// The query.
///
/// # Errors
/// [`QueryError::Unsupported`] for a condition, of which nobody knows the columns.
pub(super) fn functions(filter: Option<&ShowStatementFilter>) -> Result<Statement, QueryError> {
    let condition = match filter {
        None => String::new(),
        Some(ShowStatementFilter::Like(pattern) | ShowStatementFilter::NoKeyword(pattern)) => {
            format!(" WHERE function_name LIKE {}", quoted(pattern))
        }
        Some(ShowStatementFilter::ILike(pattern)) => {
            format!(" WHERE function_name ILIKE {}", quoted(pattern))
        }
        Some(ShowStatementFilter::Where(_)) => {
            let told = "SHOW FUNCTIONS with a condition\nhint: SHOW FUNCTIONS LIKE 'h3%' takes a pattern";
            return Err(QueryError::Unsupported(told.to_owned()));
        }
    };
    let of_values = FUNCTIONS.iter().filter_map(|function| {
        let (name, arguments, result) = function.parts()?;
        Some([name, arguments, result, function.doc])
    });
    let questions = QuestionFunction::all().iter();
    let of_rows = questions.map(|one| [one.name.as_str(), &one.arguments, ROWS, &one.doc]);
    let row = |[name, arguments, result, doc]: [&str; 4]| {
        format!("({}, {}, {}, {})", quoted(name), quoted(arguments), quoted(result), quoted(doc))
    };
    let rows: Vec<String> = of_values.chain(of_rows).map(row).collect();
    let text = format!(
        "WITH own AS (SELECT * FROM (VALUES {}) AS listed(function_name, arguments, return_type, description)) \
         SELECT function_name, arguments, return_type, description FROM (\
           SELECT 0 AS place, function_name, arguments, return_type, description FROM own \
           UNION ALL \
           SELECT DISTINCT 1, routine_name, CAST(NULL AS text), CAST(NULL AS text), description \
           FROM information_schema.routines WHERE routine_name NOT IN (SELECT function_name FROM own)\
         ) AS listed{condition} ORDER BY place, function_name",
        rows.join(", ")
    );
    let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(&text);
    parsed
        .and_then(|mut parser| parser.parse_statement())
        .map_err(|error| QueryError::Plan(error.to_string()))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
