//! The file of an OAUTHBEARER token → the token, with whose it is and when it ends.
//!
//! In: the settings that name the file. Out: what librdkafka asks for, each time anew, because whoever issues
//! the token writes a fresh one into the file before the old one ends.

use std::error::Error;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kayoi_schemas::time::{Clock, MINUTE_MS};
use rdkafka::client::OAuthToken;

use super::options::Security;

/// The token for OAUTHBEARER, as its file holds it now.
pub(super) fn token(security: &Security) -> Result<OAuthToken, Box<dyn Error>> {
    let path = security.token_file.as_ref().ok_or("no token_file is configured")?;
    let token = std::fs::read_to_string(path)?.trim().to_owned();
    let (principal_name, lifetime_ms) = claims(&token);
    Ok(OAuthToken { token, principal_name, lifetime_ms })
}

/// Subject and end of a token; five minutes from now when it does not say.
fn claims(token: &str) -> (String, i64) {
    let payload = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let payload: Option<serde_json::Value> = payload.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let claim = |name: &str| payload.as_ref().and_then(|payload| payload.get(name));
    let end = claim("exp").and_then(serde_json::Value::as_f64).map(|seconds| (seconds * 1000.0) as i64);
    let subject = claim("sub").and_then(serde_json::Value::as_str).unwrap_or("kayoi").to_owned();
    (subject, end.unwrap_or(Clock::System.now().0 + 5 * MINUTE_MS))
}
