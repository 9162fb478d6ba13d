//! Which worker takes which question, and when.
//!
//! In: jobs. Out: what became of them, or why nothing did. A question begins in a quick lane, which has a
//! place for each core and two more, and leaves it for the long lane after a tenth of a second, so that
//! short questions never wait for long ones: when the long lane is full and somebody waits for the quick one,
//! the long question is stopped, waits, and begins again later, of which nobody sees anything. Queues are
//! short; who finds one full, or sees nothing move, is refused and told to come back. A worker that was stopped, or has
//! grown, is replaced; some of them wait with the lake already open.

use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::memory::Watch;
use super::worker::{Death, Worker, WorkerCommand};
use crate::engine::Limits;
use crate::error::QueryError;
use crate::job::{Job, Told};

/// Workers that wait for a question at least.
const WARM: usize = 2;
/// And at most: each long question has one started beside it, which the next one needs not start again.
const MOST_WARM: usize = 4;
/// After this long a question is a long one.
const LONG_AFTER: Duration = Duration::from_millis(100);
/// How often a long question without a place looks whether it stands in somebody's way.
const LOOK: Duration = Duration::from_millis(20);
/// Questions that may wait for a place, and how long.
const QUEUE: usize = 100;
const QUEUE_TIME: Duration = Duration::from_secs(5);
/// A worker that has grown by more is replaced: the allocator seldom gives back. Until then it remembers ends of files and
/// newest months, which a new one reads again.
const GROWN_BYTES: u64 = 96 << 20;

/// The workers of a server.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    command: WorkerCommand,
    limits: Limits,
    quick: Arc<Semaphore>,
    long: Arc<Semaphore>,
    waiting: AtomicUsize,
    long_waiting: AtomicUsize,
    /// Workers that start, or work on a question in the quick lane.
    at_hand: AtomicUsize,
    idle: Mutex<Vec<Worker>>,
    watch: Watch,
}

impl Pool {
    /// A pool with its first workers. Call it on the runtime that serves.
    ///
    /// # Errors
    /// When a worker cannot be started.
    pub(crate) async fn start(command: WorkerCommand, limits: Limits) -> Result<Self, QueryError> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let shared = Shared {
            command,
            limits,
            quick: Arc::new(Semaphore::new(cores + 2)),
            long: Arc::new(Semaphore::new(cores.max(2))),
            waiting: AtomicUsize::new(0),
            long_waiting: AtomicUsize::new(0),
            at_hand: AtomicUsize::new(0),
            idle: Mutex::default(),
            watch: Watch::start(limits.memory_bytes as u64),
        };
        let pool = Self { shared: Arc::new(shared) };
        for _ in 0..WARM {
            let worker = pool.begin().await?;
            pool.idle().push(worker);
        }
        Ok(pool)
    }

    /// Does a job. A dropped future stops it.
    ///
    /// # Errors
    /// [`QueryError::Busy`], [`QueryError::Timeout`], [`QueryError::Memory`], or our own fault.
    pub(crate) async fn work(&self, job: &mut Job, values: &[u8]) -> Result<(Told, Vec<u8>), QueryError> {
        // Declared first, so that it is dropped last, also when nobody waits any more.
        let _fill_up = FillUp(self);
        let lanes = async {
            let quick = enter(&self.shared.quick, &self.shared.waiting, QUEUE_TIME).await?;
            match self.worked(job, values, Lane::Quick(quick)).await? {
                End::Done(done) => return Ok(*done),
                End::InTheWay | End::Died => {}
            }
            // From the start again: it was a long one and stood in the way, or its worker had died while it
            // waited for a question.
            // The worker that was stopped may have begun its file.
            job.spill.set_file_name(again(&job.spill));
            let limit = self.shared.limits.timeout;
            let long = enter(&self.shared.long, &self.shared.long_waiting, limit).await?;
            match self.worked(job, values, Lane::Long(long)).await? {
                End::Done(done) => Ok(*done),
                End::InTheWay | End::Died => {
                    Err(QueryError::io(std::io::Error::other("two workers ended in one question")))
                }
            }
        };
        let seconds = self.shared.limits.timeout.as_secs();
        let done = timeout(self.shared.limits.timeout, lanes).await;
        done.unwrap_or(Err(QueryError::Timeout { seconds }))
    }

    async fn worked(&self, job: &Job, values: &[u8], lane: Lane) -> Result<End, QueryError> {
        let at_hand = AtHand::enter(self);
        let mut worker = self.take().await?;
        let process = worker.process().unwrap_or_default();
        let (watched, too_large) = self.shared.watch.over(process, worker.rest_bytes());
        let done = tokio::select! {
            done = worker.work(job, values) => done,
            Ok(()) = too_large => return Err(self.memory()),
            () = self.change_lane(lane, at_hand) => return Ok(End::InTheWay),
        };
        drop(watched);
        match done {
            Ok(done) => {
                self.give_back(worker);
                Ok(End::Done(Box::new(done)))
            }
            Err(_) => match worker.death().await {
                Death::Memory => Err(self.memory()),
                Death::Stack => Err(QueryError::TooDeep),
                Death::Unknown => {
                    // Whatever ended it may have ended those that wait, and nobody has noticed yet.
                    self.idle().clear();
                    Ok(End::Died)
                }
            },
        }
    }

    /// Moves from the quick lane to the long one as soon as that has a place. Returns only when it has none
    /// and somebody waits for the quick one.
    async fn change_lane(&self, lane: Lane, at_hand: AtHand) {
        let quick = match lane {
            Lane::Long(_place) => {
                drop(at_hand);
                self.fill_up();
                return std::future::pending().await;
            }
            Lane::Quick(quick) => quick,
        };
        sleep(LONG_AFTER).await;
        loop {
            if let Ok(Ok(_place)) = timeout(LOOK, Arc::clone(&self.shared.long).acquire_owned()).await {
                drop((quick, at_hand));
                self.fill_up();
                return std::future::pending().await;
            }
            if self.shared.waiting.load(Ordering::Relaxed) > 0 {
                return;
            }
        }
    }

    /// How many workers wait for a question, and how many work on one.
    pub(crate) fn worker_counts(&self) -> (usize, usize) {
        (self.idle().len(), self.shared.watch.busy_count())
    }

    fn memory(&self) -> QueryError {
        QueryError::Memory { limit: self.shared.limits.memory_bytes }
    }

    /// A worker that waits, or a new one.
    async fn take(&self) -> Result<Worker, QueryError> {
        let waiting = {
            let mut idle = self.idle();
            idle.retain_mut(Worker::is_alive);
            idle.pop()
        };
        match waiting {
            Some(worker) => Ok(worker),
            None => self.begin().await,
        }
    }

    async fn begin(&self) -> Result<Worker, QueryError> {
        Worker::start(&self.shared.command, self.shared.limits).await.map_err(QueryError::io)
    }

    fn give_back(&self, worker: Worker) {
        let mut idle = self.idle();
        if idle.len() < MOST_WARM && worker.grown_bytes() <= GROWN_BYTES {
            idle.push(worker);
        }
    }

    /// Starts a worker in the background when too few are at hand.
    fn fill_up(&self) {
        if self.shared.at_hand.load(Ordering::Relaxed) + self.idle().len() >= WARM {
            return;
        }
        let pool = self.clone();
        let at_hand = AtHand::enter(self);
        tokio::spawn(async move {
            match pool.begin().await {
                Ok(worker) => pool.give_back(worker),
                Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "no worker"),
            }
            drop(at_hand);
        });
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of the files of a job that begins again.
fn again(spill: &Path) -> OsString {
    let mut name = spill.file_name().unwrap_or_default().to_owned();
    name.push("-again");
    name
}

/// Sees to it that enough workers are at hand when a question has ended, however it did.
struct FillUp<'a>(&'a Pool);

impl Drop for FillUp<'_> {
    fn drop(&mut self) {
        self.0.fill_up();
    }
}

/// A worker that starts or is in the quick lane.
struct AtHand(Pool);

impl AtHand {
    fn enter(pool: &Pool) -> Self {
        pool.shared.at_hand.fetch_add(1, Ordering::Relaxed);
        Self(pool.clone())
    }
}

impl Drop for AtHand {
    fn drop(&mut self) {
        self.0.shared.at_hand.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How a job ended in its lane.
enum End {
    Done(Box<(Told, Vec<u8>)>),
    /// It has to leave the quick lane.
    InTheWay,
    /// Its worker did, for no reason that the question gave.
    Died,
}

/// A place in a lane.
enum Lane {
    Quick(OwnedSemaphorePermit),
    Long(OwnedSemaphorePermit),
}

/// Waits for a place in a lane.
async fn enter(
    lane: &Arc<Semaphore>,
    queue: &AtomicUsize,
    most: Duration,
) -> Result<OwnedSemaphorePermit, QueryError> {
    if let Ok(place) = Arc::clone(lane).try_acquire_owned() {
        return Ok(place);
    }
    let waiting = Waiting::enter(queue);
    if waiting.ahead >= QUEUE {
        return Err(QueryError::Busy);
    }
    match timeout(most, Arc::clone(lane).acquire_owned()).await {
        Ok(Ok(place)) => Ok(place),
        _ => Err(QueryError::Busy),
    }
}

/// A question in the queue.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    ahead: usize,
}

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Self {
        Self { count, ahead: count.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}
