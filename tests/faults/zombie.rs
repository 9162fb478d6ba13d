//! A process that was taken for dead and wakes up in the middle of a commit: what it holds is already
//! another's.

use std::time::Duration;

use crate::broker;
use crate::contents::Contents;
use crate::feed::{Feed, Truth};
use crate::place::{CATCH_UP, Place};
use crate::process::until;

const PARTITIONS: i32 = 3;
const RECORDS: i64 = 1500;
/// What a process says when it finds that others have moved a stream it holds rows of.
const LEFT_OUT: &str = "another process owns it";

/// Both waves of a topic, and what must become of them.
fn waves() -> (Feed, Feed, Truth, Truth) {
    let (first, second) = (Feed::new(0..RECORDS, PARTITIONS), Feed::new(RECORDS..RECORDS + 300, PARTITIONS));
    let truth = Truth::of(&first);
    let mut all = truth.clone();
    all.add(&second, 0);
    (first, second, truth, all)
}

#[test]
fn a_process_that_holds_a_commit_for_too_long_gives_its_partitions_up_and_doubles_nothing() {
    let (topic, broker, place) = ("held", broker::shared(), Place::new());
    let (first, second, truth, all) = waves();
    broker.create_topic(topic, PARTITIONS as u32);
    broker.produce(topic, &first);
    let slow = [("KAYOI_FAULT", "before-commit=hold:9000@2"), ("KAYOI_INGEST__STOP_DEADLINE", "3s")];
    let holder = place.join(&broker, topic, &slow);
    // The rejects of its second batch are written, their pings are not.
    until("the second batch is held", CATCH_UP, || place.commits("rejects") >= 2);
    let heir = place.join(&broker, topic, &[]);
    // The heir has one partition of three or two, so the holder must have woken when all are read.
    place.catch_up(topic, &truth);
    broker.produce(topic, &second);
    place.catch_up(topic, &all);
    holder.terminate();
    heir.terminate();
    Contents::of(&place.lake()).expect(&all);
}

#[test]
fn a_process_that_was_suspended_past_its_session_is_fenced_when_it_wakes() {
    let (topic, broker, place) = ("suspended", broker::shared(), Place::new());
    let (first, second, truth, all) = waves();
    broker.create_topic(topic, PARTITIONS as u32);
    broker.produce(topic, &first);
    let zombie = place.join(&broker, topic, &[("KAYOI_FAULT", "before-commit=hold:5000@2")]);
    until("the second batch is held", CATCH_UP, || place.commits("rejects") >= 2);
    zombie.signal("STOP");
    let heir = place.join(&broker, topic, &[]);
    // Nobody else is awake: the group took the zombie for dead, and the heir has read its partitions.
    place.catch_up(topic, &truth);
    let before = Contents::of(&place.lake());
    before.expect(&truth);
    zombie.signal("CONT");
    until("the zombie finds that it was replaced", Duration::from_secs(60), || {
        zombie.stderr().contains(LEFT_OUT)
    });
    Contents::of(&place.lake()).expect_same(&before);
    broker.produce(topic, &second);
    place.catch_up(topic, &all);
    zombie.terminate();
    heir.terminate();
    Contents::of(&place.lake()).expect(&all);
}
