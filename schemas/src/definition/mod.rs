//! Definitions as data: every threshold with its value, unit, meaning and precedent.
//!
//! In: a TOML file. Out: [`Definition`], typed. No official definition of 関係人口 has a threshold for
//! location data, so each threshold is a named parameter that is printed with every figure; the id and a hash
//! of all values stand on each released row. An unknown key is refused with the nearest known one, because a
//! misspelt threshold that is silently ignored gives a wrong figure.
//!
//! Several ship (`presets`). A file with a `base`, one of those, states what differs. Beside the thresholds that every
//! definition has there are rules that it has only when it states them; a rule that nobody stated is not in the
//! hash, so that a new rule leaves the figures and the hash of a definition without it as they were.

use std::collections::BTreeMap;

use crate::time::DayRule;

mod error;
mod file;
mod quantity;
mod thresholds;
mod presets;
mod difference;

pub use difference::Difference;
pub use error::DefinitionError;
use file::File;
pub use file::{Parameter, Sentence};
pub use presets::{CONNECTED_2026, shipped_names, shipped_text};
pub use quantity::{
    Count, Days, Factor, GramsPerKm, Hour, Hours, Kilometres, Metres, Minutes, Share, Switch,
};
pub use thresholds::Thresholds;

/// Stated by every definition, because it decides figures, and decided by the lake, whose pings are stored by
/// day.
const DAY_START: &str = "day_start_hour";

/// A named, versioned set of thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Name, as `connected-2026`.
    pub name: String,
    /// Version of that name.
    pub version: u32,
    /// Title in Japanese.
    pub title_ja: String,
    /// Title in English.
    pub title_en: String,
    /// The values that decide, each with its unit as its type.
    pub thresholds: Thresholds,
    /// Lower ends of the classes of visit days, ascending, first 1.
    pub visit_day_bins: Vec<u16>,
    /// Precedent of those classes.
    pub visit_day_bins_precedent: String,
    /// The values with their units and precedents, by key.
    pub parameters: BTreeMap<String, Parameter>,
    /// The name of the definition that it was made from.
    pub base: Option<String>,
    /// The statistic that its figures may be held against.
    pub compares_with: Option<Sentence>,
    /// The release tables that it is meant for; empty for all.
    pub tables: Vec<String>,
    /// What of that statistic pings cannot copy.
    pub cannot_copy: Vec<Sentence>,
}

impl Definition {
    /// The shipped `connected-2026`.
    ///
    /// # Errors
    /// Never in practice: a test parses the shipped text.
    pub fn connected_2026() -> Result<Self, DefinitionError> {
        Self::parse(CONNECTED_2026)
    }

    /// A definition that ships; `None` when none has this name.
    ///
    /// # Errors
    /// Never in practice: a test parses all of them.
    pub fn shipped(name: &str) -> Option<Result<Self, DefinitionError>> {
        shipped_text(name).map(Self::parse)
    }

    /// Parses a definition file.
    ///
    /// # Errors
    /// [`DefinitionError`] for broken TOML, an unknown base, a missing, unknown or impossible threshold.
    pub fn parse(text: &str) -> Result<Self, DefinitionError> {
        let mut file = File::read(text)?;
        // Only what ships is a base, and that is never based on a user's file: there is an end to it.
        let base = match &file.base {
            None => None,
            Some(name) => Some(Self::shipped(name).ok_or_else(|| unknown_base(name))??),
        };
        let (of_base, bins, precedent) = match base {
            None => Default::default(),
            Some(base) => (base.parameters, Some(base.visit_day_bins), Some(base.visit_day_bins_precedent)),
        };
        let parameters = file.parameters(of_base)?;
        for key in parameters.keys() {
            if !known_keys().any(|known| known == key) {
                return Err(DefinitionError::Unknown { key: key.clone(), nearest: nearest(key) });
            }
        }
        let day_start = parameters.get(DAY_START).ok_or(DefinitionError::Missing { key: DAY_START })?.value;
        let needed = DayRule::JAPAN.day_start_hour;
        if day_start != f64::from(needed) {
            return Err(DefinitionError::DayStart { value: day_start, needed });
        }
        let missing = |key| move || DefinitionError::Missing { key };
        // Other classes need a precedent of their own.
        let (bins, precedent) = match file.visit_day_bins {
            Some(own) => (Some(own), file.visit_day_bins_precedent),
            None => (bins, file.visit_day_bins_precedent.or(precedent)),
        };
        let bins = bins.ok_or_else(missing("visit_day_bins"))?;
        if bins.first() != Some(&1) || !bins.is_sorted_by(|a, b| a < b) {
            return Err(DefinitionError::Bins(format!("{bins:?}")));
        }
        Ok(Self {
            thresholds: Thresholds::read(&parameters)?,
            name: file.name,
            version: file.version,
            title_ja: file.title_ja,
            title_en: file.title_en,
            visit_day_bins: bins,
            visit_day_bins_precedent: precedent.ok_or_else(missing("visit_day_bins_precedent"))?,
            parameters,
            base: file.base,
            compares_with: file.compares_with,
            tables: file.tables,
            cannot_copy: file.cannot_copy,
        })
    }

    /// `connected-2026/5`: what stands on a released row.
    pub fn id(&self) -> String {
        format!("{}/{}", self.name, self.version)
    }

    /// The first 12 hexadecimal digits of BLAKE3 over `key=value` lines of everything that decides a figure.
    pub fn hash(&self) -> String {
        let mut text = format!("{}\nvisit_day_bins={:?}\n", self.id(), self.visit_day_bins);
        for (key, parameter) in &self.parameters {
            text.push_str(&format!("{key}={}\n", parameter.value));
        }
        blake3::hash(text.as_bytes()).to_hex()[..12].to_owned()
    }

    /// The class of a number of visit days (at least 1): its lower and upper end.
    pub fn visit_day_class(&self, days: u32) -> (u16, Option<u16>) {
        let above = self.visit_day_bins.iter().position(|&low| u32::from(low) > days);
        let index = above.unwrap_or(self.visit_day_bins.len()).saturating_sub(1);
        (self.visit_day_bins[index], self.visit_day_bins.get(index + 1).map(|next| next - 1))
    }
}

/// The names of thresholds and rules.
fn known_keys() -> impl Iterator<Item = &'static str> {
    Thresholds::KEYS.iter().chain(Thresholds::RULES).copied()
}

/// The threshold whose name takes the fewest changes to write like this.
fn nearest(key: &str) -> &'static str {
    known_keys().min_by_key(|known| strsim::levenshtein(key, known)).unwrap_or_default()
}

fn unknown_base(name: &str) -> DefinitionError {
    DefinitionError::Base { name: name.to_owned(), known: shipped_names().collect::<Vec<_>>().join(", ") }
}

#[cfg(test)]
#[path = "definition_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "presets_tests.rs"]
mod presets_tests;
