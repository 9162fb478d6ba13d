//! Why a request has no answer, as JSON.
//!
//! In: an error of a question, or what is wrong with a request. Out: `{"error", "hint", "sqlstate",
//! "position"}` with a status. Who reads Japanese gets what kind of error it is in Japanese too: the words
//! of the SQL stay as they are.

use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::QueryError;
use crate::render::Rendering;

/// When to come back after "too many questions".
const RETRY_AFTER_SECONDS: u64 = 5;

/// Why a request has no answer.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    error: String,
    hint: Option<String>,
    sqlstate: Option<String>,
    position: Option<usize>,
    more: Option<(&'static str, Value)>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), hint: None, sqlstate: None, position: None, more: None }
    }

    pub(super) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Nothing that we write is what the client reads.
    pub(super) fn not_acceptable() -> Self {
        let mut types: Vec<&str> = Rendering::ALL.iter().map(|form| bare(form.media_type())).collect();
        types.dedup();
        types.sort_unstable();
        types.dedup();
        let problem =
            Self::new(StatusCode::NOT_ACCEPTABLE, "no form of the answer is one that `Accept` names");
        let problem = problem.with_hint("`format=csv` in the address names a form, whatever is accepted");
        Self { more: Some(("media_types", types.into())), ..problem }
    }

    /// The object that says so.
    pub(super) fn to_json(&self, is_japanese: bool) -> Value {
        let mut body = json!({ "error": self.error });
        if let Some(hint) = &self.hint {
            body["hint"] = Value::from(hint.as_str());
        }
        if let Some(sqlstate) = &self.sqlstate {
            body["sqlstate"] = Value::from(sqlstate.as_str());
        }
        if let Some(position) = self.position {
            body["position"] = Value::from(position);
        }
        if is_japanese {
            body["error_ja"] = Value::from(japanese(self.sqlstate.as_deref(), self.status));
        }
        if let Some((name, value)) = &self.more {
            body[name] = value.clone();
        }
        body
    }

    /// The response, in the languages of the request.
    pub(super) fn response(&self, headers: &HeaderMap) -> Response {
        let mut response = (self.status, axum::Json(self.to_json(is_japanese(headers)))).into_response();
        // What is refused may be answered a moment later, and another asker is told something else.
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
        }
        response
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (message, hint) = error.parts();
        let (sqlstate, position) = (Some(error.sqlstate().to_owned()), error.position());
        Self { status, error: message, hint, sqlstate, position, more: None }
    }
}

/// Whether Japanese is the first language of a client.
pub(super) fn is_japanese(headers: &HeaderMap) -> bool {
    let said = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.trim_start().get(..2).is_some_and(|first| first.eq_ignore_ascii_case("ja"))
}

/// What kind of error it is, in Japanese.
fn japanese(sqlstate: Option<&str>, status: StatusCode) -> &'static str {
    let sqlstate = sqlstate.unwrap_or_default();
    match sqlstate {
        "42601" => "SQLを読み取れません。",
        "25006" => "ここでは読み取りの文(SELECTなど)だけを実行できます。",
        "42P01" => "その名前の表はありません。",
        "42703" => "その名前の列はありません。",
        "42883" => "その名前の関数はないか、型が合いません。",
        "42704" => "指定した版または設定はありません。",
        "42501" => "権限がありません。",
        "55000" => "数値を何に使うかを、先に示してください。",
        "22003" => "数が型の範囲を超えました。",
        "22012" => "0で割ることはできません。",
        "21000" => "一つの値として使う副問い合わせが、2行以上を返しました。",
        "22P02" => "値の形が型に合いません。",
        "08P01" => "パラメーターの数が問い合わせと合いません。",
        "2201B" => "正規表現を読み取れません。",
        "22023" => "指定した値は使えません。",
        "54001" => "問い合わせが複雑すぎます。",
        "54000" => "答えが大きすぎます。",
        "53200" => "問い合わせに必要な記憶領域が上限を超えました。",
        "53300" => "混み合っています。少し待ってからもう一度お試しください。",
        "57014" => "時間切れです。",
        "0A000" => "そのSQLには対応していません。",
        _ => match status.as_u16() {
            404 => "見つかりません。",
            406 => "求められた形式では返せません。",
            413 => "送られた内容が大きすぎます。",
            415 => "その種類の内容は受け取れません。",
            500.. => "サーバーの中で失敗しました。",
            _ => "要求に誤りがあります。",
        },
    }
}

/// The media type without its parameters.
pub(super) fn bare(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_stands_beside_english_for_who_asks_for_it() {
        let problem = Problem::from(QueryError::DivisionByZero);
        let mut headers = HeaderMap::new();
        assert!(!is_japanese(&headers));
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("ja-JP,ja;q=0.9,en;q=0.8"));
        let said = problem.to_json(is_japanese(&headers));
        assert_eq!(said["error_ja"], "0で割ることはできません。");
        assert_eq!(said["error"], "division by zero");
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en,ja;q=0.1"));
        assert!(!is_japanese(&headers));
    }
}
