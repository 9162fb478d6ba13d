//! Definitions as data: every threshold with its value, unit, meaning and precedent.
//!
//! In: a TOML file. Out: [`Definition`], typed. No official definition of 関係人口 has a threshold for
//! location data, so each threshold is a named parameter that is printed with every figure; the id and a hash
//! of all values stand on each released row. An unknown key is refused with the nearest known one, because a
//! misspelt threshold that is silently ignored gives a wrong figure.

use std::collections::BTreeMap;

use crate::time::DayRule;

mod error;
mod file;
mod quantity;
mod thresholds;

pub use error::DefinitionError;
use file::File;
pub use file::Parameter;
pub use quantity::{Count, Days, Factor, GramsPerKm, Hour, Hours, Kilometres, Metres, Minutes, Share};
pub use thresholds::Thresholds;

/// The definition set that ships with Kayoi.
pub const CONNECTED_2026: &str = include_str!("../../definitions/connected-2026.toml");

/// Stated by every definition, because it decides figures, and decided by the lake, whose pings are stored by
/// day.
const DAY_START: &str = "day_start_hour";

/// A named, versioned set of thresholds.
#[derive(Debug, Clone)]
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
}

impl Definition {
    /// The shipped `connected-2026`.
    ///
    /// # Errors
    /// Never in practice: a test parses the shipped text.
    pub fn connected_2026() -> Result<Self, DefinitionError> {
        Self::parse(CONNECTED_2026)
    }

    /// Parses a definition file.
    ///
    /// # Errors
    /// [`DefinitionError`] for broken TOML, a missing, unknown or impossible threshold.
    pub fn parse(text: &str) -> Result<Self, DefinitionError> {
        let file: File = toml::from_str(text).map_err(|error| DefinitionError::Syntax(error.to_string()))?;
        for key in file.parameter.keys() {
            if !Thresholds::KEYS.contains(&key.as_str()) {
                return Err(DefinitionError::Unknown { key: key.clone(), nearest: nearest(key) });
            }
        }
        let day_start =
            file.parameter.get(DAY_START).ok_or(DefinitionError::Missing { key: DAY_START })?.value;
        let needed = DayRule::JAPAN.day_start_hour;
        if day_start != f64::from(needed) {
            return Err(DefinitionError::DayStart { value: day_start, needed });
        }
        let bins = &file.visit_day_bins;
        if bins.first() != Some(&1) || !bins.is_sorted_by(|a, b| a < b) {
            return Err(DefinitionError::Bins(format!("{bins:?}")));
        }
        Ok(Self {
            thresholds: Thresholds::read(&file.parameter)?,
            name: file.name,
            version: file.version,
            title_ja: file.title_ja,
            title_en: file.title_en,
            visit_day_bins: file.visit_day_bins,
            visit_day_bins_precedent: file.visit_day_bins_precedent,
            parameters: file.parameter,
        })
    }

    /// `connected-2026/4`: what stands on a released row.
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

/// The threshold whose name takes the fewest changes to write like this.
fn nearest(key: &str) -> &'static str {
    let distance = |known: &&&str| strsim::levenshtein(key, known);
    Thresholds::KEYS.iter().min_by_key(distance).copied().unwrap_or_default()
}

#[cfg(test)]
#[path = "definition_tests.rs"]
mod tests;
