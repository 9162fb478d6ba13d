//! A definition file, as it is written. In: TOML. Out: its keys and values, unchecked.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One threshold as the file states it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The threshold.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// What it decides.
    pub meaning: String,
    /// Who used it before, or that it is ours.
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
