//! A run whose buckets somebody hands out to others.
//!
//! In: a lake and options. Out: which buckets have a note, of this run and of no other. A run that is finished, abandoned or
//! cleared by somebody else meanwhile stays so: going on by opening another one would measure everything again, for whoever
//! asked for a run that has its tables already.

use kayoi_lake::{Bucket, Buckets, Lake, RunId};

use crate::error::AggregateError;
use crate::open_run;
use crate::options::AggregateOptions;
use crate::run::Run;

/// A run that is open, for as long as it is.
pub struct SharedRun<'a>(Run<'a>);

impl<'a> SharedRun<'a> {
    /// Opens a run, or goes on with the one that is open.
    ///
    /// # Errors
    /// [`AggregateError::OtherRun`] when the one that is open has other inputs.
    pub fn open(lake: &'a Lake, options: &'a AggregateOptions) -> Result<Self, AggregateError> {
        open_run::joined_or_new(lake, options).map(Self)
    }

    /// The name by which others are told of it.
    pub fn name(&self) -> RunId {
        self.0.mark.run
    }

    /// Its buckets.
    pub fn buckets(&self) -> Buckets {
        self.0.buckets()
    }

    /// The buckets that nobody has measured yet. A note whose files are gone is deleted.
    ///
    /// # Errors
    /// [`AggregateError::Overtaken`] when the run is open no more.
    pub fn unmeasured(&self) -> Result<Vec<Bucket>, AggregateError> {
        self.0.require_current()?;
        self.0.unmeasured()
    }

    /// The buckets that have a note, for whoever wants to see how far it is: one request to the store. What is in the notes
    /// only [`Self::unmeasured`] looks at.
    ///
    /// # Errors
    /// [`AggregateError::Lake`] when the store does not answer.
    pub async fn noted(&self) -> Result<Vec<Bucket>, AggregateError> {
        self.0.noted_buckets().await
    }
}
