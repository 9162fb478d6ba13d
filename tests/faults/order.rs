//! Order does not matter: the same records shuffled, sent again, late and in other commits become the same
//! bytes.

use std::collections::BTreeMap;
use std::path::Path;

use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::broker;
use crate::contents::Contents;
use crate::feed::{Feed, Kind};
use crate::place::{Origin, Place};

/// Bytes of the data files by day.
pub fn days(lake: &Path) -> BTreeMap<String, Vec<Vec<u8>>> {
    let mut days: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for file in Lake::open(lake).unwrap().files(InternalTable::Pings).unwrap() {
        let bytes = std::fs::read(lake.join(&file.path)).unwrap();
        days.entry(file.partition_value.unwrap_or_default()).or_default().push(bytes);
    }
    // A day of several files would come in the order of their random names.
    days.values_mut().for_each(|files| files.sort());
    days
}

/// Fails with the days that differ, not with their bytes.
pub fn expect_same_bytes(found: &Path, wanted: &Path) {
    let (found, wanted) = (days(found), days(wanted));
    assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    let differs = |day: &&String| found.get(*day) != wanted.get(*day);
    assert_eq!(found.keys().filter(differs).collect::<Vec<_>>(), Vec::<&String>::new(), "days differ");
}

/// The feed, and of some records a second version with a worse accuracy: of those one must be chosen.
fn feed() -> Feed {
    let mut feed = Feed::new(0..2400, 1);
    let in_time = feed.0.iter().filter(|record| matches!(record.kind, Kind::InTime(_)));
    let mut versions: Vec<_> = in_time.step_by(9).cloned().collect();
    for version in &mut versions {
        let text = String::from_utf8(version.value.take().unwrap()).unwrap();
        version.value = Some(text.replace("12.5}", "48.25,\"source\":\"wifi\"}").into_bytes());
    }
    feed.0.extend(versions);
    feed
}

/// The feed in another order, with records sent again, for a number of partitions.
fn another(feed: &Feed, seed: u64, partitions: i32) -> Feed {
    let mut records = feed.0.clone();
    records.extend(feed.0.iter().step_by(4).cloned());
    records.shuffle(&mut StdRng::seed_from_u64(seed));
    for (index, record) in records.iter_mut().enumerate() {
        record.partition = (index % partitions as usize) as i32;
    }
    Feed(records)
}

/// Ingests a feed in files of equal size, the last one first.
fn from_files(feed: &Feed, parts: usize, commit_rows: &str) -> Place {
    let place = Place::new();
    for (number, part) in feed.0.chunks(feed.0.len().div_ceil(parts)).enumerate().rev() {
        let file = place.beside(&format!("{number}.ndjson"));
        std::fs::write(&file, Feed(part.to_vec()).lines()).unwrap();
        place.begin(&file, commit_rows, &[]).wait().succeeded();
    }
    place
}

#[test]
fn a_shuffled_doubled_and_late_replay_in_other_commits_becomes_the_same_bytes() {
    let feed = feed();
    let sorted = from_files(&feed, 1, "1000");
    sorted.maintain("compact", &[], &[]).succeeded();
    let wanted = Contents::of(&sorted.lake());
    assert!(days(&sorted.lake()).len() >= 4, "a replay of one day proves little");

    let shuffled = from_files(&another(&feed, 11, 1), 3, "137");
    assert!(Contents::of(&shuffled.lake()).pings.len() > wanted.pings.len(), "copies wait for compaction");
    shuffled.maintain("compact", &[], &[]).succeeded();
    // Compacted, then touched by a late file, then compacted again.
    let again = from_files(&another(&feed, 12, 1), 2, "400");
    again.maintain("compact", &[], &[]).succeeded();
    let late = again.beside("late.ndjson");
    std::fs::write(&late, another(&feed, 13, 1).lines()).unwrap();
    again.begin(&late, "5000", &[]).wait().succeeded();
    again.maintain("compact", &[], &[]).succeeded();
    for other in [&shuffled, &again] {
        let found = Contents::of(&other.lake());
        assert!(found.pings == wanted.pings, "the rows differ");
        expect_same_bytes(&other.lake(), &sorted.lake());
    }

    let (topic, broker, place) = ("shuffled", broker::shared(), Place::new());
    broker.create_topic(topic, 5);
    broker.produce(topic, &another(&feed, 14, 5));
    // So much that nothing is late, as in a file.
    let environment = [("KAYOI_INGEST__EVENT_TIME__ALLOWED_LATENESS", "9000d")];
    place.ingest(Origin::Topic(&broker, topic), &environment).succeeded();
    place.maintain("compact", &[], &[]).succeeded();
    assert!(Contents::of(&place.lake()).pings == wanted.pings, "the rows differ");
    expect_same_bytes(&place.lake(), &sorted.lake());
}
