//! What a worker process does: one question after the other, until its server goes away or ends it.
//!
//! In: jobs from the socket that is its standard input. Out: what became of them, on the same socket. It
//! may be killed at any moment, which is the point of it: a kernel call that does not return, a join that
//! does not yield and an allocation that is too large end with the process and with nothing else. Its data
//! segment is bounded, so that an allocation fails here before it hurts anybody.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rlimit::Resource;
use serde::{Deserialize, Serialize};

use super::frame;
use crate::engine::{Engine, Limits, STACK_BYTES};
use crate::error::QueryError;
use crate::job::Job;
use crate::work::Bench;

/// The first message of a server.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    /// How much a question may take.
    pub(super) limits: Limits,
}

/// The first message of a worker: ready, or why not.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ready {
    /// What stands in the way.
    pub(super) fault: Option<String>,
}

/// Threads for reading files.
const READING_THREADS: usize = 4;
/// What threads and allocator may take beside the query.
const SLACK_BYTES: u64 = 16 << 20;
/// How often a worker looks whether its server is still there.
const LOOK: Duration = Duration::from_millis(500);

/// Works until the server has gone. Call it in a process that a server has started; `engine` opens the lake.
///
/// # Errors
/// When standard input is no socket of a server, or no thread can be started.
pub fn work_for_server(
    engine: impl FnOnce(Limits) -> Result<Engine, String> + Send + 'static,
) -> io::Result<()> {
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    leave_with_server();
    // Parsers and planners recurse as deep as a query nests.
    let worker = thread::Builder::new().name("kayoi-query".to_owned()).stack_size(STACK_BYTES);
    let ended = worker.spawn(move || work(socket, engine))?.join();
    ended.unwrap_or_else(|_| Err(io::Error::other("the worker's thread panicked")))
}

fn work(mut socket: UnixStream, engine: impl FnOnce(Limits) -> Result<Engine, String>) -> io::Result<()> {
    let Some((Hello { limits }, _)) = frame::read(&mut socket)? else { return Ok(()) };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(READING_THREADS)
        .enable_all()
        .build()?;
    let bench = engine(limits)
        .and_then(|engine| Bench::new(Arc::new(engine)).map_err(|error: QueryError| error.to_string()));
    let bench = match bench {
        Ok(bench) => bench,
        Err(fault) => return frame::write(&mut socket, &Ready { fault: Some(fault) }, &[]),
    };
    bound_data(limits.memory_bytes as u64)?;
    frame::write(&mut socket, &Ready { fault: None }, &[])?;
    while let Some((job, values)) = frame::read::<Job>(&mut socket)? {
        let (told, bytes) = runtime.block_on(bench.work(&job, &values));
        frame::write(&mut socket, &told, &bytes)?;
    }
    Ok(())
}

/// Lets the data segment grow by this many bytes from now on. An allocation beyond it fails, which ends the
/// process.
fn bound_data(bytes: u64) -> io::Result<()> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let now = status.lines().find_map(|line| line.strip_prefix("VmData:"));
    let now = now.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    let now = now.ok_or_else(|| io::Error::other("the system does not tell the size of the data segment"))?;
    let limit = (now << 10) + bytes + SLACK_BYTES;
    rlimit::setrlimit(Resource::DATA, limit, limit)?;
    rlimit::setrlimit(Resource::CORE, 0, 0)
}

/// Ends this process soon after its server, whatever it is doing. A server that is killed tells nobody.
fn leave_with_server() {
    let server = std::os::unix::process::parent_id();
    thread::spawn(move || {
        while std::os::unix::process::parent_id() == server {
            thread::sleep(LOOK);
        }
        std::process::exit(1);
    });
}
