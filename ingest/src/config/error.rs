//! What is wrong with a configuration, where it stands, and what to write instead.

use std::fmt;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The configuration file.
    File {
        /// Its name, as it was given.
        name: String,
        /// Line, from 1, when it is known.
        line: Option<usize>,
    },
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, line: Some(line) } => write!(formatter, "{name} line {line}"),
            Self::File { name, line: None } => formatter.write_str(name),
            Self::Variable(name) => write!(formatter, "environment variable {name}"),
        }
    }
}

/// A configuration that cannot be used. Keys are written with their tables, as in `kafka.brokers`; feeds are
/// numbered from 0, as in `feed.0.partner`.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The text is no TOML.
    #[error(
        "{place} is no TOML\nhint: texts stand in quotes, tables in [brackets], and a key stands only once"
    )]
    Syntax {
        /// The place.
        place: Place,
        /// The parser's answer, without the line itself: a password may have been put there.
        source: toml::de::Error,
    },
    /// A key nobody knows.
    #[error("unknown key `{key}` {table} ({place})\nhint: {hint}")]
    UnknownKey {
        /// The key.
        key: String,
        /// The table it is in, as `in [kafka]`.
        table: String,
        /// The place.
        place: Place,
        /// The nearest known key.
        hint: String,
    },
    /// An environment variable that stands for no key.
    #[error("unknown environment variable `{variable}`\nhint: did you mean `{nearest}`?")]
    UnknownVariable {
        /// The variable.
        variable: String,
        /// The nearest known one.
        nearest: String,
    },
    /// An environment variable for what only the file can say.
    #[error(
        "cannot take `{variable}` from the environment: feeds in the file: {feeds}, numbered from 0\nhint: write new feeds and [feed.map] in the file; a variable can change a key of a feed that is there"
    )]
    FileOnly {
        /// The variable.
        variable: String,
        /// Feeds in the file.
        feeds: usize,
    },
    /// A value that the key cannot have.
    #[error("`{key}` is `{value}` ({place}): it must be {allowed}")]
    Value {
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// The place.
        place: Place,
        /// What it can have.
        allowed: String,
    },
    /// A key that another one makes necessary.
    #[error("`{key}` is missing ({place}): {because}\nhint: {hint}")]
    Missing {
        /// The key.
        key: String,
        /// Where it would stand.
        place: Place,
        /// Why it is needed.
        because: String,
        /// What to write.
        hint: &'static str,
    },
    /// A key that would be ignored. It is refused, because somebody relies on it.
    #[error("`{key}` has no effect ({place}): it needs {needs}\nhint: remove it, or {needs_hint}")]
    NoEffect {
        /// The key.
        key: String,
        /// The place.
        place: Place,
        /// What it needs to have an effect.
        needs: &'static str,
        /// How to get that.
        needs_hint: &'static str,
    },
    /// A topic that is read twice.
    #[error(
        "topic `{topic}` stands twice, at `{first}` and `{second}` ({place})\nhint: a topic belongs to one feed, once"
    )]
    SameTopic {
        /// The topic.
        topic: String,
        /// Key of the first mention.
        first: String,
        /// Key of the second.
        second: String,
        /// Where the second stands.
        place: Place,
    },
    /// A field that the ping contract does not have.
    #[error(
        "`{key}` is `{field}` ({place}): the contract has no such field\nhint: did you mean `{nearest}`? `kayoi schema --contract` lists them"
    )]
    UnknownField {
        /// The key.
        key: String,
        /// What was given.
        field: String,
        /// The nearest field.
        nearest: &'static str,
        /// The place.
        place: Place,
    },
    /// A setting of librdkafka that Kayoi sets itself.
    #[error("`{setting}` cannot be set in [kafka.librdkafka] ({place}): {because}\nhint: {hint}")]
    OwnSetting {
        /// The setting.
        setting: String,
        /// The place.
        place: Place,
        /// Why.
        because: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A URL with a password in it.
    #[error("`{key}` holds a user or a password ({place})\nhint: use `username` and `password_file`")]
    UrlWithPassword {
        /// The key.
        key: &'static str,
        /// The place.
        place: Place,
    },
    /// A secret file cannot be read.
    #[error("cannot read the secret in `{}`\nhint: check that the file is there, is readable for this user and is UTF-8 text", path.display())]
    SecretRead {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A secret file holds nothing.
    #[error("the secret in `{}` is empty\nhint: write it on the first line", path.display())]
    SecretEmpty {
        /// The file.
        path: PathBuf,
    },
    /// The configuration cannot be written as TOML.
    #[error("cannot print the configuration")]
    Print(#[from] toml::ser::Error),
}
