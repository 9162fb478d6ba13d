//! A real Apache Kafka for one test: one KRaft node from `scripts/kafka`, on free ports, in a folder that goes away.
//!
//! In: nothing. Out: a bootstrap address. Records are sent by Kafka's own console producer, so that what is
//! ingested was not written by the library that reads it. That producer decodes its input as UTF-8 and puts
//! U+FFFD for what is not, so bytes that are no UTF-8 cannot be sent this way.

use std::io::Write;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::repository;

/// Another process may take a free port between our finding it and the node's binding it.
const START_ATTEMPTS: usize = 3;

/// A running node; dropping it stops it.
pub struct KafkaServer {
    folder: TempDir,
    bootstrap: String,
}

impl KafkaServer {
    /// Starts a node and waits until it answers.
    pub fn start() -> Self {
        let mut failure = String::new();
        for _ in 0..START_ATTEMPTS {
            let folder = TempDir::new().expect("a temporary folder");
            let [port, controller_port] = free_ports();
            let output = script("start")
                .arg("--dir")
                .arg(folder.path())
                .args(["--port", &port.to_string(), "--controller-port", &controller_port.to_string()])
                .output()
                .expect("scripts/kafka runs");
            if output.status.success() {
                return Self { folder, bootstrap: format!("127.0.0.1:{port}") };
            }
            failure = String::from_utf8_lossy(&output.stderr).into_owned();
        }
        panic!("Kafka did not start: {failure}");
    }

    /// Host and port, for `--kafka` and `bootstrap.servers`.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Creates a topic.
    pub fn create_topic(&self, name: &str, partitions: u32) {
        let mut command = script("topic");
        command.args([
            "--bootstrap",
            &self.bootstrap,
            "--create",
            name,
            "--partitions",
            &partitions.to_string(),
        ]);
        check("topic", &command.output().expect("scripts/kafka runs"));
    }

    /// Sends each line as a record without key, spread over the partitions, and waits until all are acknowledged.
    pub fn produce(&self, topic: &str, lines: &[u8]) {
        let mut command = script("produce");
        command.args(["--bootstrap", &self.bootstrap, "--topic", topic]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("scripts/kafka runs");
        // A producer that ended early closes the pipe; its own message below says why.
        let sent = child.stdin.take().expect("a pipe").write_all(lines);
        check("produce", &child.wait_with_output().expect("the producer ends"));
        sent.expect("the producer read every line");
    }

    /// Sends binary records: lines of partition, timestamp, key and value, the last two in base64.
    pub fn produce_file(&self, topic: &str, lines: &[u8]) {
        let mut command = script("produce-file");
        command.args(["--bootstrap", &self.bootstrap, "--topic", topic]);
        let mut child =
            command.stdin(Stdio::piped()).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let sent = child.stdin.take().expect("a pipe").write_all(lines);
        check("produce-file", &child.wait_with_output().expect("the producer ends"));
        sent.expect("the producer read every line");
    }

    /// Reads every record of a topic back with Kafka's console consumer and counts them.
    pub fn count(&self, topic: &str) -> u64 {
        let mut command = script("consume-count");
        command.args(["--bootstrap", &self.bootstrap, "--topic", topic]);
        let output = command.output().expect("scripts/kafka runs");
        check("consume-count", &output);
        String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
    }
}

impl Drop for KafkaServer {
    fn drop(&mut self) {
        // The folder goes away next, so there is nothing to flush; nor may a drop panic.
        let _ = script("stop").arg("--dir").arg(self.folder.path()).arg("--kill").output();
    }
}

fn script(command: &str) -> Command {
    let mut script = Command::new(repository::root().join("scripts/kafka"));
    script.arg(command);
    script
}

fn check(command: &str, output: &Output) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "scripts/kafka {command}: {errors}");
}

/// Two ports that are free now, held together so that they differ.
fn free_ports() -> [u16; 2] {
    let held = [0, 1].map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    held.map(|listener| listener.local_addr().expect("an address").port())
}
