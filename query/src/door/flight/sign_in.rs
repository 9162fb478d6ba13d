//! Who asks over Flight.
//!
//! In: the headers of a call. Out: a [`Caller`]. A driver signs in once, with a user name and a password, and is
//! given a token that it sends with each call after that. What it sets with SET belongs to its token: gRPC has no
//! connection that a server could tell apart. Tokens are random, kept as hashes, end, and are bounded in number,
//! at each address by giving up the one that was used longest ago.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ring::digest::{SHA256, digest};
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use super::seal::Seal;
use super::status::{refusal, with_state};
use crate::ask::Asker;
use crate::desk::Directory;
use crate::gate::Command;
use crate::session::SessionSettings;

/// Names and passwords as drivers write them: those in Go leave out the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The header that says who asks.
pub(super) const AUTHORIZATION: &str = "authorization";

/// How long a token may lie unused, and how long it may be used.
const IDLE: Duration = Duration::from_secs(12 * 3_600);
const LIFETIME: Duration = Duration::from_secs(24 * 3_600);
/// Tokens of one address, and of all.
const PER_ADDRESS: usize = 200;
const IN_ALL: usize = 20_000;
/// Bytes of a token before they are written in hex.
const TOKEN_BYTES: usize = 32;
/// Bytes of all that a session may set.
const SETTINGS_BYTES: usize = 16 << 10;

/// The address of who makes a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// What belongs to a token.
#[derive(Debug)]
pub(super) struct Session {
    asker: Asker,
    settings: Mutex<SessionSettings>,
}

/// Who makes a call.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) asker: Asker,
    pub(super) address: IpAddr,
    session: Option<Arc<Session>>,
}

impl Caller {
    /// What it has set.
    pub(super) fn settings(&self) -> SessionSettings {
        self.session.as_ref().map(|session| session.settings().clone()).unwrap_or_default()
    }

    /// Carries out a statement that sets something or begins and ends transactions.
    ///
    /// # Errors
    /// When something is set that nothing would remember, or that is too large.
    pub(super) fn carry_out(&self, command: &Command) -> Result<(), Status> {
        let Some(session) = &self.session else {
            if command.changes().is_empty() {
                return Ok(());
            }
            let message = "a setting lasts as long as a session, and this call belongs to none\n\
                           hint: connect with a user name and a password";
            return Err(with_state("55000", message));
        };
        let mut settings = session.settings();
        let mut changed = settings.clone();
        command.carry_out(&mut changed);
        if serde_json::to_vec(&changed).map_or(usize::MAX, |bytes| bytes.len()) > SETTINGS_BYTES {
            let message = format!("all settings together are larger than `{SETTINGS_BYTES}` bytes");
            return Err(with_state("54000", &format!("{message}\nhint: RESET ALL takes them back")));
        }
        *settings = changed;
        Ok(())
    }
}

impl Session {
    fn settings(&self) -> MutexGuard<'_, SessionSettings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The tokens that were given out, and who may have one.
pub(super) struct Tokens {
    directory: Arc<Directory>,
    given: Mutex<HashMap<[u8; 32], Token>>,
}

#[derive(Debug)]
struct Token {
    session: Arc<Session>,
    address: IpAddr,
    given: Instant,
    used: Instant,
}

impl Token {
    fn is_over(&self, now: Instant) -> bool {
        now - self.used > IDLE || now - self.given > LIFETIME
    }
}

impl Tokens {
    /// No token yet, for who is in a directory.
    pub(super) fn new(directory: Arc<Directory>) -> Self {
        Self { directory, given: Mutex::default() }
    }

    /// Lets somebody in by name and password; everybody, where nobody signs in.
    async fn sign_in(&self, user: &str, password: &str, address: IpAddr) -> Result<Asker, Status> {
        if self.directory.is_open() {
            return Ok(Asker::Anonymous);
        }
        self.directory
            .password(user, password, address)
            .await
            .map_err(|refused| unknown(&refused.to_string()))
    }

    /// Signs somebody in and gives a token.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`], or [`Code::ResourceExhausted`] when there are too many.
    pub(super) async fn give(
        &self,
        seal: &Seal,
        headers: &MetadataMap,
        address: IpAddr,
    ) -> Result<String, Status> {
        let asker = match authorization(headers)? {
            Some(Said::Basic(user, password)) => self.sign_in(&user, &password, address).await?,
            Some(Said::Bearer(_)) | None => return Err(unknown("this needs a user name and a password")),
        };
        let secret: [u8; TOKEN_BYTES] = seal.secret()?;
        let token: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let now = Instant::now();
        let session = Arc::new(Session { asker, settings: Mutex::default() });
        self.insert(hash(&token), Token { session, address, given: now, used: now })?;
        Ok(token)
    }

    fn insert(&self, key: [u8; 32], token: Token) -> Result<(), Status> {
        let mut tokens = self.tokens();
        let of_address = tokens.values().filter(|known| known.address == token.address).count();
        if of_address >= PER_ADDRESS || tokens.len() >= IN_ALL {
            let now = token.given;
            tokens.retain(|_, known| !known.is_over(now));
        }
        if tokens.values().filter(|known| known.address == token.address).count() >= PER_ADDRESS {
            let of_address = tokens.iter().filter(|(_, known)| known.address == token.address);
            let oldest = of_address.min_by_key(|(_, known)| known.used).map(|(key, _)| *key);
            oldest.and_then(|oldest| tokens.remove(&oldest));
        }
        if tokens.len() >= IN_ALL {
            let hint = "try again later";
            return Err(refusal(Code::ResourceExhausted, "too many users have signed in", hint));
        }
        tokens.insert(key, token);
        Ok(())
    }

    /// Takes a token back.
    pub(super) fn take_back(&self, headers: &MetadataMap) -> Result<(), Status> {
        if let Some(Said::Bearer(token)) = authorization(headers)? {
            self.tokens().remove(&hash(&token));
        }
        Ok(())
    }

    /// Who makes a call with these headers.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`] for a token that there is not, or not any more.
    pub(super) async fn caller(&self, headers: &MetadataMap, address: IpAddr) -> Result<Caller, Status> {
        let without_session = |asker| Caller { asker, address, session: None };
        match authorization(headers)? {
            None if self.directory.is_open() => Ok(without_session(Asker::Anonymous)),
            None => Err(unknown("nobody has signed in")),
            Some(Said::Basic(user, password)) => {
                Ok(without_session(self.sign_in(&user, &password, address).await?))
            }
            Some(Said::Bearer(token)) => match self.session(&token)? {
                Some(session) => Ok(Caller { asker: session.asker.clone(), address, session: Some(session) }),
                // One that an operator has made, for scripts.
                None => {
                    let asker = self.directory.token(&token, address).await;
                    Ok(without_session(asker.map_err(|_| unknown("this token is not known, or has ended"))?))
                }
            },
        }
    }

    /// What belongs to a token that was given here, if its owner may still ask.
    fn session(&self, token: &str) -> Result<Option<Arc<Session>>, Status> {
        let mut tokens = self.tokens();
        let now = Instant::now();
        let Some(known) = tokens.get_mut(&hash(token)).filter(|known| !known.is_over(now)) else {
            return Ok(None);
        };
        if !self.directory.still(&known.session.asker) {
            return Err(unknown(
                "this token has ended: its user may not ask any more, or sees something else",
            ));
        }
        known.used = now;
        Ok(Some(Arc::clone(&known.session)))
    }

    fn tokens(&self) -> MutexGuard<'_, HashMap<[u8; 32], Token>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What somebody says to be let in.
enum Said {
    Basic(String, String),
    Bearer(String),
}

fn authorization(headers: &MetadataMap) -> Result<Option<Said>, Status> {
    let Some(header) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let header = header.to_str().ok().and_then(|header| header.trim().split_once(' '));
    let (scheme, rest) = header.ok_or_else(|| unknown("the header `authorization` cannot be read"))?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Some(Said::Bearer(rest.to_owned())));
    }
    let decoded = BASE64.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match decoded.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((user, password)) if scheme.eq_ignore_ascii_case("basic") => {
            Ok(Some(Said::Basic(user.to_owned(), password.to_owned())))
        }
        _ => Err(unknown("the header `authorization` cannot be read")),
    }
}

fn hash(token: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    bytes
}

fn unknown(message: &str) -> Status {
    refusal(Code::Unauthenticated, message, "connect anew, with a user name and a password")
}

#[cfg(test)]
#[path = "sign_in_tests.rs"]
mod tests;
