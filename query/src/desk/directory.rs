//! Who signs in, and how fast they may try.
//!
//! In: names, passwords, proofs and tokens. Out: an [`Asker`], or [`Refused`], which says the same of a wrong
//! password and of a name that nobody has, after the same work. Failures make the next try of that name, and of
//! that address, wait; whoever signs in rightly from elsewhere waits for nobody else's failures of an address. The
//! list of users is looked at again every few seconds, so that a revoked one is out soon on every replica.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use kayoi_lake::Desk;
use kayoi_schemas::time::Clock;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

use super::issuer::Issuer;
use super::scope::Role;
use super::sessions::Sessions;
use super::users::{List, Person, UserError, read_users, rfc3339};
use super::verifier::{Challenge, Malformed, Verifier};
use crate::ask::Asker;

/// How often the list is looked at.
const LOOK: Duration = Duration::from_secs(3);
/// Failures that cost nothing: people mistype.
const FREE: u32 = 3;
/// The wait after the first failure that costs, doubled with each after it.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// After this long a failure is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(15 * 60);
/// Names and addresses whose failures are remembered.
const MOST_REMEMBERED: usize = 20_000;

/// Who may ask, as far as this server knows.
pub struct Directory {
    desk: Option<Desk>,
    list: RwLock<Arc<List>>,
    /// From it come the salts of names that nobody has.
    secret: [u8; 32],
    failures: Mutex<HashMap<Whose, Failures>>,
    /// Passwords that were right, by the hash of name and password, so that a client that sends one with each
    /// request does not cost its derivation each time.
    right: Mutex<HashMap<Vec<u8>, (Instant, Asker)>>,
    sessions: Sessions,
    issuer: Option<Arc<Issuer>>,
    clock: Clock,
}

/// How long a right password is remembered, and how many.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
const MOST_RIGHT: usize = 1_000;

/// A sign-in that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sign-in failed: the name, the password or the token is not right")]
pub struct Refused;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Whose {
    Name(String),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

/// An exchange of SCRAM in its middle.
pub(crate) struct Scram {
    name: String,
    address: IpAddr,
    challenge: Challenge,
}

impl Scram {
    /// What the client is told.
    pub(crate) fn server_first(&self) -> &str {
        self.challenge.server_first()
    }
}

impl Directory {
    /// The directory of a lake, and whose tokens it believes besides its own. The list is followed as long as the
    /// process runs; call it on the runtime that serves.
    ///
    /// # Errors
    /// [`UserError`] when the list cannot be read.
    pub async fn follow(
        desk: Desk,
        issuer: Option<Arc<Issuer>>,
        clock: Clock,
    ) -> Result<Arc<Self>, UserError> {
        let (_, list) = read_users(&desk).await?;
        let mut secret = [0; 32];
        SystemRandom::new().fill(&mut secret).map_err(|_| UserError::Random)?;
        let directory = Arc::new(Self {
            desk: Some(desk),
            list: RwLock::new(Arc::new(list)),
            secret,
            failures: Mutex::default(),
            right: Mutex::default(),
            sessions: Sessions::default(),
            issuer,
            clock,
        });
        let followed = Arc::downgrade(&directory);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let Some(directory) = followed.upgrade() else { return };
                directory.look().await;
            }
        });
        Ok(directory)
    }

    /// A directory without users.
    #[cfg(test)]
    pub(crate) fn empty() -> Arc<Self> {
        Arc::new(Self {
            desk: None,
            list: RwLock::default(),
            secret: [7; 32],
            failures: Mutex::default(),
            right: Mutex::default(),
            sessions: Sessions::default(),
            issuer: None,
            clock: Clock::System,
        })
    }

    /// The key to what the server writes; none where there is no lake.
    pub(crate) fn desk(&self) -> Option<&Desk> {
        self.desk.as_ref()
    }

    /// Whether nobody signs in here, because there is no user.
    pub fn is_open(&self) -> bool {
        self.list().is_empty()
    }

    async fn look(&self) {
        let Some(desk) = &self.desk else { return };
        match read_users(desk).await {
            Ok((_, list)) if *self.list() == list => {}
            Ok((_, list)) => {
                *self.list.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(list);
                self.right().clear();
            }
            // Who was known stays known: a store that fails for a moment must not lock everybody out.
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the list of users cannot be read");
            }
        }
    }

    fn list(&self) -> Arc<List> {
        Arc::clone(&self.list.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Signs in with a password.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn password(&self, name: &str, password: &str, address: IpAddr) -> Result<Asker, Refused> {
        let key = self.key(name, password);
        if let Some(asker) = self.remembered(&key) {
            return Ok(asker);
        }
        self.wait(name, address).await;
        let list = self.list();
        let person = list.get(name);
        // The same work for a name that nobody has.
        let verifier = self.verifier(person, name);
        let password = password.to_owned();
        let is_right =
            tokio::task::spawn_blocking(move || verifier.matches(&password)).await.unwrap_or(false);
        let asker = self.ended(name, address, person.filter(|_| is_right))?;
        let mut right = self.right();
        if right.len() >= MOST_RIGHT {
            right.clear();
        }
        right.insert(key, (Instant::now(), asker.clone()));
        Ok(asker)
    }

    fn right(&self) -> MutexGuard<'_, HashMap<Vec<u8>, (Instant, Asker)>> {
        self.right.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, name: &str, password: &str) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        hmac::sign(&key, format!("{name}\0{password}").as_bytes()).as_ref().to_vec()
    }

    fn remembered(&self, key: &[u8]) -> Option<Asker> {
        let (since, asker) = self.right().get(key).cloned()?;
        // A new password ends what the old one opened: the list has changed then.
        (since.elapsed() < REMEMBERED_FOR && self.still(&asker)).then_some(asker)
    }

    /// Signs in with a token of ours, or with one that the provider signed for a subject on the list.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn token(&self, token: &str, address: IpAddr) -> Result<Asker, Refused> {
        self.wait("", address).await;
        let now = rfc3339(self.clock.now());
        let subject = match &self.issuer {
            Some(issuer) if Issuer::is_token(token) => issuer.subject(token).await,
            _ => None,
        };
        let list = self.list();
        let is_theirs = |person: &&Person| match &subject {
            Some(subject) => person.subject() == Some(subject.as_str()),
            None => person.has_token(token, &now),
        };
        let person = list.values().find(is_theirs);
        self.ended("", address, person)
    }

    /// Begins an exchange of SCRAM.
    pub(crate) async fn scram(&self, name: &str, first: &[u8], address: IpAddr) -> Result<Scram, Malformed> {
        self.wait(name, address).await;
        let list = self.list();
        let challenge = self.verifier(list.get(name), name).challenge(first)?;
        Ok(Scram { name: name.to_owned(), address, challenge })
    }

    /// Ends it. Out: who has signed in, and the server's own proof.
    pub(crate) fn proved(&self, scram: &Scram, last: &[u8]) -> Result<(Asker, String), Refused> {
        let proof = scram.challenge.prove(last).ok().flatten();
        let list = self.list();
        let person = list.get(&scram.name).filter(|_| proof.is_some());
        let asker = self.ended(&scram.name, scram.address, person)?;
        Ok((asker, proof.unwrap_or_default()))
    }

    /// Whether somebody who has signed in before is still on the list, with the same scope.
    pub fn still(&self, asker: &Asker) -> bool {
        match asker {
            Asker::Anonymous => self.is_open(),
            Asker::Person { name, scope } => {
                self.list().get(name).is_some_and(|person| person.scope == *scope)
            }
        }
    }

    /// Begins a session of the page for who has signed in. Out: the secret of its cookie.
    pub(crate) fn begin_session(&self, asker: &Asker, purpose: Option<String>) -> Option<String> {
        let list = self.list();
        self.sessions.begin(list.get(asker.name()?)?, purpose).ok()
    }

    /// Who has the session of a secret. A new password, another scope or a revoked name end it.
    pub(crate) fn session(&self, secret: &str) -> Option<Asker> {
        let then = self.sessions.of(secret)?.person;
        let list = self.list();
        let now = list.get(&then.name)?;
        let is_same = now.scope == then.scope && now.verifier() == then.verifier();
        is_same.then(|| Asker::Person { name: now.name.clone(), scope: now.scope.clone() })
    }

    /// What the figures of a session are for, where its person said so.
    pub(crate) fn purpose_of_session(&self, secret: &str) -> Option<String> {
        self.sessions.of(secret)?.purpose
    }

    /// Ends a session.
    pub(crate) fn end_session(&self, secret: &str) {
        self.sessions.end(secret);
    }

    /// Who everybody is that has not signed in, where the operator has said so.
    pub(crate) fn public(&self) -> Option<Asker> {
        let list = self.list();
        let public = list.values().find(|person| person.scope.role == Role::Public)?;
        Some(Asker::Person { name: public.name.clone(), scope: public.scope.clone() })
    }

    fn verifier(&self, person: Option<&Person>, name: &str) -> Verifier {
        let known = person.and_then(Person::verifier).cloned();
        known.unwrap_or_else(|| Verifier::of_nobody(&self.secret, name))
    }

    fn ended(&self, name: &str, address: IpAddr, person: Option<&Person>) -> Result<Asker, Refused> {
        let mut failures = self.failures();
        // Whoever that is, it is nobody who signs in, whatever an older list says.
        match person.filter(|person| person.scope.role != Role::Public) {
            Some(person) => {
                failures.remove(&Whose::Name(name.to_owned()));
                Ok(Asker::Person { name: person.name.clone(), scope: person.scope.clone() })
            }
            None => {
                if failures.len() >= MOST_REMEMBERED {
                    failures.retain(|_, failed| failed.last.elapsed() < FORGOTTEN_AFTER / 4);
                }
                let now = Instant::now();
                for whose in whose(name, address) {
                    let failed = failures.entry(whose).or_insert(Failures { count: 0, last: now });
                    failed.count = if failed.last.elapsed() > FORGOTTEN_AFTER { 1 } else { failed.count + 1 };
                    failed.last = now;
                }
                Err(Refused)
            }
        }
    }

    async fn wait(&self, name: &str, address: IpAddr) {
        let wait = {
            let failures = self.failures();
            whose(name, address)
                .iter()
                .filter_map(|whose| failures.get(whose))
                .map(|failed| failed.wait())
                .max()
        };
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            tokio::time::sleep(wait).await;
        }
    }

    fn failures(&self) -> MutexGuard<'_, HashMap<Whose, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn whose(name: &str, address: IpAddr) -> Vec<Whose> {
    let mut whose = vec![Whose::Address(address)];
    if !name.is_empty() {
        whose.push(Whose::Name(name.to_owned()));
    }
    whose
}

impl Failures {
    fn wait(self) -> Duration {
        if self.count < FREE || self.last.elapsed() > FORGOTTEN_AFTER {
            return Duration::ZERO;
        }
        let doubled = 1_u32.checked_shl(self.count - FREE).and_then(|times| FIRST_WAIT.checked_mul(times));
        doubled.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use kayoi_lake::Lake;

    use super::*;

    #[test]
    fn failures_wait_longer_and_longer_and_end_at_the_longest() {
        let wait = |count| Failures { count, last: Instant::now() }.wait();
        assert_eq!(wait(2), Duration::ZERO);
        assert_eq!(wait(3), FIRST_WAIT);
        assert_eq!(wait(5), FIRST_WAIT * 4);
        assert_eq!(wait(40), LONGEST_WAIT);
    }

    #[test]
    fn a_name_that_nobody_has_is_refused_like_a_wrong_password() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let desk = lake.desk();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let directory = Directory::follow(desk, None, Clock::System).await.unwrap();
            assert!(directory.is_open());
            let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
            assert_eq!(directory.password("nobody", "x", address).await, Err(Refused));
            assert_eq!(directory.token("kayoi_x", address).await, Err(Refused));
            let scram = directory.scram("nobody", b"n,,n=,r=abc", address).await.ok().unwrap();
            assert!(scram.server_first().starts_with("r=abc"));
            assert!(directory.proved(&scram, b"c=biws,r=abc,p=AAAA").is_err());
        });
    }
}
