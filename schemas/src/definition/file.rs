//! A definition file, as it is written. In: TOML. Out: its keys and values, unchecked, with those of its base.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::DefinitionError;

/// One threshold with what a reader must know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The value of the threshold, in `unit`.
    pub value: f64,
    /// The unit of the value, as `minutes`.
    pub unit: String,
    /// What the threshold decides, in one line.
    pub meaning: String,
    /// Who used the value before, or that it is Kayoi's own.
    pub precedent: String,
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// In English.
    pub en: String,
    /// In Japanese.
    pub ja: String,
}

/// The whole file. With a base it states what differs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) version: u32,
    pub(super) title_ja: String,
    pub(super) title_en: String,
    pub(super) base: Option<String>,
    pub(super) compares_with: Option<Sentence>,
    #[serde(default)]
    pub(super) tables: Vec<String>,
    #[serde(default)]
    pub(super) cannot_copy: Vec<Sentence>,
    #[serde(default)]
    parameter: BTreeMap<String, Stated>,
    pub(super) visit_day_bins: Option<Vec<u16>>,
    pub(super) visit_day_bins_precedent: Option<String>,
}

/// One threshold as a file states it: unit and meaning may be those of the base, a precedent never, since it is
/// another value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    value: f64,
    unit: Option<String>,
    meaning: Option<String>,
    precedent: Option<String>,
}

impl File {
    pub(super) fn read(text: &str) -> Result<Self, DefinitionError> {
        toml::from_str(text).map_err(|error| DefinitionError::Syntax(error.to_string()))
    }

    /// All parameters: those of the base, and over them what the file states.
    pub(super) fn parameters(
        &mut self,
        base: BTreeMap<String, Parameter>,
    ) -> Result<BTreeMap<String, Parameter>, DefinitionError> {
        let mut parameters = base;
        for (key, stated) in std::mem::take(&mut self.parameter) {
            let of_base = parameters.remove(&key);
            let missing = |what: &'static str| DefinitionError::Incomplete { key: key.clone(), what };
            let (unit, meaning) = of_base.map(|known| (known.unit, known.meaning)).unzip();
            let parameter = Parameter {
                value: stated.value,
                unit: stated.unit.or(unit).ok_or_else(|| missing("unit"))?,
                meaning: stated.meaning.or(meaning).ok_or_else(|| missing("meaning"))?,
                precedent: stated.precedent.ok_or_else(|| missing("precedent"))?,
            };
            parameters.insert(key, parameter);
        }
        Ok(parameters)
    }
}
