//! What an operator sees: lag, throughput, commits, memory, as Prometheus text.
//!
//! In: what happens, in the words of the pipeline. Out: text, and [`Health`]. Counts of records are taken
//! when they are committed, so that they agree with the lake; only what is read is counted when it is read.
//! Calls come once a chunk, commit or rebalance, never once a record: one lock is enough, and all figures of
//! a text are of one moment.
//!
//! Lag is measured against the lake, not against the group's offsets: the end of a partition comes with the
//! client's own statistics, the next record by what was committed.
//!
//! Values, labels and text are those of crate prometheus-client, whose text of version 0.0.4 names every
//! metric as Prometheus and its dashboards have known it; OpenMetrics, its other format, would name counters
//! without `_total` in their heads. Crate prometheus, the nearest, has a registry whose every call can fail.

mod series;
mod families;
mod health;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::prometheus_text;
use prometheus_client::registry::Registry;

pub use health::{Health, Step};
pub use prometheus_text::CONTENT_TYPE;

use crate::chunk::Stream;
use crate::feed::Feed;
use crate::summary::Summary;
use families::Families;

/// What the process has seen so far. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    observed: Mutex<Observed>,
    health: Health,
}

#[derive(Debug)]
struct Observed {
    families: Families,
    /// Holds a clone of the families, and nothing else.
    registry: Registry,
    partitions: BTreeMap<(String, i32), Reach>,
}

/// Next offset by the lake, and next offset by the broker.
#[derive(Debug, Clone, Copy)]
struct Reach {
    next: i64,
    end: i64,
}

impl Default for Observed {
    fn default() -> Self {
        let (families, mut registry) = (Families::default(), Registry::default());
        registry.register_collector(Box::new(families.clone()));
        families.build.of([env!("CARGO_PKG_VERSION")]).set(1);
        Self { families, registry, partitions: BTreeMap::new() }
    }
}

impl Observed {
    /// What changes without a call: memory, health, and lag, which is known by partition.
    fn take_stock(&self, is_up: bool) {
        let families = &self.families;
        families.up.of([]).set(i64::from(is_up));
        if let Some(memory) = resident_bytes() {
            families.memory.of([]).set(whole(memory));
        }
        families.partitions.of([]).set(whole(self.partitions.len()));
        // Partitions that went to another process have no lag here any more.
        families.lag.clear();
        for ((topic, partition), reach) in &self.partitions {
            let lag = families.lag.of([topic, &partition.to_string()]);
            lag.set((reach.end - reach.next).max(0));
        }
    }
}

/// A count as a gauge holds it.
fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Metrics {
    fn observed(&self) -> MutexGuard<'_, Observed> {
        self.0.observed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the process lives and is ready.
    pub fn health(&self) -> &Health {
        &self.0.health
    }

    /// Records of a feed were decoded.
    pub fn read(&self, feed: &Feed, records: u64) {
        self.observed().families.read.of([&feed.partner]).inc_by(records);
    }

    /// Values of a topic's records went to the pipeline, bytes.
    pub fn fetched(&self, topic: &str, bytes: usize) {
        self.observed().families.bytes.of([topic]).inc_by(bytes as u64);
    }

    /// So many bytes wait to be decoded.
    pub fn queued(&self, bytes: usize) {
        self.observed().families.queue.of([]).set(whole(bytes));
    }

    /// So many rows wait for a commit.
    pub fn waiting(&self, rows: usize) {
        self.observed().families.waiting.of([]).set(whole(rows));
    }

    /// A commit landed and took this long. A flush that had nothing left to commit is none.
    pub fn committed(&self, summary: &Summary, took: Duration) {
        self.health().lake_answered(true);
        if summary.commits == 0 {
            return;
        }
        let observed = self.observed();
        let families = &observed.families;
        families.commits.of([]).inc_by(summary.commits);
        families.commit_seconds.of([]).observe(took.as_secs_f64());
        families.late.of([]).inc_by(summary.records.late);
        families.duplicates.of([]).inc_by(summary.records.duplicates);
        for (partner, counts) in &summary.partners {
            families.stored.of([partner]).inc_by(counts.stored);
            for (reason, rejected) in &counts.rejected {
                families.rejected.of([partner, reason.as_str()]).inc_by(*rejected);
            }
            if let Some(newest) = counts.newest {
                let watermark = families.watermark.of([partner]);
                watermark.set(watermark.get().max(newest.0 as f64 / 1000.0));
            }
        }
    }

    /// A commit failed; the run ends with it.
    pub fn commit_failed(&self) {
        self.health().lake_answered(false);
        self.observed().families.commit_failures.of([]).inc();
    }

    /// The group gave or took partitions.
    pub fn rebalanced(&self) {
        self.observed().families.rebalances.of([]).inc();
    }

    /// A partition is read from `next` on; it ends at `end` now.
    pub fn assigned(&self, topic: &str, partition: i32, next: i64, end: i64) {
        self.observed().partitions.insert((topic.to_owned(), partition), Reach { next, end });
    }

    /// A partition is not read here any more.
    pub fn gave_up(&self, topic: &str, partition: i32) {
        self.observed().partitions.remove(&(topic.to_owned(), partition));
    }

    /// A partition ends here now. News about partitions that are not read here is dropped.
    pub fn saw_end(&self, topic: &str, partition: i32, end: i64) {
        if let Some(reach) = self.observed().partitions.get_mut(&(topic.to_owned(), partition)) {
            reach.end = reach.end.max(end);
        }
    }

    /// The lake holds these streams up to these offsets.
    pub(crate) fn reached(&self, reached: &[(Arc<Stream>, i64)]) {
        let mut observed = self.observed();
        for (stream, next) in reached.iter().filter(|(stream, _)| !stream.is_lost()) {
            let of = (stream.name.clone(), stream.partition);
            if let Some(reach) = observed.partitions.get_mut(&of) {
                reach.next = *next;
            }
        }
    }

    /// Records were gone from Kafka before they were read, and are skipped.
    pub fn lost(&self, records: u64) {
        self.observed().families.lost.of([]).inc_by(records);
    }

    /// All of it as Prometheus text, version 0.0.4, which is [`CONTENT_TYPE`].
    pub fn text(&self) -> String {
        let is_up = self.health().live().is_ok();
        let observed = self.observed();
        observed.take_stock(is_up);
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = prometheus_text::encode(&mut text, &observed.registry);
        text
    }

    /// Every metric for people, one a line: name, labels, kind, meaning. `deploy/metrics.txt` is this list.
    pub fn names() -> impl Iterator<Item = String> {
        families::ALL.iter().map(families::Family::describe)
    }
}

/// Resident memory of this process, bytes; `None` where the system has no `/proc`. `statm` counts in pages,
/// whose size only a system call tells; `status` has the same figure in kibibytes.
fn resident_bytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
