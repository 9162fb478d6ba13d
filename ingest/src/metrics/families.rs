//! Every metric, in one list: its name, kind, labels and meaning.
//!
//! In: nothing. Out: [`ALL`], which is both what is served and what `deploy/metrics.txt` documents. Labels are
//! names from the configuration and reasons from the contract; no label ever holds a part of a record.

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Only grows, from 0 at the start of the process.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts of observations up to each bound, and their sum.
    Histogram,
}

impl Kind {
    /// The word of the exposition format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric.
#[derive(Debug)]
pub(super) struct Family {
    pub name: &'static str,
    pub kind: Kind,
    pub labels: &'static [&'static str],
    pub help: &'static str,
}

macro_rules! families {
    ($($constant:ident = $kind:ident $name:literal [$($label:literal),*] $help:literal;)*) => {
        $(pub(super) static $constant: Family =
            Family { name: $name, kind: Kind::$kind, labels: &[$($label),*], help: $help };)*

        /// All of them, in the order data meets them.
        pub(super) static ALL: &[&Family] = &[$(&$constant),*];
    };
}

families! {
    UP = Gauge "kayoi_up" [] "1 while the pipeline turns, 0 when something stands still";
    BUILD = Gauge "kayoi_build_info" ["version"] "Always 1; the label says what runs";
    MEMORY = Gauge "kayoi_memory_bytes" [] "Resident memory of the process";
    PARTITIONS = Gauge "kayoi_partitions_assigned" [] "Kafka partitions that this process reads";
    REBALANCES = Counter "kayoi_rebalances_total" [] "Times that the group gave or took partitions";
    LOST = Counter "kayoi_lost_records_total" [] "Records that were gone from Kafka before they were read, and skipped";
    LAG = Gauge "kayoi_lag_records" ["topic", "partition"] "Records between what the lake holds and the partition's end, of partitions read here";
    BYTES = Counter "kayoi_bytes_read_total" ["topic"] "Bytes of record values handed to the pipeline";
    QUEUE = Gauge "kayoi_queue_bytes" [] "Bytes read from Kafka and not yet decoded";
    READ = Counter "kayoi_records_read_total" ["partner"] "Records decoded; those of a partition that moved are read again and count again";
    STORED = Counter "kayoi_pings_stored_total" ["partner"] "Pings committed";
    REJECTED = Counter "kayoi_records_rejected_total" ["partner", "reason"] "Records committed as rejects";
    LATE = Counter "kayoi_pings_late_total" [] "Pings kept apart because they came too late";
    DUPLICATES = Counter "kayoi_duplicates_total" [] "Copies of a fix left out of a commit";
    WAITING = Gauge "kayoi_waiting_rows" [] "Rows that wait for the next commit";
    COMMITS = Counter "kayoi_commits_total" [] "Commits that landed";
    COMMIT_SECONDS = Histogram "kayoi_commit_seconds" [] "Time a commit took, from sorting to the lake's answer";
    COMMIT_FAILURES = Counter "kayoi_commit_failures_total" [] "Commits that ended the run";
    WATERMARK = Gauge "kayoi_watermark_seconds" ["partner"] "Newest event time committed, seconds since 1970, never ahead of the clock";
}
