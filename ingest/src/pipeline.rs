//! The walk of a record, from its source to the lake:
//!
//! poll → decode → validate → keep → pseudonymize → place → store, and a commit when enough waits or time is up.
//!
//! In: a source. Out: a summary whose counts add up. Chunks are decoded on all cores; the order of the
//! threads cannot show, because a commit sorts its rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kayoi_geography::Geography;
use kayoi_lake::{Lake, LakeError, fault};
use kayoi_schemas::time::{Clock, UtcMillis};
use rayon::prelude::*;

use crate::chunk::{Chunk, Stream};
use crate::decode::{DecodeError, Decoder};
use crate::error::IngestError;
use crate::metrics::{Metrics, Step};
use crate::place::place;
use crate::pseudonymize::{PseudonymKey, PseudonymousPing};
use crate::rejection::Rejection;
use crate::sensitive::SensitivePlaces;
use crate::source::{Input, Polled, Positions, Source};
use crate::store::{Outcome, Store};
use crate::summary::Summary;
use crate::validate::validate;

/// Records of a task: large enough to outweigh its start, small enough to share out and to sit in the cache of a
/// core from decoding to placing.
const TASK_RECORDS: usize = 4096;

/// Most records that are decoded at once: enough work for all cores, little enough to sit in the cache.
const CHUNK_RECORDS: usize = 65_536;

/// When to commit.
#[derive(Debug, Clone)]
pub struct PipelineOptions {
    /// Rows that make a commit.
    pub commit_rows: usize,
    /// Age of the oldest waiting row that makes a commit.
    pub commit_after: Duration,
}

impl Default for PipelineOptions {
    /// A million rows are about 70 MB in memory, and few enough commits that a table's log stays short.
    fn default() -> Self {
        Self { commit_rows: 1_000_000, commit_after: Duration::from_secs(30) }
    }
}

impl PipelineOptions {
    /// Records that a source should hand over at once: never more than a commit, or it would be overshot.
    pub fn chunk_records(&self) -> usize {
        self.commit_rows.clamp(1, CHUNK_RECORDS)
    }
}

/// Everything the walk needs.
pub struct Pipeline<'a> {
    /// Where rows go.
    pub lake: &'a Lake,
    /// Where points lie.
    pub geography: &'a Geography,
    /// Where points must not be stored.
    pub sensitive: &'a SensitivePlaces,
    /// How identifiers are hidden.
    pub key: &'a PseudonymKey,
    /// When to commit.
    pub options: &'a PipelineOptions,
    /// Set to stop after the next commit.
    pub stop: &'a AtomicBool,
    /// What operators see of it.
    pub metrics: &'a Metrics,
}

/// What a task of records became, before they are placed.
#[derive(Default)]
struct Checked {
    pings: Vec<PseudonymousPing>,
    late: Vec<(i64, PseudonymousPing)>,
    rejects: Vec<(i64, Rejection)>,
    /// Pings in sensitive places: how many, and nothing else of them.
    sensitive: u64,
    unknown_fields: u64,
}

impl Pipeline<'_> {
    /// Reads `input` until it ends or `stop` is set. `progress` is called after each chunk with the counts so
    /// far and the share that was read.
    ///
    /// # Errors
    /// [`IngestError`]; what was committed before stays, and a new run goes on from there.
    pub fn run(
        &self,
        input: Input,
        progress: &mut dyn FnMut(&Summary, Option<f64>),
    ) -> Result<Summary, IngestError> {
        self.lake.check_key(&self.key.fingerprint())?;
        let mut store = Store::open(self.lake)?;
        self.metrics.health().lake_answered(true);
        let feeds = input.feeds();
        // Only now: whoever joins a group and cannot commit would take partitions from those who can.
        let mut source = input.open(self.lake)?;
        let mut summary = Summary::default();
        let mut oldest: Option<Instant> = None;
        loop {
            self.metrics.health().at(Step::Read);
            let polled = source.poll(&Positions { lake: self.lake, table: store.positions_table() })?;
            let is_end = matches!(polled, Polled::End) || self.stop.load(Ordering::Relaxed);
            let mut handover = None;
            match polled {
                Polled::Chunk(chunk) => {
                    self.metrics.health().at(Step::Decode);
                    fault::point("before-decode")?;
                    match self.take(&chunk) {
                        Ok((read, outcome)) => {
                            self.metrics.read(&chunk.stream.feed, read);
                            store.add(&chunk, read, outcome);
                            oldest.get_or_insert_with(Instant::now);
                        }
                        Err(error) if source.give_up(&chunk.stream) => {
                            store.leave_out(&chunk.stream);
                            summary.failed_files.push(Arc::new(error));
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
                Polled::Skipped => summary.skipped_files += 1,
                Polled::Unreadable { stream, error } => {
                    // All or nothing of what a commit takes: a whole file will come in its place.
                    stream.iter().for_each(|stream| store.leave_out(stream));
                    summary.failed_files.push(Arc::new(error));
                }
                Polled::Handover { streams, done } => handover = Some((streams, done)),
                Polled::Idle | Polled::End => {}
            }
            // A handover is due at once, whatever waits: the next owner begins where this commit ends.
            let is_due = store.waiting_rows() >= self.options.commit_rows
                || oldest.is_some_and(|since| since.elapsed() >= self.options.commit_after);
            if (is_due || is_end || handover.is_some()) && !store.is_empty() {
                summary.add(&self.flush(&mut store, source.as_mut())?);
                oldest = None;
            }
            self.metrics.waiting(store.waiting_rows());
            if let Some((streams, done)) = handover {
                streams.iter().for_each(|stream| stream.lose());
                // Whoever waited has given up if it does not listen any more.
                let _ = done.send(());
            }
            progress(&summary, source.progress());
            if is_end {
                summary.unread_files = source.unread();
                let never_met = feeds.iter().flat_map(|feed| feed.mapping.never_met());
                summary.unmatched_maps = never_met.collect();
                return Ok(summary);
            }
        }
    }

    /// Commits what waits, tells the source, and reads again what another process took in between.
    fn flush(&self, store: &mut Store<'_>, source: &mut dyn Source) -> Result<Summary, IngestError> {
        self.metrics.health().at(Step::Commit);
        let started = Instant::now();
        let flushed = store.flush().inspect_err(|_| self.metrics.commit_failed())?;
        self.metrics.committed(&flushed.summary, started.elapsed());
        source.committed(&flushed.reached);
        fault::point("after-source-told")?;
        for stream in &flushed.moved {
            if !source.rewind(stream) {
                return Err(moved(stream));
            }
        }
        Ok(flushed.summary)
    }

    /// Decodes, checks and places a chunk. Returns how many records it had.
    fn take(&self, chunk: &Chunk) -> Result<(u64, Outcome), DecodeError> {
        let decoder = Decoder::new(chunk)?;
        let now = Clock::System.now();
        let records = decoder.len();
        let outcome = (0..records.div_ceil(TASK_RECORDS))
            .into_par_iter()
            .map(|task| {
                let range = task * TASK_RECORDS..records.min((task + 1) * TASK_RECORDS);
                let mut checked = Checked { pings: Vec::with_capacity(range.len()), ..Checked::default() };
                range.for_each(|index| self.check(&decoder, index, now, &mut checked));
                checked.placed(self.geography)
            })
            .reduce(Outcome::default, |mut all, more| {
                all.append(more);
                all
            });
        Ok((records as u64, outcome))
    }

    /// One record: decode, validate, keep, pseudonymize. Whether it is late is asked last, so that a ping in a
    /// sensitive place is not among the late ones either.
    fn check(&self, decoder: &Decoder<'_>, index: usize, now: UtcMillis, checked: &mut Checked) {
        let rules = &decoder.feed().rules;
        let result = decoder.decode(index).and_then(|ping| {
            checked.unknown_fields += u64::from(ping.unknown_fields);
            let valid = validate(&ping, rules, now)?;
            Ok(self.sensitive.keep(valid).map(|kept| self.key.hide(&kept)))
        });
        match result {
            Ok(None) => checked.sensitive += 1,
            Ok(Some(ping)) if rules.is_late(ping.instant(), now) => {
                checked.late.push((decoder.offset(index), ping));
            }
            Ok(Some(ping)) => checked.pings.push(ping),
            Err(rejection) => checked.rejects.push((decoder.offset(index), rejection)),
        }
    }
}

impl Checked {
    fn placed(self, geography: &Geography) -> Outcome {
        let (offsets, late): (Vec<i64>, Vec<PseudonymousPing>) = self.late.into_iter().unzip();
        Outcome {
            pings: vec![place(geography, self.pings)],
            late: offsets.into_iter().zip(place(geography, late)).collect(),
            rejects: self.rejects,
            sensitive: self.sensitive,
            unknown_fields: self.unknown_fields,
        }
    }
}

fn moved(stream: &Arc<Stream>) -> IngestError {
    let (source_id, expected) = (stream.source_id.clone(), stream.began_at);
    LakeError::Fenced { source_id, found: None, expected }.into()
}
