//! A look at the brokers, without joining the group and without reading a record.
//!
//! In: what a reader would be given. Out: what the brokers say of each topic, for `kayoi doctor`. The client
//! hides why it cannot connect behind "no answer in time"; what it said meanwhile (TLS, login, refused) is
//! kept, and the most telling of it becomes the error.

use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::executor::block_on;
use rdkafka::admin::{AdminClient, AdminOptions, OwnedResourceSpecifier, ResourceSpecifier};
use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::metadata::MetadataTopic;

use super::client::{configuration, kafka_error};
use super::options::{KafkaOptions, Security};
use super::partition::{Ends, Partition};
use super::refusal::remedy;
use super::token::token;
use crate::source::error::SourceError;

/// How long one question may take.
const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// How long the client's own words are waited for after a question failed.
const WORDS_WAIT: Duration = Duration::from_millis(500);

/// What the brokers say.
#[derive(Debug, Clone, Default)]
pub struct ClusterReport {
    /// `host:port` of each broker that the cluster names.
    pub brokers: Vec<String>,
    /// The topics that were asked for, in their order.
    pub topics: Vec<TopicReport>,
}

/// What they say of a topic.
#[derive(Debug, Clone, Default)]
pub struct TopicReport {
    /// Name of the topic.
    pub name: String,
    /// Why nothing else is known: it does not exist, or may not be read. In Kafka's words.
    pub refused: Option<String>,
    /// Whether it does not exist.
    pub is_missing: bool,
    /// Its partitions, by number.
    pub partitions: Vec<PartitionReport>,
    /// How long records are kept, milliseconds; -1: for ever; `None`: the brokers did not say.
    pub retention_ms: Option<i64>,
    /// `delete`, `compact` or both; `None`: the brokers did not say.
    pub cleanup_policy: Option<String>,
}

/// What they say of a partition.
#[derive(Debug, Clone)]
pub struct PartitionReport {
    /// Number of the partition.
    pub number: i32,
    /// Key of its position in the lake.
    pub source_id: String,
    /// Whether somebody leads it.
    pub has_leader: bool,
    /// Copies there should be.
    pub replicas: usize,
    /// Copies that are up to date.
    pub in_sync: usize,
    /// How far its leader has it; `None` when it did not answer.
    pub ends: Option<Ends>,
}

/// Makes sure that the brokers let us in and have every topic, before anything else is begun.
///
/// # Errors
/// [`SourceError::Kafka`] when no broker answers, or one refuses the topic; its hint says whether it is the address, TLS, the
/// login or a right. [`SourceError::NoTopic`] when a topic does not exist.
pub(super) fn reach(options: &KafkaOptions) -> Result<(), SourceError> {
    let consumer = inspector(options)?;
    for topic in options.topics.keys() {
        let metadata = consumer.fetch_metadata(Some(topic), ANSWER_WAIT);
        let metadata = metadata.map_err(|error| diagnosed(options, &consumer, error))?;
        let found = metadata.topics().iter().find(|found| found.name() == topic);
        match found.and_then(MetadataTopic::error).map(Code::from) {
            // Its leaders are being elected, which the first look at a partition waits for.
            Some(Code::LeaderNotAvailable) => {}
            Some(Code::UnknownTopic | Code::UnknownTopicOrPartition) => return Err(missing(options, topic)),
            Some(refused) => {
                let hint = "look at the broker's log";
                return Err(kafka_error(options, "look at", hint)(KafkaError::MetadataFetch(refused)));
            }
            None if found.is_none_or(|found| found.partitions().is_empty()) => {
                return Err(missing(options, topic));
            }
            None => {}
        }
    }
    Ok(())
}

fn missing(options: &KafkaOptions, topic: &str) -> SourceError {
    SourceError::NoTopic { topic: topic.to_owned(), brokers: options.brokers.clone() }
}

/// A client that joins no group and remembers what it says.
fn inspector(options: &KafkaOptions) -> Result<BaseConsumer<Inspector>, SourceError> {
    let context = Inspector::new(options.security.clone());
    let consumer: BaseConsumer<Inspector> =
        configuration(options).create_with_context(context).map_err(|error| {
            let is_key = error.to_string().contains("ssl.key");
            let hint = if is_key {
                "check kafka.private_key_file and private_key_password_file"
            } else {
                "check the settings of [kafka]: librdkafka refuses one of them"
            };
            kafka_error(options, "connect to", hint)(error)
        })?;
    // Answers the first token request of OAUTHBEARER. There is no subscription: no group is joined.
    let _ = consumer.poll(Duration::ZERO);
    Ok(consumer)
}

/// Asks the brokers about the topics of `options`.
///
/// # Errors
/// [`SourceError::Kafka`] when no broker answers; its hint says whether it is the address, TLS or the login.
pub fn inspect(options: &KafkaOptions) -> Result<ClusterReport, SourceError> {
    let consumer = inspector(options)?;
    let mut report = ClusterReport::default();
    for name in options.topics.keys() {
        let metadata = consumer.fetch_metadata(Some(name), ANSWER_WAIT);
        let metadata = metadata.map_err(|error| diagnosed(options, &consumer, error))?;
        let brokers = metadata.brokers().iter();
        report.brokers = brokers.map(|broker| format!("{}:{}", broker.host(), broker.port())).collect();
        let found = metadata.topics().iter().find(|topic| topic.name() == name);
        let mut topic = TopicReport { name: name.clone(), ..TopicReport::default() };
        if let Some(found) = found {
            describe(options, &consumer, found, &mut topic);
        }
        report.topics.push(topic);
    }
    add_settings(options, &mut report.topics);
    Ok(report)
}

fn describe(
    options: &KafkaOptions,
    consumer: &BaseConsumer<Inspector>,
    found: &MetadataTopic,
    topic: &mut TopicReport,
) {
    if let Some(error) = found.error() {
        let code = Code::from(error);
        topic.is_missing = matches!(code, Code::UnknownTopicOrPartition | Code::UnknownTopic);
        topic.refused = Some(code.to_string());
        return;
    }
    topic.is_missing = found.partitions().is_empty();
    // One leader that does not answer is waited for; its other partitions would only be waited for again.
    let mut is_silent = false;
    for partition in found.partitions() {
        let of = Partition { topic: topic.name.clone(), number: partition.id() };
        let has_leader = partition.leader() >= 0;
        let ends = (has_leader && !is_silent)
            .then(|| consumer.fetch_watermarks(&of.topic, of.number, ANSWER_WAIT).ok())
            .flatten()
            .map(Ends::from);
        is_silent |= has_leader && ends.is_none();
        topic.partitions.push(PartitionReport {
            number: of.number,
            source_id: of.source_id(&options.job),
            has_leader,
            replicas: partition.replicas().len(),
            in_sync: partition.isr().len(),
            ends,
        });
    }
    topic.partitions.sort_by_key(|partition| partition.number);
}

/// Retention and clean-up, where the brokers let us ask. They are extra, so a refusal is passed over.
fn add_settings(options: &KafkaOptions, topics: &mut [TopicReport]) {
    // Nobody would answer this client's token request: its queue is not ours to poll.
    if options.security.token_file.is_some() {
        return;
    }
    let context = Inspector::new(options.security.clone());
    let Ok(admin) = configuration(options).create_with_context::<_, AdminClient<Inspector>>(context) else {
        return;
    };
    let names: Vec<String> =
        topics.iter().filter(|topic| topic.refused.is_none()).map(|topic| topic.name.clone()).collect();
    let asked: Vec<ResourceSpecifier<'_>> = names.iter().map(|name| ResourceSpecifier::Topic(name)).collect();
    if asked.is_empty() {
        return;
    }
    let limit = AdminOptions::new().request_timeout(Some(ANSWER_WAIT));
    let Ok(answers) = block_on(admin.describe_configs(asked.iter(), &limit)) else { return };
    for answer in answers.into_iter().flatten() {
        let OwnedResourceSpecifier::Topic(name) = &answer.specifier else { continue };
        let Some(topic) = topics.iter_mut().find(|topic| topic.name == *name) else { continue };
        let setting = |key: &str| answer.get(key).and_then(|entry| entry.value.clone());
        topic.retention_ms = setting("retention.ms").and_then(|value| value.parse().ok());
        topic.cleanup_policy = setting("cleanup.policy");
    }
}

/// The error with the reason that the client gave while it tried.
fn diagnosed(options: &KafkaOptions, consumer: &BaseConsumer<Inspector>, error: KafkaError) -> SourceError {
    // What it said stands in a queue that only polling empties; nothing else can come out of it.
    let _ = consumer.poll(WORDS_WAIT);
    while consumer.poll(Duration::ZERO).is_some() {}
    let said = consumer.context().said.lock().unwrap_or_else(PoisonError::into_inner);
    let told = said.iter().min_by_key(|(error, _)| rank(error));
    let (cause, words) = told.map_or((error, ""), |(error, words)| (error.clone(), words.as_str()));
    tracing::info!(words, "what the client said");
    kafka_error(options, "reach", hint(&cause, words))(cause)
}

/// Lower is more telling.
fn rank(error: &KafkaError) -> u8 {
    match error.rdkafka_error_code() {
        Some(Code::Authentication | Code::SaslAuthenticationFailed) => 0,
        Some(Code::SSL) => 1,
        Some(Code::Resolve) => 2,
        Some(Code::BrokerTransportFailure) => 3,
        Some(Code::AllBrokersDown) => 5,
        _ => 4,
    }
}

fn hint(cause: &KafkaError, words: &str) -> &'static str {
    let code = cause.rdkafka_error_code();
    if let Some(told) = code.and_then(remedy) {
        return told;
    }
    match code {
        Some(Code::BrokerTransportFailure) if words.contains("refused") => {
            "nothing listens at this address: check host and port, and whether the broker runs"
        }
        Some(Code::BrokerTransportFailure) if words.contains("security.protocol") => {
            "the broker hangs up at the first word: check kafka.protocol, the listener speaks another one"
        }
        _ => {
            "is the broker running, is kafka.protocol what its listener speaks, and does a firewall let us through?"
        }
    }
}

/// Callbacks that remember what the client said.
struct Inspector {
    security: Security,
    said: Mutex<Vec<(KafkaError, String)>>,
}

impl Inspector {
    fn new(security: Security) -> Self {
        Self { security, said: Mutex::default() }
    }
}

impl ConsumerContext for Inspector {}

impl ClientContext for Inspector {
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        tracing::debug!(facility, message, "librdkafka");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push((error, reason.to_owned()));
    }

    fn generate_oauth_token(&self, _: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        token(&self.security)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(said: &[(Code, &str)]) -> &'static str {
        let said: Vec<_> = said.iter().map(|(code, words)| (KafkaError::Global(*code), *words)).collect();
        let (cause, words) = said.iter().min_by_key(|(error, _)| rank(error)).unwrap();
        hint(cause, words)
    }

    #[test]
    fn the_most_telling_word_of_the_client_decides_the_hint() {
        let down = (Code::AllBrokersDown, "1/1 brokers are down");
        assert!(told(&[down, (Code::Authentication, "failed")]).contains("refuses the login"));
        assert!(told(&[(Code::SSL, "handshake failed"), down]).contains("TLS fails"));
        assert!(told(&[down, (Code::Resolve, "")]).contains("host name"));
        let refused =
            (Code::BrokerTransportFailure, "Connect to ipv4#127.0.0.1:1 failed: Connection refused");
        assert!(told(&[refused, down]).contains("nothing listens"));
        let mute =
            (Code::BrokerTransportFailure, "might be caused by incorrect security.protocol configuration");
        assert!(told(&[mute]).contains("kafka.protocol"));
        assert!(told(&[down]).contains("firewall"));
    }
}
