//! The thread that polls: messages become chunks, one partition each.
//!
//! In: messages of all assigned partitions. Out: chunks on a queue that is bounded in bytes. A message's
//! bytes are copied once, into the chunk's buffer: that lets go of the client's memory at once, and costs
//! less than keeping a handle of every message alive until it is decoded.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use kayoi_lake::Lake;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::client::{configuration, is_transient, kafka_error};
use super::context::{ANSWER_WAIT, Context};
use super::event::{Command, Event, Queue};
use super::inspect::reach;
use super::options::KafkaOptions;
use super::partition::Partition;
use super::{start, topic_id};
use crate::chunk::{Chunk, Payload, Stream};
use crate::record::{RecordEnd, Records};
use crate::source::error::SourceError;

/// Bytes that make a chunk.
const CHUNK_BYTES: usize = 4 << 20;
/// Age that makes a chunk.
const CHUNK_AGE: Duration = Duration::from_millis(200);
/// How long one poll waits.
const POLL_WAIT: Duration = Duration::from_millis(50);
/// Messages taken before anything else is looked at.
const RUN_MESSAGES: usize = 1024;
/// How often the brokers are asked which topics these are.
const ASK_EVERY: Duration = Duration::from_secs(20);
/// How long a full queue is waited for before the partitions are paused.
const PAUSE_AFTER: Duration = Duration::from_secs(5);

/// Reads the partitions that the group gives this process.
pub(super) struct Poller {
    consumer: BaseConsumer<Context>,
    commands: Receiver<Command>,
    queued: Arc<AtomicUsize>,
    gathered: Vec<Gathered>,
    /// Which of them the last message went to: messages come in runs of one partition.
    last: usize,
    gathering_since: Option<Instant>,
    /// When the brokers were last asked whether the topics are still the same.
    asked: Instant,
}

/// Messages of one partition that wait to become a chunk.
struct Gathered {
    partition: Partition,
    stream: Arc<Stream>,
    next: i64,
    records: Records,
}

impl Poller {
    /// Connects and joins the group.
    pub(super) fn open(options: KafkaOptions, lake: &Lake, queue: Queue) -> Result<Self, SourceError> {
        let Queue { events, commands, queued } = queue;
        reach(&options)?;
        let config = configuration(&options);
        let refused = kafka_error(&options, "connect to", "is the broker running, and the address right?");
        let context = Context::new(options, lake, events);
        let consumer: BaseConsumer<Context> = config.create_with_context(context).map_err(&refused)?;
        let options = &consumer.context().options;
        // Answers the first token request of OAUTHBEARER, and nothing else before the group is joined.
        let _ = consumer.poll(Duration::ZERO);
        let topics: Vec<&str> = options.topics.keys().map(String::as_str).collect();
        consumer.subscribe(&topics).map_err(&refused)?;
        let (gathered, asked) = (Vec::new(), Instant::now());
        Ok(Self { consumer, commands, queued, gathered, last: 0, gathering_since: None, asked })
    }

    /// Reads until told to stop, or until the end.
    pub(super) fn run(mut self) {
        if let Err(error) = self.read() {
            self.context().tell(Event::Failed(error));
        }
    }

    fn context(&self) -> &Context {
        self.consumer.context()
    }

    fn read(&mut self) -> Result<(), SourceError> {
        let mut has_told_end = false;
        while self.obey()? {
            if self.is_full() {
                if !self.wait_for_room()? {
                    return Ok(());
                }
                continue;
            }
            self.poll_run()?;
            self.look_at_topics()?;
            let is_old = self.gathering_since.is_some_and(|since| since.elapsed() >= CHUNK_AGE);
            let has_ended = self.has_ended();
            if is_old || has_ended {
                self.hand_over_all();
            }
            if has_ended && !has_told_end {
                has_told_end = true;
                self.context().tell(Event::Ended);
            }
        }
        Ok(())
    }

    /// Makes sure, now and then, that no topic was made anew while it is read.
    fn look_at_topics(&mut self) -> Result<(), SourceError> {
        if self.asked.elapsed() < ASK_EVERY {
            return Ok(());
        }
        self.asked = Instant::now();
        let ours: Vec<(Partition, i64, i64)> = {
            let assigned = self.context().assigned();
            let marked = assigned.readings.iter().filter_map(|(partition, reading)| {
                Some((partition.clone(), reading.next, reading.stream.topic?.id))
            });
            marked.collect()
        };
        let mut ids: BTreeMap<&str, Option<i64>> = BTreeMap::new();
        for (partition, next, id) in &ours {
            let name = partition.topic.as_str();
            let found = *ids.entry(name).or_insert_with(|| topic_id::of(&self.consumer, name, ANSWER_WAIT));
            start::topic(partition, Some(*next), Some(*id), found)?;
        }
        Ok(())
    }

    /// Carries out commands. False when told to stop.
    fn obey(&mut self) -> Result<bool, SourceError> {
        loop {
            match self.commands.try_recv() {
                Ok(Command::Rewind(stream)) => self.rewind(&stream)?,
                Ok(Command::Committed(reached)) => self.commit(&reached),
                Err(TryRecvError::Empty) => return Ok(true),
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => return Ok(false),
            }
        }
    }

    /// Waits for a message, then takes those that are there: clocks and locks are asked once a run, not once
    /// a message.
    fn poll_run(&mut self) -> Result<(), SourceError> {
        let mut wait = POLL_WAIT;
        for _ in 0..RUN_MESSAGES {
            if !self.poll_once(wait)? || self.is_full() {
                break;
            }
            wait = Duration::ZERO;
        }
        Ok(())
    }

    /// Takes one message. False when there was none.
    fn poll_once(&mut self, wait: Duration) -> Result<bool, SourceError> {
        // One borrow of the consumer for the message, others of the fields it goes to.
        let Self { consumer, gathered, last, .. } = self;
        match consumer.poll(wait) {
            None => return Ok(false),
            Some(Ok(message)) => {
                let index = gather(consumer.context(), gathered, *last, &message);
                if let Some(index) = index {
                    *last = index;
                    if self.gathering_since.is_none() {
                        self.gathering_since = Some(Instant::now());
                    }
                    let records = &self.gathered[index].records;
                    let limit = self.context().options.chunk_records;
                    if records.bytes.len() >= CHUNK_BYTES || records.len() >= limit {
                        self.hand_over(index);
                    }
                }
            }
            Some(Err(KafkaError::PartitionEOF(number))) => self.reach_end(number),
            Some(Err(KafkaError::MessageConsumption(
                RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange,
            ))) => self.find_lost()?,
            Some(Err(KafkaError::MessageConsumption(code))) if is_transient(code) => {
                tracing::warn!(error = %code, "broker not reachable, trying again");
            }
            Some(Err(error)) => {
                return Err(kafka_error(&self.context().options, "read", "look at the broker's log")(error));
            }
        }
        Ok(true)
    }

    /// The client says that some partition's end was reached, not of which topic.
    fn reach_end(&self, number: i32) {
        let mut assigned = self.context().assigned();
        let mut same: Vec<_> =
            assigned.readings.iter_mut().filter(|(partition, _)| partition.number == number).collect();
        if let [(_, reading)] = same.as_mut_slice() {
            reading.has_ended = true;
        }
    }

    fn has_ended(&self) -> bool {
        if !self.context().options.until_end {
            return false;
        }
        let assigned = self.context().assigned();
        let next_of = |partition: &Partition| {
            let gathered = self.gathered.iter().find(|gathered| gathered.partition == *partition);
            gathered.map_or(i64::MIN, |gathered| gathered.next)
        };
        assigned.has_joined
            && assigned.readings.iter().all(|(partition, reading)| {
                reading.has_ended || reading.next.max(next_of(partition)) >= reading.high
            })
    }

    fn hand_over_all(&mut self) {
        for index in 0..self.gathered.len() {
            self.hand_over(index);
        }
        self.gathered.clear();
        self.last = 0;
        self.gathering_since = None;
    }

    /// Sends what was gathered of a partition, if it is still the same stream.
    fn hand_over(&mut self, index: usize) {
        let gathered = &mut self.gathered[index];
        let records = std::mem::take(&mut gathered.records);
        if records.ends.is_empty() || gathered.stream.is_lost() {
            return;
        }
        let first_offset = {
            let mut assigned = self.consumer.context().assigned();
            let Some(reading) = assigned.readings.get_mut(&gathered.partition) else { return };
            if !Arc::ptr_eq(&reading.stream, &gathered.stream) {
                return;
            }
            std::mem::replace(&mut reading.next, gathered.next)
        };
        let metrics = &self.consumer.context().options.metrics;
        metrics.fetched(&gathered.partition.topic, records.bytes.len());
        let chunk = Chunk {
            stream: Arc::clone(&gathered.stream),
            first_offset,
            next_offset: gathered.next,
            is_last: false,
            payload: Payload::Records(records),
        };
        self.queued.fetch_add(chunk.memory_bytes(), Ordering::SeqCst);
        self.context().tell(Event::Chunk(chunk));
    }

    fn is_full(&self) -> bool {
        self.queued.load(Ordering::SeqCst) >= self.context().options.queue_bytes
    }

    /// Waits for room in the queue; for long, with paused partitions. False when told to stop.
    fn wait_for_room(&mut self) -> Result<bool, SourceError> {
        let since = Instant::now();
        let mut paused: Option<TopicPartitionList> = None;
        while self.is_full() {
            if !self.obey()? {
                return Ok(false);
            }
            if paused.is_none() && since.elapsed() >= PAUSE_AFTER {
                paused = self.pause();
            }
            if paused.is_some() {
                self.poll_once(POLL_WAIT)?;
            } else {
                std::thread::park_timeout(Duration::from_millis(5));
            }
        }
        if let Some(list) = paused {
            tracing::info!("queue has room again, reading on");
            let error = kafka_error(&self.context().options, "resume", "look at the broker's log");
            self.consumer.resume(&list).map_err(error)?;
        }
        Ok(true)
    }

    fn pause(&self) -> Option<TopicPartitionList> {
        let list = self.consumer.assignment().ok()?;
        tracing::info!("queue is full, partitions paused");
        self.consumer.pause(&list).ok().map(|()| list)
    }

    /// Another process moved this stream: begin it again from the lake, if it is still ours.
    fn rewind(&mut self, stream: &Arc<Stream>) -> Result<(), SourceError> {
        let partition = {
            let mut assigned = self.context().assigned();
            let found = assigned.readings.iter().find(|(_, reading)| Arc::ptr_eq(&reading.stream, stream));
            let Some(partition) = found.map(|(partition, _)| partition.clone()) else { return Ok(()) };
            assigned.readings.remove(&partition);
            partition
        };
        self.gathered.retain(|gathered| gathered.partition != partition);
        self.last = 0;
        let mut list = TopicPartitionList::new();
        list.add_partition(&partition.topic, partition.number);
        let error = kafka_error(&self.context().options, "read again", "look at the broker's log");
        self.consumer.incremental_unassign(&list).map_err(error)?;
        self.context().begin(&self.consumer, vec![partition])
    }

    /// Tells the group how far the lake is, for whoever watches its lag.
    fn commit(&self, reached: &[(Arc<Stream>, i64)]) {
        self.context().options.metrics.reached(reached);
        let mut list = TopicPartitionList::new();
        for (stream, next) in reached.iter().filter(|(stream, _)| !stream.is_lost()) {
            let _ = list.add_partition_offset(&stream.name, stream.partition, Offset::Offset(*next));
        }
        if list.count() > 0
            && let Err(error) = self.consumer.commit(&list, CommitMode::Async)
        {
            tracing::debug!(%error, "the group's offsets were not updated");
        }
    }

    /// The next offset of some partition is gone: which, and how much is lost. When told to, goes on behind
    /// the gap, with what was read before it still to be committed.
    fn find_lost(&mut self) -> Result<(), SourceError> {
        self.hand_over_all();
        let ours: Vec<(Partition, i64)> = {
            let assigned = self.context().assigned();
            assigned.readings.iter().map(|(partition, reading)| (partition.clone(), reading.next)).collect()
        };
        for (partition, next) in ours {
            let error = kafka_error(&self.context().options, "ask for the offsets of", "is it running?");
            let ends = self.consumer.fetch_watermarks(&partition.topic, partition.number, ANSWER_WAIT);
            let ends = ends.map_err(error)?.into();
            let offset = start::offset(&self.context().options, &partition, Some(next), ends)?;
            if offset != next {
                self.context().options.metrics.lost(offset.abs_diff(next));
                self.go_on_at(&partition, offset)?;
            }
        }
        Ok(())
    }

    fn go_on_at(&self, partition: &Partition, offset: i64) -> Result<(), SourceError> {
        let error = kafka_error(&self.context().options, "go on with", "look at the broker's log");
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(&partition.topic, partition.number, Offset::Offset(offset))
            .map_err(&error)?;
        self.consumer.incremental_unassign(&list).map_err(&error)?;
        if let Some(reading) = self.context().assigned().readings.get_mut(partition) {
            reading.next = offset;
        }
        self.consumer.incremental_assign(&list).map_err(&error)
    }
}

/// Puts a message where those of its partition are gathered. Returns where; `None` for a partition that is
/// not ours any more, or a message that was handed over before.
fn gather(
    context: &Context,
    gathered: &mut Vec<Gathered>,
    last: usize,
    message: &BorrowedMessage<'_>,
) -> Option<usize> {
    let (topic, number) = (message.topic(), message.partition());
    let is_its =
        |gathered: &Gathered| gathered.partition.number == number && gathered.partition.topic == topic;
    let index = match gathered.get(last) {
        Some(found) if is_its(found) => last,
        _ => match gathered.iter().position(is_its) {
            Some(index) => index,
            None => {
                let partition = Partition { topic: topic.to_owned(), number };
                let assigned = context.assigned();
                let reading = assigned.readings.get(&partition)?;
                let (stream, next) = (Arc::clone(&reading.stream), reading.next);
                gathered.push(Gathered { partition, stream, next, records: Records::default() });
                gathered.len() - 1
            }
        },
    };
    let gathered = &mut gathered[index];
    let offset = message.offset();
    if offset < gathered.next {
        return None;
    }
    gathered.next = offset + 1;
    let is_tombstone = message.payload().is_none();
    let payload = message.payload().unwrap_or_default();
    let too_large = payload.len() > gathered.stream.feed.max_record_bytes;
    let records = &mut gathered.records;
    if !too_large {
        records.bytes.extend_from_slice(payload);
    }
    records.ends.push(RecordEnd { offset, end: records.bytes.len(), too_large, is_tombstone });
    Some(index)
}
