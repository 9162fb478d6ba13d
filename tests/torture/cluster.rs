//! Three real brokers, of which one at most is away.
//!
//! In: a folder. Out: addresses, and brokers that stop, die, freeze and come back. Everything is replicated
//! three times and acknowledged by two, so whatever happens to one must not lose an acknowledged record.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kayoi_harness::kafka::at_some_port;
use kayoi_harness::parts::kafka::{self, Topic};
use kayoi_harness::parts::{PartError, Stop, port};

use crate::process::until;

/// Nodes have every other port from the first; their controllers have those between.
const NEXT_PORTS: [u16; 5] = [1, 2, 3, 4, 5];

/// The brokers; they end when dropped.
pub struct Cluster {
    folder: PathBuf,
    bootstrap: String,
}

impl Cluster {
    /// Starts them and makes the topic.
    pub fn start(folder: &Path, topic: &str, partitions: i32) -> Self {
        let mut attempt = 0;
        let cluster = at_some_port("Kafka", || {
            attempt += 1;
            let folder = folder.join(format!("kafka-{attempt}"));
            let port = port::free_with(&NEXT_PORTS)?;
            let three = kafka::Cluster { nodes: 3, ..kafka::Cluster::new(&folder, port, port + 1) };
            Ok(Self { bootstrap: kafka::start(&three)?.plain, folder })
        });
        let partitions = u32::try_from(partitions).expect("a number of partitions");
        let topic = Topic { name: topic, partitions, replication: Some(3), settings: &[] };
        done(kafka::create_topic(&cluster.bootstrap, &topic));
        cluster
    }

    /// Addresses of all of them.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Ends one in good order, or as a power cut would.
    pub fn stop(&self, node: u32, is_power_cut: bool) {
        let how = if is_power_cut { Stop::Kill } else { Stop::InOrder };
        done(kafka::stop(&self.folder, Some(node), how));
    }

    /// Stops the clock of one.
    pub fn pause(&self, node: u32) {
        done(kafka::pause(&self.folder, node));
    }

    /// Lets it go on.
    pub fn resume(&self, node: u32) {
        done(kafka::resume(&self.folder, node));
    }

    /// Starts one that was stopped.
    pub fn start_node(&self, node: u32) {
        done(kafka::start_node(&self.folder, node));
    }

    /// Waits until every partition is on all three again, so that the next one may go.
    pub fn await_in_sync(&self, topic: &str) {
        until("all replicas are in sync", Duration::from_secs(120), || {
            // While nodes come and go, the tool may fail.
            let leaders = kafka::leaders(&self.bootstrap, topic).unwrap_or_default();
            !leaders.is_empty() && leaders.iter().all(|leader| leader.in_sync.len() == 3)
        });
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // There is nothing to flush; nor may a drop panic.
        let _ = kafka::stop(&self.folder, None, Stop::Kill);
    }
}

fn done<T>(result: Result<T, PartError>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
