//! A run that several processes share.
//!
//! In: the first process that measures a bucket. Out: a note that pins the version of `pings`, so that ingest
//! may go on while others measure theirs, hours later and on other machines. It stays until the run is
//! finished, abandoned, or overtaken by a run of one process.

use kayoi_lake::journal::Journal;
use kayoi_lake::{Lake, LakeError};
use serde::{Deserialize, Serialize};

use crate::error::AggregateError;
use crate::options::AggregateOptions;
use crate::run::Run;

/// The folder of the note, where others name a job.
const FOLDER: &str = "open";
const NAME: &str = "run.json";

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pin {
    job: String,
    pings_version: u64,
}

fn journal(lake: &Lake) -> Journal {
    lake.journal(FOLDER)
}

fn pin(lake: &Lake) -> Result<Option<Pin>, AggregateError> {
    let text = journal(lake).read(lake, NAME)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The run that is open.
///
/// # Errors
/// [`AggregateError::NoRun`] when there is none, [`AggregateError::OtherRun`] when it has other inputs.
pub(crate) fn joined<'a>(lake: &'a Lake, options: &'a AggregateOptions) -> Result<Run<'a>, AggregateError> {
    let pin = pin(lake)?.ok_or(AggregateError::NoRun)?;
    let run = Run::open(lake, options, Some(pin.pings_version)).map_err(|error| match error {
        AggregateError::Lake(LakeError::Delta { .. }) => AggregateError::Unreadable,
        other => other,
    })?;
    if run.job == pin.job { Ok(run) } else { Err(AggregateError::OtherRun) }
}

/// The run that is open, or a new one over the newest pings.
///
/// # Errors
/// As [`joined`].
pub(crate) fn joined_or_new<'a>(
    lake: &'a Lake,
    options: &'a AggregateOptions,
) -> Result<Run<'a>, AggregateError> {
    if pin(lake)?.is_none() {
        let run = Run::open(lake, options, None)?;
        let pin = Pin { job: run.job.clone(), pings_version: run.mark.pings_version };
        let text = serde_json::to_string(&pin).map_err(LakeError::Note)?;
        if journal(lake).write(lake, NAME, text)? {
            return Ok(run);
        }
    }
    joined(lake, options)
}
