//! Refuses keys that nobody knows.
//!
//! In: the file's table and the known keys. Out: nothing, or the first unknown key with its table, its line and
//! the nearest known key. A misspelt key that is silently ignored is a setting that somebody believes in.

use kayoi_schemas::definition::edit_distance;
use toml::{Table, Value};

use super::document::{Document, join};
use super::error::ConfigError;
use super::shape::{self, Keys, Shape};

/// Checks every key of a document.
///
/// # Errors
/// [`ConfigError::UnknownKey`], or [`ConfigError::Value`] where a table is no table.
pub(super) fn refuse_unknown_keys(document: &Document, known: &Keys) -> Result<(), ConfigError> {
    Walk { document, known }.table(&document.table, known, "")
}

struct Walk<'a> {
    document: &'a Document,
    known: &'a Keys,
}

impl Walk<'_> {
    fn table(&self, table: &Table, keys: &Keys, path: &str) -> Result<(), ConfigError> {
        for (key, value) in table {
            let inner_path = join(path, key);
            let Some((_, shape)) = keys.iter().find(|(name, _)| name == key) else {
                return Err(self.unknown(key, keys, path));
            };
            match (shape, value) {
                (Shape::Table(inner), Value::Table(table)) => self.table(table, inner, &inner_path)?,
                (Shape::List(inner), Value::Array(list)) => self.list(list, inner, &inner_path)?,
                (Shape::Value(_), _) | (Shape::Free, Value::Table(_)) => {}
                (Shape::List(_), _) => return Err(self.no_table(&inner_path, value, "[[feed]]")),
                (_, _) => return Err(self.no_table(&inner_path, value, &header(&inner_path))),
            }
        }
        Ok(())
    }

    fn list(&self, list: &[Value], keys: &Keys, path: &str) -> Result<(), ConfigError> {
        for (index, item) in list.iter().enumerate() {
            let Value::Table(table) = item else {
                return Err(self.no_table(path, item, "[[feed]]"));
            };
            self.table(table, keys, &join(path, &index.to_string()))?;
        }
        Ok(())
    }

    fn unknown(&self, key: &str, keys: &Keys, path: &str) -> ConfigError {
        let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
        let elsewhere = self.tables_with(key);
        let hint = if elsewhere.is_empty() {
            format!("did you mean `{}`?", nearest(key, &names))
        } else {
            format!("`{key}` belongs {}", elsewhere.join(" or "))
        };
        ConfigError::UnknownKey {
            key: key.to_owned(),
            table: heading(path),
            place: self.document.place(&join(path, key)),
            hint,
        }
    }

    /// The tables that have such a key, as the file names them.
    fn tables_with(&self, key: &str) -> Vec<String> {
        let paths = shape::value_paths(self.known, 1).into_iter().map(|(path, _)| path);
        let tables = paths.filter_map(|mut path| (path.pop()? == key).then(|| path.join(".")));
        tables.map(|path| if path == "feed.0" { "in [[feed]]".to_owned() } else { heading(&path) }).collect()
    }

    fn no_table(&self, path: &str, value: &Value, heading: &str) -> ConfigError {
        // The kind and not the value: a URL with a password may stand there.
        let kind = value.type_str();
        let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
        let value = if value.is_table() { "a single table".to_owned() } else { format!("{article} {kind}") };
        ConfigError::Value {
            key: path.to_owned(),
            value,
            place: self.document.place(path),
            allowed: format!("written as {heading}, with its keys below"),
        }
    }
}

/// How the file names a table: `kafka` is `in [kafka]`, `feed.0` is `in [[feed]] number 0`.
fn heading(path: &str) -> String {
    match path.split_once('.') {
        _ if path.is_empty() => "above the first table".to_owned(),
        Some(("feed", number)) => format!("in [[feed]] number {number}"),
        _ => format!("in {}", header(path)),
    }
}

/// The line over the keys of a table: the map of `feed.0` stands below `[feed.map]`.
fn header(path: &str) -> String {
    let names: Vec<&str> = path.split('.').filter(|name| name.parse::<usize>().is_err()).collect();
    format!("[{}]", names.join("."))
}

/// The known name that is nearest to a wrong one. A name that goes on where the wrong one ends is nearest of all:
/// whoever writes `password` means `password_file`.
pub(super) fn nearest<'n>(wrong: &str, known: &[&'n str]) -> &'n str {
    let distance = |name: &&&str| (!name.starts_with(wrong), edit_distance(wrong, name));
    known.iter().min_by_key(distance).copied().unwrap_or_default()
}

#[cfg(test)]
#[path = "unknown_tests.rs"]
mod tests;
