//! Settings of a program that does not exist, for tests: a value of each kind, a table, a list of tables,
//! free names and foreign settings.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{ByteSize, Document, HumanDuration, Keys, SettingsError, Shape, keys, value};

#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) name: String,
    pub(crate) door: Door,
    pub(crate) role: Vec<Role>,
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Door {
    #[serde(deserialize_with = "value::count")]
    pub(crate) sessions: usize,
    pub(crate) timeout: HumanDuration,
    pub(crate) answer: ByteSize,
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) engine: BTreeMap<String, String>,
}

#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) tables: Vec<String>,
    pub(crate) label: BTreeMap<String, String>,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            sessions: 8,
            timeout: HumanDuration::from_secs(30),
            answer: ByteSize::from_mebibytes(16),
            token_file: None,
            engine: BTreeMap::new(),
        }
    }
}

pub(crate) fn known() -> Keys {
    let door = keys::<Door>(vec![("engine", Shape::Foreign)]);
    let role = keys::<Role>(vec![("label", Shape::Free)]);
    keys::<Settings>(vec![("door", Shape::Table(door)), ("role", Shape::List(role))])
}

/// Reads a file called `doors.toml` with variables that start with `DOORS__`.
pub(crate) fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut document = Document::read(text, "doors.toml", known())?;
    document.take_environment("DOORS__", variables)?;
    document.typed()
}

/// The error's text.
pub(crate) fn refused(text: &str, variables: &[(&str, &str)]) -> String {
    read(text, variables).expect_err("must be refused").to_string()
}
