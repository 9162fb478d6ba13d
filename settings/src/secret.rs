//! Secrets, which are only ever in files.
//!
//! In: the path that the settings name. Out: [`Secret`], which cannot be printed by accident. A secret never
//! stands in the settings themselves, because those are printed, copied into tickets and committed. Crate
//! secrecy, the nearest, also wipes the memory; it would do that here for one of several copies, since the
//! Kafka client and the HTTP client keep their own.

use std::fmt;
use std::path::Path;

use crate::error::SettingsError;

/// A password or token. It has no `Display` and no `Serialize`, and its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for whoever has to send it. It must not go to a log, an error or a metric.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(hidden)")
    }
}

/// Reads a secret file again on each call, so that a rotated password or token is found. Line ends after the
/// secret are dropped, because editors and `echo` add one.
///
/// # Errors
/// [`SettingsError::SecretRead`] when the file cannot be read or is not UTF-8, [`SettingsError::SecretEmpty`]
/// when nothing is in it.
pub fn secret(path: &Path) -> Result<Secret, SettingsError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| SettingsError::SecretRead { path: path.to_owned(), source })?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(SettingsError::SecretEmpty { path: path.to_owned() });
    }
    Ok(Secret(text.to_owned()))
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
