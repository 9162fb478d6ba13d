//! Whether the process lives, and whether it is ready.
//!
//! In: what the pipeline is at, what the group and the lake said last. Out: yes, or what stands still. Alive
//! means that no step takes longer than it ever should: a restart may mend that. Ready means that the group
//! took us in and that the lake answered: a restart mends neither, so a lake that is away for minutes is no
//! reason to die.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What the pipeline is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Opening tables, joining the group.
    Start,
    /// Waiting for records.
    Read,
    /// Decoding, checking and placing.
    Decode,
    /// Writing files and committing.
    Commit,
}

impl Step {
    fn words(self) -> &'static str {
        match self {
            Self::Start => "opening the lake and the source",
            Self::Read => "reading",
            Self::Decode => "decoding",
            Self::Commit => "committing",
        }
    }

    /// The longest it may take. A store that is away is asked again for 90 s, six times a commit, and brokers
    /// that are away are waited for at the start; killing the process would only begin that anew.
    fn limit(self) -> Duration {
        match self {
            Self::Start => Duration::from_secs(300),
            Self::Read => Duration::from_secs(60),
            // A schema registry that is silent is asked again for two minutes.
            Self::Decode => Duration::from_secs(180),
            Self::Commit => Duration::from_secs(600),
        }
    }
}

#[derive(Debug)]
struct State {
    step: Step,
    since: Instant,
    /// Whether the group took us in; `None`: there is no group.
    group: Option<bool>,
    /// Whether the lake answered last time; `None`: not asked yet.
    lake: Option<bool>,
}

/// Liveness and readiness.
#[derive(Debug)]
pub struct Health(Mutex<State>);

impl Default for Health {
    fn default() -> Self {
        Self(Mutex::new(State { step: Step::Start, since: Instant::now(), group: None, lake: None }))
    }
}

impl Health {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pipeline begins a step.
    pub fn at(&self, step: Step) {
        let mut state = self.state();
        state.step = step;
        state.since = Instant::now();
    }

    /// There is a group, and whether this process is in it.
    pub fn joined(&self, is_in: bool) {
        self.state().group = Some(is_in);
    }

    /// The lake answered, or did not.
    pub fn lake_answered(&self, did: bool) {
        self.state().lake = Some(did);
    }

    /// Whether the pipeline turns.
    ///
    /// # Errors
    /// What stands still, and for how many seconds.
    pub fn live(&self) -> Result<(), String> {
        self.live_at(Instant::now())
    }

    fn live_at(&self, now: Instant) -> Result<(), String> {
        let (step, since) = {
            let state = self.state();
            (state.step, state.since)
        };
        let stands = now.saturating_duration_since(since);
        if stands <= step.limit() {
            return Ok(());
        }
        let (words, limit) = (step.words(), step.limit().as_secs());
        Err(format!("stands still while {words}: {} s, {limit} s are allowed", stands.as_secs()))
    }

    /// Whether the group took us in and the lake answered.
    ///
    /// # Errors
    /// What is missing.
    pub fn ready(&self) -> Result<(), String> {
        let (group, lake) = {
            let state = self.state();
            (state.group, state.lake)
        };
        match (group, lake) {
            (_, None) => Err("the lake was not asked yet".to_owned()),
            (_, Some(false)) => Err("the lake refused the last commit".to_owned()),
            (Some(false), _) => Err("not in the consumer group".to_owned()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
