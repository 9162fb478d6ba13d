//! Refuses keys that nobody knows.
//!
//! In: the file's table and the known keys. Out: the document, or the first unknown key with its table, its
//! line and the nearest known key. A misspelt key that is silently ignored is a setting that somebody
//! believes in.

use strsim::levenshtein;
use toml::{Table, Value};

use crate::document::{Document, join};
use crate::error::{SettingsError, with_article};
use crate::shape::{Keys, Shape, value_paths};

impl Document {
    /// Reads a file of which every key is known. `source_name` is what errors call the file.
    ///
    /// # Errors
    /// [`SettingsError::Syntax`], [`SettingsError::UnknownKey`], or [`SettingsError::Value`] where something
    /// else stands in the place of a table.
    pub fn read(text: &str, source_name: &str, known: Keys) -> Result<Self, SettingsError> {
        let document = Self::parse(text, source_name, known)?;
        Walk { document: &document }.table(&document.table, &document.known, "")?;
        Ok(document)
    }
}

struct Walk<'a> {
    document: &'a Document,
}

impl Walk<'_> {
    fn table(&self, table: &Table, keys: &Keys, path: &str) -> Result<(), SettingsError> {
        for (key, value) in table {
            let inner_path = join(path, key);
            let Some((_, shape)) = keys.iter().find(|(name, _)| name == key) else {
                return Err(self.unknown(key, keys, path));
            };
            match (shape, value) {
                (Shape::Table(inner), Value::Table(table)) => self.table(table, inner, &inner_path)?,
                (Shape::List(inner), Value::Array(list)) => self.list(list, inner, &inner_path)?,
                (Shape::Value(_), _) | (Shape::Free | Shape::Foreign, Value::Table(_)) => {}
                (Shape::List(_), _) => {
                    return Err(self.not_a_table(&inner_path, value, &list_header(&inner_path)));
                }
                (_, _) => return Err(self.not_a_table(&inner_path, value, &header(&inner_path))),
            }
        }
        Ok(())
    }

    fn list(&self, list: &[Value], keys: &Keys, path: &str) -> Result<(), SettingsError> {
        for (index, item) in list.iter().enumerate() {
            let Value::Table(table) = item else {
                return Err(self.not_a_table(path, item, &list_header(path)));
            };
            self.table(table, keys, &join(path, &index.to_string()))?;
        }
        Ok(())
    }

    fn unknown(&self, key: &str, keys: &Keys, path: &str) -> SettingsError {
        let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
        let elsewhere = self.tables_with(key);
        let hint = if elsewhere.is_empty() {
            format!("did you mean `{}`?", nearest(key, &names))
        } else {
            format!("`{key}` belongs {}", elsewhere.join(" or "))
        };
        SettingsError::UnknownKey {
            key: key.to_owned(),
            table: heading(path),
            place: self.document.place(&join(path, key)),
            hint,
        }
    }

    /// The tables that have such a key, as the file names them.
    fn tables_with(&self, key: &str) -> Vec<String> {
        let paths = value_paths(&self.document.known).into_iter().map(|(path, _)| path);
        let tables = paths.filter_map(|mut path| (path.pop()? == key).then(|| path.join(".")));
        // One table stands for all of its list: its number means nothing.
        let any_of_list =
            |path: &str| path.strip_suffix(".0").map(|list| format!("in {}", list_header(list)));
        tables.map(|path| any_of_list(&path).unwrap_or_else(|| heading(&path))).collect()
    }

    fn not_a_table(&self, path: &str, value: &Value, heading: &str) -> SettingsError {
        // The kind and not the value: a URL with a password may stand there.
        let kind = if value.is_table() { "single table" } else { value.type_str() };
        let allowed = format!("written as {heading}, with its keys below");
        self.document.wrong(path, with_article(kind), &allowed)
    }
}

/// How the file names a table: `kafka` is `in [kafka]`, `feed.0` is `in [[feed]] number 0`.
fn heading(path: &str) -> String {
    match path.rsplit_once('.') {
        _ if path.is_empty() => "above the first table".to_owned(),
        Some((list, number)) if number.parse::<usize>().is_ok() => {
            format!("in {} number {number}", list_header(list))
        }
        _ => format!("in {}", header(path)),
    }
}

/// The line over each table of a list.
fn list_header(path: &str) -> String {
    format!("[{}]", header(path))
}

/// The line over the keys of a table: the map of `feed.0` stands below `[feed.map]`.
fn header(path: &str) -> String {
    let names: Vec<&str> = path.split('.').filter(|name| name.parse::<usize>().is_err()).collect();
    format!("[{}]", names.join("."))
}

/// The known name that is nearest to a wrong one. A name that goes on where the wrong one ends is nearest of
/// all: whoever writes `password` means `password_file`.
pub fn nearest<'n>(wrong: &str, known: &[&'n str]) -> &'n str {
    let distance = |name: &&&str| (!name.starts_with(wrong), levenshtein(wrong, name));
    known.iter().min_by_key(distance).copied().unwrap_or_default()
}

#[cfg(test)]
#[path = "unknown_tests.rs"]
mod tests;
