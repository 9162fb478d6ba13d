//! Every metric, in one list: its name, kind, labels and meaning.
//!
//! In: nothing. Out: [`ALL`], which `deploy/metrics.txt` documents, and [`Families`], which holds the values
//! and is served. Labels are names from the configuration and reasons from the contract; no label ever holds
//! a part of a record.
//!
//! The list is one collector and not so many registered metrics, because a registry puts a full stop behind
//! every meaning and leaves out a metric that has no series yet, which an operator would look for in vain.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::TypedMetric;

pub(super) use prometheus_client::metrics::MetricType as Kind;

use super::series::{Counter, Gauge, Histogram, Seconds, Series};

/// What stands in the list about a metric.
#[derive(Debug)]
pub(super) struct Family {
    pub name: &'static str,
    pub kind: Kind,
    pub labels: &'static [&'static str],
    pub help: &'static str,
}

impl Family {
    /// The name as the library takes it: it gives counters their `_total` itself.
    fn bare_name(&self) -> &'static str {
        self.name.strip_suffix("_total").filter(|_| self.kind == Kind::Counter).unwrap_or(self.name)
    }

    /// One line of the list for people: name, labels, kind and meaning.
    pub(super) fn describe(&self) -> String {
        let labels = match self.labels {
            [] => String::new(),
            labels => format!("{{{}}}", labels.join(",")),
        };
        let unit = if self.kind == Kind::Histogram { ", seconds" } else { "" };
        format!("{}{labels} {}{unit}: {}", self.name, self.kind.as_str(), self.help)
    }
}

macro_rules! families {
    ($($field:ident = $instrument:ident $name:literal [$($label:literal),*] $help:literal;)*) => {
        /// All of them, in the order data meets them.
        pub(super) static ALL: &[Family] = &[
            $(Family { name: $name, kind: $instrument::TYPE, labels: &[$($label),*], help: $help }),*
        ];

        /// The values of all of them. Clones share the values.
        #[derive(Debug, Clone)]
        pub(super) struct Families {
            $(pub(super) $field: Series<$instrument, { <[&str]>::len(&[$($label),*]) }>,)*
        }

        impl Default for Families {
            fn default() -> Self {
                Self { $($field: Series::new([$($label),*]),)* }
            }
        }

        impl Families {
            /// In the order of [`ALL`].
            fn series(&self) -> Vec<&dyn EncodeMetric> {
                vec![$(&self.$field),*]
            }
        }
    };
}

impl Collector for Families {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (family, series) in ALL.iter().zip(self.series()) {
            series.encode(encoder.encode_descriptor(
                family.bare_name(),
                family.help,
                None,
                family.kind,
            )?)?;
        }
        Ok(())
    }
}

families! {
    up = Gauge "kayoi_up" []
        "1 while the pipeline turns, 0 when something stands still";
    build = Gauge "kayoi_build_info" ["version"]
        "Always 1; the label says what runs";
    memory = Gauge "kayoi_memory_bytes" []
        "Resident memory of the process";
    partitions = Gauge "kayoi_partitions_assigned" []
        "Kafka partitions that this process reads";
    rebalances = Counter "kayoi_rebalances_total" []
        "Times that the group gave or took partitions";
    lost = Counter "kayoi_lost_records_total" []
        "Records that were gone from Kafka before they were read, and skipped";
    lag = Gauge "kayoi_lag_records" ["topic", "partition"]
        "Records between what the lake holds and the partition's end, of partitions read here";
    bytes = Counter "kayoi_bytes_read_total" ["topic"]
        "Bytes of record values handed to the pipeline";
    queue = Gauge "kayoi_queue_bytes" []
        "Bytes read from Kafka and not yet decoded";
    read = Counter "kayoi_records_read_total" ["partner"]
        "Records decoded; those of a partition that moved are read again and count again";
    stored = Counter "kayoi_pings_stored_total" ["partner"]
        "Pings committed";
    rejected = Counter "kayoi_records_rejected_total" ["partner", "reason"]
        "Records that were not accepted, counted with their commit";
    late = Counter "kayoi_pings_late_total" []
        "Pings kept apart because they came too late";
    duplicates = Counter "kayoi_duplicates_total" []
        "Copies of a fix left out of a commit";
    waiting = Gauge "kayoi_waiting_rows" []
        "Rows that wait for the next commit";
    commits = Counter "kayoi_commits_total" []
        "Commits that landed";
    commit_seconds = Histogram "kayoi_commit_seconds" []
        "Time a commit took, from sorting to the lake's answer";
    commit_failures = Counter "kayoi_commit_failures_total" []
        "Commits that ended the run";
    watermark = Seconds "kayoi_watermark_seconds" ["partner"]
        "Newest event time committed, seconds since 1970, never ahead of the clock";
}
