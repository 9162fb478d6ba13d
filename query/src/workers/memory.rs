//! How much memory workers hold, and which of them must go.
//!
//! In: the workers that are busy. Out: a word to the one that holds most, when all together hold more than
//! they may. Each worker is bounded by the system as well (see [`super::child`]); this is for several at
//! once. The kernel's own figure is read, so that whatever holds memory counts: operators, values of
//! functions, answers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

/// How often it is looked. In this time a core can fill some 20 MB.
const LOOK: Duration = Duration::from_millis(10);

/// Bytes that a process holds of its own: neither files nor what it shares.
pub(super) fn own_bytes(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let anonymous = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = anonymous.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}

/// The workers that are busy.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    busy: Arc<Mutex<Vec<Busy>>>,
}

#[derive(Debug)]
struct Busy {
    process: u32,
    rest_bytes: u64,
    tell: Option<oneshot::Sender<()>>,
}

/// A busy worker, until this is dropped.
#[derive(Debug)]
pub(super) struct Watched {
    watch: Watch,
    process: u32,
}

impl Watch {
    /// Looks on until it is dropped.
    pub(super) fn start(limit_bytes: u64) -> Self {
        let watch = Self { busy: Arc::default() };
        let busy = Arc::downgrade(&watch.busy);
        tokio::spawn(async move {
            let mut look = tokio::time::interval(LOOK);
            look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                look.tick().await;
                let Some(busy) = busy.upgrade() else { return };
                relieve(&mut lock(&busy), limit_bytes);
            }
        });
        watch
    }

    /// How many workers are busy.
    pub(super) fn busy_count(&self) -> usize {
        lock(&self.busy).len()
    }

    /// Watches a worker that held `rest_bytes` before. The receiver hears when it must go.
    pub(super) fn over(&self, process: u32, rest_bytes: u64) -> (Watched, oneshot::Receiver<()>) {
        let (tell, told) = oneshot::channel();
        lock(&self.busy).push(Busy { process, rest_bytes, tell: Some(tell) });
        (Watched { watch: self.clone(), process }, told)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        lock(&self.watch.busy).retain(|busy| busy.process != self.process);
    }
}

fn lock(busy: &Mutex<Vec<Busy>>) -> MutexGuard<'_, Vec<Busy>> {
    busy.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the largest to go when all are too large. It counts until it has gone.
fn relieve(busy: &mut [Busy], limit_bytes: u64) {
    let grown = |busy: &Busy| own_bytes(busy.process).saturating_sub(busy.rest_bytes);
    let sizes: Vec<u64> = busy.iter().map(grown).collect();
    if sizes.iter().sum::<u64>() <= limit_bytes {
        return;
    }
    let largest = busy.iter_mut().zip(sizes).max_by_key(|(_, size)| *size);
    if let Some(tell) = largest.and_then(|(busy, _)| busy.tell.take()) {
        // A receiver that has gone has its answer already.
        let _ = tell.send(());
    }
}
