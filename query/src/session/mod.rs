//! What a connection remembers between its statements.
//!
//! In: what clients set, with SET or when they connect. Out: [`SessionSettings`], a plain value that can be
//! sent to whoever plans and runs the next statement, and what SHOW tells of it. A SET is honoured, or it is
//! an error that says what would be, or the client is warned: nothing is taken and forgotten. Statements
//! change the settings only where their door applies them, so that a plan has no effect of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use datafusion::arrow::array::timezone::Tz;
use serde::{Deserialize, Serialize};

use crate::error::QueryError;

mod known;
mod show;

use known::{KNOWN, Known, Rule};
pub(crate) use show::Show;

/// The zone that times are shown in until a client says another: figures are about Japan.
pub(crate) const TIME_ZONE: &str = "Asia/Tokyo";

/// The setting that says which release is read, and its value for whichever is the newest.
const REVISION: &str = "kayoi.revision";
const NEWEST: &str = "newest";

/// The setting that says by which definition the release that is read was made, and its value for any.
const DEFINITION: &str = "kayoi.definition";
const ANY: &str = "any";

/// The setting by which a client says what the figures are for.
const PURPOSE: &str = "kayoi.purpose";

/// How long a setting lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Lasting {
    /// Until the connection ends, unless its transaction is rolled back.
    Session,
    /// Until the transaction ends.
    Transaction,
}

/// What a statement wants to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Change {
    /// Gives a setting a value.
    Set { name: String, value: String, lasting: Lasting },
    /// Gives a setting back the value that it began with.
    Reset(String),
    /// Gives all settings back the values that they began with.
    ResetAll,
}

/// What a connection has set. `Default` is a connection that has set nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionSettings {
    /// What the client said when it connected; RESET comes back to it.
    at_start: BTreeMap<String, String>,
    set: BTreeMap<String, String>,
    /// What lasts until the transaction ends.
    local: BTreeMap<String, String>,
    /// What was set when the transaction began, for its rollback.
    before_transaction: Option<BTreeMap<String, String>>,
    /// Whether a statement of the transaction has failed.
    has_failed: bool,
    /// What PREPARE has remembered, by name.
    prepared: BTreeMap<String, PreparedText>,
}

/// A text that PREPARE has remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PreparedText {
    /// The types of its parameters, as far as they were told.
    pub(crate) types: Vec<String>,
    /// The statement.
    pub(crate) text: String,
}

/// Bytes that a connection may have remembered by PREPARE: they travel with each of its statements.
const MOST_PREPARED_BYTES: usize = 64 << 10;

impl SessionSettings {
    /// The settings of a client that has sent these parameters when it connected. Parameters that are no
    /// settings, and values that are not honoured, are left out: clients send them without being asked.
    pub(crate) fn at_start<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut settings = Self::default();
        let mut take = |name: &str, value: &str| {
            let name = name.to_lowercase();
            if let Ok(value) = honoured(&name, value) {
                settings.at_start.insert(name, value);
            }
        };
        for (name, value) in parameters {
            if name == "options" {
                // As the command line of a server: `-c timezone=UTC`, or `--timezone=UTC`.
                let words = value
                    .split_whitespace()
                    .map(|word| word.trim_start_matches("-c").trim_start_matches("--"));
                words.filter_map(|word| word.split_once('=')).for_each(|(name, value)| take(name, value));
            } else {
                take(name, value);
            }
        }
        settings
    }

    /// The value of a setting; `None` when there is no such setting.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let name = name.to_lowercase();
        let given = [&self.local, &self.set, &self.at_start].into_iter().find_map(|values| values.get(&name));
        given.map(String::as_str).or_else(|| known(&name).map(|known| known.default))
    }

    /// Refuses a change that would not be honoured.
    ///
    /// # Errors
    /// [`QueryError::UnknownSetting`], [`QueryError::FixedSetting`] or [`QueryError::Setting`].
    pub(crate) fn check(change: &Change) -> Result<(), QueryError> {
        match change {
            Change::Set { name, value, .. } => honoured(name, value).map(drop),
            Change::Reset(name) if known(name).is_some() => Ok(()),
            Change::Reset(name) => is_settable(name),
            Change::ResetAll => Ok(()),
        }
    }

    /// What a client must be told beside the acknowledgement.
    pub(crate) fn warning(change: &Change) -> Option<String> {
        let Change::Set { name, value, .. } = change else { return None };
        match known(name)?.rule {
            Rule::Warned { honoured, why } if !honoured.contains(&value.to_lowercase().as_str()) => {
                Some(format!("`{name}` stays as it is: {why}"))
            }
            _ => None,
        }
    }

    /// Makes a change; one that [`SessionSettings::check`] refuses changes nothing.
    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::Set { name, value, lasting } => {
                let Ok(value) = honoured(name, value) else { return };
                if Self::warning(change).is_some() {
                    return;
                }
                if *lasting == Lasting::Session {
                    self.local.remove(name);
                    self.set.insert(name.clone(), value);
                } else if self.before_transaction.is_some() {
                    self.local.insert(name.clone(), value);
                }
            }
            Change::Reset(name) => {
                self.local.remove(name);
                self.set.remove(name);
            }
            Change::ResetAll => {
                self.local.clear();
                self.set.clear();
            }
        }
    }

    /// A transaction begins.
    pub(crate) fn begin(&mut self) {
        if self.before_transaction.is_none() {
            self.before_transaction = Some(self.set.clone());
        }
    }

    /// A transaction ends; what it has set stays only if it is kept.
    pub(crate) fn end(&mut self, is_kept: bool) {
        self.local.clear();
        self.has_failed = false;
        if let Some(before) = self.before_transaction.take()
            && !is_kept
        {
            self.set = before;
        }
    }

    /// What PREPARE has remembered under a name.
    pub(crate) fn prepared(&self, name: &str) -> Option<&PreparedText> {
        self.prepared.get(name)
    }

    /// Refuses a text for which there is no place, or whose name is taken.
    ///
    /// # Errors
    /// [`QueryError::Prepared`].
    pub(crate) fn check_prepare(&self, name: &str, text: &PreparedText) -> Result<(), QueryError> {
        let taken: usize = self.prepared.iter().map(|(name, text)| name.len() + text.text.len()).sum();
        if self.prepared.contains_key(name) {
            return Err(QueryError::Prepared {
                sqlstate: "42P05",
                told: "is there already",
                hint: "DEALLOCATE it first",
            });
        }
        if taken + name.len() + text.text.len() > MOST_PREPARED_BYTES {
            let hint = "DEALLOCATE those that are no longer needed";
            return Err(QueryError::Prepared {
                sqlstate: "53400",
                told: "does not fit beside the others",
                hint,
            });
        }
        Ok(())
    }

    /// Remembers a text.
    pub(crate) fn prepare(&mut self, name: &str, text: &PreparedText) {
        self.prepared.insert(name.to_owned(), text.clone());
    }

    /// Forgets a text, or all.
    pub(crate) fn deallocate(&mut self, name: Option<&str>) {
        match name {
            Some(name) => drop(self.prepared.remove(name)),
            None => self.prepared.clear(),
        }
    }

    /// The same, of a connection whose transaction has failed or has not.
    pub(crate) fn with_failed(self, has_failed: bool) -> Self {
        Self { has_failed, ..self }
    }

    /// Whether a statement of the transaction has failed, so that only its end is left.
    pub(crate) fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// The same, reading a release whatever comes after it.
    pub(crate) fn reading(mut self, revision: u64) -> Self {
        self.set.insert(REVISION.to_owned(), revision.to_string());
        self
    }

    /// The same, with what the figures are for.
    pub(crate) fn with_purpose(mut self, purpose: &str) -> Self {
        self.set.insert(PURPOSE.to_owned(), purpose.to_owned());
        self
    }

    /// What the figures are for, where the client says so.
    pub(crate) fn purpose(&self) -> Option<&str> {
        let given =
            [&self.local, &self.set, &self.at_start].into_iter().find_map(|values| values.get(PURPOSE));
        given.map(String::as_str).filter(|purpose| !purpose.is_empty())
    }

    /// The release that is read; `None` for the newest.
    pub(crate) fn revision(&self) -> Option<u64> {
        self.value(REVISION)?.parse().ok()
    }

    /// By which definition the release that is read was made; `None` for any.
    pub(crate) fn definition(&self) -> Option<&str> {
        self.value(DEFINITION).filter(|definition| *definition != ANY)
    }

    /// The same, reading whichever release is the newest.
    pub(crate) fn reading_newest(mut self) -> Self {
        self.local.remove(REVISION);
        self.set.insert(REVISION.to_owned(), NEWEST.to_owned());
        self
    }

    /// The zone that times are shown in.
    pub(crate) fn time_zone(&self) -> &str {
        self.value("timezone").unwrap_or(TIME_ZONE)
    }

    /// How long a statement of this connection may take, when it has said so.
    pub(crate) fn statement_timeout(&self) -> Option<Duration> {
        let milliseconds = self.value("statement_timeout").and_then(milliseconds)?;
        (milliseconds > 0).then(|| Duration::from_millis(milliseconds))
    }
}

/// Every setting and its value until somebody sets it.
pub(crate) fn defaults() -> impl ExactSizeIterator<Item = (&'static str, &'static str)> {
    KNOWN.iter().map(|known| (known.name, known.default))
}

fn known(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}

fn is_settable(name: &str) -> Result<(), QueryError> {
    match known(name) {
        // A setting with a point in its name is the client's own: nothing here reads it.
        None if name.contains('.') && !name.starts_with("datafusion.") => Ok(()),
        None => Err(QueryError::UnknownSetting(name.to_owned())),
        Some(Known { rule: Rule::Told, .. }) => Err(QueryError::FixedSetting(name.to_owned())),
        Some(_) => Ok(()),
    }
}

/// The value that a setting takes, in the form in which SHOW tells it.
fn honoured(name: &str, value: &str) -> Result<String, QueryError> {
    let Some(known) = known(name) else {
        return is_settable(name).map(|()| value.to_owned());
    };
    let refused = |allowed: String| QueryError::Setting {
        name: name.to_owned(),
        value: value.chars().take(60).collect(),
        allowed,
    };
    match known.rule {
        Rule::Told if value.eq_ignore_ascii_case(known.default) => Ok(value.to_owned()),
        Rule::Told => Err(QueryError::FixedSetting(name.to_owned())),
        Rule::Free | Rule::WithoutEffect | Rule::Warned { .. } => Ok(value.to_owned()),
        Rule::Zone => zone(value).ok_or_else(|| {
            refused("a name such as 'Asia/Tokyo' or 'UTC', or hours east of UTC such as 9".to_owned())
        }),
        Rule::Revision => {
            let value = value.trim().to_lowercase();
            let is_one = value == NEWEST || value.parse::<u64>().is_ok_and(|revision| revision > 0);
            is_one.then_some(value).ok_or_else(|| refused("the number of a release, or 'newest'".to_owned()))
        }
        Rule::Milliseconds => milliseconds(value)
            .map(|_| value.to_owned())
            .ok_or_else(|| refused("milliseconds, or a text such as '500ms', '5s' or '2min'".to_owned())),
        Rule::Only(allowed) => {
            let told = |text: &str| text.to_lowercase().replace([' ', '-', '"'], "");
            let is_one = allowed.iter().any(|one| told(one) == told(value));
            is_one.then(|| value.to_owned()).ok_or_else(|| refused(allowed.join(", ")))
        }
        Rule::Schemas => {
            let schemas = ["public", "release", "$user", "pg_catalog", "information_schema", "", "pg_temp"];
            let named = |one: &str| schemas.contains(&one.trim().trim_matches(['"', '\'']));
            value.split(',').all(named).then(|| value.to_owned()).ok_or_else(|| {
                refused("public, release, pg_catalog, information_schema and \"$user\"".to_owned())
            })
        }
    }
}

/// A zone by its name, whatever the case of its letters, or by whole or half hours east of UTC. A text such
/// as `+09:00` is not taken: PostgreSQL reads it the other way round.
pub(crate) fn zone(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(offset) = text.strip_prefix("interval ") {
        return offset.parse::<Tz>().ok().map(|_| offset.to_owned());
    }
    if let Ok(hours) = text.parse::<f64>() {
        let minutes = (hours * 60.0).round();
        let sign = if minutes < 0.0 { '-' } else { '+' };
        let minutes = minutes.abs() as u32;
        let offset = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        return (minutes <= 15 * 60).then_some(offset);
    }
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect())
    };
    let words = |text: &str, by: char| {
        let parts: Vec<String> = text.split(by).filter_map(capital).collect();
        parts.join(&by.to_string())
    };
    let titled: Vec<String> = text.split('/').map(|part| words(part, '_')).collect();
    let candidates = [text.to_owned(), text.to_uppercase(), titled.join("/")];
    let is_name = |one: &String| one.starts_with(char::is_alphabetic) && one.parse::<Tz>().is_ok();
    candidates.into_iter().find(is_name)
}

/// A length of time in the units of PostgreSQL, without a unit in milliseconds.
fn milliseconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(unit).filter(|milliseconds| *milliseconds <= i32::MAX as u64)
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
