//! What an operator sees: lag, throughput, commits, memory, as Prometheus text.
//!
//! In: what happens, in the words of the pipeline. Out: text, and [`Health`]. Counts of records are taken when
//! they are committed, so that they agree with the lake; only what is read is counted when it is read. Calls come
//! once a chunk, commit or rebalance, never once a record: one lock is enough.
//!
//! Lag is measured against the lake, not against the group's offsets: the end of a partition comes with the
//! client's own statistics, the next record by what was committed.

mod families;
mod health;
mod text;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use health::{Health, Step};

use crate::chunk::Stream;
use crate::feed::Feed;
use crate::summary::Summary;
use families::Family;
use text::{Histogram, Series};

/// What the process has seen so far. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    observed: Mutex<Observed>,
    health: Health,
}

#[derive(Debug, Default)]
struct Observed {
    series: BTreeMap<&'static str, Series>,
    commit_seconds: Histogram,
    partitions: BTreeMap<(String, i32), Reach>,
}

/// Next offset by the lake, and next offset by the broker.
#[derive(Debug, Clone, Copy)]
struct Reach {
    next: i64,
    end: i64,
}

impl Observed {
    fn value(&mut self, family: &Family, labels: &[&str]) -> &mut f64 {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self.series.entry(family.name).or_default().entry(labels).or_default()
    }

    fn count(&mut self, family: &Family, labels: &[&str], more: u64) {
        *self.value(family, labels) += more as f64;
    }
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
        self.observed().count(&families::READ, &[&feed.partner], records);
    }

    /// Values of a topic's records went to the pipeline, bytes.
    pub fn fetched(&self, topic: &str, bytes: usize) {
        self.observed().count(&families::BYTES, &[topic], bytes as u64);
    }

    /// So many bytes wait to be decoded.
    pub fn queued(&self, bytes: usize) {
        *self.observed().value(&families::QUEUE, &[]) = bytes as f64;
    }

    /// So many rows wait for a commit.
    pub fn waiting(&self, rows: usize) {
        *self.observed().value(&families::WAITING, &[]) = rows as f64;
    }

    /// A commit landed and took this long. A flush that had nothing left to commit is none.
    pub fn committed(&self, summary: &Summary, took: Duration) {
        self.health().lake_answered(true);
        if summary.commits == 0 {
            return;
        }
        let mut observed = self.observed();
        observed.count(&families::COMMITS, &[], summary.commits);
        observed.commit_seconds.observe(took.as_secs_f64());
        observed.count(&families::LATE, &[], summary.records.late);
        observed.count(&families::DUPLICATES, &[], summary.records.duplicates);
        for (partner, counts) in &summary.partners {
            observed.count(&families::STORED, &[partner], counts.stored);
            for (reason, rejected) in &counts.rejected {
                observed.count(&families::REJECTED, &[partner, reason.as_str()], *rejected);
            }
            if let Some(newest) = counts.newest {
                let watermark = observed.value(&families::WATERMARK, &[partner]);
                *watermark = watermark.max(newest.0 as f64 / 1000.0);
            }
        }
    }

    /// A commit failed; the run ends with it.
    pub fn commit_failed(&self) {
        self.health().lake_answered(false);
        self.observed().count(&families::COMMIT_FAILURES, &[], 1);
    }

    /// The group gave or took partitions.
    pub fn rebalanced(&self) {
        self.observed().count(&families::REBALANCES, &[], 1);
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
        self.observed().count(&families::LOST, &[], records);
    }

    /// All of it as Prometheus text, version 0.0.4.
    pub fn text(&self) -> String {
        let is_up = self.health().live().is_ok();
        let memory = resident_bytes();
        let mut observed = self.observed();
        *observed.value(&families::UP, &[]) = f64::from(u8::from(is_up));
        *observed.value(&families::BUILD, &[env!("CARGO_PKG_VERSION")]) = 1.0;
        if let Some(memory) = memory {
            *observed.value(&families::MEMORY, &[]) = memory as f64;
        }
        *observed.value(&families::PARTITIONS, &[]) = observed.partitions.len() as f64;
        let lag: Series = observed
            .partitions
            .iter()
            .map(|((topic, partition), reach)| {
                (vec![topic.clone(), partition.to_string()], (reach.end - reach.next).max(0) as f64)
            })
            .collect();
        observed.series.insert(families::LAG.name, lag);
        let mut text = String::new();
        for family in families::ALL {
            if family.kind == families::Kind::Histogram {
                observed.commit_seconds.write(family, &mut text);
            } else {
                text::write_family(family, observed.series.get(family.name), &mut text);
            }
        }
        text
    }

    /// Every metric for people, one a line: name, labels, kind, meaning. `deploy/metrics.txt` is this list.
    pub fn names() -> impl Iterator<Item = String> {
        families::ALL.iter().map(|family| text::describe(family))
    }
}

/// Resident memory of this process, bytes; `None` where the system has no `/proc`. `statm` counts in pages, whose
/// size only a system call tells; `status` has the same figure in kibibytes.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
