//! What the group says: partitions come and go.
//!
//! In: rebalances, on the thread that polls. Out: streams that start where the lake stands, and streams that
//! are committed before they are given up. A partition that was lost (the group took this member for dead) is
//! not committed: another process may have begun with it.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::mpsc::{RecvTimeoutError, Sender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaRespErr;

use super::client::kafka_error;
use super::event::Event;
use super::options::KafkaOptions;
use super::partition::{Ends, Partition};
use super::token::token;
use super::{start, topic_id};
use crate::chunk::{Stream, topic_id_key};
use crate::source::error::SourceError;

/// How long one question to a broker may take.
pub(super) const ANSWER_WAIT: Duration = Duration::from_secs(15);
/// How long brokers may be away while a partition changes hands, before this process gives up.
const START_DEADLINE: Duration = Duration::from_secs(90);

/// A partition that this process reads.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) stream: Arc<Stream>,
    /// Next offset to hand over.
    pub(super) next: i64,
    /// End of the partition when reading began.
    pub(super) high: i64,
    /// Whether its end was reached.
    pub(super) has_ended: bool,
}

/// What the group has given this process.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    pub(super) readings: BTreeMap<Partition, Reading>,
    /// Whether the group has spoken at all.
    pub(super) has_joined: bool,
}

/// The consumer's callbacks and what they share with the thread that polls.
pub(super) struct Context {
    pub(super) options: KafkaOptions,
    lake: Lake,
    events: Sender<Event>,
    assigned: Mutex<Assigned>,
}

impl Context {
    pub(super) fn new(options: KafkaOptions, lake: &Lake, events: Sender<Event>) -> Self {
        Self { options, lake: lake.clone(), events, assigned: Mutex::default() }
    }

    /// Partitions in hand.
    pub(super) fn assigned(&self) -> MutexGuard<'_, Assigned> {
        self.assigned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends an event; nobody listens any more when the process is about to end.
    pub(super) fn tell(&self, event: Event) -> bool {
        self.events.send(event).is_ok()
    }

    /// Starts to read partitions from where the lake stands.
    pub(super) fn begin(
        &self,
        consumer: &BaseConsumer<Self>,
        partitions: Vec<Partition>,
    ) -> Result<(), SourceError> {
        let table = self.lake.table(InternalTable::Pings)?;
        let mut list = TopicPartitionList::new();
        let mut readings = Vec::new();
        let mut ids: BTreeMap<String, Option<i64>> = BTreeMap::new();
        for partition in partitions {
            let Some(feed) = self.options.topics.get(&partition.topic) else { continue };
            let source_id = partition.source_id(&self.options.job);
            let stored = self.lake.block_on(table.position(&source_id))?;
            let ends = self.ends(consumer, &partition)?;
            let name = &partition.topic;
            let found = *ids.entry(name.clone()).or_insert_with(|| topic_id::of(consumer, name, ANSWER_WAIT));
            let known = self.lake.block_on(table.position(&topic_id_key(&source_id)))?;
            let topic = start::topic(&partition, stored, known, found)?;
            // An offset that the broker no longer has ends the ingest here, before anything of it is read.
            let offset = start::offset(&self.options, &partition, stored, ends)?;
            let metrics = &self.options.metrics;
            metrics.assigned(&partition.topic, partition.number, offset, ends.high);
            metrics.lost(stored.map_or(0, |stored| offset.abs_diff(stored)));
            let mut stream =
                Stream::new(source_id, Arc::clone(feed), partition.topic.clone(), partition.number);
            stream.began_at = stored;
            stream.topic = topic;
            let error = kafka_error(&self.options, "read from", "this offset is refused by librdkafka");
            list.add_partition_offset(&partition.topic, partition.number, Offset::Offset(offset))
                .map_err(error)?;
            let reading = Reading {
                stream: Arc::new(stream),
                next: offset,
                high: ends.high,
                has_ended: offset >= ends.high,
            };
            readings.push((partition, reading));
        }
        // Before the client may give messages of them, or the first ones would belong to nobody.
        self.assigned().readings.extend(readings);
        let error = kafka_error(&self.options, "be assigned partitions of", "look at the broker's log");
        consumer.incremental_assign(&list).map_err(error)
    }

    /// First and next offset of a partition. A leader that is just being elected is waited for.
    fn ends(&self, consumer: &BaseConsumer<Self>, partition: &Partition) -> Result<Ends, SourceError> {
        let deadline = Instant::now() + START_DEADLINE;
        loop {
            match consumer.fetch_watermarks(&partition.topic, partition.number, ANSWER_WAIT) {
                Ok(ends) => return Ok(ends.into()),
                Err(error) if Instant::now() >= deadline => {
                    let hint = "are all brokers of the topic running?";
                    return Err(kafka_error(&self.options, "ask for the offsets of", hint)(error));
                }
                Err(error) => {
                    tracing::warn!(topic = partition.topic, partition = partition.number, %error, "asking again");
                    std::thread::park_timeout(Duration::from_millis(500));
                }
            }
        }
    }

    /// Gives partitions up, after what was read of them is committed, unless they are lost already.
    fn end(&self, partitions: &[Partition], is_lost: bool) {
        let gone: Vec<Arc<Stream>> = {
            let mut assigned = self.assigned();
            partitions.iter().filter_map(|p| assigned.readings.remove(p)).map(|r| r.stream).collect()
        };
        for partition in partitions {
            self.options.metrics.gave_up(&partition.topic, partition.number);
        }
        if is_lost {
            self.options.metrics.health().joined(false);
            tracing::warn!(partitions = gone.len(), "partitions are lost: what was read of them is dropped");
        } else if !gone.is_empty() {
            let (done, waits) = sync_channel(1);
            // Nobody answers when the pipeline has ended: then all that it took is committed.
            if self.tell(Event::Handover { streams: gone.clone(), done })
                && waits.recv_timeout(self.options.handover_deadline) == Err(RecvTimeoutError::Timeout)
            {
                tracing::warn!("partitions were not committed in time: what was read of them is dropped");
            }
        }
        gone.iter().for_each(|stream| stream.lose());
    }
}

impl ConsumerContext for Context {
    fn rebalance(&self, consumer: &BaseConsumer<Self>, what: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let partitions: Vec<Partition> = list
            .elements()
            .iter()
            .map(|element| Partition { topic: element.topic().to_owned(), number: element.partition() })
            .collect();
        let result = if what == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            tracing::info!(count = partitions.len(), "partitions assigned");
            self.options.metrics.rebalanced();
            self.options.metrics.health().joined(true);
            self.assigned().has_joined = true;
            self.begin(consumer, partitions)
        } else {
            tracing::info!(count = partitions.len(), "partitions revoked");
            self.options.metrics.rebalanced();
            self.end(&partitions, consumer.assignment_lost());
            let error = kafka_error(&self.options, "give up partitions of", "look at the broker's log");
            consumer.incremental_unassign(list).map_err(error)
        };
        if let Err(error) = result {
            self.tell(Event::Failed(error));
        }
    }
}

impl ClientContext for Context {
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(facility, message, "librdkafka"),
            _ => tracing::debug!(facility, message, "librdkafka"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        // The end of a partition is not an error, and is reported where messages are.
        if error.rdkafka_error_code() != Some(RDKafkaErrorCode::PartitionEOF) {
            tracing::warn!(%error, reason, "librdkafka");
        }
    }

    fn generate_oauth_token(&self, _: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        token(&self.options.security)
    }

    fn stats(&self, statistics: Statistics) {
        for (topic, seen) in &statistics.topics {
            for (number, partition) in &seen.partitions {
                // Only what is committed can be read; a negative offset is one that is not known yet.
                let end = if partition.ls_offset >= 0 { partition.ls_offset } else { partition.hi_offset };
                if end >= 0 {
                    self.options.metrics.saw_end(topic, *number, end);
                }
            }
        }
    }
}
