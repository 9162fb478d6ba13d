//! Records that the broker dropped before the lake had them, and a topic that was made anew: neither goes by
//! in silence.

use std::path::Path;

use kayoi_lake::{Lake, Position};
use kayoi_schemas::tables::InternalTable;

use crate::broker;
use crate::contents::Contents;
use crate::feed::{Feed, Truth};
use crate::place::{Origin, Place};

const LOST: usize = 100;

#[test]
fn records_that_retention_took_stop_the_ingest_until_somebody_decides() {
    let (topic, broker, place) = ("expired", broker::shared(), Place::new());
    broker.create_topic(topic, 1);
    let origin = Origin::Topic(&broker, topic);
    let (first, second) = (Feed::new(0..400, 1), Feed::new(400..800, 1));
    broker.produce(topic, &first);
    place.ingest(origin, &[]).succeeded();
    broker.produce(topic, &second);
    broker.delete_records(topic, 0, (first.0.len() + LOST) as i64);

    let refused = place.ingest(origin, &[]);
    assert_eq!(refused.status.code(), Some(1), "{}", refused.stderr);
    for words in [format!("{LOST} records are lost"), "hint: ".to_owned(), "on_lost_offset".to_owned()] {
        assert!(refused.stderr.contains(&words), "`{words}` is not in: {}", refused.stderr);
    }
    Contents::of(&place.lake()).expect(&Truth::of(&first));

    place.ingest(origin, &[("KAYOI_INGEST__KAFKA__ON_LOST_OFFSET", "skip")]).succeeded();
    let mut truth = Truth::of(&first);
    truth.add(&second, LOST);
    Contents::of(&place.lake()).expect(&truth);
    assert_eq!(place.positions(topic), [(0, (first.0.len() + second.0.len()) as i64)]);
}

#[test]
fn a_topic_that_ends_before_the_lake_does_is_refused() {
    let (topic, broker, place) = ("anew", broker::shared(), Place::new());
    broker.create_topic(topic, 1);
    let feed = Feed::new(0..200, 1);
    broker.produce(topic, &feed);
    place.ingest(Origin::Topic(&broker, topic), &[]).succeeded();
    // As if the lake had read more of an older topic of this name.
    let end = feed.0.len() as i64;
    move_position(&place.lake(), topic, end, end + 50);
    for decision in ["stop", "skip"] {
        let environment = [("KAYOI_INGEST__KAFKA__ON_LOST_OFFSET", decision)];
        let refused = place.ingest(Origin::Topic(&broker, topic), &environment);
        assert_eq!(refused.status.code(), Some(1), "{}", refused.stderr);
        assert!(refused.stderr.contains("made anew"), "{}", refused.stderr);
    }
    Contents::of(&place.lake()).expect(&Truth::of(&feed));
}

fn move_position(lake: &Path, topic: &str, from: i64, next: i64) {
    let lake = Lake::open(lake).unwrap();
    let mut pings = lake.table(InternalTable::Pings).unwrap();
    let position = Position { source_id: format!("{topic}/kafka/{topic}/0"), from: Some(from), next };
    lake.block_on(pings.append(Vec::new(), &[position], None)).unwrap();
}
