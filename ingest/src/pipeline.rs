//! The walk of a record, from its source to the lake:
//!
//! poll → decode → validate → pseudonymize → place → store, and a commit when enough waits or time is up.
//!
//! In: a source. Out: a summary whose counts add up. Chunks are decoded on all cores; the order of the threads
//! cannot show, because a commit sorts its rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kayoi_geography::Geography;
use kayoi_lake::Lake;
use kayoi_schemas::ping::{PlacedPing, ValidPing};
use rayon::prelude::*;

use crate::decode::{Decoder, Rejection};
use crate::error::IngestError;
use crate::place::place;
use crate::pseudonymize::PseudonymKey;
use crate::source::{Chunk, Mapping, Polled, Positions, Source};
use crate::store::{Reject, Store};
use crate::summary::Summary;
use crate::validate::{Rules, validate};

/// Records of a task: large enough to outweigh its start, small enough to share out.
const TASK_RECORDS: usize = 4096;

/// Most records that are decoded at once: enough work for all cores, little enough to sit in the cache.
const CHUNK_RECORDS: usize = 65_536;

/// How to ingest.
#[derive(Debug, Clone)]
pub struct PipelineOptions {
    /// Who delivers.
    pub partner: String,
    /// The partner's names and units.
    pub mapping: Mapping,
    /// What is accepted.
    pub rules: Rules,
    /// Rows that make a commit.
    pub commit_rows: usize,
    /// Age of the oldest waiting row that makes a commit.
    pub commit_after: Duration,
}

impl PipelineOptions {
    /// Records that a source should hand over at once: never more than a commit, or it would be overshot.
    pub fn chunk_records(&self) -> usize {
        self.commit_rows.clamp(1, CHUNK_RECORDS)
    }

    /// A partner that follows the contract.
    pub fn new(partner: &str, rules: Rules) -> Self {
        Self {
            partner: partner.to_owned(),
            mapping: Mapping::default(),
            rules,
            // About 60 MB in memory, and few enough commits that a table's log stays short.
            commit_rows: 1_000_000,
            commit_after: Duration::from_secs(30),
        }
    }
}

/// Everything the walk needs.
pub struct Pipeline<'a> {
    /// Where rows go.
    pub lake: &'a Lake,
    /// Where points lie.
    pub geography: &'a Geography,
    /// How identifiers are hidden.
    pub key: &'a PseudonymKey,
    /// How to ingest.
    pub options: &'a PipelineOptions,
    /// Set to stop after the next commit.
    pub stop: &'a AtomicBool,
}

/// What a chunk gave: `P` is a [`ValidPing`], and a [`PlacedPing`] at last.
struct Outcome<P> {
    pings: Vec<P>,
    rejects: Vec<(i64, Rejection)>,
    unknown_fields: u64,
}

impl Pipeline<'_> {
    /// Runs until the source ends or `stop` is set. `open` makes the source from the lake's positions;
    /// `progress` is called after each chunk with the counts so far and the share that was read.
    ///
    /// # Errors
    /// [`IngestError`]; what was committed before stays, and a new run goes on from there.
    pub fn run(
        &self,
        open: impl FnOnce(&Positions<'_>) -> Result<Box<dyn Source>, IngestError>,
        progress: &mut dyn FnMut(&Summary, Option<f64>),
    ) -> Result<Summary, IngestError> {
        self.lake.check_key(&self.key.fingerprint())?;
        let mut store = Store::open(self.lake, &self.options.partner)?;
        let mut source = open(&Positions { lake: self.lake, table: store.positions_table() })?;
        let mut summary = Summary::default();
        let mut oldest: Option<Instant> = None;
        loop {
            let polled = source.poll(&Positions { lake: self.lake, table: store.positions_table() })?;
            let is_end = matches!(polled, Polled::End) || self.stop.load(Ordering::Relaxed);
            match polled {
                Polled::Chunk(chunk) => {
                    self.take(&chunk, &mut store)?;
                    oldest.get_or_insert_with(Instant::now);
                }
                Polled::Skipped(_) => summary.skipped_files += 1,
                Polled::Idle | Polled::End => {}
            }
            let is_due = store.waiting_rows() >= self.options.commit_rows
                || oldest.is_some_and(|since| since.elapsed() >= self.options.commit_after);
            if (is_due || is_end) && !store.is_empty() {
                summary.add(&store.flush()?);
                oldest = None;
            }
            progress(&summary, source.progress());
            if is_end {
                return Ok(summary);
            }
        }
    }

    fn take(&self, chunk: &Chunk, store: &mut Store<'_>) -> Result<(), IngestError> {
        let decoder = Decoder::new(chunk, &self.options.mapping)?;
        let tasks = (0..decoder.len()).into_par_iter().with_min_len(TASK_RECORDS);
        let outcome = tasks
            .fold(Outcome::default, |mut outcome, index| {
                match self.checked(&decoder, index, &mut outcome.unknown_fields) {
                    Ok(ping) => outcome.pings.push(ping),
                    Err(rejection) => outcome.rejects.push((decoder.offset(index), rejection)),
                }
                outcome
            })
            .map(|outcome| outcome.placed(self.geography))
            .reduce(Outcome::default, Outcome::join);
        let mut counted = Summary { unknown_fields: outcome.unknown_fields, ..Summary::default() };
        counted.records.read = decoder.len() as u64;
        counted.records.rejected = outcome.rejects.len() as u64;
        let reject = |(offset, (reason, detail))| {
            *counted.rejected_by_reason.entry(reason).or_default() += 1;
            Reject { stream: Arc::clone(&chunk.stream), offset, reason, detail }
        };
        let rejects = outcome.rejects.into_iter().map(reject).collect();
        store.add(chunk, outcome.pings, rejects, &counted)
    }

    /// One record: decode, validate, pseudonymize.
    fn checked(
        &self,
        decoder: &Decoder<'_>,
        index: usize,
        unknown_fields: &mut u64,
    ) -> Result<ValidPing, Rejection> {
        let ping = decoder.decode(index)?;
        *unknown_fields += u64::from(ping.unknown_fields);
        let (device_id, fix) = validate(&ping, &self.options.rules)?;
        Ok(ValidPing {
            device: self.key.device(device_id),
            instant: fix.instant,
            point: fix.point,
            accuracy_m: fix.accuracy_m,
            source: fix.source,
        })
    }
}

impl<P> Default for Outcome<P> {
    fn default() -> Self {
        Self { pings: Vec::new(), rejects: Vec::new(), unknown_fields: 0 }
    }
}

impl Outcome<ValidPing> {
    fn placed(self, geography: &Geography) -> Outcome<PlacedPing> {
        let Self { pings, rejects, unknown_fields } = self;
        Outcome { pings: place(geography, pings), rejects, unknown_fields }
    }
}

impl Outcome<PlacedPing> {
    fn join(mut self, other: Self) -> Self {
        self.pings.extend(other.pings);
        self.rejects.extend(other.rejects);
        self.unknown_fields += other.unknown_fields;
        self
    }
}
