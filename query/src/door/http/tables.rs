//! `/v1/tables` and `/v1/functions`: what there is to ask of.
//!
//! In: nothing. Out: the tables that an asker sees and their columns, the functions of Kayoi, with what each means.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kayoi_schemas::tables::{Column, ReleaseTable};
use serde_json::{Value, json};

use super::asker::asker;
use super::problem::Problem;
use super::reply::document;
use super::{SharedSite, Site};
use crate::beside::{Described, DescribedColumn};
use crate::catalog::described_within;
use crate::error::QueryError;
use crate::functions::FUNCTIONS;
use crate::types::sql_type;

/// A table that an asker sees.
#[derive(Clone, Copy)]
pub(super) enum Seen {
    Release(ReleaseTable),
    Beside(&'static Described),
}

impl Seen {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Release(table) => table.table().name,
            Self::Beside(table) => table.name,
        }
    }

    pub(super) fn has(self, column: &str) -> bool {
        match self {
            Self::Release(table) => table.table().columns.iter().any(|one| one.name == column),
            Self::Beside(table) => table.columns.iter().any(|one| one.name == column),
        }
    }

    fn described(self) -> Value {
        match self {
            Self::Release(table) => of_release(table),
            Self::Beside(table) => of_other(table),
        }
    }
}

pub(super) async fn all(State(site): State<SharedSite>, headers: HeaderMap) -> Response {
    match seen(&site) {
        Ok(seen) => {
            let tables: Vec<Value> = seen.into_iter().map(Seen::described).collect();
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
    match named(&site, name) {
        Ok(table) => answered(&headers, &with_notice(&site, "table", table.described())).await,
        Err(error) => Problem::from(error).response(&headers),
    }
}

/// The table of a name.
pub(super) fn named(site: &Site, name: String) -> Result<Seen, QueryError> {
    let seen = seen(site)?;
    let found = seen.iter().find(|table| table.name() == name).copied();
    found.ok_or_else(|| {
        let known = seen.iter().map(|table| table.name().to_owned()).collect();
        QueryError::UnknownTable { table: name, known }
    })
}

pub(super) async fn functions(headers: HeaderMap) -> Response {
    let functions: Vec<Value> = (FUNCTIONS.iter())
        .map(|function| json!({ "signature": function.signature, "doc": function.doc }))
        .collect();
    answered(&headers, &json!({ "functions": functions })).await
}

/// The tables that an asker sees, but for who asked what, which describes itself to nobody else.
fn seen(site: &Site) -> Result<Vec<Seen>, QueryError> {
    let scope = asker()?.scope();
    let release = site.service.tables().iter().copied().filter(|table| scope.has(*table)).map(Seen::Release);
    Ok(release.chain(described_within(&scope).map(Seen::Beside)).collect())
}

async fn answered(headers: &HeaderMap, value: &Value) -> Response {
    document(headers, value, None).await.unwrap_or_else(|problem| problem.response(headers))
}

fn of_other(table: &Described) -> Value {
    let column = |column: &DescribedColumn| {
        json!({
            "name": column.name,
            "type": sql_type(&column.kind),
            "nullable": column.nullable,
            "doc": column.en,
            "description": { "en": column.en, "ja": column.ja },
        })
    };
    let columns: Vec<Value> = table.columns.iter().map(column).collect();
    json!({
        "name": table.name,
        "doc": table.en,
        "description": { "en": table.en, "ja": table.ja },
        "sorted_by": [],
        "columns": columns,
    })
}

fn of_release(table: ReleaseTable) -> Value {
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
