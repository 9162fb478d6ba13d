//! Definitions as data: every threshold with its value, unit, meaning and precedent.
//!
//! In: a TOML file. Out: [`Definition`], typed. No official definition of 関係人口 has a threshold for location
//! data, so each threshold is a named parameter that is printed with every figure; the id and a hash of all
//! values stand on each released row. An unknown key is refused with the nearest known one, because a
//! misspelt threshold that is silently ignored gives a wrong figure.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The definition set that ships with Kayoi.
pub const CONNECTED_2026: &str = include_str!("../definitions/connected-2026.toml");

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    version: u32,
    title_ja: String,
    title_en: String,
    parameter: BTreeMap<String, Parameter>,
    visit_day_bins: Vec<u16>,
    visit_day_bins_precedent: String,
}

macro_rules! thresholds {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// The thresholds, by name. Units are in the names and in the definition file.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Thresholds {
            $($(#[doc = $doc])* pub $name: f64,)*
        }

        impl Thresholds {
            /// Every key a definition must have.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($name)),*];

            fn read(parameters: &BTreeMap<String, Parameter>) -> Result<Self, DefinitionError> {
                let value = |key: &'static str| parameters.get(key).map(|p| p.value).ok_or(DefinitionError::Missing { key });
                Ok(Self { $($name: value(stringify!($name))?,)* })
            }
        }
    };
}

thresholds! {
    /// Local hour at which a day starts.
    day_start_hour,
    /// Fixes farther than this from a stay's centre end it.
    stay_radius_m,
    /// Longest gap between fixes at one place that a stay bridges by day.
    stay_gap_day_minutes,
    /// Longest gap that a stay bridges when it touches the night window.
    stay_gap_night_minutes,
    /// Gaps up to this count as observed, longer ones as inferred.
    observed_gap_minutes,
    /// Least presence on a day that makes a visit.
    stay_min_minutes,
    /// Local hour at which the night window starts.
    night_start_hour,
    /// Local hour of the next day at which it ends.
    night_end_hour,
    /// Start of the hours that count twice.
    night_core_start_hour,
    /// End of the hours that count twice.
    night_core_end_hour,
    /// Least stay in the night window for a known night.
    overnight_min_minutes,
    /// Least probability of a bed that was not observed.
    night_min_probability,
    /// Days of the window for the primary residence.
    home_window_days,
    /// Least known nights in that window.
    home_min_nights,
    /// Least distance of a second residence from the primary one.
    second_residence_min_km,
    /// Least nights a year at a second residence.
    second_residence_min_nights,
    /// Months with nights that make a regular second residence.
    second_residence_min_months,
    /// Least run of nights that makes a seasonal one.
    second_residence_run_nights,
    /// Least nights that a single change from one residence to the other does not explain.
    second_residence_min_return_nights,
    /// Least distance of a visit from the primary residence.
    visitor_min_km,
    /// Working days a month that make a commuter.
    commuter_min_days,
    /// Start of the commuter hours.
    commuter_start_hour,
    /// End of the commuter hours.
    commuter_end_hour,
    /// Least share of working days at home that is telework and not days off.
    telework_min_share,
    /// Grams of CO2 that a commuting kilometre costs.
    commute_co2_g_per_km,
    /// Kilometres of a commute for each kilometre of the straight line.
    commute_detour_factor,
    /// Separate visits that make a repeat visitor.
    repeat_min_visits,
    /// Separate visits that make a connected person.
    connected_min_visits,
    /// Calendar quarters with a visit that make a connected person.
    connected_min_quarters,
    /// Start of the telework hours.
    telework_start_hour,
    /// End of the telework hours.
    telework_end_hour,
    /// Hours in one place within them.
    telework_min_hours,
    /// Telework days that make a workation.
    workation_min_days,
    /// Nights away from every residence that make an itinerant life.
    itinerant_min_nights,
    /// Municipalities in which these were slept.
    itinerant_min_municipalities,
    /// Devices below which a figure is suppressed.
    disclosure_min_devices,
    /// Estimated persons below which a figure is suppressed.
    disclosure_min_persons,
    /// Figures are rounded to this.
    rounding_base,
}

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
    /// The values.
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
        for (key, parameter) in &file.parameter {
            if !Thresholds::KEYS.contains(&key.as_str()) {
                return Err(DefinitionError::Unknown { key: key.clone(), nearest: nearest(key) });
            }
            if !parameter.value.is_finite() || parameter.value < 0.0 {
                return Err(DefinitionError::Impossible { key: key.clone(), value: parameter.value });
            }
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

    /// `connected-2026/2`: what stands on a released row.
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

fn nearest(key: &str) -> &'static str {
    let distance = |known: &&&str| strsim::levenshtein(key, known);
    Thresholds::KEYS.iter().min_by_key(distance).copied().unwrap_or_default()
}

/// A definition that cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DefinitionError {
    /// The TOML is broken or has an unknown key outside `[parameter]`.
    #[error("cannot read the definition: {0}")]
    Syntax(String),
    /// A threshold nobody knows.
    #[error("unknown threshold `{key}`\nhint: did you mean `{nearest}`? `kayoi definitions` lists them all")]
    Unknown {
        /// The key in the file.
        key: String,
        /// The nearest known one.
        nearest: &'static str,
    },
    /// A threshold that is not there.
    #[error("threshold `{key}` is missing\nhint: start from the shipped set: `kayoi definitions --toml`")]
    Missing {
        /// The key.
        key: &'static str,
    },
    /// A threshold that no figure can have.
    #[error("threshold `{key}` is `{value}`: it must be a number of 0 or more")]
    Impossible {
        /// The key.
        key: String,
        /// Its value.
        value: f64,
    },
    /// Classes that are not ascending from 1.
    #[error("visit_day_bins `{0}` must ascend from 1, as in [1, 2, 3, 8, 24]")]
    Bins(String),
}

#[cfg(test)]
#[path = "definition_tests.rs"]
mod tests;
