//! What a provider says of itself, and the keys by which it signs.
//!
//! In: the address of a provider (OpenID Connect Discovery 1.0). Out: the keys at its `jwks_uri` (RFC 7517) with which
//! a signature can be checked and none can be made, each with the algorithms it may be used for.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use kayoi_schemas::error_code::ErrorCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use url::Url;

/// Where a provider describes itself, below its address.
const DISCOVERY: &str = "/.well-known/openid-configuration";
/// Bytes of the longest answer; those of large providers have some 10 KB.
const LONGEST_ANSWER: u64 = 1 << 20;
const TIMEOUT: Duration = Duration::from_secs(10);

/// A provider that cannot be believed, or not be asked.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// Something else stands where an address should.
    #[error(
        "`{address}` is not the address of an OpenID provider\nhint: it begins with https:// (http:// on this machine alone) and has neither a password nor a `?`"
    )]
    Address {
        /// What was given, or what the provider gave for its keys, without what may be a password.
        address: String,
    },
    /// No connection, or no answer in time.
    #[error(
        "the OpenID provider at `{address}` does not answer\nhint: check address, proxy and certificate; `SSL_CERT_FILE` names further certificates"
    )]
    Unreachable {
        /// The address that was asked.
        address: String,
        /// What the network says.
        source: Box<ureq::Error>,
    },
    /// Not what a provider says.
    #[error(
        "`{address}` does not answer as an OpenID provider does\nhint: --oidc-issuer is the address before /.well-known/openid-configuration"
    )]
    Answer {
        /// The address that was asked.
        address: String,
    },
    /// A provider that calls itself otherwise: its tokens would be refused one by one.
    #[error("the OpenID provider calls itself `{called}`\nhint: give --oidc-issuer exactly that")]
    OtherIssuer {
        /// Its own word, which its tokens bear.
        called: String,
    },
    /// No key that can check a signature.
    #[error("the OpenID provider has no key that is understood\nhint: RSA, P-256, P-384 and Ed25519 are")]
    NoKey,
}

impl IssuerError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Address { .. }
            | Self::Unreachable { .. }
            | Self::Answer { .. }
            | Self::OtherIssuer { .. }
            | Self::NoKey => ErrorCode::Provider,
        }
    }
}

/// A key that checks signatures.
pub(super) struct Key {
    pub(super) kid: Option<String>,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) key: DecodingKey,
}

/// How a provider is asked.
pub(super) struct Provider {
    agent: ureq::Agent,
    issuer: String,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Provider {
    pub(super) fn new(issuer: &str) -> Result<Self, IssuerError> {
        check(issuer)?;
        // Named, because a program with two providers of cryptography has no default one.
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // Keys come from where the operator said, or not at all.
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .tls_config(tls)
            .build();
        Ok(Self { agent: ureq::Agent::new_with_config(config), issuer: issuer.to_owned() })
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The keys of now. It waits for the network.
    pub(super) fn keys(&self) -> Result<Vec<Key>, IssuerError> {
        let discovery: Discovery = self.get(&format!("{}{DISCOVERY}", self.issuer.trim_end_matches('/')))?;
        if discovery.issuer != self.issuer {
            return Err(IssuerError::OtherIssuer { called: discovery.issuer });
        }
        check(&discovery.jwks_uri)?;
        let set: JwkSet = self.get(&discovery.jwks_uri)?;
        let keys: Vec<Key> = set.keys.iter().filter_map(key).collect();
        if keys.is_empty() { Err(IssuerError::NoKey) } else { Ok(keys) }
    }

    fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, IssuerError> {
        let unreachable =
            |source| IssuerError::Unreachable { address: address.to_owned(), source: Box::new(source) };
        let mut response =
            self.agent.get(address).header("accept", "application/json").call().map_err(unreachable)?;
        let body =
            response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_vec().map_err(unreachable)?;
        let other = || IssuerError::Answer { address: address.to_owned() };
        if response.status() != 200 {
            return Err(other());
        }
        serde_json::from_slice(&body).map_err(|_| other())
    }
}

/// Whoever stands between could put keys of its own into an answer in clear.
fn check(address: &str) -> Result<(), IssuerError> {
    let url = Url::parse(address).ok();
    let is_good = url.is_some_and(|url| {
        let is_here = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
        let is_plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        is_safe && is_plain && url.fragment().is_none()
    });
    let shown = address.rsplit('@').next().unwrap_or_default();
    if is_good { Ok(()) } else { Err(IssuerError::Address { address: shown.to_owned() }) }
}

/// A key, if it checks signatures by an algorithm of ours. A shared secret among public keys is not believed.
fn key(jwk: &Jwk) -> Option<Key> {
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let able: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => &[
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
        ],
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => &[Algorithm::ES256],
            EllipticCurve::P384 => &[Algorithm::ES384],
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(_) => &[Algorithm::EdDSA],
        _ => return None,
    };
    let algorithms: Vec<Algorithm> = match jwk.common.key_algorithm {
        Some(named) => {
            let named = Algorithm::try_from(named).ok()?;
            able.iter().copied().filter(|able| *able == named).collect()
        }
        None => able.to_vec(),
    };
    if algorithms.is_empty() {
        return None;
    }
    Some(Key { kid: jwk.common.key_id.clone(), algorithms, key: DecodingKey::from_jwk(jwk).ok()? })
}
