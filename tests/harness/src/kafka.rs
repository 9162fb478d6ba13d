//! A real Apache Kafka for one test: one KRaft node on free ports, in a folder that goes away.
//!
//! In: nothing. Out: a bootstrap address. Records are sent by Kafka's own producers, so that what is ingested
//! was not written by the library that reads it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::parts::kafka::{self, Cluster, SASL_PLAINTEXT, SASL_SSL, SSL, Topic};
use crate::parts::{PartError, Stop, port};

/// Another process may take a free port between our finding it and the node's binding it.
const START_ATTEMPTS: usize = 3;

/// A running node; dropping it stops it.
pub struct KafkaServer {
    folder: TempDir,
    port: u16,
    bootstrap: String,
}

impl KafkaServer {
    /// Starts a node that is open to everybody, and waits until it answers.
    pub fn start() -> Self {
        Self::start_as(&[1], |cluster| cluster)
    }

    /// Starts a node that also has listeners with TLS, with logins of user `kayoi`, and with both.
    pub fn start_guarded(password: &str) -> Self {
        let guard = |cluster| Cluster { password: Some(password.to_owned()), has_tls: true, ..cluster };
        Self::start_as(&[1, SASL_PLAINTEXT, SSL, SASL_SSL], guard)
    }

    fn start_as(distances: &[u16], change: impl Fn(Cluster) -> Cluster) -> Self {
        at_some_port("Kafka", || {
            let folder = TempDir::new().expect("a temporary folder");
            let port = port::free_with(distances)?;
            let cluster = change(Cluster::new(folder.path(), port, port + 1));
            Ok(Self { bootstrap: kafka::start(&cluster)?.plain, port, folder })
        })
    }

    /// Host and port, for `--kafka` and `bootstrap.servers`.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Host and port of the listener at this distance from the plain one.
    pub fn address(&self, distance: u16) -> String {
        format!("127.0.0.1:{}", self.port + distance)
    }

    /// Its folder, with its settings and certificates.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Creates a topic.
    pub fn create_topic(&self, name: &str, partitions: u32) {
        let topic = Topic { name, partitions, ..Topic::default() };
        kafka::create_topic(&self.bootstrap, &topic).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Deletes a topic and makes it anew under its name.
    pub fn make_anew(&self, name: &str, partitions: u32) {
        kafka::delete_topic(&self.bootstrap, name).unwrap_or_else(|error| panic!("{error}"));
        let topic = Topic { name, partitions, ..Topic::default() };
        // The name is free again only when the brokers have let go of the old one.
        let is_made = || kafka::create_topic(&self.bootstrap, &topic).is_ok();
        crate::process::until("a topic made anew", std::time::Duration::from_secs(60), is_made);
    }

    /// Sends each line as a record without key, spread over the partitions, and waits until all are
    /// acknowledged. Lines that are not UTF-8 are changed on the way.
    pub fn produce(&self, topic: &str, lines: &[u8]) {
        send(kafka::produce(&self.bootstrap, topic, &[]).expect("Kafka's jars"), lines);
    }

    /// Sends binary records: lines of partition, timestamp, key and value, the last two in base64. Returns
    /// how many were acknowledged.
    pub fn produce_file(&self, topic: &str, lines: &[u8]) -> usize {
        let told = send(kafka::produce_file(&self.bootstrap, topic, &[], None).expect("a JDK"), lines);
        told.trim().parse().expect("a number")
    }

    /// Reads every record of a topic back with Kafka's console consumer and counts them.
    pub fn count(&self, topic: &str) -> u64 {
        kafka::consume_count(&self.bootstrap, topic).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Drop for KafkaServer {
    fn drop(&mut self) {
        // The folder goes away next, so there is nothing to flush; nor may a drop panic.
        let _ = kafka::stop(self.folder.path(), None, Stop::Kill);
    }
}

/// Starts something that needs free ports, again when they were taken in between.
pub fn at_some_port<T>(what: &str, mut start: impl FnMut() -> Result<T, PartError>) -> T {
    let mut failure = None;
    for _ in 0..START_ATTEMPTS {
        match start() {
            Ok(started) => return started,
            Err(error) => failure = Some(error),
        }
    }
    panic!("{what} did not start: {failure:?}");
}

/// Gives a producer its input and waits for its end; it must succeed. Returns what it printed.
fn send(mut producer: Command, input: &[u8]) -> String {
    let mut child = producer
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("java runs");
    // A producer that ended early closes the pipe; its own message below says why.
    let sent = child.stdin.take().expect("a pipe").write_all(input);
    let output = child.wait_with_output().expect("the producer ends");
    assert!(output.status.success(), "the producer failed: {}", String::from_utf8_lossy(&output.stderr));
    sent.expect("the producer read every line");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
