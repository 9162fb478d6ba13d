//! Environment variables over the file.
//!
//! In: variables that start with `KAYOI_INGEST__`, each a key in capitals with two underscores between tables:
//! `KAYOI_INGEST__KAFKA__BROKERS`, `KAYOI_INGEST__FEED__0__PARTNER`, and
//! `KAYOI_INGEST__KAFKA__LIBRDKAFKA__FETCH_MIN_BYTES` for `fetch.min.bytes`. Out: the document with their values.
//! Lists are comma-separated. One underscore after `INGEST` is not ours: a cluster that runs a service of this
//! name sets `KAYOI_INGEST_SERVICE_HOST` and the like for everybody.

use toml::{Table, Value};

use super::document::Document;
use super::error::ConfigError;
use super::shape::{self, Keys, Kind};
use super::unknown::nearest;

const PREFIX: &str = "KAYOI_INGEST__";
const SETTING_PREFIX: &str = "KAYOI_INGEST__KAFKA__LIBRDKAFKA__";
const FEED_PREFIX: &str = "KAYOI_INGEST__FEED__";

/// Puts the variables into the document.
///
/// # Errors
/// [`ConfigError::UnknownVariable`] and [`ConfigError::FileOnly`].
pub(super) fn apply(
    document: &mut Document,
    known: &Keys,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(), ConfigError> {
    let feeds = document.feeds();
    let paths = shape::value_paths(known, feeds);
    let paths: Vec<_> = paths.into_iter().map(|(path, kind)| (variable_name(&path), path, kind)).collect();
    let mut variables: Vec<_> = environment.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    // The environment has no order; the error must not depend on it.
    variables.sort();
    for (variable, text) in variables {
        if let Some((_, path, kind)) = paths.iter().find(|(name, _, _)| *name == variable) {
            document.set(path, value(text, *kind), &variable);
        } else if let Some(setting) = variable.strip_prefix(SETTING_PREFIX).filter(|name| !name.is_empty()) {
            let name = setting.to_lowercase().replace('_', ".");
            document.set(&["kafka".into(), "librdkafka".into(), name], Value::String(text), &variable);
        } else if is_file_only(&variable, feeds) {
            return Err(ConfigError::FileOnly { variable, feeds });
        } else {
            let names: Vec<&str> = paths.iter().map(|(name, _, _)| name.as_str()).collect();
            return Err(ConfigError::UnknownVariable {
                nearest: nearest(&variable, &names).to_owned(),
                variable,
            });
        }
    }
    Ok(())
}

fn variable_name(path: &[String]) -> String {
    format!("{PREFIX}{}", path.join("__").to_uppercase())
}

/// Text that does not read as its kind stays text: the key then says what it allows.
fn value(text: String, kind: Kind) -> Value {
    match kind {
        Kind::Text => Value::String(text),
        Kind::List => {
            text.split(',').map(|item| Value::String(item.trim().to_owned())).collect::<Vec<_>>().into()
        }
        Kind::Literal => literal(&text).unwrap_or(Value::String(text)),
    }
}

fn literal(text: &str) -> Option<Value> {
    let table: Table = toml::from_str(&format!("literal = {text}")).ok()?;
    if table.len() > 1 { None } else { table.into_iter().next().map(|(_, value)| value) }
}

/// A feed that the file does not have, or the map of one that it has.
fn is_file_only(variable: &str, feeds: usize) -> bool {
    let Some((number, key)) = variable.strip_prefix(FEED_PREFIX).and_then(|rest| rest.split_once("__"))
    else {
        return false;
    };
    number.parse::<usize>().is_ok_and(|number| number >= feeds) || key == "MAP" || key.starts_with("MAP__")
}

#[cfg(test)]
#[path = "environment_tests.rs"]
mod tests;
