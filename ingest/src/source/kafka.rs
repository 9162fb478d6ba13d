//! A Kafka topic as a source.
//!
//! In: brokers and a topic. Out: chunks, one partition each. All partitions are assigned by hand at the offsets
//! that the lake holds; the group offsets of Kafka are not used, because a position that is not in the same
//! commit as its rows can be wrong. One process reads a topic; a second one is refused by the lake.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::{Chunk, JsonRecord, JsonRecords, Payload, Polled, Positions, Source, Stream};
use crate::error::IngestError;

const CHUNK_BYTES: usize = 16 << 20;
const CHUNK_WAIT: Duration = Duration::from_millis(200);
const ANSWER_WAIT: Duration = Duration::from_secs(15);

/// What to read.
#[derive(Debug, Clone)]
pub struct KafkaOptions {
    /// `host:port`, comma-separated.
    pub brokers: String,
    /// The topic.
    pub topic: String,
    /// Stop when the end of every partition was reached.
    pub until_end: bool,
    /// Name of this ingest; positions are kept per job.
    pub job: String,
    /// Larger records are rejected.
    pub max_record_bytes: usize,
    /// Most records gathered before they are handed on.
    pub chunk_records: usize,
}

/// A topic being read.
pub struct KafkaSource {
    options: KafkaOptions,
    consumer: BaseConsumer,
    streams: BTreeMap<i32, Partition>,
    ended: HashSet<i32>,
    /// Chunks of other partitions from the same round.
    ready: Vec<Chunk>,
}

struct Partition {
    stream: Arc<Stream>,
    next_offset: i64,
}

impl KafkaSource {
    /// Connects, and assigns every partition at the offset the lake holds.
    ///
    /// # Errors
    /// [`IngestError`] when the broker does not answer, the topic does not exist, or the next record is gone.
    pub fn open(options: KafkaOptions, positions: &Positions<'_>) -> Result<Self, IngestError> {
        let error = kafka_error(&options, "connect to", "is the broker running, and the address right?");
        let consumer: BaseConsumer = client(&options).create().map_err(&error)?;
        let metadata = consumer.fetch_metadata(Some(&options.topic), ANSWER_WAIT).map_err(&error)?;
        let partitions: Vec<i32> = metadata
            .topics()
            .iter()
            .flat_map(|topic| topic.partitions())
            .map(|partition| partition.id())
            .collect();
        if partitions.is_empty() {
            return Err(IngestError::NoTopic { topic: options.topic, brokers: options.brokers });
        }
        let mut assignment = TopicPartitionList::new();
        let mut streams = BTreeMap::new();
        for partition in partitions {
            let source_id = format!("{}/kafka/{}/{partition}", options.job, options.topic);
            let stored = positions.next_offset(&source_id)?;
            let next_offset = start(&options, &consumer, partition, stored)?;
            let offset = Offset::Offset(next_offset);
            assignment.add_partition_offset(&options.topic, partition, offset).map_err(&error)?;
            let stream = Stream { source_id, name: options.topic.clone(), partition, path: None };
            streams.insert(partition, Partition { stream: Arc::new(stream), next_offset });
        }
        consumer.assign(&assignment).map_err(&error)?;
        Ok(Self { options, consumer, streams, ended: HashSet::new(), ready: Vec::new() })
    }

    /// Gathers messages for a moment, by partition.
    fn gather(&mut self) -> Result<BTreeMap<i32, JsonRecords>, IngestError> {
        let mut gathered: BTreeMap<i32, JsonRecords> = BTreeMap::new();
        let (mut records, mut bytes) = (0, 0);
        let deadline = Instant::now() + CHUNK_WAIT;
        while records < self.options.chunk_records && bytes < CHUNK_BYTES {
            let wait = deadline.saturating_duration_since(Instant::now());
            match self.consumer.poll(wait) {
                None => break,
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    self.ended.insert(partition);
                    if self.has_ended() {
                        break;
                    }
                }
                // librdkafka reconnects by itself; what it cannot mend comes back as another error.
                Some(Err(KafkaError::MessageConsumption(code))) if is_transient(code) => {
                    tracing::warn!(topic = self.options.topic, error = %code, "broker not reachable, trying again");
                }
                Some(Err(error)) => {
                    return Err(kafka_error(&self.options, "read", "look at the broker's log")(error));
                }
                Some(Ok(message)) => {
                    self.ended.remove(&message.partition());
                    let json = gathered.entry(message.partition()).or_default();
                    let payload = message.payload().unwrap_or_default();
                    let too_large = payload.len() > self.options.max_record_bytes;
                    if !too_large {
                        json.bytes.extend_from_slice(payload);
                    }
                    json.records.push(JsonRecord {
                        offset: message.offset(),
                        end: json.bytes.len(),
                        too_large,
                    });
                    records += 1;
                    bytes += payload.len();
                }
            }
        }
        Ok(gathered)
    }

    fn has_ended(&self) -> bool {
        self.options.until_end && self.ended.len() == self.streams.len()
    }
}

impl Source for KafkaSource {
    fn poll(&mut self, _positions: &Positions<'_>) -> Result<Polled, IngestError> {
        if let Some(chunk) = self.ready.pop() {
            return Ok(Polled::Chunk(chunk));
        }
        for (partition, json) in self.gather()? {
            let Some(state) = self.streams.get_mut(&partition) else { continue };
            let Some(last) = json.records.last().map(|record| record.offset) else { continue };
            let first_offset = state.next_offset;
            state.next_offset = last + 1;
            self.ready.push(Chunk {
                stream: state.stream.clone(),
                first_offset,
                next_offset: state.next_offset,
                is_last: false,
                payload: Payload::Json(json),
            });
        }
        Ok(match self.ready.pop() {
            Some(chunk) => Polled::Chunk(chunk),
            None if self.has_ended() => Polled::End,
            None => Polled::Idle,
        })
    }

    fn progress(&self) -> Option<f64> {
        None
    }
}

impl std::fmt::Debug for KafkaSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KafkaSource").field("options", &self.options).finish_non_exhaustive()
    }
}

/// The offset to start from: the lake's, when the broker still has it, else the first one.
fn start(
    options: &KafkaOptions,
    consumer: &BaseConsumer,
    partition: i32,
    stored: Option<i64>,
) -> Result<i64, IngestError> {
    let error = kafka_error(options, "ask for the offsets of", "is the broker running?");
    let (low, _) = consumer.fetch_watermarks(&options.topic, partition, ANSWER_WAIT).map_err(error)?;
    match stored {
        Some(stored) if stored < low => {
            Err(IngestError::OffsetGone { topic: options.topic.clone(), partition, stored, low })
        }
        Some(stored) => Ok(stored),
        None => Ok(low),
    }
}

fn client(options: &KafkaOptions) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", &options.brokers)
        // Required by librdkafka, never joined: partitions are assigned by hand.
        .set("group.id", format!("kayoi-{}", options.job))
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        .set("enable.partition.eof", "true")
        .set("isolation.level", "read_committed")
        .set("fetch.wait.max.ms", "100")
        .set("fetch.queue.backoff.ms", "20")
        .set("queued.max.messages.kbytes", "131072");
    config
}

fn is_transient(code: rdkafka::error::RDKafkaErrorCode) -> bool {
    use rdkafka::error::RDKafkaErrorCode as Code;
    matches!(
        code,
        Code::BrokerTransportFailure | Code::AllBrokersDown | Code::OperationTimedOut | Code::Resolve
    )
}

fn kafka_error(
    options: &KafkaOptions,
    action: &'static str,
    hint: &'static str,
) -> impl Fn(KafkaError) -> IngestError + use<> {
    let (topic, brokers) = (options.topic.clone(), options.brokers.clone());
    move |source| IngestError::Kafka { action, topic: topic.clone(), brokers: brokers.clone(), hint, source }
}
