//! Hands buckets out until each has a note.
//!
//! In: what says which buckets have no note, and what has some measured. Out: nothing, when all have one. What is heard while
//! a job runs moves the bar alone: an engine that has lost a machine may answer a part twice, or never, and a note that is
//! there may be damaged. What has no good note is handed out again, as long as each try measures something.

use std::collections::BTreeSet;

use datafusion::error::DataFusionError;
use kayoi_lake::{Bucket, Buckets};

use crate::error::ClusterError;
use crate::exec::Answer;

/// Tries in a row that measure nothing before the driver gives up.
const BARREN_ROUNDS: u32 = 3;

/// How far a run on a cluster is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Buckets of the lake.
    pub all: u64,
    /// Those that had a note before this driver handed anything out.
    pub taken_over: u64,
    /// Those that have a note or were answered.
    pub done: u64,
    /// How often a bucket was handed out that had been before.
    pub submitted_again: u64,
    /// Executors that have answered, as `HOST:PORT`.
    pub executors: BTreeSet<String>,
}

/// What is heard of buckets that were handed out.
#[derive(Debug, Clone)]
pub(crate) enum Heard {
    /// An executor says that it has measured one.
    Answer(Answer),
    /// These have a note by now.
    Notes(Vec<Bucket>),
}

/// The lake and the cluster, as handing out needs them.
pub(crate) trait Field {
    /// The buckets that have no note.
    fn unmeasured(&mut self) -> Result<Vec<Bucket>, ClusterError>;
    /// Has buckets measured, and tells whatever is heard of them.
    fn submit(&mut self, buckets: &[Bucket], told: &mut dyn FnMut(Heard)) -> Result<(), DataFusionError>;
    /// Gives the cluster time after a try that measured nothing.
    fn pause(&mut self);
}

/// Hands out the buckets of a lake until each has a note. `progress` is told whatever changes.
///
/// # Errors
/// [`ClusterError::Stuck`] when the cluster measures nothing any more, or whatever the lake says when it is asked.
pub(crate) fn until_noted(
    field: &mut impl Field,
    buckets: Buckets,
    progress: &mut dyn FnMut(&Progress),
) -> Result<(), ClusterError> {
    let all = u64::from(buckets.count());
    let noted = |left: &[Bucket]| all.saturating_sub(left.len() as u64);
    let mut left = field.unmeasured()?;
    let mut seen = Progress { all, taken_over: noted(&left), done: noted(&left), ..Progress::default() };
    let mut submitted = BTreeSet::new();
    let mut barren = 0;
    progress(&seen);
    while !left.is_empty() {
        let before = left.len();
        seen.submitted_again += left.iter().filter(|bucket| !submitted.insert(**bucket)).count() as u64;
        let handed: BTreeSet<Bucket> = left.iter().copied().collect();
        let mut ended = BTreeSet::new();
        let said = field.submit(&left, &mut |heard| {
            let told = (seen.done, seen.executors.len());
            match heard {
                Heard::Answer(answer) => {
                    ended.extend(
                        answer.bucket.parse::<Bucket>().ok().filter(|bucket| handed.contains(bucket)),
                    );
                    seen.executors.insert(answer.executor);
                }
                Heard::Notes(noted) => {
                    ended.extend(noted.iter().copied().filter(|bucket| handed.contains(bucket)))
                }
            }
            seen.done = all.saturating_sub(before.saturating_sub(ended.len()) as u64);
            if told != (seen.done, seen.executors.len()) {
                progress(&seen);
            }
        });
        left = field.unmeasured()?;
        seen.done = noted(&left);
        progress(&seen);
        if let Err(error) = &said {
            tracing::warn!(error = %error, left = left.len(), "the cluster did not end its job");
        }
        if left.len() < before {
            barren = 0;
            continue;
        }
        barren += 1;
        if barren == BARREN_ROUNDS {
            let nothing = || DataFusionError::Execution("its jobs ended well, and left no note".to_owned());
            let source = Box::new(said.err().unwrap_or_else(nothing));
            return Err(ClusterError::Stuck {
                left: left.len(),
                of: buckets.count(),
                rounds: barren,
                source,
            });
        }
        field.pause();
    }
    Ok(())
}

#[cfg(test)]
#[path = "handout_tests.rs"]
mod tests;
