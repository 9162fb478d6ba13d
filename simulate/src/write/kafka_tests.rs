use rdkafka::Message;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::mocking::MockCluster;

use super::*;
use crate::toy::{Chessboard, small_world};

#[test]
fn a_topic_gets_every_record_of_the_summary_keyed_by_device() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("pings", 2, 1).unwrap();
    let brokers = cluster.bootstrap_servers();
    let world = World { devices: 40, days: 5, ..small_world() };
    let truth = tempfile::tempdir().unwrap();
    let to = (brokers.as_str(), "pings");
    let summary = send_on(&world, &Chessboard, to, Some(truth.path()), &mut |_| {}).unwrap();
    assert!(truth.path().join("ties.parquet").exists() && truth.path().join("summary.json").exists());

    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &brokers)
        .set("group.id", "test")
        .set("auto.offset.reset", "earliest")
        .create()
        .unwrap();
    consumer.subscribe(&["pings"]).unwrap();
    let mut received = 0;
    // A poll that only served a rebalance returns nothing; a hundred of them in vain mean that no more comes.
    let mut in_vain = 0;
    while received < summary.records && in_vain < 100 {
        match consumer.poll(Duration::from_secs(1)) {
            Some(message) => {
                assert_eq!(message.unwrap().key().map(<[u8]>::len), Some(36));
                received += 1;
            }
            None => in_vain += 1,
        }
    }
    assert_eq!(received, summary.records);
}
