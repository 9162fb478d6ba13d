//! What the Kafka source is told.
//!
//! In: a configuration, with its secrets read from their files. Out: what every file of this room takes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::feed::Feed;
use crate::metrics::Metrics;

/// What to read.
#[derive(Debug, Clone)]
pub struct KafkaOptions {
    /// Addresses to begin with, `host:port`, separated by commas.
    pub(crate) brokers: String,
    /// Topics, each with its feed.
    pub(crate) topics: BTreeMap<String, Arc<Feed>>,
    /// Name of the consumer group.
    pub(crate) group: String,
    /// Name of this member; a member that comes back under its name gets its partitions without a rebalance.
    pub(crate) instance: Option<String>,
    /// TLS and SASL.
    pub(crate) security: Security,
    /// How long the group waits for a silent member.
    pub(crate) session_timeout: Duration,
    /// Further settings of librdkafka.
    pub(crate) librdkafka: BTreeMap<String, String>,
    /// Stop when the end of every assigned partition was reached.
    pub(crate) until_end: bool,
    /// Go on at the first offset there is when the next record is gone from the broker; else stop.
    pub(crate) skips_lost_offsets: bool,
    /// Where to start a partition that the lake has never seen: at its end instead of its start.
    pub(crate) starts_at_end: bool,
    /// Name of this ingest; positions are kept per job.
    pub(crate) job: String,
    /// Most records of a chunk.
    pub(crate) chunk_records: usize,
    /// Bytes read and not yet decoded, at most.
    pub(crate) queue_bytes: usize,
    /// How long a partition that is taken away may take to be committed.
    pub(crate) handover_deadline: Duration,
    /// What operators see of it.
    pub metrics: Metrics,
}

/// TLS and SASL. Secrets were read from files before.
#[derive(Clone, Default)]
pub(crate) struct Security {
    /// `plaintext`, `ssl`, `sasl_plaintext` or `sasl_ssl`; empty: plaintext.
    pub(crate) protocol: String,
    /// librdkafka settings for it, such as `ssl.ca.location`, `sasl.mechanism`, `sasl.username`.
    pub(crate) settings: Vec<(&'static str, String)>,
    /// File of the OAUTHBEARER token, read again whenever the old one ends.
    pub(crate) token_file: Option<PathBuf>,
}

impl std::fmt::Debug for Security {
    /// Names of the settings only: values can be passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.settings.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Security").field("protocol", &self.protocol).field("settings", &names).finish()
    }
}

/// A reader of no topic, for decisions that ask no broker.
#[cfg(test)]
pub(super) fn of_no_topic() -> KafkaOptions {
    KafkaOptions {
        brokers: "127.0.0.1:1".to_owned(),
        topics: BTreeMap::new(),
        group: "kayoi".to_owned(),
        instance: None,
        security: Security::default(),
        session_timeout: Duration::from_secs(45),
        librdkafka: BTreeMap::new(),
        until_end: false,
        skips_lost_offsets: false,
        starts_at_end: false,
        job: "ingest".to_owned(),
        chunk_records: 1000,
        queue_bytes: 1 << 20,
        handover_deadline: Duration::from_secs(1),
        metrics: Metrics::default(),
    }
}
