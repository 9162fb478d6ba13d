//! What an executor measures with: its own lake, borders and offices.
//!
//! In: a work item. Out: the bucket's files and its note in the lake. Nothing of where data are, and no credential, comes
//! with the plan: an executor whose borders or offices differ from the driver's is refused by the run that is open. It joins
//! that run and opens none: a job that is left over when its run has ended measures nothing for nobody.

use std::sync::OnceLock;

use kayoi_aggregate::{AggregateError, AggregateOptions, Watch, measure_bucket_of};
use kayoi_geography::{Geography, Offices};
use kayoi_lake::lease::MaintenanceLease;
use kayoi_lake::{Bucket, Lake, LakeError, RunId};
use kayoi_schemas::definition::Definition;

use crate::item::Item;

/// A lake to measure buckets of.
pub struct Bench {
    lake: Lake,
    geography: Geography,
    offices: Offices,
    piece_pings: u64,
    /// Known when the executor starts.
    executor: OnceLock<String>,
}

/// Why a bucket was not measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The store did not answer; another try may help.
    #[error("bucket {bucket}: {source}")]
    Store {
        /// Its name.
        bucket: String,
        /// What it said.
        source: Box<LakeError>,
    },
    /// Anything else: trying again would not help.
    #[error("bucket {bucket}: {cause}")]
    Other {
        /// Its name.
        bucket: String,
        /// What is wrong.
        cause: String,
    },
}

impl Bench {
    /// A bench that holds so many pings in memory for each bucket.
    pub fn new(lake: Lake, geography: Geography, offices: Offices, piece_pings: u64) -> Self {
        Self { lake, geography, offices, piece_pings, executor: OnceLock::new() }
    }

    /// Says how the executor is called.
    pub(crate) fn stands_on(&self, executor: String) {
        self.executor.get_or_init(|| executor);
    }

    /// How the executor is called.
    pub(crate) fn executor(&self) -> &str {
        self.executor.get().map_or("", String::as_str)
    }

    /// Measures a bucket, unless it has a note.
    pub(crate) fn measure(&self, item: &Item) -> Result<(), Fault> {
        let other = |cause: String| Fault::Other { bucket: item.bucket.clone(), cause };
        let definition = Definition::parse(&item.definition).map_err(|error| other(error.to_string()))?;
        let bucket: Bucket = item.bucket.parse().map_err(|_| other("it is no bucket".to_owned()))?;
        let run: RunId = item.run.parse().map_err(|_| other("its run has no name".to_owned()))?;
        let mut options = AggregateOptions::new(definition).with_borders(&self.geography);
        options.offices = self.offices.clone();
        options.piece_pings = self.piece_pings;
        let measured = measure_bucket_of(&self.lake, &options, (run, bucket), &mut Quiet);
        measured.map(drop).map_err(|error| match error {
            AggregateError::Lake(
                source @ (LakeError::Store { .. } | LakeError::Delta { .. } | LakeError::Io { .. }),
            ) => Fault::Store { bucket: item.bucket.clone(), source: Box::new(source) },
            AggregateError::NoRun | AggregateError::Overtaken => other(self.without_run()),
            error => other(error.to_string()),
        })
    }

    /// What is said where the run of an item is not open.
    fn without_run(&self) -> String {
        format!(
            "its run is not open in `{}`, the lake of {}: it is finished, abandoned or cleared, or the driver has another lake\nhint: --lake of an executor names the driver's",
            self.lake.location().url(),
            self.executor()
        )
    }
}

/// Nobody watches an executor.
struct Quiet;

impl Watch for Quiet {
    fn pieces(&mut self, _done: u64, _all: u64) {}

    fn waits(&mut self, _holder: &str) {}

    fn lease(&mut self, lake: &Lake) -> Result<MaintenanceLease, LakeError> {
        lake.short_lease("kayoi cluster executor")
    }
}
