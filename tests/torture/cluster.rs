//! Three real brokers, of which one at most is away.
//!
//! In: a folder. Out: addresses, and brokers that stop, die, freeze and come back. Everything is replicated three
//! times and acknowledged by two, so whatever happens to one must not lose an acknowledged record.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use crate::process::until;
use crate::repository;

/// Nodes have every other port from the first; their controllers have those between.
const PORTS: u16 = 6;
/// Another process may take a free port between our finding it and the node's binding it.
const START_ATTEMPTS: usize = 3;

/// The brokers; they end when dropped.
pub struct Cluster {
    folder: PathBuf,
    bootstrap: String,
}

impl Cluster {
    /// Starts them and makes the topic.
    pub fn start(folder: &Path, topic: &str, partitions: i32) -> Self {
        let mut failure = String::new();
        for attempt in 0..START_ATTEMPTS {
            let folder = folder.join(format!("kafka-{attempt}"));
            let mut start = script("start");
            start.arg("--dir").arg(&folder).args(["--port", &free_ports().to_string(), "--nodes", "3"]);
            let output = start.output().unwrap();
            if !output.status.success() {
                failure = String::from_utf8_lossy(&output.stderr).into_owned();
                continue;
            }
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let bootstrap = text.lines().next().unwrap_or_default().to_owned();
            let cluster = Self { folder, bootstrap };
            let partitions = partitions.to_string();
            let mut create = script("topic");
            create.args(["--bootstrap", &cluster.bootstrap, "--create", topic, "--partitions", &partitions]);
            check(&create.args(["--replication", "3"]).output().unwrap());
            return cluster;
        }
        panic!("Kafka did not start: {failure}");
    }

    /// Addresses of all of them.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Ends one in good order, or as a power cut would.
    pub fn stop(&self, node: u32, is_power_cut: bool) {
        let mut stop = self.node("stop", node);
        if is_power_cut {
            stop.arg("--kill");
        }
        check(&stop.output().unwrap());
    }

    /// Stops the clock of one.
    pub fn pause(&self, node: u32) {
        check(&self.node("pause", node).output().unwrap());
    }

    /// Lets it go on.
    pub fn resume(&self, node: u32) {
        check(&self.node("resume", node).output().unwrap());
    }

    /// Starts one that was stopped.
    pub fn start_node(&self, node: u32) {
        check(&self.node("start-node", node).output().unwrap());
    }

    /// Waits until every partition is on all three again, so that the next one may go.
    pub fn await_in_sync(&self, topic: &str) {
        until("all replicas are in sync", Duration::from_secs(120), || {
            let output = script("leaders").args(["--bootstrap", &self.bootstrap, "--topic", topic]).output();
            let text = String::from_utf8_lossy(&output.unwrap().stdout).into_owned();
            let replicas = |line: &str| line.split('\t').nth(2).map_or(0, |nodes| nodes.split(',').count());
            !text.trim().is_empty() && text.lines().all(|line| replicas(line) == 3)
        });
    }

    fn node(&self, command: &str, node: u32) -> Command {
        let mut command = script(command);
        command.arg("--dir").arg(&self.folder).args(["--node", &node.to_string()]);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // There is nothing to flush; nor may a drop panic.
        let _ = script("stop").arg("--dir").arg(&self.folder).arg("--kill").output();
    }
}

/// `scripts/kafka` with a command.
pub fn script(command: &str) -> Command {
    let mut script = Command::new(repository::root().join("scripts/kafka"));
    script.arg(command);
    script
}

fn check(output: &Output) {
    assert!(output.status.success(), "scripts/kafka: {}", String::from_utf8_lossy(&output.stderr));
}

/// The first of six ports in a row that are free now.
fn free_ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let row = first..=first.saturating_add(PORTS - 1);
        if row.len() == usize::from(PORTS)
            && row.map(|port| TcpListener::bind(("127.0.0.1", port))).all(|l| l.is_ok())
        {
            return first;
        }
    }
}
