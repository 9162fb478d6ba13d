//! A question as it comes in: who asks, through which door, in which words.
//!
//! In: what a door has read from its wire. Out: [`Asked`]. It is the only thing that the gate takes, and
//! every step after it carries it along, so that whatever decides or writes something down about a question
//! knows whose it is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::desk::Scope;
use crate::session::SessionSettings;

/// Who asks a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asker {
    /// Somebody who has not signed in, where nobody has to: on the machine of the server, or at a command line.
    Anonymous,
    /// Somebody who has signed in.
    Person {
        /// The name.
        name: String,
        /// What they may see.
        scope: Scope,
    },
}

impl Asker {
    /// The name; none for who has not signed in.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Anonymous => None,
            Self::Person { name, .. } => Some(name),
        }
    }

    /// What they may see: everything that is released, for who has not signed in.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Anonymous => Scope::default(),
            Self::Person { scope, .. } => scope.clone(),
        }
    }
}

/// Where a question came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// Typed or piped into `kayoi query`, or asked by `kayoi demo`.
    CommandLine,
    /// Sent to the HTTP server.
    Http,
    /// Sent over the Postgres wire.
    Postgres,
    /// Sent over Arrow Flight SQL.
    Flight,
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommandLine => "command line",
            Self::Http => "http",
            Self::Postgres => "postgres",
            Self::Flight => "flight",
        })
    }
}

/// A question that nobody has looked at yet.
///
/// `Debug` leaves its text out: texts hold what people look for, and logs are read by many.
#[derive(Clone, Serialize, Deserialize)]
pub struct Asked {
    who: Asker,
    door: Door,
    text: String,
    settings: SessionSettings,
}

impl Asked {
    /// A question in somebody's words. It may hold anything.
    pub fn new(who: Asker, door: Door, text: impl Into<String>) -> Self {
        Self { who, door, text: text.into(), settings: SessionSettings::default() }
    }

    /// The same on a connection that has set something.
    pub(crate) fn with_settings(self, settings: SessionSettings) -> Self {
        Self { settings, ..self }
    }

    /// The same of a release, whatever the newest is.
    pub fn of_release(self, revision: u64) -> Self {
        let settings = self.settings.clone().reading(revision);
        self.with_settings(settings)
    }

    /// Who asked it.
    pub fn who(&self) -> &Asker {
        &self.who
    }

    /// The door through which it came in.
    pub fn door(&self) -> Door {
        self.door
    }

    /// What the figures are for, where its connection says so.
    pub(crate) fn purpose(&self) -> Option<&str> {
        self.settings.purpose()
    }

    /// The release that it reads, where it names one.
    pub(crate) fn revision(&self) -> Option<u64> {
        self.settings.revision()
    }

    /// What its connection has set.
    pub(crate) fn settings(&self) -> &SessionSettings {
        &self.settings
    }

    /// The words, as they came.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").field("who", &self.who).field("door", &self.door).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_shows_who_asks_and_where_but_not_its_words() {
        let asked = Asked::new(Asker::Anonymous, Door::Http, "SELECT 'secret'");
        assert_eq!(format!("{asked:?}"), "Asked { who: Anonymous, door: Http, .. }");
    }
}
