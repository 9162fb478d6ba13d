//! Sessions of the page: a browser that has signed in once.
//!
//! In: who has signed in. Out: a secret for its cookie, and who it stands for as long as they are on the list with the same
//! scope and password. Sessions live in this process alone: a restart signs everybody out, and nothing of them is on disk.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::users::{Person, UserError, hash, secret};

/// A working day. After it one signs in again.
pub(crate) const SESSION: Duration = Duration::from_secs(12 * 60 * 60);
/// Sessions that are kept at most.
const MOST: usize = 10_000;

/// One of them.
#[derive(Clone)]
pub(super) struct Session {
    since: Instant,
    /// Who has signed in, as they were then.
    pub(super) person: Person,
    /// What the figures are for, where they said so.
    pub(super) purpose: Option<String>,
}

/// The sessions of a server, by the hash of their secret.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// Begins one. Out: its secret.
    pub(super) fn begin(&self, person: &Person, purpose: Option<String>) -> Result<String, UserError> {
        let secret = secret()?;
        let mut sessions = self.all();
        if sessions.len() >= MOST {
            sessions.retain(|_, session| session.since.elapsed() < SESSION / 4);
        }
        let session = Session { since: Instant::now(), person: person.clone(), purpose };
        sessions.insert(hash(&secret), session);
        Ok(secret)
    }

    /// The session of a secret.
    pub(super) fn of(&self, secret: &str) -> Option<Session> {
        self.all().get(&hash(secret)).filter(|session| session.since.elapsed() < SESSION).cloned()
    }

    /// Ends one.
    pub(super) fn end(&self, secret: &str) {
        self.all().remove(&hash(secret));
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
