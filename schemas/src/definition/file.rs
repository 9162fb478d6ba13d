//! A definition file, as it is written. In: TOML. Out: its keys and values, unchecked.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One threshold as the file states it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) version: u32,
    pub(super) title_ja: String,
    pub(super) title_en: String,
    pub(super) parameter: BTreeMap<String, Parameter>,
    pub(super) visit_day_bins: Vec<u16>,
    pub(super) visit_day_bins_precedent: String,
}
