//! What is known of a release before any data are read.
//!
//! In: options, and what the lake remembers of its series. Out: a [`Plan`], or why the release may not be made: another
//! secret, parameters below the floors, more privacy than the budget allows.

use kayoi_lake::ReleaseWriter;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::time::{Clock, DayRule};

use crate::error::ReleaseError;
use crate::ledger::Ledger;
use crate::options::ReleaseOptions;
use crate::series::{Record, record_for};

/// Refuses a release that could not be made, before anything is measured or read for it.
///
/// # Errors
/// [`ReleaseError`] as [`release`](super::release) would return it.
pub fn check(lake: &ReleaseWriter, options: &ReleaseOptions) -> Result<(), ReleaseError> {
    Plan::of(lake, options).map(|_| ())
}

/// What is known before any data are read.
pub(super) struct Plan {
    pub(super) options: ReleaseOptions,
    pub(super) record: Option<Record>,
    pub(super) parameters: Parameters,
    /// Number of the edition of the series.
    pub(super) edition: u32,
}

impl Plan {
    pub(super) fn of(lake: &ReleaseWriter, options: &ReleaseOptions) -> Result<Self, ReleaseError> {
        let mut options = options.clone();
        let mut record = record_for(lake, &options.series)?;
        if let Some(record) = &mut record {
            // A real series goes by the calendar.
            let today = DayRule::JAPAN.day(Clock::System.now());
            options.as_of = Some(options.as_of.unwrap_or(today));
            let hash = options.definition.hash();
            if !record.definitions.contains(&hash) {
                record.definitions.push(hash);
            }
            record.edition += u32::from(options.correction.is_some());
        }
        let parameters = record.as_ref().map_or(options.parameters, Record::parameters).checked()?;
        let (edition, definitions) =
            record.as_ref().map_or((1, 1), |record| (record.edition, record.definitions.len() as u32));
        Ledger::new(&parameters, edition, definitions).check()?;
        Ok(Self { options, record, parameters, edition })
    }
}
