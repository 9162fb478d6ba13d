//! What runs now and can be cancelled.
//!
//! In: the number of a ticket when it is used. Out: the same until its answer is read or given up, and a way to end
//! it. Most drivers cancel by giving up their call, which ends its worker without any of this.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prost::bytes::Bytes;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

use super::status::refusal;

/// The tickets in use. One may be used several times at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Running(Arc<Mutex<Tickets>>);

#[derive(Debug, Default)]
struct Tickets {
    next: u64,
    used: HashMap<Bytes, HashMap<u64, CancellationToken>>,
}

/// A ticket in use, until it is dropped.
#[derive(Debug)]
pub(super) struct Used {
    running: Running,
    number: Bytes,
    use_number: u64,
    cancelled: CancellationToken,
}

impl Running {
    /// Notes that a ticket is used.
    pub(super) fn begin(&self, number: &Bytes) -> Used {
        let cancelled = CancellationToken::new();
        let mut tickets = self.tickets();
        let use_number = tickets.next;
        tickets.next += 1;
        tickets.used.entry(number.clone()).or_default().insert(use_number, cancelled.clone());
        Used { running: self.clone(), number: number.clone(), use_number, cancelled }
    }

    /// Ends all that runs for a ticket; false when nothing does.
    pub(super) fn cancel(&self, number: &Bytes) -> bool {
        match self.tickets().used.get(number) {
            Some(used) => {
                used.values().for_each(CancellationToken::cancel);
                true
            }
            None => false,
        }
    }

    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Used {
    /// Does something until it is done or cancelled; what is cancelled is dropped.
    ///
    /// # Errors
    /// [`Code::Cancelled`], or that of `work`.
    pub(super) async fn until_cancelled<T>(
        &self,
        work: impl Future<Output = Result<T, Status>>,
    ) -> Result<T, Status> {
        tokio::select! {
            done = work => done,
            () = self.cancelled.cancelled() => Err(cancelled()),
        }
    }

    /// Whether it was cancelled.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }
}

/// What is said to who waited for a question that was cancelled.
pub(super) fn cancelled() -> Status {
    refusal(Code::Cancelled, "the question was cancelled", "ask it again when you need its answer")
}

impl Drop for Used {
    fn drop(&mut self) {
        let mut tickets = self.running.tickets();
        if let Some(used) = tickets.used.get_mut(&self.number) {
            used.remove(&self.use_number);
            if used.is_empty() {
                tickets.used.remove(&self.number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_cancelled_is_dropped_and_forgotten() {
        let running = Running::default();
        let number = Bytes::from_static(b"one");
        let used = running.begin(&number);
        let other = running.begin(&Bytes::from_static(b"two"));
        assert!(running.cancel(&number) && !running.cancel(&Bytes::from_static(b"three")));
        let ended = used.until_cancelled(std::future::pending::<Result<(), Status>>()).await;
        assert_eq!(ended.unwrap_err().code(), Code::Cancelled);
        assert!(other.until_cancelled(async { Ok(()) }).await.is_ok());
        drop((used, other));
        assert!(running.tickets().used.is_empty());
    }
}
