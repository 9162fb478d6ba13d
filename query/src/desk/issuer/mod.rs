//! Who signs in with a token of an OpenID provider.
//!
//! In: a signed token (JWT, RFC 7519) that a client has from the provider. Out: the provider's word for its bearer,
//! the claim `sub`, when the provider signed it, for us, and it has not ended. OpenID Connect Core §2 promises of no
//! other claim that it is never given to somebody else, so that names and addresses of mail are not looked at. What
//! the bearer may see is never read from the token: the list of users says it, and revoking there is enough.

mod keys;
#[cfg(test)]
mod issuer_tests;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;
use tokio::sync::Mutex;

pub use keys::IssuerError;
use keys::{Key, Provider};

/// After this long the keys are asked for again, so that one that the provider took back opens nothing.
const FRESH_FOR: Duration = Duration::from_secs(60 * 60);
/// How often at most the provider is asked: who sends tokens of unknown keys does not decide that.
const ASKED_EVERY: Duration = Duration::from_secs(30);
/// How long keys are believed while the provider does not answer.
const BELIEVED_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// Bytes of the longest token that is read; providers that put groups into it come to some 4 KB.
const LONGEST_TOKEN: usize = 16 << 10;
/// Signs of the longest subject, OpenID Connect Core §2.
const LONGEST_SUBJECT: usize = 255;

/// An OpenID provider whose tokens are believed.
pub struct Issuer {
    provider: Arc<Provider>,
    audience: String,
    known: RwLock<Known>,
    /// When a token made us ask the provider last; who holds it is asking.
    asked: Mutex<Option<Instant>>,
}

#[derive(Default, Clone)]
struct Known {
    keys: Arc<[Key]>,
    since: Option<Instant>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
}

impl Issuer {
    /// The provider at an address, whose tokens must be for an audience. Its keys are fetched; when it does not
    /// answer they are fetched with the first token, since passwords must work while a provider is down.
    ///
    /// # Errors
    /// [`IssuerError`] for what no waiting mends: an address that is none, or an answer that is not a provider's.
    pub async fn open(issuer: &str, audience: &str) -> Result<Arc<Self>, IssuerError> {
        let opened = Arc::new(Self {
            provider: Arc::new(Provider::new(issuer)?),
            audience: audience.to_owned(),
            known: RwLock::default(),
            asked: Mutex::default(),
        });
        match opened.ask().await {
            Err(error @ IssuerError::Unreachable { .. }) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "nobody can sign in with its tokens yet"
                );
            }
            asked => asked?,
        }
        Ok(opened)
    }

    /// Whether something has the form of such a token: three parts, which our own tokens have not.
    pub(super) fn is_token(token: &str) -> bool {
        token.bytes().filter(|sign| *sign == b'.').count() == 2
    }

    /// The subject of a token, if it is to be believed.
    pub(super) async fn subject(&self, token: &str) -> Option<String> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let header = decode_header(token).ok()?;
        let kid = header.kid.as_deref();
        self.refresh(|keys| find(keys, kid).is_some()).await;
        let keys = self.known().keys;
        let key = find(&keys, kid)?;
        let mut validation = Validation::default();
        // Those of the key, never the one that the token names: a public key must not pass for a secret.
        validation.algorithms.clone_from(&key.algorithms);
        validation.validate_nbf = true;
        validation.set_issuer(&[self.provider.issuer()]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = decode::<Claims>(token, &key.key, &validation).ok()?.claims;
        (!claims.sub.is_empty() && claims.sub.len() <= LONGEST_SUBJECT).then_some(claims.sub)
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the provider again when what is known is old, or not enough.
    async fn refresh(&self, is_enough: impl Fn(&[Key]) -> bool) {
        let is_good = |known: &Known| {
            known.since.is_some_and(|since| since.elapsed() < FRESH_FOR) && is_enough(&known.keys)
        };
        if is_good(&self.known()) {
            return;
        }
        let mut asked = self.asked.lock().await;
        // Somebody else may have asked while this one waited.
        if is_good(&self.known()) || asked.is_some_and(|at| at.elapsed() < ASKED_EVERY) {
            return;
        }
        *asked = Some(Instant::now());
        if let Err(error) = self.ask().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "keys are believed as they were");
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            if known.since.is_some_and(|since| since.elapsed() > BELIEVED_FOR) {
                *known = Known::default();
            }
        }
    }

    async fn ask(&self) -> Result<(), IssuerError> {
        let provider = Arc::clone(&self.provider);
        // The HTTP client waits; the threads that answer others must not.
        let keys = tokio::task::spawn_blocking(move || provider.keys()).await;
        let keys = keys.unwrap_or(Err(IssuerError::NoKey))?;
        let known = Known { keys: keys.into(), since: Some(Instant::now()) };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }
}

/// The key of a name. A token that names none is only read where there is one key.
fn find<'k>(keys: &'k [Key], kid: Option<&str>) -> Option<&'k Key> {
    match kid {
        Some(_) => keys.iter().find(|key| key.kid.as_deref() == kid),
        None => keys.first().filter(|_| keys.len() == 1),
    }
}
