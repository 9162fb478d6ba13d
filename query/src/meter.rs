//! How many questions there were, how they ended and how long they took.
//!
//! In: each question as it ends, from [`crate::audit`], which every question passes. Out: the text of
//! Prometheus. The counts are the process's own and are gone with it; they hold nothing of what was asked.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::ask::Door;

/// Upper ends of the buckets, seconds: what a reader notices, up to the longest that a question may take.
const BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// The questions of one door that ended one way.
#[derive(Debug, Default)]
struct Tally {
    count: u64,
    seconds: f64,
    /// Questions that took at most as long as their bucket, and longer than the one before.
    buckets: [u64; BUCKETS.len()],
}

static TALLIES: Mutex<BTreeMap<(String, &'static str), Tally>> = Mutex::new(BTreeMap::new());

/// Counts a question that has ended.
pub(crate) fn count(door: Door, outcome: &'static str, took: Duration) {
    let mut tallies = TALLIES.lock().unwrap_or_else(PoisonError::into_inner);
    let tally = tallies.entry((door.to_string(), outcome)).or_default();
    let seconds = took.as_secs_f64();
    tally.count += 1;
    tally.seconds += seconds;
    if let Some(bucket) = BUCKETS.iter().position(|end| seconds <= *end) {
        tally.buckets[bucket] += 1;
    }
}

/// The counts so far.
pub(crate) fn exposition() -> String {
    let tallies = TALLIES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut text = "# HELP kayoi_query_questions_total Questions that have ended, by door and outcome.\n\
                    # TYPE kayoi_query_questions_total counter\n"
        .to_owned();
    // Writing to a text does not fail.
    for ((door, outcome), tally) in &*tallies {
        let count = tally.count;
        let _ =
            writeln!(text, "kayoi_query_questions_total{{door=\"{door}\",outcome=\"{outcome}\"}} {count}");
    }
    text.push_str(
        "# HELP kayoi_query_seconds Time from a question to its last row.\n# TYPE kayoi_query_seconds histogram\n",
    );
    for ((door, outcome), tally) in &*tallies {
        let labels = format!("door=\"{door}\",outcome=\"{outcome}\"");
        let mut within = 0;
        for (end, count) in BUCKETS.iter().zip(tally.buckets) {
            within += count;
            let _ = writeln!(text, "kayoi_query_seconds_bucket{{{labels},le=\"{end}\"}} {within}");
        }
        let (count, seconds) = (tally.count, tally.seconds);
        let _ = writeln!(text, "kayoi_query_seconds_bucket{{{labels},le=\"+Inf\"}} {count}");
        let _ = writeln!(text, "kayoi_query_seconds_sum{{{labels}}} {seconds}");
        let _ = writeln!(text, "kayoi_query_seconds_count{{{labels}}} {count}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_in_every_bucket_that_is_long_enough_for_it() {
        for milliseconds in [1, 30, 60_000] {
            count(Door::CommandLine, "of this test", Duration::from_millis(milliseconds));
        }
        let text = exposition();
        let labels = "door=\"command line\",outcome=\"of this test\"";
        for (end, count) in [("0.005", 1), ("0.025", 1), ("0.05", 2), ("30", 2), ("+Inf", 3)] {
            let line = format!("kayoi_query_seconds_bucket{{{labels},le=\"{end}\"}} {count}\n");
            assert!(text.contains(&line), "{line}{text}");
        }
        assert!(text.contains(&format!("kayoi_query_seconds_sum{{{labels}}} 60.031\n")), "{text}");
    }
}
