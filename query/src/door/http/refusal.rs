//! How a request is refused. In: a status, words, a hint. Out: `{"error", "hint"}`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A refusal.
pub(super) fn refuse(status: StatusCode, error: &str, hint: Option<String>) -> Response {
    let mut body = json!({ "error": error });
    if let Some(hint) = hint {
        body["hint"] = Value::from(hint);
    }
    (status, axum::Json(body)).into_response()
}
