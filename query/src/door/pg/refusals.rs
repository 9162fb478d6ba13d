//! What a log says of clients that send no messages.
//!
//! In: refusals, as many as a client likes to cause. Out: a line a minute, with their number and the last
//! reason, so that nobody can fill a disk from outside.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::check::Malformed;

/// The least time from one line to the next.
const LINE_TIME: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    untold: u64,
    told: Option<Instant>,
}

impl Refusals {
    /// Counts one, and says how many when it is time to.
    pub(super) fn note(&self, reason: Malformed) {
        if let Some(refused) = self.due(Instant::now()) {
            tracing::warn!(refused, %reason, "clients of the postgres door sent what is no message");
        }
    }

    fn due(&self, now: Instant) -> Option<u64> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.untold += 1;
        if counted.told.is_some_and(|told| now - told < LINE_TIME) {
            return None;
        }
        counted.told = Some(now);
        Some(std::mem::take(&mut counted.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_a_line_a_minute_and_none_of_it_is_forgotten() {
        let (refusals, start) = (Refusals::default(), Instant::now());
        assert_eq!(refusals.due(start), Some(1));
        assert!((0..1000).all(|_| refusals.due(start).is_none()));
        assert_eq!(refusals.due(start + LINE_TIME), Some(1001));
    }
}
