//! HTTP: the same questions for a browser, `curl`, a notebook.
//!
//! In: `GET /v1/query?sql=…&format=json|csv|csv-excel|parquet|table`, or `POST /v1/query?format=…` with the SQL as
//! body. Out: the answer, or `{"error", "hint"}` with 400, 403, 404, 408 or 500. `GET /v1/tables` and `GET
//! /v1/functions` describe what there is, `GET /healthz` says `ok`, `GET /` is a small page.
//!
//! Routes and parameters are axum's, connections hyper's. By hand remain the words for errors, the choice of
//! a format by a parameter, and the page, which is one file that is compiled in.
//!
//! No CORS header is sent, so that a page of another site cannot read answers through a visitor's browser;
//! [`guard`] refuses what such a page could try. There is no password: see [`super::pg`] for the same caution.

use std::io::{self, Read};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures::{Stream, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::ask::{Asked, Asker, Door};
use crate::error::QueryError;
use crate::functions::FUNCTIONS;
use crate::render::Rendering;
use crate::service::Service;
use crate::types::sql_type;

mod refusal;
mod guard;
mod connection;

pub use guard::Hosts;
use refusal::refuse;

const PAGE: &str = include_str!("index.html");
/// The page holds its own script and style, and talks to this server only.
const PAGE_POLICY: &str =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'";

/// Bytes of an answer that wait for a client at a time.
const PIECE_BYTES: usize = 64 << 10;
/// When to come back after "too many questions".
const RETRY_AFTER_SECONDS: u64 = 5;

/// Serves HTTP under the names of `hosts` until `shutdown` is over; running answers are finished.
///
/// # Errors
/// [`QueryError::Serve`] when the listener fails.
pub async fn serve_http(
    service: Arc<Service>,
    listener: TcpListener,
    hosts: Hosts,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), QueryError> {
    let failed = |source| QueryError::Serve { door: "http", source };
    let address = listener.local_addr().map_err(failed)?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "the http door has no password: anybody who reaches this address can query");
    }
    connection::serve(listener, router(service, hosts), shutdown).await;
    Ok(())
}

fn router(service: Arc<Service>, hosts: Hosts) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/healthz", get(async || "ok\n"))
        .route("/v1/query", get(query).post(query_in_body))
        .route("/v1/tables", get(tables))
        .route("/v1/functions", get(functions))
        .fallback(nowhere)
        .layer(from_fn_with_state(Arc::new(hosts), guard::guard))
        .with_state(service)
}

#[derive(Debug, Deserialize)]
struct QueryString {
    sql: Option<String>,
    format: Option<String>,
}

type Parameters = Result<Query<QueryString>, QueryRejection>;

async fn query(State(service): State<Arc<Service>>, parameters: Parameters) -> Response {
    match parameters {
        Ok(Query(asked)) => respond(&service, asked.sql.as_deref().unwrap_or_default(), asked.format).await,
        Err(rejection) => refuse(StatusCode::BAD_REQUEST, &rejection.body_text(), None),
    }
}

async fn query_in_body(State(service): State<Arc<Service>>, parameters: Parameters, sql: String) -> Response {
    match parameters {
        Ok(Query(asked)) => respond(&service, &sql, asked.format).await,
        Err(rejection) => refuse(StatusCode::BAD_REQUEST, &rejection.body_text(), None),
    }
}

async fn respond(service: &Arc<Service>, sql: &str, format: Option<String>) -> Response {
    match answered(service, sql, format).await {
        Ok((format, length, reader)) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
                (header::CONTENT_LENGTH, HeaderValue::from(length)),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            ];
            let mut response = (headers, Body::from_stream(sent(reader))).into_response();
            if let Some(name) = format.file_name() {
                let disposition = format!("attachment; filename=\"{name}\"");
                if let Ok(disposition) = HeaderValue::from_str(&disposition) {
                    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
                }
            }
            response
        }
        Err(error) => {
            let status =
                StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let (message, hint) = error.parts();
            let mut refusal = refuse(status, &message, hint);
            if status == StatusCode::SERVICE_UNAVAILABLE {
                refusal.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
            }
            refusal
        }
    }
}

async fn answered(
    service: &Arc<Service>,
    sql: &str,
    format: Option<String>,
) -> Result<(Rendering, u64, Box<dyn Read + Send>), QueryError> {
    let format: Rendering = format.as_deref().unwrap_or("json").parse()?;
    let asked = Asked::new(Asker::Anonymous, Door::Http, sql);
    let answer = service.answer(asked, format).await?;
    Ok((format, answer.byte_count(), answer.into_reader()?))
}

/// The bytes of an answer, a piece when the client has taken the one before.
fn sent(mut reader: Box<dyn Read + Send>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::iter(std::iter::from_fn(move || {
        let mut piece = vec![0; PIECE_BYTES];
        match reader.read(&mut piece) {
            Ok(0) => None,
            Ok(count) => {
                piece.truncate(count);
                Some(Ok(Bytes::from(piece)))
            }
            Err(error) => Some(Err(error)),
        }
    }))
}

async fn tables(State(service): State<Arc<Service>>) -> Response {
    let tables: Vec<Value> = (service.tables().iter())
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
    let notice = service.notice();
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
