//! The secret key for pseudonyms: is it there, is it the lake's, can only its owner read it?
//!
//! In: the configuration and the lake. Out: a finding. No key is made, and the lake is told none.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use kayoi_ingest::config::Config;
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_lake::Lake;

use super::finding::{Advice, Finding};
use crate::args::KeyOption;
use crate::commands::key_path;

const WHY: &str = "with another key every device would be a new one and be counted twice";
const WHY_NONE: &str = "no identifier can be hidden without a key";

/// Looks at the key file.
pub(crate) fn check(config: &Config, place: &Path, lake: Option<&Lake>) -> Finding {
    let option = KeyOption { key_file: config.lake.key_file.clone() };
    let path = match key_path(&option, place) {
        Ok(path) => path,
        Err(error) => return Finding::of_error("key", &*error, WHY_NONE),
    };
    let expected = match lake.map(Lake::key_fingerprint).transpose() {
        Ok(expected) => expected.flatten(),
        Err(error) => return Finding::of_error("key", &error, "the lake does not say whose key it has"),
    };
    let shown = format!("`{}`", path.display());
    let metadata = match std::fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return missing(&shown, expected),
        Err(error) => {
            let error = anyhow::Error::new(error).context(format!("cannot look at {shown}"));
            return Finding::of_error("key", &*error, WHY_NONE);
        }
    };
    let fingerprint = match PseudonymKey::load_or_create(&path) {
        Ok(key) => key.fingerprint(),
        Err(error) => return Finding::of_error("key", &error, WHY_NONE),
    };
    if let Some(expected) = expected.filter(|expected| *expected != fingerprint) {
        let says = format!("{shown} is key {fingerprint}, the lake was filled with key {expected}");
        let hint = "name the first key as lake.key_file, or --key-file";
        return Finding::problem("key", says, Advice { why: WHY, hint });
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Finding::warning(
            "key",
            format!("{shown} can be read by other users (mode {mode:o})"),
            Advice {
                why: "whoever has the key can test whether a known identifier is in the lake",
                hint: "chmod 600 on the file, or mount the secret for this user alone",
            },
        );
    }
    Finding::ok("key", format!("{shown} has fingerprint {fingerprint}"))
}

fn missing(shown: &str, expected: Option<String>) -> Finding {
    match expected {
        None => Finding::ok("key", format!("{shown} is not there: the first ingest makes it")),
        Some(expected) => {
            let says = format!("{shown} is not there, the lake was filled with key {expected}");
            let hint = "bring the key back from where its copy is kept; a new one does not fit this lake";
            Finding::problem("key", says, Advice { why: WHY, hint })
        }
    }
}
