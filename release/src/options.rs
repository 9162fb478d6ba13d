//! How to release. In: what the command line was told. Out: [`ReleaseOptions`].

use kayoi_geography::{Geography, Register};
use kayoi_schemas::definition::{Definition, LEAST_DEVICES, Thresholds};

/// How devices become people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expansion {
    /// A device is a person: figures describe the panel.
    #[default]
    None,
    /// Each prefecture's residents in the panel stand for its census population.
    Census,
}

/// Devices below which a figure is withheld: the definition's number, and never fewer than the floor that no
/// definition may go below, whatever made the thresholds.
pub(crate) fn least_devices(thresholds: &Thresholds) -> u64 {
    u64::from(thresholds.disclosure_min_devices.get().max(LEAST_DEVICES))
}

/// What a release is made with.
#[derive(Debug, Clone)]
pub struct ReleaseOptions {
    /// The definition, the same that the counts were made with.
    pub definition: Definition,
    /// How devices become people.
    pub expansion: Expansion,
    /// Edition of the borders, as it stands on every row.
    pub boundaries: String,
    /// Date of the municipality codes, or `unknown`.
    pub code_date: String,
    /// The municipalities that have rows, with their names.
    pub register: &'static Register,
}

impl ReleaseOptions {
    /// A device counted as a person, with the borders that pings were placed in.
    pub fn new(definition: Definition, geography: &Geography) -> Self {
        let code_date = geography.code_date().map_or_else(|| "unknown".to_owned(), |date| date.to_string());
        Self {
            definition,
            expansion: Expansion::None,
            boundaries: geography.edition().to_owned(),
            code_date,
            register: Register::japan(),
        }
    }
}
