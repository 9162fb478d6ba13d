//! Environment variables over the file.
//!
//! In: variables that start with a prefix, each a key in capitals with two underscores between tables. With
//! `KAYOI_INGEST__` these are `KAYOI_INGEST__KAFKA__BROKERS`, `KAYOI_INGEST__FEED__0__PARTNER` for a table of
//! a list, and `KAYOI_INGEST__KAFKA__LIBRDKAFKA__FETCH_MIN_BYTES` for the foreign setting `fetch.min.bytes`.
//! Out: the document with their values. Lists of texts are comma-separated. A prefix ends in two underscores
//! because a cluster that runs a service of the name sets `KAYOI_INGEST_SERVICE_HOST` and the like for
//! everybody.

use toml::{Table, Value};

use crate::document::Document;
use crate::error::SettingsError;
use crate::shape::{Keys, Kind, Shape, leaves};
use crate::unknown::nearest;

impl Document {
    /// Puts variables over the values of the file. `environment` is what [`std::env::vars_os`] has as text
    /// ([`std::env::vars`] panics on anything else); names without the prefix do not matter.
    ///
    /// # Errors
    /// [`SettingsError::UnknownVariable`] and [`SettingsError::FileOnly`].
    pub fn take_environment(
        &mut self,
        prefix: &str,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<(), SettingsError> {
        let targets = Targets::of(self, prefix);
        let mut variables: Vec<_> = environment.filter(|(name, _)| name.starts_with(prefix)).collect();
        // The environment has no order; the error must not depend on it.
        variables.sort();
        for (variable, text) in variables {
            let (path, value) = targets.find(&variable, text)?;
            self.set(&path, value, &variable);
        }
        Ok(())
    }
}

/// What variables can change, each with the variable's name.
struct Targets {
    keys: Vec<(String, Vec<String>, Kind)>,
    /// Tables of foreign settings, with what their variables start with.
    foreign: Vec<(String, Vec<String>)>,
    lists: Vec<List>,
}

/// A list of tables, of which variables can change those that the file has.
struct List {
    /// What variables of its tables start with.
    prefix: String,
    /// Its name with the tables around it.
    name: String,
    length: usize,
    /// Names of the tables of free keys in it, as the file writes them.
    free: Vec<&'static str>,
}

impl Targets {
    fn of(document: &Document, prefix: &str) -> Self {
        let variable = |path: &[String]| format!("{prefix}{}", path.join("__").to_uppercase());
        let mut targets = Self { keys: Vec::new(), foreign: Vec::new(), lists: Vec::new() };
        for (path, shape) in leaves(&document.known, &|path| document.length(path)) {
            match shape {
                Shape::Value(kind) => targets.keys.push((variable(&path), path, *kind)),
                Shape::Foreign => targets.foreign.push((variable(&path) + "__", path)),
                Shape::Free | Shape::Table(_) | Shape::List(_) => {}
            }
        }
        lists(&document.known, &mut Vec::new(), &mut |path, keys| {
            targets.lists.push(List {
                prefix: variable(path) + "__",
                name: path.join("."),
                length: document.length(path),
                free: free_names(keys),
            });
        });
        targets
    }

    /// The key that a variable stands for, and the value of its text.
    fn find(&self, variable: &str, text: String) -> Result<(Vec<String>, Value), SettingsError> {
        if let Some((_, path, kind)) = self.keys.iter().find(|(name, _, _)| name == variable) {
            return Ok((path.clone(), value(text, *kind)));
        }
        for (prefix, path) in &self.foreign {
            if let Some(setting) = variable.strip_prefix(prefix).filter(|setting| !setting.is_empty()) {
                let name = setting.to_lowercase().replace('_', ".");
                return Ok(([path.as_slice(), &[name]].concat(), Value::String(text)));
            }
        }
        if let Some(list) = self.lists.iter().find(|list| list.is_file_only(variable)) {
            return Err(list.file_only(variable));
        }
        let names: Vec<&str> = self.keys.iter().map(|(name, _, _)| name.as_str()).collect();
        let nearest = nearest(variable, &names).to_owned();
        Err(SettingsError::UnknownVariable { nearest, variable: variable.to_owned() })
    }
}

/// Calls `found` with each list that does not stand in another one.
fn lists(keys: &Keys, path: &mut Vec<String>, found: &mut dyn FnMut(&[String], &Keys)) {
    for (name, shape) in keys {
        path.push((*name).to_owned());
        match shape {
            Shape::Table(inner) => lists(inner, path, found),
            Shape::List(inner) => found(path, inner),
            Shape::Value(_) | Shape::Free | Shape::Foreign => {}
        }
        path.pop();
    }
}

fn free_names(keys: &Keys) -> Vec<&'static str> {
    keys.iter().filter(|(_, shape)| matches!(shape, Shape::Free)).map(|(name, _)| *name).collect()
}

impl List {
    /// Whether a variable means a table that the file does not have, or free names in one that it has.
    fn is_file_only(&self, variable: &str) -> bool {
        let rest = variable.strip_prefix(&self.prefix).and_then(|rest| rest.split_once("__"));
        let Some((number, key)) = rest else { return false };
        let is_missing = number.parse::<usize>().is_ok_and(|number| number >= self.length);
        let table = key.split("__").next().unwrap_or(key);
        is_missing || self.free.iter().any(|name| name.to_uppercase() == table)
    }

    fn file_only(&self, variable: &str) -> SettingsError {
        let tables = self.free.iter().map(|free| format!(" and [{}.{free}]", self.name)).collect();
        SettingsError::FileOnly {
            variable: variable.to_owned(),
            list: self.name.clone(),
            length: self.length,
            tables,
        }
    }
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

#[cfg(test)]
#[path = "environment_tests.rs"]
mod tests;
