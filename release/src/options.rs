//! How to release. In: what the command line was told. Out: [`ReleaseOptions`].

use std::sync::Arc;

use kayoi_geography::{CarShares, Geography, Register};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::time::Day;

use crate::people::People;
use crate::series::Series;

/// How devices become people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expansion {
    /// A device is a person: figures describe the panel.
    #[default]
    None,
    /// Residents in the panel stand for the people who live where they do.
    Census,
}

/// Days after its last one from which a month is final: as long as ingest takes pings that come late.
pub const SEAL_AFTER_DAYS: u32 = 45;

/// What a release is made with.
#[derive(Debug, Clone)]
pub struct ReleaseOptions {
    /// The definition, the same that the counts were made with.
    pub definition: Definition,
    /// How devices become people.
    pub expansion: Expansion,
    /// The people that figures are weighted to.
    pub people: Arc<People>,
    /// How many of the commuters of a place go by car.
    pub car_shares: Arc<CarShares>,
    /// Edition of the borders, as it stands on every row.
    pub boundaries: String,
    /// Date of the municipality codes, or `unknown`.
    pub code_date: String,
    /// The municipalities that have rows, with their names.
    pub register: &'static Register,
    /// Whether figures are tried out or published.
    pub series: Series,
    /// Noise, thresholds and budgets of a trial; a real series has those that it began with.
    pub parameters: Parameters,
    /// The day on which months are judged final or not; in a trial all are where none is named.
    pub as_of: Option<Day>,
    /// Days after its last one from which a month is final.
    pub seal_after_days: u32,
    /// How many of the newest months have rows by origin; all where it is not said. For counts that are known by origin
    /// in the newest months only.
    pub origin_months: Option<u32>,
    /// Why final figures are replaced: everything is then released again, as a new edition.
    pub correction: Option<String>,
}

impl ReleaseOptions {
    /// A trial, a device counted as a person, with the borders that pings were placed in.
    pub fn new(definition: Definition, geography: &Geography, series: Series) -> Self {
        let code_date = geography.code_date().map_or_else(|| "unknown".to_owned(), |date| date.to_string());
        Self {
            definition,
            expansion: Expansion::None,
            people: Arc::new(People::census_2020()),
            car_shares: Arc::new(CarShares::census_2010()),
            boundaries: geography.edition().to_owned(),
            code_date,
            register: Register::japan(),
            series,
            parameters: Parameters::STANDARD,
            as_of: None,
            seal_after_days: SEAL_AFTER_DAYS,
            origin_months: None,
            correction: None,
        }
    }
}
