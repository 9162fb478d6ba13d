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
        // Somebody signs in without end.
        if sessions.len() >= MOST {
            let oldest = sessions.iter().min_by_key(|(_, session)| session.since).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| sessions.remove(&oldest));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::desk::Scope;

    #[test]
    fn who_signs_in_without_end_ends_the_oldest_session() {
        let person = json!({
            "name": "taro", "scope": Scope::default(), "since": "2026-03-01T00:00:00Z", "verifier": null, "tokens": [],
        });
        let person: Person = serde_json::from_value(person).unwrap();
        let sessions = Sessions::default();
        let (first, second) =
            (sessions.begin(&person, None).unwrap(), sessions.begin(&person, None).unwrap());
        for _ in 2..MOST {
            sessions.begin(&person, None).unwrap();
        }
        assert!(sessions.of(&first).is_some());
        sessions.begin(&person, None).unwrap();
        assert!(sessions.of(&first).is_none() && sessions.of(&second).is_some());
        assert_eq!(sessions.all().len(), MOST);
    }
}
