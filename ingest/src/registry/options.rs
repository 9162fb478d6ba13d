//! Where a schema registry is, and how to be let in.
//!
//! In: a configuration, with its secrets read from their files. Out: what the client needs. The password is
//! shown nowhere.

use std::fmt;
use std::time::Duration;

/// Where the registry is.
#[derive(Clone)]
pub(crate) struct RegistryOptions {
    /// One or more addresses, separated by commas, such as `https://registry:8081`.
    pub(crate) url: String,
    /// Name for basic authentication.
    pub(crate) username: Option<String>,
    /// Password for basic authentication; never shown.
    pub(crate) password: Option<String>,
    /// Longest wait for one answer of one address.
    pub(crate) timeout: Duration,
}

impl fmt::Debug for RegistryOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, username, password: _, timeout } = self;
        f.debug_struct("RegistryOptions")
            .field("url", url)
            .field("username", username)
            .field("timeout", timeout)
            .finish_non_exhaustive()
    }
}
