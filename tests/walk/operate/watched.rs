//! What watches a lake from outside: records of runs, their metrics, probes, systemd.
//!
//! In: the real binary, a small lake. Out: nothing, when every run says how it went, also one that failed, and everything
//! that a collector reads is documented.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::operators::{documented, labels, samples, served};
use crate::bad_records::good_record;
use crate::kayoi::{json, output, refused, run, text};
use crate::process::Process;
use crate::query::answers::Server;
use crate::query::flight;
use crate::repository;

/// How long the slowest machine may take until a service has said the next thing.
const LIMIT: Duration = Duration::from_secs(120);

/// The documented metrics whose names begin so, as an exposition tells them.
fn expect_documented(exposition: &str, beginnings: &[&str]) {
    let file = repository::read("deploy/metrics-jobs-and-server.txt");
    let list: Vec<_> = file.lines().map(documented).collect();
    let ours = list.iter().filter(|one| beginnings.iter().any(|start| one.name.starts_with(start)));
    let expected: BTreeMap<&str, (&str, &str)> = ours.map(|one| (one.name, (one.kind, one.help))).collect();
    // The text format of both writers ends its sentences alike.
    let served =
        served(exposition).into_iter().map(|(name, (kind, help))| (name, (kind, help.trim_end_matches('.'))));
    assert_eq!(served.collect::<BTreeMap<_, _>>(), expected);
    for sample in samples(exposition).keys() {
        let name = sample.split('{').next().unwrap();
        let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        let family = list.iter().find(|one| one.name == name || Some(one.name) == of_histogram).unwrap();
        let mut labels = labels(sample);
        labels.remove("le");
        assert!(labels.is_subset(&family.labels), "labels of `{name}`");
    }
}

/// A lake of a few pings, and a file that it was ingested from.
fn small_lake(folder: &Path) -> String {
    let pings = folder.join("pings.jsonl");
    let records: Vec<Vec<u8>> = (0..40).map(|number| good_record("walk-device-1", number)).collect();
    std::fs::write(&pings, records.join(&b'\n')).unwrap();
    let lake = folder.join("lake");
    run(&["ingest", "--file", text(&pings), "--lake", text(&lake)]);
    text(&lake).to_owned()
}

fn measure(run: &Value, name: &str) -> f64 {
    run["measures"][name].as_f64().unwrap_or_else(|| panic!("no `{name}` in {run}"))
}

#[test]
fn every_run_says_how_it_went() {
    let folder = TempDir::new().unwrap();
    let lake = small_lake(folder.path());
    let file = folder.path().join("aggregate.prom");
    assert!(run(&["lake", "runs", "--lake", &lake]).contains("nothing was run yet"));
    run(&["aggregate", "--lake", &lake, "--metrics-file", text(&file)]);
    let exposition = std::fs::read_to_string(&file).unwrap();
    expect_documented(&exposition, &["kayoi_run_", "kayoi_release_"]);
    let told = samples(&exposition);
    assert_eq!(told["kayoi_run_success{step=\"aggregate\"}"], 1.0);
    assert_eq!(told["kayoi_run_pings_read{step=\"aggregate\"}"], 40.0);
    assert_eq!(told["kayoi_release_revision"], 1.0);
    run(&["lake", "maintain", "--lake", &lake]);

    // A file of pings that is cut off: the run fails, and says so.
    let pings = Path::new(&lake).join("pings");
    let mut parts =
        std::fs::read_dir(pings).unwrap().flat_map(|day| std::fs::read_dir(day.unwrap().path()).unwrap());
    let part =
        parts.find(|file| file.as_ref().unwrap().path().extension().is_some_and(|end| end == "parquet"));
    std::fs::OpenOptions::new().write(true).open(part.unwrap().unwrap().path()).unwrap().set_len(10).unwrap();
    refused(&["aggregate", "--lake", &lake, "--metrics-file", text(&file)]);
    let exposition = std::fs::read_to_string(&file).unwrap();
    assert_eq!(samples(&exposition)["kayoi_run_success{step=\"aggregate\"}"], 0.0);

    let runs = json(&["lake", "runs", "--lake", &lake, "--json"])["runs"].clone();
    let steps: Vec<_> = runs
        .as_array()
        .unwrap()
        .iter()
        .map(|run| (run["step"].as_str().unwrap(), measure(run, "success")))
        .collect();
    assert_eq!(steps, [("aggregate", 1.0), ("maintain", 1.0), ("aggregate", 0.0)]);
    assert_eq!(measure(&runs[0], "pings_read"), 40.0);
    assert_eq!((measure(&runs[0], "buckets_measured"), measure(&runs[0], "buckets_taken_over")), (1.0, 0.0));
    let list = run(&["lake", "runs", "--lake", &lake, "--last", "1"]);
    assert!(list.contains("FAILED") && list.lines().count() == 2, "{list}");
    // What is measured stands in the help, and nothing else does.
    let help = run(&["lake", "runs", "--help"]);
    let help = help.split_once("Measures").unwrap().1;
    let explained = help.lines().skip(1).take_while(|line| !line.is_empty());
    let explained: BTreeSet<&str> = explained.filter_map(|line| line.split_whitespace().next()).collect();
    let measured: BTreeSet<&str> =
        runs[0]["measures"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(measured, explained);
}

#[test]
fn a_probe_needs_no_shell() {
    let folder = TempDir::new().unwrap();
    flight::lake(folder.path());
    let server = Server::start(folder.path());
    let url = |path: &str| format!("http://{}{path}", server.http);
    assert_eq!(run(&["health", &url("/health/ready")]).trim(), "ok");
    assert_eq!(run(&["health", &url("/health/live")]).trim(), "ok");
    let refusal = refused(&["health", &url("/health/nothing")]);
    assert!(refusal.contains("404"), "{refusal}");
    let exposition = String::from_utf8(
        std::process::Command::new("curl").args(["--silent", &url("/metrics")]).output().unwrap().stdout,
    )
    .unwrap();
    expect_documented(&exposition, &["kayoi_query_"]);

    // A server whose lake has no release lives and is not ready.
    let empty = TempDir::new().unwrap();
    run(&["lake", "info", "--lake", &small_lake(empty.path())]);
    let server = Server::start(&empty.path().join("lake"));
    let url = |path: &str| format!("http://{}{path}", server.http);
    assert_eq!(run(&["health", &url("/health/live")]).trim(), "ok");
    let refusal = refused(&["health", &url("/health/ready")]);
    assert!(refusal.contains("503") && refusal.contains("no release yet"), "{refusal}");
    let address = server.http.clone();
    drop(server);
    let refusal = refused(&["health", &format!("http://{address}/health/ready"), "--seconds", "2"]);
    assert!(refusal.contains("does not answer") && refusal.contains("hint:"), "{refusal}");
    assert_eq!(output(&["health", "no address"]).status.code(), Some(1));
}

#[test]
fn systemd_is_told_that_a_server_is_ready_lives_and_stops() {
    let folder = TempDir::new().unwrap();
    flight::lake(folder.path());
    let socket = folder.path().join("notify");
    let systemd = UnixDatagram::bind(&socket).unwrap();
    systemd.set_read_timeout(Some(LIMIT)).unwrap();
    let next = || {
        let mut told = [0; 256];
        let length = systemd.recv(&mut told).unwrap();
        String::from_utf8_lossy(&told[..length]).trim().to_owned()
    };
    let lake = text(folder.path());
    let arguments = ["serve", "--lake", lake, "--pg-port", "0", "--http-port", "0", "--flight-port", "0"];
    let environment = [("NOTIFY_SOCKET", text(&socket)), ("WATCHDOG_USEC", "1000000")];
    let server = Process::start(folder.path(), &arguments, &environment);
    assert_eq!(next(), "READY=1");
    assert_eq!((next(), next()), ("WATCHDOG=1".to_owned(), "WATCHDOG=1".to_owned()));
    // A process that stands still is silent.
    server.signal("STOP");
    systemd.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut rest = [0; 256];
    let silent = (0..10).any(|_| systemd.recv(&mut rest).is_err());
    assert!(silent, "a server that stands still says that it lives");
    server.signal("CONT");
    systemd.set_read_timeout(Some(LIMIT)).unwrap();
    server.terminate();
    assert!((0..20).any(|_| next() == "STOPPING=1"));
}
