//! What an operator has in hand: metrics and health, the doctor, figures of a lake. Every count is compared
//! with what was sent.
//!
//! In: a real broker, a real registry, the real binary. Out: promises of the README that a person on call
//! relies on.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_schemas::ping::RejectReason;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bad_records::{bad_records, good_record};
use crate::kafka::KafkaServer;
use crate::kayoi::{json, output, refused, text};
use crate::process::{Process, until};
use crate::registry::Registry;
use crate::repository;

/// Who delivers.
pub const PARTNER: &str = "walk-partner";
/// Devices of the good records.
pub const DEVICES: usize = 12;
/// Good records of each of them.
pub const FIXES_A_DEVICE: usize = 5;
const PARTITIONS: usize = 2;
/// How long the slowest machine may take from one look to what is waited for.
const LIMIT: Duration = Duration::from_secs(120);

/// What was sent to a topic.
#[derive(Default)]
struct Sent {
    good: u64,
    rejected: BTreeMap<&'static str, u64>,
}

impl Sent {
    fn bad(&self) -> u64 {
        self.rejected.values().sum()
    }

    fn all(&self) -> u64 {
        self.good + self.bad()
    }
}

/// The partner's identifier of a device.
pub fn device(number: usize) -> String {
    format!("walk-device-{number:03}")
}

/// Parts of records that must never be told.
fn payload_parts() -> Vec<String> {
    let of_bad_records = ["device-1", "36.0451234", "138.1171234", "48.8566123", "yesterday"];
    (0..DEVICES).map(device).chain(of_bad_records.map(str::to_owned)).collect()
}

fn expect_no_payload(what: &str, told: &str) {
    for part in payload_parts() {
        assert!(!told.contains(&part), "{what} tells `{part}` of a record");
    }
}

/// Good records of some devices, and between them every bad record but the 10 MB one.
fn send(kafka: &KafkaServer, topic: &str) -> Sent {
    kafka.create_topic(topic, PARTITIONS as u32);
    let (mut sent, mut records) = (Sent::default(), Vec::new());
    for number in 0..DEVICES * FIXES_A_DEVICE {
        records.push(good_record(&device(number % DEVICES), number as i64));
        sent.good += 1;
    }
    for (_, record, reason) in bad_records() {
        if reason != RejectReason::TooLarge.as_str() {
            records.push(record);
            *sent.rejected.entry(reason).or_default() += 1;
        }
    }
    let line = |(number, record): (usize, &Vec<u8>)| {
        format!("{}\t\t\t{}\n", number % PARTITIONS, STANDARD.encode(record))
    };
    let lines: String = records.iter().enumerate().map(line).collect();
    kafka.produce_file(topic, lines.as_bytes());
    sent
}

/// A configuration file; `tables` are further ones, as `[metrics]`.
fn configure(folder: &Path, brokers: &str, tables: &str) -> PathBuf {
    let config = format!(
        "[lake]\nurl = \"{lake}\"\nkey_file = \"{key}\"\n[kafka]\nbrokers = \"{brokers}\"\n\
         [commit]\nafter = \"1s\"\nrows = 100_000\n{tables}\n\
         [[feed]]\npartner = \"{PARTNER}\"\ntopics = [\"pings\"]\n",
        lake = text(&folder.join("lake")),
        key = text(&folder.join("key")),
    );
    let path = folder.join("ingest.toml");
    std::fs::write(&path, config).unwrap();
    path
}

/// Status line and body of an answer.
fn get(address: &str, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

/// Samples by name and labels, as `kayoi_lag_records{topic="pings",partition="0"}`.
pub(super) fn samples(exposition: &str) -> BTreeMap<&str, f64> {
    let lines = exposition.lines().filter(|line| !line.starts_with('#'));
    let parts = lines.map(|line| line.rsplit_once(' ').expect("a name and a value"));
    parts.map(|(name, value)| (name, value.parse().expect("a number"))).collect()
}

/// Kind and meaning by name, of the heads of an exposition.
pub(super) fn served(exposition: &str) -> BTreeMap<&str, (&str, &str)> {
    let mut families: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for line in exposition.lines() {
        if let Some((name, help)) = line.strip_prefix("# HELP ").and_then(|rest| rest.split_once(' ')) {
            families.entry(name).or_default().1 = help;
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' '))
        {
            families.entry(name).or_default().0 = kind;
        }
    }
    families
}

/// A line of `deploy/metrics.txt`, as `name{label,label} kind, unit: meaning`.
pub(super) struct Documented<'d> {
    pub(super) name: &'d str,
    pub(super) labels: BTreeSet<&'d str>,
    pub(super) kind: &'d str,
    pub(super) help: &'d str,
}

pub(super) fn documented(line: &str) -> Documented<'_> {
    let (head, help) = line.split_once(": ").expect("a meaning");
    let (name, kind) = head.split_once(' ').expect("a kind");
    let kind = kind.split(',').next().unwrap_or_default();
    let (name, labels) = name.trim_end_matches('}').split_once('{').unwrap_or((name, ""));
    Documented { name, labels: labels.split(',').filter(|label| !label.is_empty()).collect(), kind, help }
}

/// Names of a sample's labels.
pub(super) fn labels(sample: &str) -> BTreeSet<&str> {
    let inside = sample.split_once('{').map_or("", |(_, labels)| labels.trim_end_matches('}'));
    inside.split(',').filter_map(|label| Some(label.split_once('=')?.0)).collect()
}

/// What is served and what is documented are the same list.
fn expect_documented(exposition: &str) {
    let file = repository::read("deploy/metrics.txt");
    let list: Vec<Documented<'_>> = file.lines().map(documented).collect();
    let expected: BTreeMap<&str, (&str, &str)> = list.iter().map(|m| (m.name, (m.kind, m.help))).collect();
    assert_eq!(served(exposition), expected);
    for sample in samples(exposition).keys() {
        let name = sample.split('{').next().unwrap();
        let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        let family = list.iter().find(|m| m.name == name || Some(m.name) == of_histogram);
        let family = family.unwrap_or_else(|| panic!("`{name}` is served and not documented"));
        let mut labels = labels(sample);
        if family.kind == "histogram" {
            labels.remove("le");
        }
        assert_eq!(labels, family.labels, "labels of `{name}`");
    }
}

/// Whether the figures say that everything was committed.
fn is_done(samples: &BTreeMap<&str, f64>, sent: &Sent) -> bool {
    let sum = |name: &str| -> f64 {
        samples.iter().filter(|(sample, _)| sample.split('{').next() == Some(name)).map(|(_, v)| v).sum()
    };
    sum("kayoi_pings_stored_total") == sent.good as f64
        && sum("kayoi_records_rejected_total") == sent.bad() as f64
        && sum("kayoi_partitions_assigned") == PARTITIONS as f64
        && sum("kayoi_lag_records") == 0.0
}

fn expect_figures(exposition: &str, sent: &Sent) {
    let samples = samples(exposition);
    let partner = |name: &str| samples[format!("{name}{{partner=\"{PARTNER}\"}}").as_str()];
    assert_eq!(partner("kayoi_pings_stored_total"), sent.good as f64);
    assert_eq!(partner("kayoi_records_read_total"), sent.all() as f64);
    assert!(partner("kayoi_watermark_seconds") > 1.7e9);
    for (reason, count) in &sent.rejected {
        let name = format!("kayoi_records_rejected_total{{partner=\"{PARTNER}\",reason=\"{reason}\"}}");
        assert_eq!(samples.get(name.as_str()), Some(&(*count as f64)), "{name}");
    }
    assert_eq!((samples["kayoi_up"], samples["kayoi_commit_failures_total"]), (1.0, 0.0));
    assert_eq!(samples["kayoi_commit_seconds_count"], samples["kayoi_commits_total"]);
    assert!(samples["kayoi_commits_total"] >= 1.0 && samples["kayoi_memory_bytes"] > 1e6);
    assert!(samples["kayoi_bytes_read_total{topic=\"pings\"}"] > 0.0);
}

/// The address that the process says it serves metrics on.
fn address_of(process: &Process) -> String {
    let mut address = None;
    until("the process says where its metrics are", LIMIT, || {
        let stderr = process.stderr();
        let line =
            stderr.lines().find_map(|line| line.strip_prefix("metrics: http://")?.strip_suffix("/metrics"));
        address = line.map(str::to_owned);
        address.is_some()
    });
    address.unwrap()
}

#[test]
fn metrics_health_and_figures_agree_with_what_was_sent() {
    let (kafka, folder) = (KafkaServer::start(), TempDir::new().unwrap());
    let sent = send(&kafka, "pings");
    let config = configure(folder.path(), kafka.bootstrap(), "[metrics]\nlisten = \"127.0.0.1:0\"");
    let arguments = ["ingest", "--json", "--config", text(&config)];
    let process = Process::start(folder.path(), &arguments, &[("KAYOI_LOG", "info"), ("NO_COLOR", "1")]);
    let address = address_of(&process);
    until("everything is committed", LIMIT, || {
        assert_eq!(get(&address, "/health/live").0, "HTTP/1.1 200 OK");
        is_done(&samples(&get(&address, "/metrics").1), &sent)
    });
    assert_eq!(get(&address, "/health/ready"), ("HTTP/1.1 200 OK".to_owned(), "ok\n".to_owned()));
    let exposition = get(&address, "/metrics").1;
    expect_documented(&exposition);
    expect_figures(&exposition, &sent);
    expect_no_payload("/metrics", &exposition);

    let ended = process.terminate();
    assert_eq!(ended.status.code(), Some(0));
    let summary = ended.json();
    assert_eq!((&summary["read"], &summary["stored"]), (&json!(sent.all()), &json!(sent.good)));
    expect_no_payload("stderr", &ended.stderr);
    expect_no_payload("stdout", &ended.stdout);
    expect_info(&folder.path().join("lake"), &sent);
    expect_quality(&folder.path().join("lake"), &sent);
}

/// What `kayoi lake info` says of a table.
pub fn table<'i>(info: &'i Value, name: &str) -> &'i Value {
    let tables = info["tables"].as_array().unwrap();
    tables.iter().find(|table| table["name"] == name).unwrap_or_else(|| panic!("no table `{name}`: {info}"))
}

fn expect_info(lake: &Path, sent: &Sent) {
    let info = json(&["lake", "info", "--json", "--lake", text(lake)]);
    assert_eq!(table(&info, "pings")["rows"], sent.good);
    assert_eq!(table(&info, "rejects")["rows"], sent.bad());
    let positions = table(&info, "pings")["positions"].as_object().unwrap();
    let names: Vec<&str> = positions.keys().map(String::as_str).collect();
    assert_eq!(names, ["ingest/kafka/pings/0", "ingest/kafka/pings/1"]);
    assert_eq!(positions.values().filter_map(Value::as_u64).sum::<u64>(), sent.all());
    assert_eq!(info["watermarks"][PARTNER], table(&info, "pings")["last_partition"]);
    assert_eq!(info["key_fingerprint"].as_str().map(str::len), Some(8));
    expect_no_payload("lake info", &info.to_string());
}

fn expect_quality(lake: &Path, sent: &Sent) {
    // The fixes are of a day long ago, and arrived today: both days must be shown.
    let quality = json(&["quality", "--json", "--days", "36500", "--lake", text(lake)]);
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for figure in quality["figures"].as_array().unwrap() {
        assert_eq!(figure["partner"], PARTNER);
        for (name, value) in figure["measures"].as_object().unwrap() {
            *sums.entry(name).or_default() += value.as_f64().unwrap();
        }
    }
    let expected = [
        ("received", sent.all()),
        ("records", sent.all()),
        ("stored", sent.good),
        ("pings", sent.good),
        ("rejected", sent.bad()),
    ];
    for (name, count) in expected {
        assert_eq!(sums.get(name), Some(&(count as f64)), "{name}: {sums:?}");
    }
    assert!(!sums.contains_key("late"));
    let by_reason: BTreeMap<&str, f64> =
        sums.iter().filter_map(|(name, count)| Some((name.strip_prefix("rejected:")?, *count))).collect();
    let sent_by_reason: BTreeMap<&str, f64> =
        sent.rejected.iter().map(|(name, n)| (*name, *n as f64)).collect();
    assert_eq!(by_reason, sent_by_reason);
    expect_no_payload("quality", &quality.to_string());
}

/// What the doctor says of a configuration, and its exit code.
fn examine(config: &Path) -> (Value, Option<i32>) {
    let output = output(&["doctor", "--json", "--config", text(config)]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

fn findings<'r>(report: &'r Value, check: &str) -> Vec<&'r Value> {
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["check"] == check).collect()
}

/// The doctor finds this and no other problem, names it and says what to do.
fn expect_problem(config: &Path, check: &str, named: &str) {
    let (report, code) = examine(config);
    assert_eq!((code, &report["problems"]), (Some(1), &json!(1)), "{report}");
    let found = findings(&report, check);
    let problem = found.iter().find(|finding| finding["state"] == "problem");
    let problem = problem.unwrap_or_else(|| panic!("the problem is not with `{check}`: {report}"));
    assert!(problem["says"].as_str().unwrap().contains(named), "`{named}` is not named: {problem}");
    assert!(problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{problem}");
}

/// The configuration with a text replaced, in a file of its own.
fn changed(config: &Path, name: &str, from: &str, to: &str) -> PathBuf {
    let before = std::fs::read_to_string(config).unwrap();
    assert_eq!(before.matches(from).count(), 1, "`{from}` does not stand there once");
    let path = config.with_file_name(format!("{name}.toml"));
    std::fs::write(&path, before.replace(from, to)).unwrap();
    path
}

#[test]
fn the_doctor_is_content_with_what_is_right_and_names_what_is_wrong() {
    let (kafka, registry, folder) = (KafkaServer::start(), Registry::start(), TempDir::new().unwrap());
    registry.register("pings-value", "AVRO", &repository::read("schemas/contracts/ping.avsc"));
    let sent = send(&kafka, "pings");
    let folder = folder.path();
    let config = configure(folder, kafka.bootstrap(), &format!("[registry]\nurl = \"{}\"", registry.url()));
    let summary = json(&["ingest", "--json", "--until-end", "--config", text(&config)]);
    assert_eq!(summary["stored"], sent.good);

    let before = json(&["lake", "info", "--json", "--lake", text(&folder.join("lake"))]);
    let (report, code) = examine(&config);
    assert_eq!((code, &report["problems"]), (Some(0), &json!(0)), "{report}");
    for check in
        ["config", "lake", "store", "key", "tables", "kafka", "group", "topic", "position", "registry"]
    {
        let found = findings(&report, check);
        assert!(
            !found.is_empty() && found.iter().all(|finding| finding["state"] == "ok"),
            "{check}: {report}"
        );
    }
    assert!(findings(&report, "position")[0]["says"].as_str().unwrap().contains("0 records wait"));
    let after = json(&["lake", "info", "--json", "--lake", text(&folder.join("lake"))]);
    assert_eq!(before, after, "the doctor changed the lake");

    let topic = changed(&config, "topic", "[\"pings\"]", "[\"pinks\"]");
    expect_problem(&topic, "topic", "`pinks`");
    let unknown = changed(&config, "unknown", "brokers =", "brokerz =");
    expect_problem(&unknown, "config", "`brokerz`");
    // People read it without JSON, and hints are what they look for.
    let words = output(&["doctor", "--config", text(&unknown)]).stdout;
    assert!(String::from_utf8_lossy(&words).contains("hint: did you mean `brokers`?"));
    let other_key = folder.join("other-key");
    PseudonymKey::load_or_create(&other_key).unwrap();
    let other_key = changed(&config, "other-key", text(&folder.join("key")), text(&other_key));
    expect_problem(&other_key, "key", "other-key`");
    expect_no_room_for_a_lake(&config, folder);

    drop(registry);
    let address = std::fs::read_to_string(&config).unwrap();
    let address = address.lines().find_map(|line| line.strip_prefix("url = \"http")).unwrap();
    expect_problem(&config, "registry", address.trim_end_matches('"'));
    let without_registry = folder.join("without-registry");
    std::fs::create_dir(&without_registry).unwrap();
    let config = configure(&without_registry, kafka.bootstrap(), "");
    let brokers = kafka.bootstrap().to_owned();
    drop(kafka);
    expect_problem(&config, "kafka", &brokers);
}

/// A folder that nobody can make, not even the superuser: below a file. The doctor makes none, so it may only
/// warn.
fn expect_no_room_for_a_lake(config: &Path, folder: &Path) {
    let file = folder.join("file");
    std::fs::write(&file, "").unwrap();
    let place = file.join("lake");
    let config = changed(config, "below-a-file", text(&folder.join("lake")), text(&place));
    let (report, code) = examine(&config);
    let found = findings(&report, "lake");
    let is_told = |finding: &&&Value| finding["state"] == "warning" || finding["state"] == "problem";
    let told =
        found.iter().find(is_told).unwrap_or_else(|| panic!("nothing is wrong with the lake: {report}"));
    assert!(told["says"].as_str().unwrap().contains(text(&place)), "{told}");
    assert!(told["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{told}");
    assert_eq!(code == Some(1), report["problems"] != 0, "{report}");
    let error = refused(&["ingest", "--until-end", "--config", text(&config)]);
    assert!(error.contains(text(&place)), "{error}");
}
