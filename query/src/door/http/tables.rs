//! `/v1/tables` and `/v1/functions`: what there is to ask of.
//!
//! In: nothing. Out: the release tables and their columns, the functions of Kayoi, with what each means.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kayoi_schemas::tables::{Column, ReleaseTable};
use serde_json::{Value, json};

use super::asker::asker;
use super::problem::Problem;
use super::reply::document;
use super::{SharedSite, Site};
use crate::error::QueryError;
use crate::functions::FUNCTIONS;
use crate::types::sql_type;

pub(super) async fn all(State(site): State<SharedSite>, headers: HeaderMap) -> Response {
    match seen(&site) {
        Ok(seen) => {
            let tables: Vec<Value> = seen.into_iter().map(described).collect();
            answered(&headers, &with_notice(&site, "tables", tables.into())).await
        }
        Err(error) => Problem::from(error).response(&headers),
    }
}

pub(super) async fn one(
    State(site): State<SharedSite>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let seen = match seen(&site) {
        Ok(seen) => seen,
        Err(error) => return Problem::from(error).response(&headers),
    };
    match seen.iter().find(|table| table.table().name == name) {
        Some(&table) => answered(&headers, &with_notice(&site, "table", described(table))).await,
        None => {
            let known = seen.iter().map(|table| table.table().name.to_owned()).collect();
            Problem::from(QueryError::UnknownTable { table: name, known }).response(&headers)
        }
    }
}

pub(super) async fn functions(headers: HeaderMap) -> Response {
    let functions: Vec<Value> = (FUNCTIONS.iter())
        .map(|function| json!({ "signature": function.signature, "doc": function.doc }))
        .collect();
    answered(&headers, &json!({ "functions": functions })).await
}

/// The tables that an asker sees.
fn seen(site: &Site) -> Result<Vec<ReleaseTable>, QueryError> {
    let scope = asker()?.scope();
    Ok(site.service.tables().iter().copied().filter(|table| scope.has(*table)).collect())
}

async fn answered(headers: &HeaderMap, value: &Value) -> Response {
    document(headers, value, None).await.unwrap_or_else(|problem| problem.response(headers))
}

fn described(table: ReleaseTable) -> Value {
    let (of, table) = (table, table.table());
    let column = |column: &Column| {
        json!({
            "name": column.name,
            "type": sql_type(&column.kind.arrow()),
            "nullable": column.nullable,
            "doc": column.doc,
            "description": { "en": column.doc, "ja": of.column_doc_ja(column.name) },
        })
    };
    let columns: Vec<Value> = table.columns.iter().map(column).collect();
    json!({
        "name": table.name,
        "doc": table.doc,
        "description": { "en": table.doc, "ja": of.doc_ja() },
        "sorted_by": table.sorted_by,
        "columns": columns,
    })
}

/// What is told, with what must stand beside figures.
fn with_notice(site: &Site, name: &str, told: Value) -> Value {
    let notice = site.service.notice();
    let mut value = json!({
        "credit": notice.credit,
        "boundaries": notice.boundaries,
        "boundaries_are_simplified": notice.boundaries_are_simplified,
    });
    value[name] = told;
    value
}

/// Nobody knows the name of a thing.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> Problem {
    let mut nearest: Vec<&&str> = known.iter().collect();
    nearest.sort_by_key(|one| strsim::damerau_levenshtein(one, name));
    nearest.truncate(3);
    let nearest: Vec<&str> = nearest.into_iter().copied().collect();
    let problem = Problem::new(StatusCode::NOT_FOUND, format!("unknown {what} `{name}`"));
    problem.with_hint(format!("the nearest are {}", nearest.join(", ")))
}
