//! What is known of a release before any data are read.
//!
//! In: options, by how many definitions its run releases, and what the lake remembers of its series. Out: a [`Plan`], or why
//! the release may not be made: another secret, parameters below the floors, more privacy than the budget allows.
//!
//! Releases by several definitions draw the same people once more for each, so that what they cost adds up. All of them
//! come out of one call, [`due_releases`], as values that are used up by releasing: none can be made that the ledger
//! of the others does not count. A real series has one definition, since its months, its seeds and the counts that are
//! deleted once they are final are those of one.

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
    Plan::of(lake, options, OfRun::ALONE).map(|_| ())
}

/// A release that is yet to be made, one of those of its run.
#[derive(Debug)]
pub struct DueRelease {
    pub(super) options: ReleaseOptions,
    pub(super) of_run: OfRun,
}

/// Which of the releases of its run one is.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfRun {
    /// By how many definitions the run releases.
    pub(super) definitions: u32,
    /// Whether it is the first, which takes the trials before it out of the list.
    pub(super) is_first: bool,
}

impl OfRun {
    /// The only one.
    pub(super) const ALONE: Self = Self { definitions: 1, is_first: true };
}

/// The releases of one run by several definitions, in this order. Refuses them as [`check`] does.
///
/// # Errors
/// [`ReleaseError`] as [`check`], and [`ReleaseError::OneDefinition`] for a real series.
pub fn due_releases(lake: &ReleaseWriter, all: Vec<ReleaseOptions>) -> Result<Vec<DueRelease>, ReleaseError> {
    let definitions = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let releases = all.into_iter().enumerate().map(|(place, options)| {
        let of_run = OfRun { definitions, is_first: place == 0 };
        Plan::of(lake, &options, of_run).map(|_| DueRelease { options, of_run })
    });
    releases.collect()
}

/// What is known before any data are read.
pub(super) struct Plan {
    pub(super) options: ReleaseOptions,
    pub(super) record: Option<Record>,
    pub(super) parameters: Parameters,
    /// Number of the edition of the series.
    pub(super) edition: u32,
    /// What all that is published costs, this release with it.
    pub(super) ledger: Ledger,
}

impl Plan {
    pub(super) fn of(
        lake: &ReleaseWriter,
        options: &ReleaseOptions,
        of_run: OfRun,
    ) -> Result<Self, ReleaseError> {
        let mut options = options.clone();
        let mut record = record_for(lake, &options.series)?;
        if record.is_some() && of_run.definitions > 1 {
            return Err(ReleaseError::OneDefinition { count: of_run.definitions });
        }
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
        // A trial is not published: by each definition it is held to the budget by itself, and says what all cost.
        Ledger::new(&parameters, edition).check()?;
        let ledger = Ledger::new(&parameters, edition.saturating_mul(of_run.definitions));
        Ok(Self { options, record, parameters, edition, ledger })
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
