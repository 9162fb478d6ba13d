//! One worker process, seen from the server.
//!
//! In: how to start one, then jobs. Out: what it tells. Dropping it kills it, at once and whatever it does:
//! that is how a question is cancelled, and how its time and its memory end.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinHandle;

use super::child::{Hello, Ready};
use super::frame;
use super::memory;
use crate::engine::Limits;
use crate::job::{Job, Told};

/// How to start a worker: this program, with the arguments that make it one.
#[derive(Debug, Clone)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments. It must call [`work_for_server`](super::work_for_server).
    pub arguments: Vec<OsString>,
}

/// A process that works on one question at a time.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    socket: UnixStream,
    listener: JoinHandle<Death>,
    rest_bytes: u64,
}

/// Why a worker ended in the middle of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// An allocation failed.
    Memory,
    /// The query nested deeper than its stack.
    Stack,
    /// Anything else.
    Unknown,
}

/// What a Rust program writes before it aborts.
const LAST_WORDS: [(&[u8], Death); 2] =
    [(b"memory allocation of", Death::Memory), (b"overflowed its stack", Death::Stack)];
/// How much of what a worker writes is looked at.
const LAST_BYTES: usize = 4 << 10;

impl Worker {
    /// Starts a worker and waits until it can work.
    ///
    /// # Errors
    /// When it cannot be started, or says what stands in its way.
    pub(super) async fn start(command: &WorkerCommand, limits: Limits) -> io::Result<Self> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            // What it has to say comes over the socket; a backtrace would hold parts of a question.
            .env_remove("RUST_BACKTRACE")
            .env_remove("RUST_LIB_BACKTRACE")
            .env("KAYOI_LOG", "off")
            // Few threads work here; an arena for each would hold memory that no question needs.
            .env("MALLOC_ARENA_MAX", "2")
            .kill_on_drop(true)
            .spawn()?;
        ours.set_nonblocking(true)?;
        let mut socket = UnixStream::from_std(ours)?;
        let stderr = child.stderr.take().ok_or_else(|| io::Error::other("a worker without a stderr"))?;
        let listener = tokio::spawn(listen(stderr));
        frame::send(&mut socket, &Hello { limits }, &[]).await?;
        let (ready, _) = frame::receive::<Ready>(&mut socket).await?;
        if let Some(fault) = ready.fault {
            return Err(io::Error::other(fault));
        }
        let mut worker = Self { child, socket, listener, rest_bytes: 0 };
        worker.rest_bytes = worker.memory_bytes();
        Ok(worker)
    }

    /// Gives it a job and waits for what becomes of it. After an error or a future that was dropped, the
    /// worker is of no use any more.
    pub(super) async fn work(&mut self, job: &Job, values: &[u8]) -> io::Result<(Told, Vec<u8>)> {
        frame::send(&mut self.socket, job, values).await?;
        frame::receive(&mut self.socket).await
    }

    /// Whether it still runs. One that waits may have been ended by an operator or by the system.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Its process, while it runs.
    pub(super) fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Bytes of its own that it held before its first question.
    pub(super) fn rest_bytes(&self) -> u64 {
        self.rest_bytes
    }

    /// Bytes of its own that it holds, beyond what it held before its first question.
    pub(super) fn grown_bytes(&self) -> u64 {
        self.memory_bytes().saturating_sub(self.rest_bytes)
    }

    fn memory_bytes(&self) -> u64 {
        self.process().map_or(0, memory::own_bytes)
    }

    /// Why it has gone. Call it after an error of [`Worker::work`].
    pub(super) async fn death(mut self) -> Death {
        // It may have closed its socket without having ended.
        let _ = self.child.start_kill();
        (&mut self.listener).await.unwrap_or(Death::Unknown)
    }
}

/// Reads what a worker writes until it ends, and tells from the last of it what kind of death it was.
async fn listen(mut stderr: ChildStderr) -> Death {
    let mut last = Vec::new();
    let mut bytes = [0; 1_024];
    while let Ok(count @ 1..) = stderr.read(&mut bytes).await {
        last.extend_from_slice(&bytes[..count]);
        let surplus = last.len().saturating_sub(LAST_BYTES);
        last.drain(..surplus);
    }
    let says = |words: &[u8]| last.windows(words.len()).any(|window| window == words);
    LAST_WORDS.iter().find(|(words, _)| says(words)).map_or(Death::Unknown, |(_, death)| *death)
}
