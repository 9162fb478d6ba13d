//! Words whose meaning the planner would change.
//!
//! In: a statement that was let through. Out: the same with `AT TIME ZONE` as the function that it is, or a
//! refusal of what the planner would take for something else without a word: each entry was answered
//! differently by PostgreSQL.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    AnalyzeFormat, AnalyzeFormatKind, Array, ArrayElemTypeDef, CastKind, CharacterLength, DataType, Expr,
    Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, GroupByExpr, Ident,
    JoinConstraint, JoinOperator, LimitClause, ObjectName, Query, Select, SelectItem, SetExpr, SetOperator,
    SetQuantifier, Statement, TableFactor, Value, ValueWithSpan, Visit, VisitMut, Visitor, VisitorMut,
    visit_expressions_mut,
};

use super::records::Records;
use super::{clients, first};
use crate::arrays;
use crate::error::QueryError;
use crate::explained;

/// Puts what is meant in the place of what the planner would misread.
///
/// # Errors
/// [`QueryError::Unsupported`].
pub(super) fn rewrite(statement: &mut Statement) -> Result<(), QueryError> {
    if let Statement::Explain { options, format, .. } = statement {
        let is_json = match format {
            Some(AnalyzeFormatKind::Keyword(form) | AnalyzeFormatKind::Assignment(form)) => {
                matches!(form, AnalyzeFormat::JSON)
            }
            None => explained::is_json(options.as_deref()),
        };
        // None of the others changes what a plan says here: a tree would be one of files.
        *format = is_json.then_some(AnalyzeFormatKind::Keyword(AnalyzeFormat::JSON));
        *options = None;
    }
    if let ControlFlow::Break(told) = Visit::visit(statement, &mut Misread) {
        return Err(QueryError::Unsupported(told.to_owned()));
    }
    let _ = VisitMut::visit(statement, &mut ExistsAmongColumns);
    let _ = VisitMut::visit(statement, &mut Records);
    let _ = VisitMut::visit(statement, &mut OfCatalog);
    let walked = visit_expressions_mut(statement, |expression| {
        if let Err(told) = clients::understood(expression) {
            return ControlFlow::Break(told);
        }
        match expression {
            Expr::Cast { expr, data_type: DataType::Array(of), .. } => {
                if let Some(list) = as_array(expr, of) {
                    **expr = list;
                }
            }
            Expr::Cast { data_type, .. } => {
                if let Some(kind) = bounded(data_type) {
                    return ControlFlow::Break(format!(
                        "a cast to `{kind}` with a length\nhint: cast to text; left(x, n) takes the first n letters"
                    ));
                }
            }
            Expr::Subquery(query) => {
                if let Some(meant) = first::of(query).or_else(|| first::only(query)) {
                    *expression = meant;
                }
            }
            Expr::SimilarTo { .. } => {
                return ControlFlow::Break("SIMILAR TO\nhint: use `~` with a regular expression".to_owned());
            }
            Expr::Function(function) if function.name.to_string().eq_ignore_ascii_case("generate_series") => {
                let told = "generate_series among the columns\nhint: put it into FROM";
                return ControlFlow::Break(told.to_owned());
            }
            Expr::Identifier(name)
                if name.quote_style.is_none() && name.value.eq_ignore_ascii_case("localtimestamp") =>
            {
                let told = "localtimestamp\nhint: now() AT TIME ZONE 'Asia/Tokyo' is the same";
                return ControlFlow::Break(told.to_owned());
            }
            Expr::AtTimeZone { time_zone, .. } if is_offset(time_zone) => {
                let told = "AT TIME ZONE with an offset, whose sign PostgreSQL reads the other way\n\
                            hint: name the zone, as in AT TIME ZONE 'Asia/Tokyo'";
                return ControlFlow::Break(told.to_owned());
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

/// Functions of `pg_catalog` in a `FROM`.
struct OfCatalog;

impl VisitorMut for OfCatalog {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        clients::without_catalog(factor);
        ControlFlow::Continue(())
    }
}

/// `EXISTS (…)` among the columns, where the planner takes it among the conditions only: whether there is one.
struct ExistsAmongColumns;

impl VisitorMut for ExistsAmongColumns {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        for item in &mut select.projection {
            let (SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }) = item
            else {
                continue;
            };
            let is_named = matches!(value, Expr::Exists { .. });
            let _ = visit_expressions_mut(value, |expression| {
                if let Some(counted) = counted(expression) {
                    *expression = counted;
                }
                ControlFlow::<()>::Continue(())
            });
            if let (true, SelectItem::UnnamedExpr(value)) = (is_named, &*item) {
                *item = SelectItem::ExprWithAlias { expr: value.clone(), alias: Ident::new("exists") };
            }
        }
        ControlFlow::Continue(())
    }
}

/// An `EXISTS` as a comparison of a count.
fn counted(expression: &Expr) -> Option<Expr> {
    let Expr::Exists { subquery, negated } = expression else { return None };
    let sign = if *negated { "=" } else { ">" };
    let text = match counting(subquery) {
        Some(counting) => format!("(({counting}) {sign} 0)"),
        None => format!("((SELECT count(*) FROM ({subquery}) AS found) {sign} 0)"),
    };
    clients::read(&text)
}

/// A plain subquery with its count in the place of its columns: it may look at tables around it, which it could not from
/// within another `FROM`.
fn counting(subquery: &Query) -> Option<String> {
    let SetExpr::Select(select) = &*subquery.body else { return None };
    let is_plain = subquery.with.is_none()
        && !may_leave_none(subquery)
        && subquery.fetch.is_none()
        && select.distinct.is_none()
        && select.having.is_none()
        && matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty())
        && !select.projection.iter().any(is_aggregate);
    if !is_plain {
        return None;
    }
    let mut counting = select.clone();
    counting.projection = vec![SelectItem::UnnamedExpr(clients::read("count(*)")?)];
    Some(format!("{counting}"))
}

/// Whether what a subquery leaves out of its rows may be all of them: of `LIMIT 1` it is none, if there is one.
fn may_leave_none(subquery: &Query) -> bool {
    let is_some = |limit: &Expr| matches!(limit, Expr::Value(ValueWithSpan { value: Value::Number(rows, _), .. }) if rows.parse::<u64>().is_ok_and(|rows| rows > 0));
    match &subquery.limit_clause {
        None => false,
        Some(LimitClause::LimitOffset { limit: Some(limit), offset: None, limit_by }) => {
            !limit_by.is_empty() || !is_some(limit)
        }
        Some(_) => true,
    }
}

/// Whether a column may be one value of all rows, so that there is a row where there are none.
fn is_aggregate(item: &SelectItem) -> bool {
    !matches!(
        item,
        SelectItem::Wildcard(_)
            | SelectItem::QualifiedWildcard(..)
            | SelectItem::UnnamedExpr(Expr::Value(_) | Expr::Identifier(_) | Expr::CompoundIdentifier(_))
    )
}

/// A list that is written as a text, as in `'{a,b}'::text[]`, as the list that it is.
fn as_array(text: &Expr, of: &ArrayElemTypeDef) -> Option<Expr> {
    let Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), .. }) = text else { return None };
    let (ArrayElemTypeDef::SquareBracket(of, _) | ArrayElemTypeDef::AngleBracket(of)) = of else {
        return None;
    };
    let element = |element: Option<String>| Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(Expr::Value(element.map_or(Value::Null, Value::SingleQuotedString).with_empty_span())),
        data_type: of.as_ref().clone(),
        array: false,
        format: None,
    };
    let elements: Vec<Expr> = arrays::elements(text)?.into_iter().map(element).collect();
    // The planner has no empty list of a type.
    if elements.is_empty() { None } else { Some(Expr::Array(Array { elem: elements, named: true })) }
}

/// Whether a zone is written as an offset.
fn is_offset(zone: &Expr) -> bool {
    let Expr::Value(value) = zone else { return false };
    let Value::SingleQuotedString(text) = &value.value else { return false };
    text.trim_start().starts_with(|letter: char| letter == '+' || letter == '-' || letter.is_ascii_digit())
}

/// Walks a statement and stops at the first thing that the planner would misread.
struct Misread;

impl Visitor for Misread {
    type Break = &'static str;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<&'static str> {
        if takes_away_all(&query.body) {
            return ControlFlow::Break(
                "EXCEPT ALL and INTERSECT ALL\nhint: leave ALL out, or count rows by group",
            );
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<&'static str> {
        for join in select.from.iter().flat_map(|from| &from.joins) {
            let constraint = match &join.join_operator {
                JoinOperator::FullOuter(on) | JoinOperator::Right(on) | JoinOperator::RightOuter(on) => on,
                _ => continue,
            };
            if matches!(constraint, JoinConstraint::Using(_) | JoinConstraint::Natural) {
                return ControlFlow::Break(
                    "RIGHT and FULL JOIN with USING or NATURAL\nhint: write ON, and coalesce(a.x, b.x)",
                );
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<&'static str> {
        match factor {
            TableFactor::Table { sample: Some(_), .. } => {
                ControlFlow::Break("TABLESAMPLE\nhint: WHERE random() < 0.1 takes about a tenth of the rows")
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

/// Whether a set operation keeps count of equal rows, which the planner does not.
fn takes_away_all(body: &SetExpr) -> bool {
    let SetExpr::SetOperation { op, set_quantifier, left, right } = body else { return false };
    let is_all = matches!(set_quantifier, SetQuantifier::All | SetQuantifier::AllByName);
    (is_all && *op != SetOperator::Union) || takes_away_all(left) || takes_away_all(right)
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
