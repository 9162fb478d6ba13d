//! A path → the registry's answer, from the first address that gives one.
//!
//! In: a path. Out: the JSON that stands there, or that there is nothing. Credentials go into one header,
//! which is not sent on when an address points elsewhere, and never into a text.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

use super::error::RegistryError;
use super::options::RegistryOptions;

/// Bytes of the longest answer. The largest schemas in use have some 100 KB.
const LONGEST_ANSWER: u64 = 16 << 20;

/// Error codes of a registry that has no such subject, version or schema.
const NOT_FOUND: [u32; 3] = [40401, 40402, 40403];

/// What stands at a path.
pub(super) enum Answer<T> {
    /// The answer, read as what was asked for.
    Found(T),
    /// The registry says: nothing.
    NotFound,
}

/// Addresses that are asked in turn.
pub(super) struct Http {
    agent: ureq::Agent,
    urls: Vec<String>,
    authorization: Option<String>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("urls", &self.urls).finish_non_exhaustive()
    }
}

#[derive(Deserialize, Default)]
struct ErrorAnswer {
    #[serde(default)]
    error_code: u32,
}

impl Http {
    /// Checks the addresses.
    pub(super) fn new(options: &RegistryOptions) -> Result<Self, RegistryError> {
        let urls = options.url.split(',').map(|url| address(url.trim())).collect::<Result<_, _>>()?;
        let authorization = options.username.as_ref().map(|username| {
            let pair = format!("{username}:{}", options.password.as_deref().unwrap_or_default());
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        });
        // Named, because a program with two providers has no default one.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(options.timeout))
            .tls_config(tls)
            .build();
        Ok(Self { agent: ureq::Agent::new_with_config(config), urls, authorization })
    }

    /// Asks the addresses in turn. An address that answers, whatever it says, is the last.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Answer<T>, RegistryError> {
        let (last, others) = match self.urls.split_last() {
            Some(split) => split,
            None => return Err(RegistryError::Address { url: String::new() }),
        };
        for url in others {
            match self.get_from(url, path) {
                Err(error) if error.is_transient() => {}
                answer => return answer,
            }
        }
        self.get_from(last, path)
    }

    fn get_from<T: DeserializeOwned>(&self, url: &str, path: &str) -> Result<Answer<T>, RegistryError> {
        let unreachable =
            |source| RegistryError::Unreachable { url: url.to_owned(), source: Box::new(source) };
        let mut request = self
            .agent
            .get(format!("{url}{path}"))
            .header("accept", "application/vnd.schemaregistry.v1+json, application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut response = request.call().map_err(unreachable)?;
        let status = response.status().as_u16();
        let body =
            response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_vec().map_err(unreachable)?;
        if status == 200 {
            let answer = serde_json::from_slice(&body);
            return answer
                .map(Answer::Found)
                .map_err(|source| RegistryError::Answer { url: url.to_owned(), source });
        }
        let ErrorAnswer { error_code: code } = serde_json::from_slice(&body).unwrap_or_default();
        match status {
            404 if NOT_FOUND.contains(&code) => Ok(Answer::NotFound),
            401 | 403 => Err(RegistryError::Refused { url: url.to_owned(), status }),
            _ => Err(RegistryError::Status { url: url.to_owned(), status, code }),
        }
    }
}

/// An address without a slash at its end. What stands before an `@` may be a password and is not repeated.
fn address(url: &str) -> Result<String, RegistryError> {
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or_default();
    let shown = url.rsplit('@').next().unwrap_or_default();
    let is_plain = !host.is_empty() && !host.contains(['@', '?', '#', ' ']) && !host.starts_with('/');
    if is_plain {
        Ok(url.trim_end_matches('/').to_owned())
    } else {
        Err(RegistryError::Address { url: shown.to_owned() })
    }
}

/// A subject as one segment of a path.
pub(super) fn escape(subject: &str) -> String {
    let mut escaped = String::with_capacity(subject.len());
    for byte in subject.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(byte.into()),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}
