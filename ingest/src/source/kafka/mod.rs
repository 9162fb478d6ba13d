//! Kafka topics as a source, read by a group of any number of processes.
//!
//! In: brokers, topics, feeds. Out: chunks, one partition each. Group membership decides who reads a
//! partition; where reading starts is decided by the lake, inside the callback that hands the partition over.
//! The offsets that Kafka keeps for the group are news for lag tools and never read.
//!
//! A thread of its own polls, so that the group's callbacks are served while a commit is written. What it has
//! read and nobody has decoded yet is bounded in bytes; beyond the bound it waits, and after a while it
//! pauses its partitions and polls on, so that the group does not take it for dead.

mod options;
mod event;
mod refusal;
mod client;
mod token;
mod partition;
mod start;
mod topic_id;
mod inspect;
mod context;
mod poller;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use kayoi_lake::Lake;

use self::event::{Command, Event, Queue};
use self::poller::Poller;
use super::error::SourceError;
use super::polled::{Polled, Positions, Source};
use crate::chunk::Stream;
use crate::metrics::Metrics;

pub use self::inspect::{ClusterReport, PartitionReport, TopicReport, inspect};
pub use self::options::KafkaOptions;
pub(crate) use self::options::Security;
pub use self::partition::Ends;

/// How long a poll waits for records.
const POLL_WAIT: Duration = Duration::from_millis(200);

/// Topics being read.
pub(crate) struct KafkaSource {
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
    /// [`SourceError`] when the broker does not answer or a topic does not exist.
    pub(crate) fn open(options: KafkaOptions, lake: &Lake) -> Result<Self, SourceError> {
        let (event_sender, events) = channel();
        let (commands, command_receiver) = channel();
        let queued = Arc::new(AtomicUsize::new(0));
        let metrics = options.metrics.clone();
        metrics.health().joined(false);
        let queue = Queue { events: event_sender, commands: command_receiver, queued: Arc::clone(&queued) };
        let poller = Poller::open(options, lake, queue)?;
        let thread = std::thread::Builder::new().name("kafka".to_owned()).spawn(move || poller.run());
        let thread = thread.map_err(|source| SourceError::Thread { source })?;
        Ok(Self { events, commands, queued, in_hand: 0, metrics, thread: Some(thread) })
    }
}

impl Source for KafkaSource {
    fn poll(&mut self, _positions: &Positions<'_>) -> Result<Polled, SourceError> {
        self.queued.fetch_sub(std::mem::take(&mut self.in_hand), Ordering::SeqCst);
        self.metrics.queued(self.queued.load(Ordering::SeqCst));
        match self.events.recv_timeout(POLL_WAIT) {
            Ok(Event::Chunk(chunk)) => {
                self.in_hand = chunk.memory_bytes();
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
