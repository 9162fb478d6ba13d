//! Processes of one job come and go while records arrive, and one that is asked to end keeps what it has
//! read.

use crate::broker;
use crate::contents::Contents;
use crate::feed::{Feed, Truth};
use crate::place::{CATCH_UP, Origin, Place};
use crate::process::until;

/// Small commits, so that every partition changes hands in the middle of something.
const SMALL_COMMITS: [(&str, &str); 2] =
    [("KAYOI_INGEST__COMMIT__ROWS", "60"), ("KAYOI_INGEST__COMMIT__AFTER", "50ms")];

#[test]
fn partitions_that_change_hands_lose_and_double_nothing() {
    let (topic, broker, place) = ("shared", broker::shared(), Place::new());
    let partitions = 6;
    broker.create_topic(topic, partitions as u32);
    let mut truth = Truth::default();
    let mut send = |wave: i64| {
        let feed = Feed::new(wave * 700..(wave + 1) * 700, partitions);
        broker.produce(topic, &feed);
        truth.add(&feed, 0);
    };
    let group = format!("kayoi-{topic}");
    let [rows, age] = SMALL_COMMITS;
    let environment = [rows, age, ("KAYOI_INGEST__KAFKA__GROUP", group.as_str())];
    let join = || place.join(&broker, topic, &environment);

    send(0);
    let first = join();
    until("the first commits", CATCH_UP, || place.commits("pings") >= 2);
    let second = join();
    send(1);
    until("two share the topic", CATCH_UP, || broker.members(&group) == 2);
    let third = join();
    send(2);
    until("three share the topic", CATCH_UP, || broker.members(&group) == 3);
    send(3);
    // One leaves in good order, one dies, and the last has everything.
    first.terminate();
    send(4);
    second.kill();
    send(5);
    place.catch_up(topic, &truth);
    third.terminate();
    Contents::of(&place.lake()).expect(&truth);
}

#[test]
fn a_process_that_is_asked_to_end_commits_what_it_has_read() {
    let (topic, broker, place) = ("asked", broker::shared(), Place::new());
    broker.create_topic(topic, 4);
    let feed = Feed::new(0..1500, 4);
    broker.produce(topic, &feed);
    let truth = Truth::of(&feed);
    // Nothing is due by age, and the rest after two commits is held in the queue while the signal comes.
    let environment = [
        ("KAYOI_FAULT", "after-source-told=hold:4000@2"),
        ("KAYOI_INGEST__COMMIT__ROWS", "300"),
        ("KAYOI_INGEST__COMMIT__AFTER", "1h"),
    ];
    let process = place.join(&broker, topic, &environment);
    until("two commits", CATCH_UP, || place.commits("pings") >= 2);
    let before = reached(&place, topic);
    let summary = process.terminate().json();
    let after = reached(&place, topic);
    assert_eq!(summary["read"], after, "what was read is what is committed");
    assert!(before < after, "a chunk that was read when the signal came is committed: {before}, {after}");
    Contents::of(&place.lake()).expect_nothing_twice(&truth);
    place.ingest(Origin::Topic(&broker, topic), &[]).succeeded();
    Contents::of(&place.lake()).expect(&truth);
}

fn reached(place: &Place, topic: &str) -> i64 {
    place.positions(topic).iter().map(|(_, next)| next).sum()
}
