//! What was produced, and whether the lake holds exactly that.
//!
//! In: records as they are sent. Out: a comparison with the rows of the lake, by content and by count. A
//! record is known by its instant, which no other has; offsets are known because each record names its
//! partition and the producer keeps their order.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::{Float32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;

/// A ping as it is stored: instant in ms, pseudonym, latitude and longitude in 1e-7 degree, bits of the
/// accuracy.
pub type Ping = (i64, i64, i32, i32, u32);

/// One record that is sent.
#[derive(Debug, Clone)]
pub struct Record {
    pub partition: i32,
    pub value: Option<Vec<u8>>,
    /// What must be stored; `None`: it must be rejected.
    pub ping: Option<Ping>,
}

/// All that was produced and acknowledged.
#[derive(Debug, Default)]
pub struct Truth {
    /// Pings, each with how often it was sent.
    pings: BTreeMap<Ping, u64>,
    rejects: BTreeSet<(i32, i64)>,
    ends: BTreeMap<i32, i64>,
}

/// What a check saw.
#[derive(Debug)]
pub struct Seen {
    pub produced: u64,
    pub distinct: u64,
    pub copies: u64,
    pub rejects: u64,
    pub hash: u64,
    pub version: u64,
    /// Rows of pings, copies that wait for compaction included.
    pub rows: u64,
}

impl Truth {
    /// Adds records in the order they were sent.
    pub fn add(&mut self, records: &[Record]) {
        for record in records {
            let next = self.ends.entry(record.partition).or_default();
            match record.ping {
                Some(ping) => *self.pings.entry(ping).or_default() += 1,
                None => assert!(self.rejects.insert((record.partition, *next)), "an offset is new"),
            }
            *next += 1;
        }
    }

    /// Next offset of each partition, sorted.
    pub fn ends(&self) -> Vec<(i32, i64)> {
        self.ends.iter().map(|(partition, end)| (*partition, *end)).collect()
    }

    /// Compares with a lake.
    pub fn check(&self, place: &Path) -> Seen {
        let lake = Lake::open(place).unwrap();
        let stored = pings(&lake);
        for (ping, count) in &stored {
            let sent = self.pings.get(ping).copied().unwrap_or_default();
            assert!(*count <= sent, "stored {count} times, sent {sent} times: instant {}", ping.0);
        }
        let lost: Vec<i64> =
            self.pings.keys().filter(|ping| !stored.contains_key(*ping)).map(|ping| ping.0).collect();
        assert!(lost.is_empty(), "{} pings are lost, the first has instant {}", lost.len(), lost[0]);
        let rejects = rejects(&lake);
        let doubled = rejects.windows(2).find(|pair| pair[0] == pair[1]);
        assert!(doubled.is_none(), "a reject is there twice: {doubled:?}");
        let wanted: Vec<(i32, i64)> = self.rejects.iter().copied().collect();
        let first = rejects.iter().zip(&wanted).find(|(found, wanted)| found != wanted);
        assert!(rejects == wanted, "{} rejects instead of {}: {first:?}", rejects.len(), wanted.len());

        let (hash, expected) =
            (content_hash(stored.keys(), &rejects), content_hash(self.pings.keys(), &wanted));
        assert_eq!(hash, expected, "the contents are others than those produced");
        let produced: i64 = self.ends.values().sum();
        let sent: u64 = self.pings.values().sum();
        let distinct = stored.len() as u64;
        let seen = Seen {
            produced: produced as u64,
            distinct,
            copies: sent - distinct,
            rejects: rejects.len() as u64,
            hash,
            version: lake.info(InternalTable::Pings).unwrap().map_or(0, |info| info.version),
            rows: stored.values().sum(),
        };
        assert_eq!(seen.produced, seen.distinct + seen.copies + seen.rejects, "conservation: {seen:?}");
        seen
    }
}

fn content_hash<'p>(pings: impl Iterator<Item = &'p Ping>, rejects: &[(i32, i64)]) -> u64 {
    let mut hasher = DefaultHasher::new();
    pings.for_each(|ping| ping.hash(&mut hasher));
    rejects.hash(&mut hasher);
    hasher.finish()
}

fn pings(lake: &Lake) -> BTreeMap<Ping, u64> {
    let columns = ["timestamp", "device_id", "latitude_e7", "longitude_e7", "accuracy_m"];
    let mut found = BTreeMap::new();
    for batch in lake.rows(InternalTable::Pings, &columns).unwrap() {
        let instants = batch.column(0).as_primitive::<TimestampMicrosecondType>().values();
        let devices = batch.column(1).as_primitive::<Int64Type>().values();
        let latitudes = batch.column(2).as_primitive::<Int32Type>().values();
        let longitudes = batch.column(3).as_primitive::<Int32Type>().values();
        let accuracies = batch.column(4).as_primitive::<Float32Type>().values();
        for row in 0..batch.num_rows() {
            let place = (latitudes[row], longitudes[row], accuracies[row].to_bits());
            let ping = (instants[row] / 1000, devices[row], place.0, place.1, place.2);
            *found.entry(ping).or_default() += 1;
        }
    }
    found
}

fn rejects(lake: &Lake) -> Vec<(i32, i64)> {
    let mut found = Vec::new();
    for batch in lake.rows(InternalTable::Rejects, &["partition", "record_offset"]).unwrap() {
        let partitions = batch.column(0).as_primitive::<Int32Type>().values();
        let offsets = batch.column(1).as_primitive::<Int64Type>().values();
        found.extend(partitions.iter().copied().zip(offsets.iter().copied()));
    }
    found.sort_unstable();
    found
}
