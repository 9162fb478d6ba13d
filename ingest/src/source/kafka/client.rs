//! Settings of the Kafka client.
//!
//! In: what a configuration says. Out: a librdkafka configuration, in which what exactly-once rests on cannot
//! be changed: no offsets are committed or stored on their own, no reset happens in silence, and only
//! committed transactions are read.

use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::options::KafkaOptions;
use super::refusal::remedy;
use crate::source::error::SourceError;

/// The client's configuration.
pub(super) fn configuration(options: &KafkaOptions) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("client.id", "kayoi")
        // Few large answers instead of many small ones; half a second at most until a record is seen.
        .set("fetch.min.bytes", "262144")
        .set("fetch.wait.max.ms", "300")
        .set("fetch.message.max.bytes", "4194304")
        .set("fetch.queue.backoff.ms", "20")
        // The client's own queue: part of the memory that ingest takes.
        .set("queued.min.messages", "200000")
        .set("queued.max.messages.kbytes", "65536")
        // TCP and the record batch's own checksum at the broker have seen the bytes already.
        .set("check.crcs", "false")
        // The ends of partitions come with the statistics: what the lag is measured against.
        .set("statistics.interval.ms", "5000")
        .set("topic.metadata.refresh.interval.ms", "30000");
    for (name, value) in &options.librdkafka {
        config.set(name, value);
    }
    config
        .set("bootstrap.servers", &options.brokers)
        .set("group.id", &options.group)
        .set("group.protocol", "classic")
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("session.timeout.ms", options.session_timeout.as_millis().to_string())
        // How soon a member learns that partitions move.
        .set("heartbeat.interval.ms", "1000")
        .set("max.poll.interval.ms", poll_interval(options).as_millis().to_string())
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        .set("enable.partition.eof", "true")
        .set("isolation.level", "read_committed");
    if let Some(instance) = &options.instance {
        config.set("group.instance.id", instance);
    }
    if !options.security.protocol.is_empty() {
        config.set("security.protocol", &options.security.protocol);
    }
    for (name, value) in &options.security.settings {
        config.set(*name, value);
    }
    config
}

/// The reading thread waits for a handover this long at most, and must be back at polling before it counts as
/// dead.
fn poll_interval(options: &KafkaOptions) -> Duration {
    Duration::from_secs(300).max(options.session_timeout).max(options.handover_deadline * 4)
}

/// Errors that librdkafka mends by itself.
pub(super) fn is_transient(code: Code) -> bool {
    matches!(
        code,
        Code::BrokerTransportFailure
            | Code::AllBrokersDown
            | Code::OperationTimedOut
            | Code::Resolve
            | Code::NotLeaderForPartition
            | Code::LeaderNotAvailable
            | Code::UnknownTopicOrPartition
            | Code::CoordinatorNotAvailable
            | Code::CoordinatorLoadInProgress
            | Code::NotCoordinator
            | Code::RebalanceInProgress
            | Code::IllegalGeneration
            | Code::UnknownMemberId
            | Code::RequestTimedOut
            | Code::NetworkException
            | Code::PollExceeded
            | Code::KafkaStorageError
            | Code::FencedLeaderEpoch
            | Code::UnknownLeaderEpoch
            | Code::ReplicaNotAvailable
            | Code::SaslAuthenticationFailed
            | Code::Authentication
            | Code::SSL
    )
}

/// An error of the client with what was tried. The hint is for what the error itself has no better one for.
pub(super) fn kafka_error(
    options: &KafkaOptions,
    action: &'static str,
    hint: &'static str,
) -> impl Fn(KafkaError) -> SourceError + use<> {
    let topic = options.topics.keys().cloned().collect::<Vec<_>>().join(", ");
    let brokers = options.brokers.clone();
    move |source| {
        let hint = source.rdkafka_error_code().and_then(remedy).unwrap_or(hint);
        SourceError::Kafka { action, topic: topic.clone(), brokers: brokers.clone(), hint, source }
    }
}
