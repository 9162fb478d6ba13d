//! The broker that the other tests rely on: what it acknowledged is there.

use crate::kafka::KafkaServer;

#[test]
fn a_real_broker_keeps_every_record_it_acknowledged() {
    let kafka = KafkaServer::start();
    kafka.create_topic("pings", 3);
    let lines: String = (0..5_000).map(|number| format!("{{\"number\":{number}}}\n")).collect();
    kafka.produce("pings", lines.as_bytes());
    assert_eq!(kafka.count("pings"), 5_000);
}
