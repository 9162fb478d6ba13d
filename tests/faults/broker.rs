//! One real Kafka for all tests of this binary.
//!
//! In: nothing. Out: a node that lives as long as a test holds it. A static would never be dropped, and the
//! node would outlive the tests.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use kayoi_harness::parts;

use crate::feed::Feed;
use crate::kafka::KafkaServer;

static SHARED: Mutex<Weak<Broker>> = Mutex::new(Weak::new());

/// A running node.
pub struct Broker(KafkaServer);

/// The node that runs, or a new one.
pub fn shared() -> Arc<Broker> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(broker) = shared.upgrade() {
        return broker;
    }
    let broker = Arc::new(Broker(KafkaServer::start()));
    *shared = Arc::downgrade(&broker);
    broker
}

impl Broker {
    /// Host and port.
    pub fn bootstrap(&self) -> &str {
        self.0.bootstrap()
    }

    /// A topic of its own for a test. Names end up in rows, so two runs that are compared share one.
    pub fn create_topic(&self, name: &str, partitions: u32) {
        self.0.create_topic(name, partitions);
    }

    /// Sends a feed, each record to its partition, and waits until all are acknowledged.
    pub fn produce(&self, topic: &str, feed: &Feed) {
        let acknowledged = self.0.produce_file(topic, feed.produce_lines().as_bytes());
        assert_eq!(acknowledged, feed.0.len(), "records acknowledged");
    }

    /// Drops the records of a partition before an offset.
    pub fn delete_records(&self, topic: &str, partition: i32, before: i64) {
        parts::kafka::delete_records(self.bootstrap(), topic, partition, before)
            .unwrap_or_else(|error| panic!("{error}"));
    }

    /// Members of a group that have partitions; none when there is no such group yet.
    pub fn members(&self, group: &str) -> usize {
        let text = parts::kafka::group(self.bootstrap(), group).unwrap_or_default();
        let words = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let of_group = words.filter(|words| words.first() == Some(&group));
        let mut members: Vec<String> = of_group
            .filter_map(|words| words.get(6).map(|id| (*id).to_owned()))
            .filter(|id| id != "-")
            .collect();
        members.sort_unstable();
        members.dedup();
        members.len()
    }
}
