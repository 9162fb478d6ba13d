//! What is known of a release before any data are read.
//!
//! In: options, and what the lake remembers of its series. Out: a [`Plan`], or why the release may not be made: another
//! secret, parameters below the floors, more privacy than the budget allows.

use kayoi_lake::ReleaseWriter;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::time::{Clock, DayRule};

use crate::error::ReleaseError;
use crate::ledger::Ledger;
use crate::options::{Expansion, ReleaseOptions};
use crate::series::{Record, Settings, record_for, require_reason};

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
            if let Some(day) = options.as_of.filter(|day| *day > today) {
                return Err(ReleaseError::Future { day: day.to_string(), today: today.to_string() });
            }
            options.as_of = Some(options.as_of.unwrap_or(today));
            let settings = settings(&options);
            match (&record.settings, &options.correction) {
                (_, Some(reason)) => {
                    require_reason(reason)?;
                    record.edition += 1;
                    record.settings = Some(settings);
                }
                (Some(needed), None) => settings.require(needed)?,
                (None, None) => record.settings = Some(settings),
            }
        }
        let parameters = record.as_ref().map_or(options.parameters, Record::parameters).checked()?;
        let edition = record.as_ref().map_or(1, |record| record.edition);
        Ledger::new(&parameters, edition).check()?;
        Ok(Self { options, record, parameters, edition })
    }
}

/// What may not change within an edition.
fn settings(options: &ReleaseOptions) -> Settings {
    let expansion = match options.expansion {
        Expansion::None => "none",
        Expansion::Census => "census",
    };
    Settings {
        definition_hash: options.definition.hash(),
        expansion: expansion.to_owned(),
        boundaries: options.boundaries.clone(),
        seal_after_days: options.seal_after_days,
    }
}
