//! Several definitions in one pass over the pings.
//!
//! In: a lake, and options by each definition. Out: a note for every bucket by every definition, and then the derived tables
//! replaced by one definition after the other, so that a release can be made of each. Everything that is kept is named by
//! its definition, as if each had been measured by itself: who is stopped goes on, with all of them or with one.

use kayoi_lake::lease::MaintenanceLease;
use kayoi_lake::{Bucket, Lake};

use crate::aggregate::{Watch, commit_noted, lease, withdraw};
use crate::error::AggregateError;
use crate::options::AggregateOptions;
use crate::outputs::Outputs;
use crate::run::{Run, measure};
use crate::summary::AggregateSummary;

/// What was measured by several definitions, and noted; the tables are those of one of them at a time.
pub struct Together<'a> {
    lake: &'a Lake,
    /// Runs that are to be committed, in the order of the definitions; of a lake without a ping there is none.
    runs: std::vec::IntoIter<Run<'a>>,
    /// What all of them read.
    read: AggregateSummary,
    /// Held from the commit of one to that of the next: in between its release is made.
    lease: Option<MaintenanceLease>,
}

/// Measures every device of a lake by each of several definitions. Pings are read and put together once, and stays are found
/// once where the definitions agree in them. No table changes.
///
/// # Errors
/// [`AggregateError`]; what has a note is not measured again.
pub fn measure_together<'a>(
    lake: &'a Lake,
    all: &'a [AggregateOptions],
    watch: &mut dyn Watch,
) -> Result<Together<'a>, AggregateError> {
    let runs = match Run::open_each(lake, all) {
        Err(AggregateError::NoPings) => {
            let first = all.first().ok_or(AggregateError::NoPings)?;
            let (runs, lease) = (Vec::new().into_iter(), Some(withdraw(lake, first, watch)?));
            return Ok(Together { lake, runs, read: AggregateSummary::default(), lease });
        }
        runs => runs?,
    };
    let mut outputs = all.iter().map(|_| Outputs::open(lake)).collect::<Result<Vec<_>, _>>()?;
    let buckets: Vec<Bucket> = runs.first().into_iter().flat_map(|run| run.buckets().all()).collect();
    let mut each: Vec<(&Run<'_>, &mut Outputs)> = runs.iter().zip(&mut outputs).collect();
    let mut progress = |done, all| watch.pieces(done, all);
    // What was found is in the notes, and is summed up from there: the counts of one definition are in memory at a time.
    let read = measure(&mut each, &buckets, &mut progress, &mut |_| {})?;
    Ok(Together { lake, runs: runs.into_iter(), read, lease: None })
}

impl Together<'_> {
    /// Replaces the derived tables and the counts by those of the next definition, whose release is then made before this is
    /// called again. Says what was measured by it.
    ///
    /// # Errors
    /// [`AggregateError`]; the tables of the definition before then stay.
    pub fn replace_by_next(&mut self, watch: &mut dyn Watch) -> Result<AggregateSummary, AggregateError> {
        let Some(run) = self.runs.next() else { return Ok(self.read.clone()) };
        // Given back first: a release may take longer than a lease lasts.
        self.lease = None;
        let lease = self.lease.insert(lease(self.lake, watch)?);
        let measured = commit_noted(self.lake, &run, lease).map_err(|error| match error {
            // All had notes a moment ago, so that somebody has taken them away.
            AggregateError::Missing { .. } => AggregateError::Overtaken,
            other => other,
        })?;
        let AggregateSummary { resumed_buckets, wanted_bytes, .. } = self.read;
        Ok(AggregateSummary { resumed_buckets, wanted_bytes, ..measured })
    }

    /// Deletes the notes, since the releases made of them are out.
    ///
    /// # Errors
    /// [`AggregateError::Lake`] when the store does not answer.
    pub fn finish(self) -> Result<(), AggregateError> {
        Ok(self.lake.clear_journal()?)
    }
}
