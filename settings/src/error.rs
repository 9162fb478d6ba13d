//! What is wrong with settings, where it stands, and what to write instead.

use std::fmt;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
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

/// Settings that cannot be used. Keys are written with their tables, as in `kafka.brokers`; the tables of a
/// list are numbered from 0, as in `feed.0.partner`.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The text does not follow the grammar of TOML.
    #[error(
        "{place} is no TOML\nhint: texts stand in quotes, tables in [brackets], and a key stands only once"
    )]
    Syntax {
        /// Where the parser stopped.
        place: Place,
        /// The parser's answer, without the line itself: a password may have been put there.
        source: toml::de::Error,
    },
    /// A key nobody knows.
    #[error("unknown key `{key}` {table} ({place})\nhint: {hint}")]
    UnknownKey {
        /// The key as it was written.
        key: String,
        /// The table it is in, as `in [kafka]`.
        table: String,
        /// Where the key stands.
        place: Place,
        /// The nearest known key, or the table where the key belongs.
        hint: String,
    },
    /// An environment variable that stands for no key.
    #[error("unknown environment variable `{variable}`\nhint: did you mean `{nearest}`?")]
    UnknownVariable {
        /// Name of the variable.
        variable: String,
        /// The nearest known one.
        nearest: String,
    },
    /// An environment variable for what only the file can say.
    #[error(
        "cannot take `{variable}` from the environment: {list}s in the file: {length}, numbered from 0\n\
         hint: write new {list}s{tables} in the file; a variable can change a key of {} that is there",
        with_article(list)
    )]
    FileOnly {
        /// Name of the variable.
        variable: String,
        /// The list of tables that it means.
        list: String,
        /// How many of them the file has.
        length: usize,
        /// Tables of free names in each of them, as ` and [feed.map]`.
        tables: String,
    },
    /// A value that the key cannot have.
    #[error("`{key}` is `{value}` ({place}): it must be {allowed}")]
    Value {
        /// The key with its tables.
        key: String,
        /// The value, or what stands for one that may be a secret.
        value: String,
        /// Where the key stands.
        place: Place,
        /// What the key can have.
        allowed: String,
    },
    /// A key that another one makes necessary.
    #[error("`{key}` is missing ({place}): {because}\nhint: {hint}")]
    Missing {
        /// The key with its tables.
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
        /// The key with its tables.
        key: String,
        /// Where the key stands.
        place: Place,
        /// What it needs to have an effect.
        needs: &'static str,
        /// How to get that.
        needs_hint: &'static str,
    },
    /// A secret file cannot be read.
    #[error(
        "cannot read the secret in `{}`\n\
         hint: check that the file is there, is readable for this user and is UTF-8 text",
        path.display()
    )]
    SecretRead {
        /// The file that the settings name.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A secret file holds nothing.
    #[error("the secret in `{}` is empty\nhint: write it on the first line", path.display())]
    SecretEmpty {
        /// The file that the settings name.
        path: PathBuf,
    },
    /// Settings cannot be written as TOML.
    #[error("cannot print the configuration")]
    Print(#[from] toml::ser::Error),
}

/// `a string`, `an array`.
pub(crate) fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}
