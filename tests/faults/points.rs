//! Every fault point: the process dies there, or the disk is full there, at several passages, and the next
//! run makes the lake what it would have been.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use crate::broker;
use crate::contents::Contents;
use crate::feed::{Feed, Truth};
use crate::names::{AGGREGATE, INGEST, MAINTENANCE, RELEASE};
use crate::place::{Origin, Place};
use crate::process::Ended;
use crate::repository;

/// Passages at which a fault happens. With 200 rows a commit the feed takes each point more often than that.
const PASSAGES: [u32; 3] = [1, 2, 3];
const RECORDS: i64 = 1500;
/// SIGABRT, which is how a fault kills.
const ABORTED: i32 = 6;

#[test]
fn every_fault_point_of_the_code_is_tested() {
    let mut found = BTreeSet::new();
    for entry in repository::root().read_dir().unwrap() {
        let sources = entry.unwrap().path().join("src");
        if sources.is_dir() {
            find_points(&sources, &mut found);
        }
    }
    let tested =
        INGEST.iter().chain(&MAINTENANCE).chain(&AGGREGATE).chain(&RELEASE).map(|name| (*name).to_owned());
    assert_eq!(found, tested.collect::<BTreeSet<String>>());
}

fn find_points(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find_points(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let calls = text.split("fault::point(").skip(1);
            found.extend(calls.map(|call| match call.trim_start().strip_prefix('"') {
                Some(name) => name.split('"').next().unwrap_or_default().to_owned(),
                None => panic!("a fault point of `{}` has no literal name", path.display()),
            }));
        }
    }
}

/// A feed, and the lake that an undisturbed ingest makes of it.
struct Walk<'a> {
    origin: Origin<'a>,
    truth: Truth,
    undisturbed: Contents,
}

impl<'a> Walk<'a> {
    fn new(origin: Origin<'a>, truth: Truth, records: usize) -> Self {
        let place = Place::new();
        let summary = place.ingest(origin, &[]).succeeded().json();
        let count = |name: &str| summary[name].as_u64().unwrap();
        let accepted = count("stored") + count("duplicates");
        assert_eq!(count("read"), records as u64);
        assert_eq!(accepted, truth.pings.values().sum::<u64>());
        assert_eq!(count("rejected"), truth.rejects.len() as u64);
        assert_eq!(count("read"), accepted + count("rejected") + truth.late.len() as u64);
        Contents::of(&place.lake()).expect(&truth);
        let undisturbed = Contents::compacted(&place.lake());
        undisturbed.expect(&truth);
        assert_eq!(undisturbed.pings.len(), truth.pings.len(), "compaction leaves one of each ping");
        Self { origin, truth, undisturbed }
    }

    /// One disturbed run, then the next one.
    fn disturb(&self, fault: &str, has_ended: impl Fn(&Ended)) {
        eprintln!("{fault}");
        let place = Place::new();
        let ended = place.ingest(self.origin, &[("KAYOI_FAULT", fault)]);
        assert!(!ended.stderr.contains("panicked"), "{fault}: {}", ended.stderr);
        has_ended(&ended);
        Contents::of(&place.lake()).expect_nothing_twice(&self.truth);
        place.ingest(self.origin, &[]).succeeded();
        Contents::of(&place.lake()).expect(&self.truth);
        Contents::compacted(&place.lake()).expect_same(&self.undisturbed);
    }

    fn kill_everywhere(&self) {
        for (point, passage) in faults() {
            let fault = format!("{point}=kill@{passage}");
            self.disturb(&fault, |ended| {
                assert_eq!(ended.status.signal(), Some(ABORTED), "{fault} did not happen: {}", ended.stderr);
            });
        }
    }

    fn fill_the_disk_everywhere(&self) {
        for (point, passage) in faults() {
            let fault = format!("{point}=error@{passage}");
            self.disturb(&fault, |ended| {
                if point == "commit-landed" {
                    assert!(ended.status.success(), "{fault}: {}", ended.stderr);
                    return;
                }
                assert_eq!(ended.status.code(), Some(1), "{fault} did not happen: {}", ended.stderr);
                assert!(ended.stderr.contains("error[K"), "{fault}: {}", ended.stderr);
            });
        }
    }
}

fn faults() -> impl Iterator<Item = (&'static str, u32)> {
    INGEST.into_iter().flat_map(|point| PASSAGES.map(|passage| (point, passage)))
}

fn from_a_file(test: impl Fn(&Walk<'_>)) {
    let folder = tempfile::TempDir::new().unwrap();
    let (file, feed) = (folder.path().join("feed.ndjson"), Feed::new(0..RECORDS, 1));
    std::fs::write(&file, feed.lines()).unwrap();
    test(&Walk::new(Origin::File(&file), Truth::without_lateness(&feed), feed.0.len()));
}

fn from_a_topic(topic: &str, test: impl Fn(&Walk<'_>)) {
    let (broker, feed) = (broker::shared(), Feed::new(0..RECORDS, 3));
    broker.create_topic(topic, 3);
    broker.produce(topic, &feed);
    test(&Walk::new(Origin::Topic(&broker, topic), Truth::of(&feed), feed.0.len()));
}

#[test]
fn a_process_that_dies_between_two_steps_of_a_file_loses_and_doubles_nothing() {
    from_a_file(|walk| walk.kill_everywhere());
}

#[test]
fn a_process_that_dies_between_two_steps_of_a_topic_loses_and_doubles_nothing() {
    from_a_topic("killed", |walk| walk.kill_everywhere());
}

#[test]
fn a_full_disk_between_two_steps_of_a_file_loses_and_doubles_nothing() {
    from_a_file(|walk| walk.fill_the_disk_everywhere());
}

#[test]
fn a_full_disk_between_two_steps_of_a_topic_loses_and_doubles_nothing() {
    from_a_topic("full", |walk| walk.fill_the_disk_everywhere());
}

#[test]
fn a_commit_that_fails_after_it_landed_is_a_success_and_counts_once() {
    let feed = Feed::new(0..RECORDS, 1);
    let truth = Truth::without_lateness(&feed);
    from_a_file(|walk| {
        // Several failures in one run, of the commits to both tables.
        let fault = (1..=6).map(|passage| format!("commit-landed=error@{passage}")).collect::<Vec<_>>();
        let fault = fault.join(",");
        walk.disturb(&fault, |ended| {
            assert!(ended.status.success(), "{}", ended.stderr);
            let summary = ended.json();
            assert_eq!(summary["read"], feed.0.len());
            let sent = truth.pings.values().sum::<u64>();
            assert_eq!(summary["stored"].as_u64().unwrap() + summary["duplicates"].as_u64().unwrap(), sent);
        });
    });
}
