//! One real Kafka for all tests of this binary, and the rest of its script's commands.
//!
//! In: nothing. Out: a node that lives as long as a test holds it. A static would never be dropped, and the node
//! would outlive the tests.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::feed::Feed;
use crate::kafka::KafkaServer;
use crate::repository;

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
        let mut child = self
            .script("produce-file")
            .args(["--topic", topic])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A producer that ended early closes the pipe; its own message below says why.
        let sent = child.stdin.take().unwrap().write_all(feed.produce_lines().as_bytes());
        let output = check(child.wait_with_output().unwrap());
        sent.unwrap();
        assert_eq!(output.trim(), feed.0.len().to_string(), "records acknowledged");
    }

    /// Drops the records of a partition before an offset.
    pub fn delete_records(&self, topic: &str, partition: i32, before: i64) {
        let (partition, before) = (partition.to_string(), before.to_string());
        let mut script = self.script("delete-records");
        script.args(["--topic", topic, "--partition", &partition, "--before", &before]);
        check(script.output().unwrap());
    }

    /// Members of a group that have partitions; none when there is no such group yet.
    pub fn members(&self, group: &str) -> usize {
        let output = self.script("group").args(["--group", group]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
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

    fn script(&self, command: &str) -> Command {
        let mut script = Command::new(repository::root().join("scripts/kafka"));
        script.args([command, "--bootstrap", self.bootstrap()]);
        script
    }
}

fn check(output: Output) -> String {
    assert!(output.status.success(), "scripts/kafka: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
