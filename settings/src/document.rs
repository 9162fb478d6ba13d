//! The file's text → a table of which every key knows where it stands.
//!
//! In: TOML. Out: [`Document`]. Overrides are put into the same table, and typed values are made from it at
//! the end, so that a value from the environment is read and refused by the same rules as one from the file.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use crate::error::{Place, SettingsError};
use crate::shape::{Keys, Shape, is_foreign};

/// Stands in an error for a value that is not repeated: somebody may have put a secret where its file
/// belongs.
const HIDDEN: &str = "(not shown)";

/// The keys and values of a file, and where each stands.
#[derive(Debug)]
pub struct Document {
    pub(crate) table: Table,
    pub(crate) known: Keys,
    places: BTreeMap<String, Place>,
    source_name: String,
}

impl Document {
    /// Reads the text, without a look at its keys.
    ///
    /// # Errors
    /// [`SettingsError::Syntax`] for broken TOML.
    pub(crate) fn parse(text: &str, source_name: &str, known: Keys) -> Result<Self, SettingsError> {
        let at = |offset| Place::File { name: source_name.to_owned(), line: Some(line(text, offset)) };
        let syntax = |mut source: toml::de::Error| {
            source.set_input(None);
            let place = at(source.span().map_or(0, |span| span.start));
            SettingsError::Syntax { place, source }
        };
        let spanned = DeTable::parse(text).map_err(syntax)?;
        let mut table: Table = toml::from_str(text).map_err(syntax)?;
        let mut places = BTreeMap::new();
        visit(spanned.get_ref(), "", &mut |entry| {
            places.insert(entry.path.to_owned(), at(entry.key.start));
        });
        join_dotted_names(&mut table, &known);
        Ok(Self { table, known, places, source_name: source_name.to_owned() })
    }

    /// Where a key stands, or the nearest table around it.
    pub fn place(&self, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(place) = self.places.get(path) {
                return place.clone();
            }
            let Some((around, _)) = path.rsplit_once('.') else {
                return Place::File { name: self.source_name.clone(), line: None };
            };
            path = around;
        }
    }

    /// The names in a table of free or foreign keys, such as `kafka.librdkafka`.
    pub fn names_in(&self, path: &str) -> Vec<&str> {
        let table = self.value(path.split('.')).and_then(Value::as_table);
        table.into_iter().flat_map(Table::keys).map(String::as_str).collect()
    }

    /// Number of tables in a list.
    pub(crate) fn length(&self, path: &[String]) -> usize {
        self.value(path.iter().map(String::as_str)).and_then(Value::as_array).map_or(0, Vec::len)
    }

    fn value<'p>(&self, mut path: impl Iterator<Item = &'p str>) -> Option<&Value> {
        let first = self.table.get(path.next()?)?;
        path.try_fold(first, |value, name| match value {
            Value::Array(list) => list.get(name.parse::<usize>().ok()?),
            value => value.get(name),
        })
    }

    /// Puts the value of an environment variable over the file's.
    pub(crate) fn set(&mut self, path: &[String], value: Value, variable: &str) {
        self.places.insert(path.join("."), Place::Variable(variable.to_owned()));
        let Some((last, tables)) = path.split_last() else { return };
        let mut table = &mut self.table;
        let mut tables = tables.iter();
        while let Some(name) = tables.next() {
            let inner = table.entry(name.clone()).or_insert_with(|| Value::Table(Table::new()));
            let inner = match inner {
                Value::Array(list) => {
                    let index = tables.next().and_then(|index| index.parse::<usize>().ok());
                    index.and_then(|index| list.get_mut(index))
                }
                inner => Some(inner),
            };
            let Some(Value::Table(inner)) = inner else { return };
            table = inner;
        }
        table.insert(last.clone(), value);
    }

    /// The typed settings.
    ///
    /// # Errors
    /// [`SettingsError::Value`] with the key, its value and what is allowed.
    pub fn typed<T: DeserializeOwned>(&self) -> Result<T, SettingsError> {
        // Written out and read again, because only errors of text say where they are, and so which key it is.
        let text = toml::to_string(&self.table)?;
        toml::from_str(&text).map_err(|error| self.wrong_value(error, &text))
    }

    fn wrong_value(&self, mut error: toml::de::Error, text: &str) -> SettingsError {
        let mut found = None;
        if let (Some(span), Ok(table)) = (error.span(), DeTable::parse(text)) {
            visit(table.get_ref(), "", &mut |entry| {
                if entry.value.start <= span.start && span.end <= entry.value.end {
                    found = Some((entry.path.to_owned(), span.clone()));
                }
            });
        }
        let Some((key, span)) = found else {
            error.set_input(None);
            return SettingsError::Syntax { place: self.place(""), source: error };
        };
        let may_be_secret = is_foreign(&self.known, &key) || key.ends_with("_file");
        let value = if may_be_secret { HIDDEN } else { text[span].trim_matches(['"', '\'']) };
        SettingsError::Value {
            value: value.to_owned(),
            place: self.place(&key),
            allowed: allowed(error.message()),
            key,
        }
    }

    /// The error of a value that breaks a rule; `allowed` goes on after "it must be".
    pub fn wrong(&self, key: &str, value: impl ToString, allowed: &str) -> SettingsError {
        SettingsError::Value {
            key: key.to_owned(),
            value: value.to_string(),
            place: self.place(key),
            allowed: allowed.to_owned(),
        }
    }

    /// The error of a key that must be there because of another one.
    pub fn missing(&self, key: &str, because: String, hint: &'static str) -> SettingsError {
        SettingsError::Missing { key: key.to_owned(), place: self.place(key), because, hint }
    }

    /// The error of a key that would be ignored.
    pub fn no_effect(&self, key: &str, needs: &'static str, needs_hint: &'static str) -> SettingsError {
        SettingsError::NoEffect { key: key.to_owned(), place: self.place(key), needs, needs_hint }
    }
}

/// Settings as TOML, to be printed: reading the text again gives the same ones.
///
/// # Errors
/// [`SettingsError::Print`] for what TOML cannot say, such as a path that is not UTF-8; no file can have
/// given it.
pub fn to_toml(settings: &impl Serialize) -> Result<String, SettingsError> {
    Ok(toml::to_string_pretty(settings)?)
}

/// What serde expected, in the words of the file.
fn allowed(message: &str) -> String {
    let expected = message.split_once(", expected ").map_or(message, |(_, expected)| expected);
    match expected {
        "path string" => "a path, a string".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "wanted string or table" => "one of its words, a string".to_owned(),
        "a sequence" => "a list of strings".to_owned(),
        words => words.to_owned(),
    }
}

/// A key of a text, and where it and its value stand in it, in bytes.
struct Entry<'a> {
    path: &'a str,
    key: Range<usize>,
    value: Range<usize>,
}

/// Calls `found` with each key, a table before what is in it.
fn visit(table: &DeTable<'_>, prefix: &str, found: &mut dyn FnMut(Entry<'_>)) {
    for (key, value) in table {
        let path = join(prefix, key.get_ref());
        found(Entry { path: &path, key: key.span(), value: value.span() });
        match value.get_ref() {
            DeValue::Table(inner) => visit(inner, &path, found),
            DeValue::Array(list) => {
                for (index, item) in list.iter().enumerate() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        let path = join(&path, &index.to_string());
                        found(Entry { path: &path, key: item.span(), value: item.span() });
                        visit(inner, &path, found);
                    }
                }
            }
            _ => {}
        }
    }
}

/// `kafka` and `brokers` to `kafka.brokers`.
pub(crate) fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// TOML takes `fetch.min.bytes = "1"` without quotes for three tables; among foreign settings it is one name.
fn join_dotted_names(table: &mut Table, known: &Keys) {
    for (name, shape) in known {
        match (shape, table.get_mut(*name)) {
            (Shape::Foreign, Some(Value::Table(settings))) => {
                let mut joined = Table::new();
                join_tables(std::mem::take(settings), "", &mut joined);
                *settings = joined;
            }
            (Shape::Table(inner), Some(Value::Table(table))) => join_dotted_names(table, inner),
            (Shape::List(inner), Some(Value::Array(list))) => {
                let tables = list.iter_mut().filter_map(Value::as_table_mut);
                tables.for_each(|table| join_dotted_names(table, inner));
            }
            _ => {}
        }
    }
}

fn join_tables(table: Table, prefix: &str, joined: &mut Table) {
    for (key, value) in table {
        let name = join(prefix, &key);
        match value {
            Value::Table(inner) => join_tables(inner, &name, joined),
            value => {
                joined.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
