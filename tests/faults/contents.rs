//! What a lake holds, every row with every column.
//!
//! In: a lake. Out: sorted rows, to be compared with what was sent and with those of another lake.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;

use crate::feed::Truth;

const FIX_COLUMNS: [&str; 9] = [
    "timestamp",
    "device_id",
    "latitude_e7",
    "longitude_e7",
    "accuracy_m",
    "source",
    "cell",
    "municipality_code",
    "partner",
];
const REJECT_COLUMNS: [&str; 6] = ["source", "partition", "record_offset", "reason", "detail", "partner"];

/// A row of `pings` or `late_pings`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    pub instant_ms: i64,
    pub device: i64,
    point: (i32, i32),
    accuracy: Option<u32>,
    source: Option<String>,
    cell: i64,
    municipality: Option<String>,
    partner: String,
}

/// A row of `rejects`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reject {
    source: String,
    pub partition: i32,
    pub offset: i64,
    words: [String; 3],
}

/// All of them, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub pings: Vec<Fix>,
    pub late: Vec<Fix>,
    pub rejects: Vec<Reject>,
}

impl Contents {
    /// Reads a lake.
    pub fn of(place: &Path) -> Self {
        let lake = Lake::open(place).unwrap();
        let sorted = |table| {
            let batches = lake.rows(table, &FIX_COLUMNS).unwrap();
            let mut sorted: Vec<Fix> = batches.iter().flat_map(fixes).collect();
            sorted.sort_unstable();
            sorted
        };
        let mut rejected = Vec::new();
        for batch in lake.rows(InternalTable::Rejects, &REJECT_COLUMNS).unwrap() {
            rejected.extend(rejects(&batch));
        }
        rejected.sort_unstable();
        Self {
            pings: sorted(InternalTable::Pings),
            late: sorted(InternalTable::LatePings),
            rejects: rejected,
        }
    }

    /// Reads a lake after its pings were compacted, which removes copies.
    pub fn compacted(place: &Path) -> Self {
        let lake = Lake::open(place).unwrap();
        let pings = lake.table_if_there(InternalTable::Pings).unwrap();
        pings.expect("a table of pings").compact(&lake, &mut |_| {}).unwrap();
        Self::of(place)
    }

    /// Nothing is there more often than it was sent, and nothing that was not sent.
    pub fn expect_nothing_twice(&self, truth: &Truth) {
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        for fix in &self.pings {
            *counts.entry(fix.instant_ms).or_default() += 1;
        }
        for (instant, count) in counts {
            let sent = truth.pings.get(&instant).copied().unwrap_or_default();
            assert!(count <= sent, "a ping sent {sent} times is stored {count} times (instant {instant})");
        }
        for pair in self.late.windows(2) {
            assert!(pair[0].instant_ms < pair[1].instant_ms, "a late ping is stored twice: {:?}", pair[0]);
        }
        for pair in self.rejects.windows(2) {
            let place = |reject: &Reject| (reject.partition, reject.offset);
            assert!(place(&pair[0]) < place(&pair[1]), "a reject is stored twice: {:?}", pair[0]);
        }
    }

    /// Everything that was sent is there, and no more often than it was sent.
    pub fn expect(&self, truth: &Truth) {
        self.expect_nothing_twice(truth);
        let mut stored: Vec<i64> = self.pings.iter().map(|fix| fix.instant_ms).collect();
        stored.dedup();
        expect_equal("pings", &stored, &truth.pings.keys().copied().collect::<Vec<_>>());
        let late: Vec<i64> = self.late.iter().map(|fix| fix.instant_ms).collect();
        expect_equal("late pings", &late, &truth.late.iter().copied().collect::<Vec<_>>());
        let rejects: Vec<(i32, i64)> = self.rejects.iter().map(|r| (r.partition, r.offset)).collect();
        expect_equal("rejects", &rejects, &truth.rejects.iter().copied().collect::<Vec<_>>());
    }

    /// The rows are those of another lake.
    pub fn expect_same(&self, other: &Self) {
        expect_equal("pings", &self.pings, &other.pings);
        expect_equal("late pings", &self.late, &other.late);
        expect_equal("rejects", &self.rejects, &other.rejects);
    }
}

/// Names the first difference instead of printing thousands of rows.
fn expect_equal<T: PartialEq + std::fmt::Debug>(what: &str, found: &[T], wanted: &[T]) {
    let first = found.iter().zip(wanted).position(|(found, wanted)| found != wanted);
    let at = first.unwrap_or_else(|| found.len().min(wanted.len()));
    assert!(
        found == wanted,
        "{what}: {} rows instead of {}; row {at} is {:?} instead of {:?}",
        found.len(),
        wanted.len(),
        found.get(at),
        wanted.get(at)
    );
}

fn fixes(batch: &RecordBatch) -> Vec<Fix> {
    let instants = batch.column(0).as_primitive::<TimestampMicrosecondType>();
    let devices = batch.column(1).as_primitive::<Int64Type>();
    let latitudes = batch.column(2).as_primitive::<Int32Type>();
    let longitudes = batch.column(3).as_primitive::<Int32Type>();
    let accuracies = batch.column(4).as_primitive::<Float32Type>();
    let cells = batch.column(6).as_primitive::<Int64Type>();
    let fix = |row| Fix {
        instant_ms: instants.value(row) / 1000,
        device: devices.value(row),
        point: (latitudes.value(row), longitudes.value(row)),
        accuracy: accuracies.is_valid(row).then(|| accuracies.value(row).to_bits()),
        source: text(batch, 5, row),
        cell: cells.value(row),
        municipality: text(batch, 7, row),
        partner: text(batch, 8, row).unwrap_or_default(),
    };
    (0..batch.num_rows()).map(fix).collect()
}

fn rejects(batch: &RecordBatch) -> Vec<Reject> {
    let partitions = batch.column(1).as_primitive::<Int32Type>();
    let offsets = batch.column(2).as_primitive::<Int64Type>();
    let reject = |row| Reject {
        source: text(batch, 0, row).unwrap_or_default(),
        partition: partitions.value(row),
        offset: offsets.value(row),
        words: [3, 4, 5].map(|column| text(batch, column, row).unwrap_or_default()),
    };
    (0..batch.num_rows()).map(reject).collect()
}

fn text(batch: &RecordBatch, column: usize, row: usize) -> Option<String> {
    let texts = batch.column(column).as_string::<i32>();
    texts.is_valid(row).then(|| texts.value(row).to_owned())
}
