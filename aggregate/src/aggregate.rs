//! What a caller does with a run: all of it, one bucket of it, or its end.
//!
//! In: a lake and options. Out: derived tables and counts, or the note of a bucket. The processes of one run
//! share nothing but the lake, so a batch system may start them anywhere, in any order and again.

use std::time::Duration;

use kayoi_lake::lease::MaintenanceLease;
use kayoi_lake::{Bucket, Lake, LakeError, RunId, RunMark};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Covered;

use crate::count::Counts;
use crate::error::AggregateError;
use crate::open_run;
use crate::options::AggregateOptions;
use crate::outputs::Outputs;
use crate::run::Run;
use crate::summary::AggregateSummary;
use crate::tables;
use crate::tables::CountsTable;

/// How often a job that holds the lease is asked whether it is done.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// What a run tells and asks while it goes on.
pub trait Watch {
    /// So many pieces are done, of so many.
    fn pieces(&mut self, done: u64, all: u64);
    /// The tables wait for another job that rewrites files.
    fn waits(&mut self, holder: &str);
    /// Takes the lease under which the tables are replaced.
    ///
    /// # Errors
    /// [`LakeError::Leased`] when another job holds it.
    fn lease(&mut self, lake: &Lake) -> Result<MaintenanceLease, LakeError>;
}

/// A run whose tables are committed, and whose notes are kept until the release is out: if that fails, the
/// next run measures nothing again. It holds the lease until then, so that no other run's release comes between.
#[derive(Debug)]
pub struct Aggregated {
    summary: AggregateSummary,
    _lease: MaintenanceLease,
}

impl Aggregated {
    /// Deletes the notes, since everything made of them is out, and says what was measured.
    ///
    /// # Errors
    /// [`AggregateError::Lake`] when the store does not answer.
    pub fn finish(self, lake: &Lake) -> Result<AggregateSummary, AggregateError> {
        lake.clear_journal()?;
        Ok(self.summary)
    }
}

/// One bucket of a run, measured and noted.
#[derive(Debug)]
pub struct MeasuredBucket {
    /// What was measured.
    pub summary: AggregateSummary,
    /// The version of `pings` that the run reads.
    pub pings_version: u64,
    /// Files that are not cut at the borders of buckets, of which every process reads more than its own.
    pub uncut_files: u64,
}

/// Measures every device of a lake and replaces its derived tables.
///
/// # Errors
/// [`AggregateError`]; the tables of the last run then stay.
pub fn aggregate(
    lake: &Lake,
    options: &AggregateOptions,
    watch: &mut dyn Watch,
) -> Result<Aggregated, AggregateError> {
    let run = match Run::open(lake, options, None) {
        Err(AggregateError::NoPings) => {
            let lease = withdraw(lake, options, watch)?;
            return Ok(Aggregated { summary: AggregateSummary::default(), _lease: lease });
        }
        run => run?,
    };
    let mut outputs = Outputs::open(lake)?;
    let mut counts = Counts::default();
    let buckets: Vec<Bucket> = run.buckets().all().collect();
    let mut progress = |done, all| watch.pieces(done, all);
    let mut summary =
        run.measure(&buckets, &mut outputs, &mut progress, &mut |done| counts.add(done.counts))?;
    summary.left_out.clone_from(counts.left_out());
    let lease = lease(lake, watch)?;
    run.commit(outputs, counts, &lease)?;
    Ok(Aggregated { summary, _lease: lease })
}

/// Empties the derived tables and the counts of a lake in which no ping is left, because everybody was forgotten. Returns the
/// lease under which it was done.
pub(crate) fn withdraw(
    lake: &Lake,
    options: &AggregateOptions,
    watch: &mut dyn Watch,
) -> Result<MaintenanceLease, AggregateError> {
    let lease = lease(lake, watch)?;
    // Asked again under the lease: pings may have come since.
    let Some((pings_version, files)) = lake.files_at(InternalTable::Pings, None)? else {
        return Err(AggregateError::NoPings);
    };
    if !files.is_empty() || lake.files(InternalTable::Indicators)?.is_empty() {
        return Err(AggregateError::NoPings);
    }
    let mark = RunMark { run: RunId::new(), pings_version };
    Outputs::open(lake)?.commit(mark, &|| Ok(()))?;
    tables::indicators::replace(lake, &Counts::default(), options, (mark, &|_| Covered::WHOLE))?;
    Ok(lease)
}

/// Replaces the counts of a lake by counts that come from elsewhere, without a ping: what a simulated nation has.
///
/// # Errors
/// [`AggregateError`] when a table cannot be written.
pub fn replace_counts(
    lake: &Lake,
    definition: &Definition,
    write: &mut dyn FnMut(&mut CountsTable<'_>) -> Result<(), LakeError>,
) -> Result<(), AggregateError> {
    let mark = RunMark { run: RunId::new(), pings_version: 0 };
    Outputs::open(lake)?.commit(mark, &|| Ok(()))?;
    let mut table = CountsTable::replace(lake, definition)?;
    write(&mut table)?;
    Ok(table.commit(mark)?)
}

/// Measures one bucket of the run that is open, or of a new one, and leaves its files and its note.
///
/// # Errors
/// [`AggregateError`]; no table changes.
pub fn measure_bucket(
    lake: &Lake,
    options: &AggregateOptions,
    bucket: Bucket,
    watch: &mut dyn Watch,
) -> Result<MeasuredBucket, AggregateError> {
    require_of(lake, bucket)?;
    measured(&open_run::joined_or_new(lake, options)?, lake, bucket, watch)
}

/// Measures one bucket of the run of this name and of no other, as [`measure_bucket`] does. Opens none: whoever is handed
/// a bucket after its run has ended would begin another that nobody wants.
///
/// # Errors
/// [`AggregateError::NoRun`] when there is none, [`AggregateError::Overtaken`] when another one is open.
pub fn measure_bucket_of(
    lake: &Lake,
    options: &AggregateOptions,
    (name, bucket): (RunId, Bucket),
    watch: &mut dyn Watch,
) -> Result<MeasuredBucket, AggregateError> {
    require_of(lake, bucket)?;
    let run = open_run::joined(lake, options)?;
    if run.mark.run != name {
        return Err(AggregateError::Overtaken);
    }
    measured(&run, lake, bucket, watch)
}

fn require_of(lake: &Lake, bucket: Bucket) -> Result<(), AggregateError> {
    let buckets = lake.buckets()?;
    if bucket.of() == buckets {
        Ok(())
    } else {
        Err(AggregateError::OtherBuckets { given: bucket, lake: buckets.count() })
    }
}

fn measured(
    run: &Run<'_>,
    lake: &Lake,
    bucket: Bucket,
    watch: &mut dyn Watch,
) -> Result<MeasuredBucket, AggregateError> {
    let mut outputs = Outputs::open(lake)?;
    let mut progress = |done, all| watch.pieces(done, all);
    let measured = run.measure(&[bucket], &mut outputs, &mut progress, &mut |_| {});
    let summary = measured.map_err(AggregateError::of_an_open_run)?;
    Ok(MeasuredBucket { summary, pings_version: run.mark.pings_version, uncut_files: run.uncut_files() })
}

/// Sums up the notes of the run that is open and replaces the derived tables. Measures nothing.
///
/// # Errors
/// [`AggregateError::Missing`] when a bucket has no note; the tables of the last run then stay.
pub fn finish(
    lake: &Lake,
    options: &AggregateOptions,
    watch: &mut dyn Watch,
) -> Result<Aggregated, AggregateError> {
    // Held before the files of the notes are looked for, or upkeep could delete one behind our back.
    let lease = lease(lake, watch)?;
    let run = open_run::joined(lake, options)?;
    let summary = commit_noted(lake, &run, &lease)?;
    Ok(Aggregated { summary, _lease: lease })
}

/// Sums up the notes of a run and replaces the derived tables, under the lease.
pub(crate) fn commit_noted(
    lake: &Lake,
    run: &Run<'_>,
    lease: &MaintenanceLease,
) -> Result<AggregateSummary, AggregateError> {
    let mut outputs = Outputs::open(lake)?;
    let (mut counts, mut summary, mut missing) = (Counts::default(), run.summary(), Vec::new());
    for bucket in run.buckets().all() {
        match run.restored(bucket, &mut outputs)? {
            Some(done) => {
                summary.join(&done.summary);
                summary.resumed_buckets += 1;
                counts.add(done.counts);
            }
            None => missing.push(bucket),
        }
    }
    if let Some(first) = missing.first() {
        return Err(AggregateError::Missing {
            count: missing.len(),
            of: run.buckets().count(),
            first: *first,
        });
    }
    summary.left_out.clone_from(counts.left_out());
    run.commit(outputs, counts, lease)?;
    Ok(summary)
}

/// Waits for the lease: whoever was measured for hours is not thrown away because upkeep runs.
pub(crate) fn lease(lake: &Lake, watch: &mut dyn Watch) -> Result<MaintenanceLease, AggregateError> {
    loop {
        match watch.lease(lake) {
            // It ends by itself when its holder died.
            Err(LakeError::Leased { holder, .. }) => {
                watch.waits(&holder);
                std::thread::sleep(ASK_AGAIN);
            }
            other => return Ok(other?),
        }
    }
}
