//! Kafka topics as a source, read by a group of any number of processes.
//!
//! In: brokers, topics, feeds. Out: chunks, one partition each. Group membership decides who reads a partition;
//! where reading starts is decided by the lake, inside the callback that hands the partition over. The offsets
//! that Kafka keeps for the group are news for lag tools and never read.
//!
//! A thread of its own polls, so that the group's callbacks are served while a commit is written. What it has
//! read and nobody has decoded yet is bounded in bytes; beyond the bound it waits, and after a while it pauses
//! its partitions and polls on, so that the group does not take it for dead.

mod client;
mod context;
mod inspect;
mod reader;
mod start;

pub use client::Security;
pub use inspect::{ClusterReport, PartitionReport, TopicReport, inspect};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use kayoi_lake::Lake;

use super::{Chunk, Payload, Polled, Positions, Source, Stream};
use crate::error::IngestError;
use crate::feed::Feed;
use crate::metrics::Metrics;
use reader::Reader;

/// How long a poll waits for records.
const POLL_WAIT: Duration = Duration::from_millis(200);

/// What to read.
#[derive(Debug, Clone)]
pub struct KafkaOptions {
    /// `host:port`, comma-separated.
    pub brokers: String,
    /// Topics, each with its feed.
    pub topics: BTreeMap<String, Arc<Feed>>,
    /// Consumer group.
    pub group: String,
    /// Name of this member; a member that comes back under its name gets its partitions without a rebalance.
    pub instance: Option<String>,
    /// TLS and SASL.
    pub security: Security,
    /// How long the group waits for a silent member.
    pub session_timeout: Duration,
    /// Further settings of librdkafka.
    pub librdkafka: BTreeMap<String, String>,
    /// Stop when the end of every assigned partition was reached.
    pub until_end: bool,
    /// Go on at the first offset there is when the next record is gone from the broker; else stop.
    pub skips_lost_offsets: bool,
    /// Where to start a partition that the lake has never seen: at its end instead of its start.
    pub starts_at_end: bool,
    /// Name of this ingest; positions are kept per job.
    pub job: String,
    /// Most records of a chunk.
    pub chunk_records: usize,
    /// Bytes read and not yet decoded, at most.
    pub queue_bytes: usize,
    /// How long a partition that is taken away may take to be committed.
    pub handover_deadline: Duration,
    /// What operators see of it.
    pub metrics: Metrics,
}

/// What the reading thread says.
enum Event {
    Chunk(Chunk),
    Handover { streams: Vec<Arc<Stream>>, done: SyncSender<()> },
    Ended,
    Failed(IngestError),
}

/// What the reading thread is told.
enum Command {
    Rewind(Arc<Stream>),
    Committed(Vec<(Arc<Stream>, i64)>),
    Stop,
}

/// Topics being read.
pub struct KafkaSource {
    events: Receiver<Event>,
    commands: Sender<Command>,
    /// Bytes in the queue and in hand.
    queued: Arc<AtomicUsize>,
    in_hand: usize,
    metrics: Metrics,
    thread: Option<JoinHandle<()>>,
}

impl KafkaSource {
    /// Connects, joins the group and starts to read.
    ///
    /// # Errors
    /// [`IngestError`] when the broker does not answer or a topic does not exist.
    pub fn open(options: KafkaOptions, lake: &Lake) -> Result<Self, IngestError> {
        let (event_sender, events) = channel();
        let (commands, command_receiver) = channel();
        let queued = Arc::new(AtomicUsize::new(0));
        let metrics = options.metrics.clone();
        metrics.health().joined(false);
        let reader = Reader::open(options, lake, event_sender, command_receiver, Arc::clone(&queued))?;
        let thread = std::thread::Builder::new().name("kafka".to_owned()).spawn(move || reader.run());
        let thread = thread.map_err(|source| IngestError::Thread { source })?;
        Ok(Self { events, commands, queued, in_hand: 0, metrics, thread: Some(thread) })
    }
}

impl Source for KafkaSource {
    fn poll(&mut self, _positions: &Positions<'_>) -> Result<Polled, IngestError> {
        self.queued.fetch_sub(std::mem::take(&mut self.in_hand), Ordering::SeqCst);
        self.metrics.queued(self.queued.load(Ordering::SeqCst));
        match self.events.recv_timeout(POLL_WAIT) {
            Ok(Event::Chunk(chunk)) => {
                self.in_hand = bytes_of(&chunk);
                Ok(Polled::Chunk(chunk))
            }
            Ok(Event::Handover { streams, done }) => Ok(Polled::Handover { streams, done }),
            Ok(Event::Failed(error)) => Err(error),
            Err(RecvTimeoutError::Timeout) => Ok(Polled::Idle),
            Ok(Event::Ended) | Err(RecvTimeoutError::Disconnected) => Ok(Polled::End),
        }
    }

    fn progress(&self) -> Option<f64> {
        None
    }

    fn committed(&mut self, reached: &[(Arc<Stream>, i64)]) {
        let _ = self.commands.send(Command::Committed(reached.to_vec()));
    }

    fn rewind(&mut self, stream: &Arc<Stream>) -> bool {
        self.commands.send(Command::Rewind(Arc::clone(stream))).is_ok()
    }
}

impl Drop for KafkaSource {
    /// Leaves the group, so that the others need not wait for a timeout.
    fn drop(&mut self) {
        let _ = self.commands.send(Command::Stop);
        // A handover that the thread waits for will not be answered any more.
        let (_, nothing) = channel();
        self.events = nothing;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for KafkaSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KafkaSource").field("queued", &self.queued).finish_non_exhaustive()
    }
}

/// What a chunk counts for in the bound: its bytes, and what is kept of each record beside them.
fn bytes_of(chunk: &Chunk) -> usize {
    match &chunk.payload {
        Payload::Records(records) => records.bytes.len() + records.records.len() * 24,
        _ => 0,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A reader of no topic, for decisions that ask no broker.
    pub fn options() -> KafkaOptions {
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
}
