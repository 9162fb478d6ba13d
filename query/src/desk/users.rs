//! The list of who may ask.
//!
//! In: what an operator types. Out: a new list, written after the one that it was made from, so that two operators
//! cannot undo each other's work unseen. A list holds verifiers and hashes of tokens; passwords and tokens are
//! shown once and kept nowhere.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat};
use kayoi_lake::{Desk, LakeError};
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::time::UtcMillis;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

use super::scope::{Role, Scope};
use super::verifier::Verifier;

/// How a token begins, so that it is known for what it is in a log or a script.
const TOKEN: &str = "kayoi_";
/// Random bytes of a token or a made password.
const SECRET_BYTES: usize = 24;
/// Fewest letters of a password that somebody chooses.
const SHORTEST_PASSWORD: usize = 12;
/// How often a list is made anew because somebody else wrote one meanwhile.
const ATTEMPTS: usize = 8;

/// Somebody who may ask.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name, as it is typed.
    pub name: String,
    /// What they may see.
    pub scope: Scope,
    /// When they were added, RFC 3339.
    pub since: String,
    verifier: Option<Verifier>,
    tokens: Vec<Token>,
    /// What an OpenID provider calls them, the claim `sub` of its tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
}

/// A token, by its hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Token {
    hash: String,
    until: String,
}

/// Who is on the list, by name.
pub(super) type List = BTreeMap<String, Person>;

/// What an operator wants.
#[derive(Debug)]
pub enum UserChange {
    /// Somebody new, or somebody's new scope.
    Put(Scope),
    /// A new password; one is made when none is given. It ends all tokens.
    Password(Option<String>),
    /// One more token, for so many days.
    Token {
        /// Days that it is good for.
        days: u32,
    },
    /// What an OpenID provider calls them; nothing takes it away.
    Subject(String),
    /// They may not ask any more.
    Revoke,
}

/// A change that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name cannot be one.
    #[error("a user's name has 1 to 63 small letters, digits, `_`, `.` and `-`\nhint: try taro.yamada")]
    Name,
    /// There is nobody of that name.
    #[error("there is no user of that name\nhint: `kayoi user list` lists them")]
    Unknown,
    /// The password is too easy to guess.
    #[error("a password has at least {SHORTEST_PASSWORD} letters\nhint: leave it out and one is made")]
    ShortPassword,
    /// Somebody else has the subject.
    #[error(
        "the subject belongs to another user\nhint: `kayoi user list` shows whose it is; revoke that one first"
    )]
    Subject,
    /// Who has not signed in cannot be given what one signs in with.
    #[error(
        "a user of role `public` is who has not signed in, and has no password, token or subject\nhint: `kayoi user add NAME --role analyst` adds somebody who signs in"
    )]
    Public,
    /// The list cannot be read.
    #[error("the list of users cannot be read\nhint: it was written by a newer Kayoi, or damaged")]
    List(#[source] serde_json::Error),
    /// Others write all the time.
    #[error("the list of users is being changed by somebody else\nhint: try again")]
    Busy,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes\nhint: look at /dev/urandom")]
    Random,
    /// The lake does not answer.
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl UserError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Name | Self::Unknown | Self::ShortPassword | Self::Subject | Self::Public => {
                ErrorCode::Argument
            }
            Self::List(_) => ErrorCode::Damaged,
            Self::Busy => ErrorCode::Raced,
            Self::Random => ErrorCode::System,
            Self::Lake(error) => error.code(),
        }
    }
}

impl Person {
    pub(super) fn verifier(&self) -> Option<&Verifier> {
        self.verifier.as_ref()
    }

    /// Whether a token is theirs and still good. `now` is RFC 3339 in UTC, as the end of a token is.
    pub(super) fn has_token(&self, token: &str, now: &str) -> bool {
        let hash = hash(token);
        self.tokens.iter().any(|one| one.hash == hash && one.until.as_str() > now)
    }

    /// What an OpenID provider calls them, where they sign in with its tokens.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Tokens that have not been revoked.
    pub fn token_count(&self) -> usize {
        self.tokens.len()
    }
}

/// The list as it is now, with its number.
///
/// # Errors
/// [`UserError::List`], [`UserError::Lake`].
pub async fn read_users(desk: &Desk) -> Result<(u64, BTreeMap<String, Person>), UserError> {
    let Some((number, bytes)) = desk.users().await? else { return Ok((0, List::new())) };
    Ok((number, serde_json::from_slice(&bytes).map_err(UserError::List)?))
}

/// Makes a change. Out: the password or token that was made, to be shown once. `now` and `until` are RFC 3339.
///
/// # Errors
/// [`UserError`].
pub async fn change_users(
    desk: &Desk,
    name: &str,
    change: &UserChange,
    now: &str,
    until: &str,
) -> Result<Option<String>, UserError> {
    let is_letter =
        |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, '_' | '.' | '-');
    if name.is_empty() || name.len() > 63 || !name.chars().all(is_letter) {
        return Err(UserError::Name);
    }
    for _ in 0..ATTEMPTS {
        let (number, mut list) = read_users(desk).await?;
        let made = changed(&mut list, name, change, now, until)?;
        let bytes = serde_json::to_vec_pretty(&list).map_err(UserError::List)?;
        if desk.write_users(number, Bytes::from(bytes)).await? {
            return Ok(made);
        }
    }
    Err(UserError::Busy)
}

fn changed(
    list: &mut List,
    name: &str,
    change: &UserChange,
    now: &str,
    until: &str,
) -> Result<Option<String>, UserError> {
    match change {
        UserChange::Put(scope) => match list.get_mut(name) {
            Some(person) => {
                person.scope = scope.clone();
                if is_public(person) {
                    // What somebody signed in with before would open SQL to the role that has none.
                    person.verifier = None;
                    person.tokens.clear();
                    person.subject = None;
                }
                Ok(None)
            }
            None => {
                let (name, since) = (name.to_owned(), now.to_owned());
                let person = Person {
                    name: name.clone(),
                    scope: scope.clone(),
                    since,
                    verifier: None,
                    tokens: Vec::new(),
                    subject: None,
                };
                list.insert(name, person);
                Ok(None)
            }
        },
        UserChange::Password(password) => {
            let person = who_signs_in(list, name)?;
            let made = match password {
                Some(password) if password.chars().count() < SHORTEST_PASSWORD => {
                    return Err(UserError::ShortPassword);
                }
                Some(_) => None,
                None => Some(secret()?),
            };
            let new = password.as_ref().or(made.as_ref()).map(String::as_str).unwrap_or_default();
            person.verifier = Some(Verifier::of(new).map_err(|_| UserError::Random)?);
            person.tokens.clear();
            Ok(made)
        }
        UserChange::Token { .. } => {
            let person = who_signs_in(list, name)?;
            let token = format!("{TOKEN}{}", secret()?);
            person.tokens.retain(|token| token.until.as_str() > now);
            person.tokens.push(Token { hash: hash(&token), until: until.to_owned() });
            Ok(Some(token))
        }
        UserChange::Subject(subject) => {
            let is_taken = |(other, person): (&String, &Person)| {
                other != name && !subject.is_empty() && person.subject() == Some(subject.as_str())
            };
            if list.iter().any(is_taken) {
                return Err(UserError::Subject);
            }
            let person = who_signs_in(list, name)?;
            person.subject = Some(subject.clone()).filter(|subject| !subject.is_empty());
            Ok(None)
        }
        UserChange::Revoke => list.remove(name).map(|_| None).ok_or(UserError::Unknown),
    }
}

fn is_public(person: &Person) -> bool {
    person.scope.role == Role::Public
}

/// Somebody who may have what one signs in with.
fn who_signs_in<'l>(list: &'l mut List, name: &str) -> Result<&'l mut Person, UserError> {
    match list.get_mut(name) {
        Some(person) if is_public(person) => Err(UserError::Public),
        Some(person) => Ok(person),
        None => Err(UserError::Unknown),
    }
}

/// An instant as lists and lines write it.
pub fn rfc3339(instant: UtcMillis) -> String {
    let instant = DateTime::from_timestamp_millis(instant.0).unwrap_or_default();
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(super) fn secret() -> Result<String, UserError> {
    let mut bytes = [0; SECRET_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| UserError::Random)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A token has so many random bits that its plain hash tells nothing.
pub(super) fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use kayoi_lake::Lake;

    use super::*;

    const NOW: &str = "2026-03-01T00:00:00Z";

    #[test]
    fn a_user_is_added_changes_and_goes_and_no_secret_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Lake::open(folder.path()).unwrap().desk();
        let change = |name: &str, change: UserChange| {
            desk.block_on(change_users(&desk, name, &change, NOW, "2026-04-01T00:00:00Z"))
        };
        assert!(matches!(change("taro", UserChange::Password(None)), Err(UserError::Unknown)));
        assert!(matches!(change("太郎", UserChange::Put(Scope::default())), Err(UserError::Name)));
        change("taro", UserChange::Put(Scope::default())).unwrap();
        let password = change("taro", UserChange::Password(None)).unwrap().unwrap();
        let token = change("taro", UserChange::Token { days: 31 }).unwrap().unwrap();
        let (number, list) = desk.block_on(read_users(&desk)).unwrap();
        assert_eq!(number, 3);
        let taro = &list["taro"];
        assert!(taro.verifier().unwrap().matches(&password));
        assert!(taro.has_token(&token, NOW) && !taro.has_token(&token, "2026-04-01T00:00:01Z"));
        let (_, kept) = desk.block_on(desk.users()).unwrap().unwrap();
        let kept = String::from_utf8(kept.to_vec()).unwrap();
        assert!(!kept.contains(&password) && !kept.contains(&token));
        assert!(matches!(
            change("taro", UserChange::Password(Some("short".into()))),
            Err(UserError::ShortPassword)
        ));
        change("taro", UserChange::Password(None)).unwrap();
        assert_eq!(desk.block_on(read_users(&desk)).unwrap().1["taro"].token_count(), 0);
        change("taro", UserChange::Revoke).unwrap();
        assert!(desk.block_on(read_users(&desk)).unwrap().1.is_empty());
    }

    #[test]
    fn who_has_not_signed_in_has_nothing_to_sign_in_with() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Lake::open(folder.path()).unwrap().desk();
        let change = |change: UserChange| {
            desk.block_on(change_users(&desk, "minna", &change, NOW, "2026-04-01T00:00:00Z"))
        };
        let public = Scope { role: Role::Public, ..Scope::default() };
        change(UserChange::Put(Scope::default())).unwrap();
        let password = change(UserChange::Password(None)).unwrap().unwrap();
        let token = change(UserChange::Token { days: 31 }).unwrap().unwrap();
        change(UserChange::Subject("minna@town.example".to_owned())).unwrap();
        let minna = || desk.block_on(read_users(&desk)).unwrap().1["minna"].clone();
        assert!(minna().verifier().is_some_and(|verifier| verifier.matches(&password)));
        assert!(minna().has_token(&token, NOW) && minna().subject().is_some());
        change(UserChange::Put(public)).unwrap();
        assert!(minna().verifier().is_none() && minna().subject().is_none());
        assert!(!minna().has_token(&token, NOW));
        for refused in [
            UserChange::Password(None),
            UserChange::Token { days: 1 },
            UserChange::Subject("minna@town.example".to_owned()),
        ] {
            assert!(matches!(change(refused), Err(UserError::Public)));
        }
    }
}
