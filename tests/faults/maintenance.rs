//! Maintenance that dies half-way, and maintenance while records arrive.

use std::os::unix::process::ExitStatusExt;

use crate::contents::Contents;
use crate::feed::{DEVICES, Feed, Truth, number_of};
use crate::order::expect_same_bytes;
use crate::place::{CATCH_UP, Origin, Place};
use crate::process::until;

/// What a maintenance job that died leaves behind.
const LEASE: &str = "kayoi-maintenance-lease.json";

#[test]
fn a_compaction_that_dies_before_its_commit_changes_nothing_and_can_be_done_again() {
    // Six days at least: three times half of what is left is done before a fault.
    let feed = Feed::new(0..3000, 1);
    let truth = Truth::without_lateness(&feed);
    let [undisturbed, place] = [(); 2].map(|()| {
        let place = Place::new();
        let file = place.beside("feed.ndjson");
        std::fs::write(&file, feed.lines()).unwrap();
        place.ingest(Origin::File(&file), &[]).succeeded();
        place
    });
    undisturbed.maintain("compact", &[], &[]).succeeded();
    let wanted = Contents::of(&undisturbed.lake());
    assert_eq!(wanted.pings.len(), truth.pings.len(), "compaction leaves one of each ping");

    // Each time the days before the fatal one are done, so the next time there are fewer left.
    for fault in ["kill@1", "error@1", "kill@2", "error@2", "kill@3"] {
        let fault = format!("before-compaction-commit={fault}");
        let ended = place.maintain("compact", &[], &[("KAYOI_FAULT", &fault)]);
        assert!(!ended.status.success(), "{fault} did not happen");
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        Contents::of(&place.lake()).expect(&truth);
        let lease = place.lake().join(LEASE);
        assert_eq!(lease.exists(), ended.status.signal().is_some(), "the lease outlives only a death");
        if lease.exists() {
            // Seen from another machine its holder may be alive; here the next job takes it, the next time round.
            let held = std::fs::read_to_string(&lease).unwrap();
            let mut elsewhere: serde_json::Value = serde_json::from_str(&held).unwrap();
            elsewhere["process"]["seen_from"] = "another machine".into();
            std::fs::write(&lease, elsewhere.to_string()).unwrap();
            let refused = place.maintain("compact", &[], &[]);
            assert_eq!(refused.status.code(), Some(1), "{}", refused.stderr);
            assert!(refused.stderr.contains(LEASE), "{}", refused.stderr);
            std::fs::write(&lease, held).unwrap();
        }
    }
    place.maintain("compact", &[], &[]).succeeded();
    Contents::of(&place.lake()).expect_same(&wanted);
    expect_same_bytes(&place.lake(), &undisturbed.lake());
}

#[test]
fn compaction_and_forgetting_while_records_arrive_lose_nothing_else() {
    let place = Place::new();
    let feed = Feed::new(0..3000, 1);
    let (file, ids) = (place.beside("feed.ndjson"), place.beside("ids"));
    std::fs::write(&file, feed.lines()).unwrap();
    let forgotten = 7;
    std::fs::write(&ids, format!("device-{forgotten}\n")).unwrap();
    let (ids, key) = (ids.display().to_string(), place.beside("key").display().to_string());
    let forget = ["--id-file", ids.as_str(), "--key-file", key.as_str()];

    // Each commit waits with its files written, so that rewrites come between.
    let holds: Vec<String> = (5..=60).map(|passage| format!("before-commit=hold:400@{passage}")).collect();
    let mut ingest = place.begin(&file, "50", &[("KAYOI_FAULT", &holds.join(","))]);
    until("some commits", CATCH_UP, || place.commits("pings") >= 4);
    place.maintain("forget", &forget, &[]).succeeded();
    place.maintain("compact", &[], &[]).succeeded();
    place.maintain("forget", &forget, &[]).succeeded();
    assert!(!ingest.has_ended(), "the ingest was over before the device was forgotten: it proves nothing");
    let summary = ingest.wait().succeeded().json();
    assert_eq!(summary["read"], feed.0.len());
    // What arrived after the second time is forgotten by the third.
    place.maintain("forget", &forget, &[]).succeeded();
    let mut truth = Truth::without_lateness(&feed);
    truth.pings.retain(|instant, _| number_of(*instant) % DEVICES != forgotten);
    Contents::of(&place.lake()).expect(&truth);
    Contents::compacted(&place.lake()).expect(&truth);
}
