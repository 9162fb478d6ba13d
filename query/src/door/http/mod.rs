//! HTTP: the same questions for a browser, `curl`, a notebook, a program.
//!
//! In: `GET /v1/query?sql=…`, or the SQL or a JSON object in a `POST`; named questions, also several at once;
//! and what describes them all. Out: rows in the form that is named or accepted, or a [`Problem`]. The list of
//! all routes is [`routes`], and `/openapi.json` explains each; a test holds the two together.
//!
//! Routes and parameters are axum's, connections hyper's. By hand remain what they do not have: the choice of
//! a form, compression of what is read from a file, and tags that are known before a question is run.
//!
//! Without `--allow-origin` no CORS header is sent, so that a page of another site cannot read answers through
//! a visitor's browser; [`guard`] refuses what such a page could try. Where there are users, [`asker`] tells whose
//! question it is.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post};
use tokio::net::TcpListener;

use crate::desk::Directory;
use crate::door::tls::Tls;
use crate::error::QueryError;
use crate::service::Service;

mod problem;
mod origins;
mod guard;
mod connection;
mod cookie;
mod session;
mod kpi;
mod asker;
mod accept;
mod coding;
mod tag;
mod stating;
mod reply;
mod values;
mod query;
mod tables;
mod rows;
mod questions;
mod batch;
mod page;
mod places;
mod releases;
mod health;
mod metrics;
mod openapi;
mod boundaries;
mod tiles;
mod ogc;

pub use guard::Hosts;
pub use origins::Origins;
pub use page::{PageFile, PageFiles};
use problem::Problem;

/// What an HTTP door needs beside the service.
#[derive(Debug, Default)]
pub struct HttpOptions {
    /// The names by which it may be called.
    pub hosts: Hosts,
    /// The sites whose pages may ask.
    pub origins: Origins,
    /// The file of the borders in use; the simplified ones when there is none.
    pub borders: Option<PathBuf>,
    /// The certificate of the door; in clear without.
    pub tls: Option<Tls>,
    /// The files of the page; the small one for SQL when there are none.
    pub page: Option<PageFiles>,
}

/// What every handler sees.
pub(crate) struct Site {
    service: Arc<Service>,
    readiness: health::Readiness,
    boundaries: boundaries::Boundaries,
    borders: Option<PathBuf>,
    directory: Arc<Directory>,
    /// Whether what is sent is encrypted on the way.
    is_secure: bool,
    page: PageFiles,
}

impl Site {
    /// The outlines of the borders in use.
    async fn outlines(&self) -> Result<Arc<boundaries::Outlines>, Problem> {
        self.boundaries.outlines(self.borders.as_deref()).await
    }
}

type SharedSite = Arc<Site>;

/// Serves HTTP until `shutdown` is over; running answers are finished.
///
/// # Errors
/// [`QueryError::Serve`] when the listener fails.
pub async fn serve_http(
    service: Arc<Service>,
    directory: Arc<Directory>,
    listener: TcpListener,
    options: HttpOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), QueryError> {
    let tls = options.tls.clone();
    connection::serve(listener, router(service, directory, options), tls, shutdown).await;
    Ok(())
}

fn router(service: Arc<Service>, directory: Arc<Directory>, options: HttpOptions) -> Router {
    let site = Arc::new(Site {
        service,
        readiness: health::Readiness::default(),
        boundaries: boundaries::Boundaries::default(),
        borders: options.borders,
        directory: Arc::clone(&directory),
        is_secure: options.tls.is_some(),
        page: options.page.unwrap_or(|_| None),
    });
    // Made before the first map asks; nobody waits for it here.
    let early = Arc::clone(&site);
    tokio::spawn(async move { early.outlines().await.map(drop) });
    let guarded = Arc::new((options.hosts, options.origins));
    let router =
        routes().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods));
    router
        .layer(from_fn_with_state(directory, asker::signed_in))
        .merge(page::routes())
        .fallback(nowhere)
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(guarded, guard::guard))
        .with_state(site)
}

/// Every route that programs ask; those of the page are its own.
fn routes() -> Vec<(&'static str, MethodRouter<SharedSite>)> {
    vec![
        ("/v1/query", get(query::get).post(query::post)),
        ("/v1/tables", get(tables::all)),
        ("/v1/tables/{name}", get(tables::one)),
        ("/v1/tables/{name}/rows", get(rows::get)),
        ("/v1/functions", get(tables::functions)),
        ("/v1/questions", get(questions::all).post(batch::post)),
        ("/v1/questions/{name}", get(questions::ask)),
        ("/v1/boundaries", get(boundaries::country)),
        ("/v1/boundaries/{code}", get(boundaries::town)),
        ("/v1/tiles", get(tiles::described)),
        ("/v1/tiles/{z}/{x}/{y}", get(tiles::tile)),
        ("/ogc", get(ogc::landing)),
        ("/ogc/conformance", get(ogc::conformance)),
        ("/ogc/collections", get(ogc::collections)),
        ("/ogc/collections/{id}", get(ogc::collection)),
        ("/ogc/collections/{id}/items", get(ogc::items)),
        ("/ogc/collections/{id}/items/{code}", get(ogc::item)),
        ("/v1/kpi", post(kpi::add)),
        ("/v1/kpi/{town}/{number}", delete(kpi::remove)),
        ("/v1/municipalities", get(places::all)),
        ("/v1/release", get(releases::one)),
        ("/v1/session", get(session::get).post(session::post).delete(session::delete)),
        ("/v1/statuses", get(releases::statuses)),
        ("/health/live", get(health::live)),
        ("/health/ready", get(health::ready)),
        ("/healthz", get(health::live)),
        ("/metrics", get(metrics::exposition)),
        ("/openapi.json", get(openapi::document)),
    ]
}

async fn nowhere(State(site): State<SharedSite>, uri: Uri, headers: HeaderMap) -> Response {
    let is_person = headers.get(header::ACCEPT).is_some_and(|form| form.as_bytes().starts_with(b"text/html"));
    if is_person && page::is_built(site.page) {
        let mut response = page::shown(site.page, &uri, &headers).await;
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    }
    let paths: Vec<&str> = routes().into_iter().map(|(path, _)| path).collect();
    let hint = format!("there are {}", paths.join(", "));
    Problem::new(StatusCode::NOT_FOUND, "no such page").with_hint(hint).response(&headers)
}

async fn not_allowed(method: Method, headers: HeaderMap) -> Response {
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("`{method}` is not for this address"));
    problem.with_hint("`/openapi.json` says what each address takes").response(&headers)
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
