//! Waves of known records, sent while something goes wrong.
//!
//! In: a random source and a number to go on from. Out: records that Kafka acknowledged, all of them or the
//! test fails: acknowledged by two brokers, in order, none twice unless it was made twice on purpose.

use std::io::Write;
use std::process::Stdio;
use std::thread::JoinHandle;
use std::time::Duration;

use kayoi_harness::parts::kafka;
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_schemas::time::{Clock, DAY_MS};
use rand::Rng;
use rand::rngs::StdRng;

use crate::ground::{KEY_BYTE, TOPIC};
use crate::records;
use crate::truth::Record;

/// Partitions of the topic.
pub const PARTITIONS: i32 = 6;
/// Lines sent at once, and the pause after them: about a thousand a second, so that a wave lasts as long as a
/// fault.
const LINES_AT_ONCE: usize = 25;
const PAUSE: Duration = Duration::from_millis(25);
/// Share of records that a partner sends twice.
const COPIED: f64 = 0.03;

/// Makes records.
pub struct Producer {
    key: PseudonymKey,
    /// Ten days ago: old enough for every clock step, young enough for every rule.
    start_ms: i64,
    next: i64,
}

/// A wave on its way.
pub struct Wave {
    records: Vec<Record>,
    thread: JoinHandle<()>,
}

impl Producer {
    /// One that has sent nothing.
    pub fn new() -> Self {
        let start_ms = Clock::System.now().0 - 10 * DAY_MS;
        Self { key: PseudonymKey::from_bytes([KEY_BYTE; 32]), start_ms, next: 0 }
    }

    /// Starts to send a wave, of which `bad` is the share that must be rejected.
    pub fn start(&mut self, brokers: &str, rng: &mut StdRng, bad: f64) -> Wave {
        let mut records: Vec<Record> = Vec::new();
        for _ in 0..rng.random_range(500..1500) {
            let partition = rng.random_range(0..PARTITIONS);
            let record = self.record(partition, rng, bad);
            records.push(record);
            if rng.random_bool(COPIED) {
                let copy = records[rng.random_range(0..records.len())].clone();
                records.push(Record { partition, ..copy });
            }
        }
        let lines: Vec<String> =
            records.iter().map(|record| records::line(record.partition, record.value.as_deref())).collect();
        let brokers = brokers.to_owned();
        Wave { records, thread: std::thread::spawn(move || send(&brokers, &lines)) }
    }

    /// The next record. Coordinates end in 1, so that none lies on the coarse grid that is rejected.
    fn record(&mut self, partition: i32, rng: &mut StdRng, bad: f64) -> Record {
        let (number, instant) = (self.next, self.start_ms + self.next * 1000);
        self.next += 1;
        let device = format!("device-{}", number % 499);
        let (latitude, longitude) = (1_000_011 + number % 7919 * 10, 1_000_031 + number % 6007 * 10);
        let head = format!("{{\"device_id\":\"{device}\",\"timestamp\":");
        let tail = format!(",\"longitude\":138.{longitude:07},\"horizontal_accuracy\":12.5}}");
        let text = |time: &str, latitude: &str| format!("{head}{time},\"latitude\":{latitude}{tail}");
        let good = text(&instant.to_string(), &format!("36.{latitude:07}"));
        if !rng.random_bool(bad) {
            let point = (360_000_000 + latitude as i32, 1_380_000_000 + longitude as i32);
            let device = self.key.device(&device).column_value();
            let ping = Some((instant, device, point.0, point.1, 12.5_f32.to_bits()));
            return Record { partition, value: Some(good.into_bytes()), ping };
        }
        let value = match rng.random_range(0..7) {
            0 => Some(format!("broken record {number}").into_bytes()),
            1 => Some(good.as_bytes()[..rng.random_range(1..good.len() - 1)].to_vec()),
            2 => Some(text("\"yesterday\"", &format!("36.{latitude:07}")).into_bytes()),
            3 => Some(text(&instant.to_string(), "null").into_bytes()),
            4 => Some(vec![0xff, 0xfe, b'{', b'}', 0]),
            5 => Some(Vec::new()),
            _ => None,
        };
        Record { partition, value, ping: None }
    }
}

impl Wave {
    /// Whether all was acknowledged.
    pub fn is_over(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits until all is acknowledged. Returns what was sent, in order.
    pub fn finish(self) -> Vec<Record> {
        assert!(self.thread.join().is_ok(), "the wave was not acknowledged, see above");
        self.records
    }
}

fn send(brokers: &str, lines: &[String]) {
    // A frozen broker must be given up sooner than after the default of half a minute.
    let settings = ["request.timeout.ms=5000", "delivery.timeout.ms=120000"].map(str::to_owned);
    let mut child = kafka::produce_file(brokers, TOPIC, &settings, None)
        .unwrap()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for some in lines.chunks(LINES_AT_ONCE) {
        // A producer that ended early closes the pipe; its own message below says why.
        if input.write_all(some.concat().as_bytes()).is_err() {
            break;
        }
        std::thread::park_timeout(PAUSE);
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the producer failed: {}", String::from_utf8_lossy(&output.stderr));
    let acknowledged = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert_eq!(acknowledged, lines.len().to_string(), "records acknowledged");
}
