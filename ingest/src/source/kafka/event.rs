//! What passes between the thread that polls and the pipeline.
//!
//! In one direction [`Event`]s, in the other [`Command`]s. Neither side waits for the other but in a
//! handover, whose answer goes through a channel of its own.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{Receiver, Sender, SyncSender};

use crate::chunk::{Chunk, Stream};
use crate::source::error::SourceError;

/// What the reading thread says.
pub(super) enum Event {
    Chunk(Chunk),
    Handover { streams: Vec<Arc<Stream>>, done: SyncSender<()> },
    Ended,
    Failed(SourceError),
}

/// What the reading thread is told.
pub(super) enum Command {
    Rewind(Arc<Stream>),
    Committed(Vec<(Arc<Stream>, i64)>),
    Stop,
}

/// The polling thread's ends of the queue.
pub(super) struct Queue {
    /// Where it says what it read.
    pub(super) events: Sender<Event>,
    /// Where it is told what to do.
    pub(super) commands: Receiver<Command>,
    /// Bytes that were said and not decoded yet.
    pub(super) queued: Arc<AtomicUsize>,
}
