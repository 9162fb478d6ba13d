//! The run: buckets of devices through the walk, then their counts.
//!
//! In: a lake with pings. Out: all derived tables and `indicators` replaced, each in one commit that carries
//! the run's mark. A process measures all buckets or one of them; whoever finishes sums up the notes. The
//! result depends on the pings alone: neither the order of arrival, nor the number of pieces, threads,
//! processes or buckets can show in it.

use std::collections::BTreeSet;

use kayoi_device::Period;
use kayoi_lake::journal::Journal;
use kayoi_lake::lease::MaintenanceLease;
use kayoi_lake::{Bucket, Buckets, DataFile, Lake, LakeError, RunId, RunMark, fault};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::DayRule;

use crate::bucket::{self, By, Done, Measuring};
use crate::count::Counts;
use crate::error::AggregateError;
use crate::months::period;
use crate::options::AggregateOptions;
use crate::outputs::Outputs;
use crate::piece::Piece;
use crate::summary::AggregateSummary;
use crate::tables;

/// The note that names a run; it is gone when what was measured is worth nothing any more.
const MARK: &str = "run.json";

/// A run: what it reads, and where its notes are.
pub(crate) struct Run<'a> {
    lake: &'a Lake,
    options: &'a AggregateOptions,
    files: Vec<DataFile>,
    period: Period,
    buckets: Buckets,
    journal: Journal,
    /// Everything that the result depends on, hashed.
    pub(crate) job: String,
    pub(crate) mark: RunMark,
}

impl<'a> Run<'a> {
    /// A run over a version of `pings`, the newest one where none is named. Goes on with a run of the same
    /// inputs that was stopped.
    pub(crate) fn open(
        lake: &'a Lake,
        options: &'a AggregateOptions,
        version: Option<u64>,
    ) -> Result<Self, AggregateError> {
        let found = lake.files_at(InternalTable::Pings, version)?;
        Self::of(lake, options, found.ok_or(AggregateError::NoPings)?)
    }

    /// Runs over the newest version of `pings`, one by each of these options; all read the same files.
    pub(crate) fn open_each(
        lake: &'a Lake,
        all: &'a [AggregateOptions],
    ) -> Result<Vec<Self>, AggregateError> {
        let found = lake.files_at(InternalTable::Pings, None)?.ok_or(AggregateError::NoPings)?;
        all.iter().map(|options| Self::of(lake, options, found.clone())).collect()
    }

    /// A run over these files of `pings`.
    fn of(
        lake: &'a Lake,
        options: &'a AggregateOptions,
        (pings_version, files): (u64, Vec<DataFile>),
    ) -> Result<Self, AggregateError> {
        let period = period(&files, DayRule::JAPAN).ok_or(AggregateError::NoPings)?;
        let buckets = lake.buckets()?;
        let job = bucket::job(&files, buckets, options, &period);
        let journal = lake.journal(&job);
        let new = RunMark { run: RunId::new(), pings_version };
        let text = serde_json::to_string(&new).map_err(LakeError::Note)?;
        if !journal.write(lake, MARK, text.clone())? && read_mark(lake, &journal)?.is_none() {
            // Damaged: whatever it said, nobody can have gone on by it.
            journal.delete(lake, MARK)?;
            journal.write(lake, MARK, text)?;
        }
        let mark = read_mark(lake, &journal)?.ok_or(AggregateError::Overtaken)?;
        Ok(Self { lake, options, files, period, buckets, journal, job, mark })
    }

    /// The buckets of the lake.
    pub(crate) fn buckets(&self) -> Buckets {
        self.buckets
    }

    /// What is known before anything is measured.
    pub(crate) fn summary(&self) -> AggregateSummary {
        let months = &self.period.tie_months;
        AggregateSummary {
            pings: self.files.iter().map(|file| file.row_count).sum(),
            months: months.first().copied().zip(months.last().copied()),
            ..AggregateSummary::default()
        }
    }

    /// Files that are not cut at the borders of buckets: a process that measures one bucket reads what lies
    /// in them around it too.
    pub(crate) fn uncut_files(&self) -> u64 {
        self.files.iter().filter(|file| !file.is_cut(self.buckets)).count() as u64
    }

    /// Measures buckets that have no note yet, in their order, and hands each over. `progress` is called with
    /// the pieces done and the pieces in all.
    pub(crate) fn measure(
        &self,
        buckets: &[Bucket],
        outputs: &mut Outputs,
        progress: &mut dyn FnMut(u64, u64),
        each: &mut dyn FnMut(Done),
    ) -> Result<AggregateSummary, AggregateError> {
        let mut measured = AggregateSummary::default();
        let mut add = |done: Done| {
            measured.join(&done.summary);
            each(done);
        };
        let mut summary = measure(&mut [(self, outputs)], buckets, progress, &mut add)?;
        summary.join(&measured);
        Ok(summary)
    }

    /// What a note says of a bucket, its files taken up; `None` when it must be measured.
    pub(crate) fn restored(
        &self,
        bucket: Bucket,
        outputs: &mut Outputs,
    ) -> Result<Option<Done>, AggregateError> {
        let Some(done) = bucket::read(self.lake, &self.journal, bucket)? else { return Ok(None) };
        if outputs.restore(self.lake, &done.files)? {
            return Ok(Some(done));
        }
        // A note is only as good as its files: when one of them is gone, the bucket is measured again.
        bucket::delete(self.lake, &self.journal, bucket)?;
        Ok(None)
    }

    /// The buckets that have a note, whatever is in it.
    pub(crate) async fn noted_buckets(&self) -> Result<Vec<Bucket>, AggregateError> {
        let names: BTreeSet<String> = self.journal.names().await?.into_iter().collect();
        Ok(self.buckets.all().filter(|each| names.contains(&bucket::name(*each))).collect())
    }

    /// The buckets that must be measured.
    pub(crate) fn unmeasured(&self) -> Result<Vec<Bucket>, AggregateError> {
        let mut outputs = Outputs::open(self.lake)?;
        let mut left = Vec::new();
        for bucket in self.buckets.all() {
            if self.restored(bucket, &mut outputs)?.is_none() {
                left.push(bucket);
            }
        }
        Ok(left)
    }

    /// Writes the note of a bucket. Its files come first: a run that dies between them measures the bucket
    /// again and leaves files that no table names. Of two processes that measured one bucket the first note
    /// counts, and the second one's files are named by nobody.
    fn noted(
        &self,
        bucket: Bucket,
        done: Done,
        outputs: &mut Outputs,
        before: &[usize],
    ) -> Result<Done, AggregateError> {
        fault::point("before-bucket-note")?;
        let is_first = bucket::write(self.lake, &self.journal, bucket, &done)?;
        fault::point("after-bucket-note")?;
        if let Err(error) = self.require_current() {
            // The notes were cleared meanwhile, perhaps because somebody was forgotten, who is counted in this one.
            if is_first && matches!(error, AggregateError::Overtaken) {
                bucket::delete(self.lake, &self.journal, bucket)?;
            }
            return Err(error);
        }
        if is_first {
            return Ok(done);
        }
        outputs.undo(before);
        self.restored(bucket, outputs)?.ok_or(AggregateError::Overtaken)
    }

    /// Replaces all tables, each while the lease is held: as long as it is, nobody is forgotten, and whoever was
    /// forgotten before left a word in the log of `pings`.
    pub(crate) fn commit(
        &self,
        outputs: Outputs,
        mut counts: Counts,
        lease: &MaintenanceLease,
    ) -> Result<(), AggregateError> {
        counts.mark(&self.period.months, &self.period.tie_months);
        // Before the first commit, so that counts that contradict each other leave the last run's tables as
        // they were.
        counts.check()?;
        self.require_current()?;
        self.require_newest()?;
        fault::point("before-derived-commit")?;
        outputs.commit(self.mark, &|| require_held(lease))?;
        require_held(lease)?;
        // `indicators` comes last: a release that reads new counts finds the tables that they were made from.
        let covered = |month| self.period.covered(month);
        Ok(tables::indicators::replace(self.lake, &counts, self.options, (self.mark, &covered))?)
    }

    /// Refuses when the notes are gone.
    pub(crate) fn require_current(&self) -> Result<(), AggregateError> {
        let found = read_mark(self.lake, &self.journal)?;
        if found == Some(self.mark) { Ok(()) } else { Err(AggregateError::Overtaken) }
    }

    /// Refuses when somebody was forgotten since this run looked, or a run of newer pings was finished.
    fn require_newest(&self) -> Result<(), AggregateError> {
        let pings = self.lake.table_if_there(InternalTable::Pings)?.ok_or(AggregateError::NoPings)?;
        let is_less = self.lake.block_on(pings.has_forgotten_since(self.mark.pings_version))?;
        let last = self.lake.run_of(InternalTable::Indicators)?;
        let is_older = last.is_some_and(|last| last.pings_version > self.mark.pings_version);
        if is_less || is_older { Err(AggregateError::Overtaken) } else { Ok(()) }
    }
}

/// Measures buckets, in their order, by each of the runs that have no note of one yet, and hands over what each run finds. The
/// runs are of the same files, and whatever must be measured is read once for all. Returns what was read; what was found is
/// in what was handed over.
pub(crate) fn measure(
    runs: &mut [(&Run<'_>, &mut Outputs)],
    buckets: &[Bucket],
    progress: &mut dyn FnMut(u64, u64),
    each: &mut dyn FnMut(Done),
) -> Result<AggregateSummary, AggregateError> {
    let Some(first) = runs.first().map(|(run, _)| *run) else { return Ok(AggregateSummary::default()) };
    let mut summary = first.summary();
    let measuring = Measuring {
        period: &first.period,
        register: first.options.register,
        piece_pings: first.options.piece_pings,
        ping_count: summary.pings / u64::from(first.buckets.count()),
    };
    let mut sweep = Piece::sweep(&first.files);
    let (mut pieces, all) = (0, measuring.piece_count() * buckets.len() as u64);
    for (number, bucket) in buckets.iter().enumerate() {
        progress(pieces, all);
        let mut left = Vec::new();
        for (run, outputs) in runs.iter_mut() {
            match run.restored(*bucket, outputs)? {
                Some(done) => each(done),
                None => left.push((*run, &mut **outputs)),
            }
        }
        if left.is_empty() {
            summary.resumed_buckets += 1;
        } else {
            let mut count = || {
                pieces += 1;
                progress(pieces, all);
            };
            let before: Vec<Vec<usize>> = left.iter().map(|(_, outputs)| outputs.file_counts()).collect();
            let by = left.iter_mut().map(|(run, outputs)| By { options: run.options, outputs });
            let done = measuring.bucket(&mut sweep, *bucket, &mut by.collect::<Vec<_>>(), &mut count)?;
            for (((run, outputs), done), before) in left.into_iter().zip(done).zip(&before) {
                each(run.noted(*bucket, done, outputs, before)?);
            }
        }
        pieces = (number as u64 + 1) * measuring.piece_count();
    }
    summary.wanted_bytes = sweep.wanted_bytes();
    progress(all, all);
    Ok(summary)
}

fn require_held(lease: &MaintenanceLease) -> Result<(), AggregateError> {
    if lease.is_held()? { Ok(()) } else { Err(AggregateError::Overtaken) }
}

fn read_mark(lake: &Lake, journal: &Journal) -> Result<Option<RunMark>, AggregateError> {
    let text = journal.read(lake, MARK)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
