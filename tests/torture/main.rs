//! Torture: random faults, one after the other, and after each the lake is compared with what was produced.
//!
//! In: `KAYOI_TORTURE_FAULTS` (12), `KAYOI_TORTURE_SECONDS` (120) and `KAYOI_TORTURE_SEED`; `make torture`
//! sets more. Out: a line for each fault. Three real brokers, up to three real processes. When it fails, the
//! line before says the seed, and the folder stays. Fault points exist with debug assertions only: not for
//! `--release`.
#![allow(unreachable_pub, reason = "nothing is outside of a test")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

use kayoi_harness::{kayoi, names, process, records};

mod ground;
mod bucket;
mod cluster;
mod truth;
mod producer;
mod fleet;
mod deck;
mod faults;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use kayoi_harness::parts::s3::Store;
use kayoi_schemas::time::Clock;
use serde_json::Value;
use tempfile::TempDir;

use crate::bucket::Bucket;
use crate::deck::Deck;
use crate::faults::Stage;
use crate::ground::Ground;

/// Two cores carry one cluster at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn setting(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).unwrap_or_default();
    if text.is_empty() {
        default
    } else {
        text.parse().unwrap_or_else(|_| panic!("{name} `{text}` is no number"))
    }
}

fn torture(ground: Ground, faults: u64) {
    let limit = Duration::from_secs(setting("KAYOI_TORTURE_SECONDS", 120));
    let seed = setting("KAYOI_TORTURE_SEED", Clock::System.now().0 as u64);
    println!(
        "seed {seed}: {faults} faults in {} s at most, in {}",
        limit.as_secs(),
        ground.folder().display()
    );
    let mut deck = Deck::new(seed, &ground);
    let mut stage = Stage::new(seed, ground);
    let started = Instant::now();
    let mut happened = 0;
    while happened < faults {
        if started.elapsed() > limit && happened > 0 {
            println!("seed {seed}: time is up after {happened} faults");
            break;
        }
        let (kind, fault) = (deck.deal(), Instant::now());
        println!("seed {seed}: {kind:?} ...");
        let what = stage.endure(kind);
        let seen = stage.check();
        let Some(what) = what else {
            println!("seed {seed}: {kind:?} did not happen, it does not count");
            continue;
        };
        happened += 1;
        println!(
            "seed {seed} fault {happened}: {what}; {} records = {} pings + {} copies + {} rejects, hash {:016x}, \
             version {}, {} restarts, {:.1} s",
            seen.produced,
            seen.distinct,
            seen.copies,
            seen.rejects,
            seen.hash,
            seen.version,
            stage.restarts(),
            fault.elapsed().as_secs_f64()
        );
    }
    stage.finish();
    println!("seed {seed}: done in {:.0} s", started.elapsed().as_secs_f64());
}

#[test]
fn a_hundred_faults_lose_nothing_and_double_nothing() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    torture(Ground::in_folder(), setting("KAYOI_TORTURE_FAULTS", 12));
}

/// A quarter of the faults in buckets, half of them in each store, which fail on their own besides.
fn torture_a_bucket(store: Store, name: &str) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    match Ground::in_bucket() {
        Some(ground) => torture(ground, setting("KAYOI_TORTURE_FAULTS", 12).div_ceil(8)),
        None => Bucket::start(store).run_this_test_with_it(name),
    }
}

#[test]
fn a_bucket_behind_a_bad_network_loses_nothing_and_doubles_nothing() {
    torture_a_bucket(Store::Moto, "a_bucket_behind_a_bad_network_loses_nothing_and_doubles_nothing");
}

#[test]
fn a_gateway_behind_a_bad_network_loses_nothing_and_doubles_nothing() {
    torture_a_bucket(Store::Versitygw, "a_gateway_behind_a_bad_network_loses_nothing_and_doubles_nothing");
}

/// What the doctor finds in a bucket, by the name of the check.
fn findings(bucket: &Bucket) -> BTreeMap<String, Value> {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("ingest.toml");
    std::fs::write(folder.path().join("key"), "5b".repeat(32)).unwrap();
    let text = format!(
        "[lake]\nurl = \"s3://lake/doctor\"\nkey_file = \"{}\"\n[kafka]\nbrokers = \"127.0.0.1:1\"\n\
         [[feed]]\npartner = \"acme\"\ntopics = [\"pings\"]\n",
        folder.path().join("key").display()
    );
    std::fs::write(&config, text).unwrap();
    let mut doctor = kayoi::command(&["doctor", "--json", "--config", kayoi::text(&config)]);
    let output = doctor.envs(bucket.environment()).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (finding["check"].as_str().unwrap().to_owned(), finding.clone())).collect()
}

/// What is deleted must be gone: the doctor looks whether a bucket keeps it.
#[test]
fn the_doctor_finds_a_bucket_that_keeps_what_is_deleted() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let bucket = Bucket::start(Store::Moto);
    let found = findings(&bucket);
    assert_eq!((found["store"]["state"].as_str(), found.get("versions")), (Some("ok"), None));
    bucket.keep_versions();
    let found = findings(&bucket);
    let versions = &found["versions"];
    assert_eq!(versions["state"], "problem");
    assert!(versions["hint"].as_str().unwrap().contains("suspend versioning"), "{versions}");
}

/// What is needed must stay: the doctor looks whether rules of a bucket take it away.
#[test]
fn the_doctor_finds_a_bucket_that_takes_files_away_on_its_own() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let bucket = Bucket::start(Store::Moto);
    assert_eq!(findings(&bucket)["lifecycle"]["state"], "ok");
    bucket.expire("logs/");
    assert_eq!(findings(&bucket)["lifecycle"]["state"], "ok");
    bucket.expire("");
    let found = findings(&bucket);
    let lifecycle = &found["lifecycle"];
    assert_eq!(lifecycle["state"], "problem");
    assert!(lifecycle["says"].as_str().unwrap().contains("`monthly`"), "{lifecycle}");
    // The gateway has no such rules, and says that it does not know the question.
    let found = findings(&Bucket::start(Store::Versitygw));
    assert_eq!((found["store"]["state"].as_str(), found.get("versions")), (Some("ok"), None));
    assert_eq!(found["lifecycle"]["state"], "skipped");
}
