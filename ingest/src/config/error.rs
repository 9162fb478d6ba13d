//! What is wrong with a configuration of ingest, beside what can be wrong with any settings.

use kayoi_schemas::error_code::ErrorCode;
use kayoi_settings::{Place, SettingsError};

/// A configuration that cannot be used. Keys are written with their tables, as in `kafka.brokers`; feeds are
/// numbered from 0, as in `feed.0.partner`.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file, a variable or a secret cannot be used, or a value breaks a rule.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A topic that is read twice.
    #[error(
        "topic `{topic}` stands twice, at `{first}` and `{second}` ({place})\n\
         hint: a topic belongs to one feed, once"
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
        "`{key}` is `{field}` ({place}): the contract has no such field\n\
         hint: did you mean `{nearest}`? `kayoi schema --contract` lists them"
    )]
    UnknownField {
        /// The key with its tables.
        key: String,
        /// What was given.
        field: String,
        /// The nearest field.
        nearest: &'static str,
        /// Where the key stands.
        place: Place,
    },
    /// A setting of librdkafka that Kayoi sets itself.
    #[error("`{setting}` cannot be set in [kafka.librdkafka] ({place}): {because}\nhint: {hint}")]
    OwnSetting {
        /// Its name.
        setting: String,
        /// Where it stands.
        place: Place,
        /// Why it is refused.
        because: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A URL with a password in it.
    #[error("`{key}` holds a user or a password ({place})\nhint: use `username` and `password_file`")]
    UrlWithPassword {
        /// The key with its tables.
        key: &'static str,
        /// Where the key stands.
        place: Place,
    },
}

impl ConfigError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Settings(error) => of_settings(error),
            Self::SameTopic { .. }
            | Self::UnknownField { .. }
            | Self::OwnSetting { .. }
            | Self::UrlWithPassword { .. } => ErrorCode::Settings,
        }
    }
}

/// Settings of any program know nothing of our codes.
fn of_settings(error: &SettingsError) -> ErrorCode {
    match error {
        SettingsError::Syntax { .. }
        | SettingsError::UnknownKey { .. }
        | SettingsError::UnknownVariable { .. }
        | SettingsError::FileOnly { .. }
        | SettingsError::Value { .. }
        | SettingsError::Missing { .. }
        | SettingsError::NoEffect { .. } => ErrorCode::Settings,
        SettingsError::SecretRead { .. } | SettingsError::SecretEmpty { .. } => ErrorCode::SecretFile,
        SettingsError::Print(_) => ErrorCode::Defect,
    }
}
