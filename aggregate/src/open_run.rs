//! A run that several processes share.
//!
//! In: the first process that measures a bucket. Out: a note that pins the version of `pings`, so that ingest
//! may go on while others measure theirs, hours later and on other machines. It stays until the run is
//! finished, abandoned, or overtaken by a run of one process.

use kayoi_lake::journal::{Journal, OPEN_RUN};
use kayoi_lake::{Lake, LakeError};
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::tables::InternalTable;
use serde::{Deserialize, Serialize};

use crate::error::AggregateError;
use crate::options::AggregateOptions;
use crate::run::Run;

const NAME: &str = "run.json";

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pin {
    job: String,
    pings_version: u64,
}

fn journal(lake: &Lake) -> Journal {
    lake.journal(OPEN_RUN)
}

fn pin(lake: &Lake) -> Result<Option<Pin>, AggregateError> {
    let Some(text) = journal(lake).read(lake, NAME)? else { return Ok(None) };
    let pin = serde_json::from_str(&text).ok();
    if pin.is_none() {
        // Damaged: it leads nowhere, and the next one needs its place.
        journal(lake).delete(lake, NAME)?;
    }
    Ok(pin)
}

/// The run that is open.
///
/// # Errors
/// [`AggregateError::NoRun`] when there is none, [`AggregateError::OtherRun`] when it has other inputs.
pub(crate) fn joined<'a>(lake: &'a Lake, options: &'a AggregateOptions) -> Result<Run<'a>, AggregateError> {
    let pin = pin(lake)?.ok_or(AggregateError::NoRun)?;
    let run = Run::open(lake, options, Some(pin.pings_version)).map_err(|error| match error {
        // What the store refused or did not answer says nothing of the version.
        AggregateError::Lake(error @ LakeError::Delta { .. }) if error.code() == ErrorCode::Damaged => {
            AggregateError::Unreadable
        }
        other => other,
    })?;
    if run.job == pin.job { Ok(run) } else { Err(AggregateError::OtherRun) }
}

/// The run that is open, or a new one over the newest pings; a new one also when the one that is open was finished, and only
/// its notes are left, because its release failed. Where no pings have come since, the notes are good for it still.
///
/// # Errors
/// As [`joined`].
pub(crate) fn joined_or_new<'a>(
    lake: &'a Lake,
    options: &'a AggregateOptions,
) -> Result<Run<'a>, AggregateError> {
    if pin(lake)?.is_some() {
        let run = joined(lake, options)?;
        let is_finished = lake.run_of(InternalTable::Indicators)? == Some(run.mark);
        if !is_finished || Run::open(lake, options, None)?.job == run.job {
            return Ok(run);
        }
        lake.clear_journal()?;
    }
    let run = Run::open(lake, options, None)?;
    let pin = Pin { job: run.job.clone(), pings_version: run.mark.pings_version };
    let text = serde_json::to_string(&pin).map_err(LakeError::Note)?;
    // Of two processes that begin at once the first one says which pings are read.
    if journal(lake).write(lake, NAME, text)? { Ok(run) } else { joined(lake, options) }
}
