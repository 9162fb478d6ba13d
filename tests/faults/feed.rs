//! A feed with everything that a partner sends, and what must become of it.
//!
//! In: a range of numbers. Out: records, each with an instant of its own, and the truth about them: which are
//! in time, which late, at which offsets the bad ones are, and how often a copy was sent.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;

use kayoi_schemas::time::{Clock, DAY_MS};

use crate::records;

/// Devices of the feed.
pub const DEVICES: i64 = 97;
/// Lateness that the tests allow: far from both kinds of records, so that the clock decides nothing.
pub const ALLOWED_LATENESS: &str = "30d";

const STEP_MS: i64 = 75_000;
/// A copy comes this many records after the first.
const COPY_AFTER: i64 = 7;

/// What must become of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Stored, once, under this instant.
    InTime(i64),
    /// Stored apart, under this instant.
    Late(i64),
    /// Rejected.
    Bad,
}

/// One record.
#[derive(Debug, Clone)]
pub struct Record {
    pub partition: i32,
    pub value: Option<Vec<u8>>,
    pub kind: Kind,
}

/// Records in the order they are sent.
#[derive(Debug, Clone)]
pub struct Feed(pub Vec<Record>);

impl Feed {
    /// The records with these numbers, spread over partitions.
    pub fn new(numbers: Range<i64>, partitions: i32) -> Self {
        let mut records = Vec::new();
        let first = numbers.start;
        for number in numbers {
            let (value, kind) = record(number);
            records.push((value, kind));
            let copied = number - COPY_AFTER;
            if copied >= first && copied % 15 == 4 && matches!(record(copied).1, Kind::InTime(_)) {
                records.push(record(copied));
            }
        }
        let spread = |(index, (value, kind)): (usize, (Option<Vec<u8>>, Kind))| Record {
            partition: (index % partitions as usize) as i32,
            value,
            kind,
        };
        Self(records.into_iter().enumerate().map(spread).collect())
    }

    /// The feed as a file of lines; a record without value is the word `null`.
    pub fn lines(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        for record in &self.0 {
            lines.extend_from_slice(record.value.as_deref().unwrap_or(b"null"));
            lines.push(b'\n');
        }
        lines
    }

    /// The feed as a producer of binary records reads it.
    pub fn produce_lines(&self) -> String {
        self.0.iter().map(|record| records::line(record.partition, record.value.as_deref())).collect()
    }
}

/// The number of the record with this instant.
pub fn number_of(instant: i64) -> i64 {
    let since = instant - start_ms();
    (if since < 0 { since + 60 * DAY_MS } else { since }) / STEP_MS
}

/// Five days ago, the same for all tests of a run.
fn start_ms() -> i64 {
    static START: OnceLock<i64> = OnceLock::new();
    *START.get_or_init(|| Clock::System.now().0 - 5 * DAY_MS)
}

fn record(number: i64) -> (Option<Vec<u8>>, Kind) {
    let in_time = start_ms() + number * STEP_MS;
    if number % 20 == 7 {
        return (bad(number, in_time), Kind::Bad);
    }
    if number % 25 == 13 {
        let late = in_time - 60 * DAY_MS;
        return (Some(ping(number, &late.to_string(), "36")), Kind::Late(late));
    }
    (Some(ping(number, &in_time.to_string(), "36")), Kind::InTime(in_time))
}

/// Wrong in one of five ways.
fn bad(number: i64, instant: i64) -> Option<Vec<u8>> {
    match number / 20 % 5 {
        0 => Some(format!("broken record {number}").into_bytes()),
        1 => Some(ping(number, &instant.to_string(), "36")[..60].to_vec()),
        2 => Some(ping(number, "\"yesterday\"", "36")),
        3 => Some(ping(number, &instant.to_string(), "95")),
        _ => None,
    }
}

/// Coordinates end in 1, so that none lies on the coarse grid that is rejected.
fn ping(number: i64, instant: &str, degrees: &str) -> Vec<u8> {
    let device = number % DEVICES;
    let (latitude, longitude) = (100_001 + number % 7919, 100_003 + number % 6007);
    format!(
        "{{\"device_id\":\"device-{device}\",\"timestamp\":{instant},\"latitude\":{degrees}.{latitude:06}1,\
         \"longitude\":138.{longitude:06}1,\"horizontal_accuracy\":12.5}}"
    )
    .into_bytes()
}

/// What the lake must hold.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// How often each instant was sent.
    pub pings: BTreeMap<i64, u64>,
    /// Instants of what is stored apart.
    pub late: BTreeSet<i64>,
    /// Partition and offset.
    pub rejects: BTreeSet<(i32, i64)>,
    /// Next offset of each partition.
    pub ends: BTreeMap<i32, i64>,
}

impl Truth {
    /// Of one feed.
    pub fn of(feed: &Feed) -> Self {
        let mut truth = Self::default();
        truth.add(feed, 0);
        truth
    }

    /// Of a lake that keeps nothing apart: late records are pings like others.
    pub fn without_lateness(feed: &Feed) -> Self {
        let mut truth = Self::of(feed);
        truth.pings.extend(std::mem::take(&mut truth.late).into_iter().map(|instant| (instant, 1)));
        truth
    }

    /// Adds a feed that was sent after those before, whose first records are `lost` to the lake.
    pub fn add(&mut self, feed: &Feed, lost: usize) {
        for (index, record) in feed.0.iter().enumerate() {
            let next = self.ends.entry(record.partition).or_default();
            let offset = *next;
            *next += 1;
            if index < lost {
                continue;
            }
            match record.kind {
                Kind::InTime(instant) => *self.pings.entry(instant).or_default() += 1,
                Kind::Late(instant) => assert!(self.late.insert(instant), "a late record is sent once"),
                Kind::Bad => assert!(self.rejects.insert((record.partition, offset)), "an offset is new"),
            }
        }
    }
}

#[test]
fn the_feed_has_some_of_everything_and_knows_it() {
    let truth = Truth::of(&Feed::new(0..1500, 3));
    assert!(truth.late.len() > 40 && truth.rejects.len() > 60 && truth.pings.len() > 1200);
    assert!(truth.pings.values().filter(|copies| **copies == 2).count() > 40);
    let numbers: Vec<i64> =
        truth.pings.keys().chain(&truth.late).map(|instant| number_of(*instant)).collect();
    let all: BTreeSet<i64> = numbers.iter().copied().collect();
    assert_eq!((all.len(), all.first(), all.last()), (numbers.len(), Some(&0), Some(&1499)));
}
