//! HTTP: the same questions for a browser, `curl`, a notebook.
//!
//! In: `GET /v1/query?sql=…&format=json|csv|parquet|table`, or `POST /v1/query?format=…` with the SQL as
//! body. Out: the answer, or `{"error", "hint"}` with 400, 403, 404, 408 or 500. `GET /v1/tables` and `GET
//! /v1/functions` describe what there is, `GET /healthz` says `ok`, `GET /` is a small page.
//!
//! Connections, routes, parameters and bodies are axum's. By hand remain the words for errors, the choice of
//! a format by a parameter, and the page, which is one file that is compiled in.
//!
//! No CORS header is sent, so that a page of another site cannot read answers through a visitor's browser.
//! There is no password: see [`super::pg`] for the same caution.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::answer::answer;
use crate::ask::{Asked, Asker, Door};
use crate::engine::Engine;
use crate::error::QueryError;
use crate::functions::FUNCTIONS;
use crate::render::Rendering;
use crate::types::sql_type;

const PAGE: &str = include_str!("index.html");
/// The page holds its own script and style, and talks to this server only.
const PAGE_POLICY: &str =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'";

/// Serves HTTP until `shutdown` is over; running answers are finished.
///
/// # Errors
/// [`QueryError::Serve`] when the listener fails.
pub async fn serve_http(
    engine: Arc<Engine>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), QueryError> {
    let failed = |source| QueryError::Serve { door: "http", source };
    let address = listener.local_addr().map_err(failed)?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "the http door has no password: anybody who reaches this address can query");
    }
    axum::serve(listener, router(engine)).with_graceful_shutdown(shutdown).await.map_err(failed)
}

fn router(engine: Arc<Engine>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/healthz", get(async || "ok\n"))
        .route("/v1/query", get(query).post(query_in_body))
        .route("/v1/tables", get(tables))
        .route("/v1/functions", get(functions))
        .fallback(nowhere)
        .with_state(engine)
}

#[derive(Debug, Deserialize)]
struct QueryString {
    sql: Option<String>,
    format: Option<String>,
}

type Parameters = Result<Query<QueryString>, QueryRejection>;

async fn query(State(engine): State<Arc<Engine>>, parameters: Parameters) -> Response {
    match parameters {
        Ok(Query(asked)) => respond(&engine, asked.sql.as_deref().unwrap_or_default(), asked.format).await,
        Err(rejection) => refuse(StatusCode::BAD_REQUEST, &rejection.body_text(), None),
    }
}

async fn query_in_body(State(engine): State<Arc<Engine>>, parameters: Parameters, sql: String) -> Response {
    match parameters {
        Ok(Query(asked)) => respond(&engine, &sql, asked.format).await,
        Err(rejection) => refuse(StatusCode::BAD_REQUEST, &rejection.body_text(), None),
    }
}

async fn respond(engine: &Arc<Engine>, sql: &str, format: Option<String>) -> Response {
    match written(engine, sql, format).await {
        Ok((format, bytes)) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => {
            let status =
                StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let (message, hint) = error.parts();
            refuse(status, &message, hint)
        }
    }
}

async fn written(
    engine: &Arc<Engine>,
    sql: &str,
    format: Option<String>,
) -> Result<(Rendering, Vec<u8>), QueryError> {
    let format: Rendering = format.as_deref().unwrap_or("json").parse()?;
    let answer = answer(engine, Asked::new(Asker::Anonymous, Door::Http, sql)).await?;
    Ok((format, format.write(&answer, engine.notice())?))
}

fn refuse(status: StatusCode, error: &str, hint: Option<String>) -> Response {
    let mut body = json!({ "error": error });
    if let Some(hint) = hint {
        body["hint"] = Value::from(hint);
    }
    (status, axum::Json(body)).into_response()
}

async fn tables(State(engine): State<Arc<Engine>>) -> Response {
    let tables: Vec<Value> = (engine.catalog().tables())
        .map(|table| {
            let table = table.table();
            let column = |column: &kayoi_schemas::tables::Column| {
                json!({
                    "name": column.name,
                    "type": sql_type(&column.kind.arrow()),
                    "nullable": column.nullable,
                    "doc": column.doc,
                })
            };
            let columns: Vec<Value> = table.columns.iter().map(column).collect();
            json!({ "name": table.name, "doc": table.doc, "columns": columns })
        })
        .collect();
    let notice = engine.notice();
    axum::Json(json!({
        "tables": tables,
        "credit": notice.credit,
        "boundaries": notice.boundaries,
        "boundaries_are_simplified": notice.boundaries_are_simplified,
    }))
    .into_response()
}

async fn functions() -> Response {
    let functions: Vec<Value> = (FUNCTIONS.iter())
        .map(|function| json!({ "signature": function.signature, "doc": function.doc }))
        .collect();
    axum::Json(json!({ "functions": functions })).into_response()
}

async fn page() -> Response {
    ([(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY))], Html(PAGE)).into_response()
}

async fn nowhere() -> Response {
    let hint = "there are /, /v1/query, /v1/tables, /v1/functions and /healthz".to_owned();
    refuse(StatusCode::NOT_FOUND, "no such page", Some(hint))
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
