//! That a cluster measures what one machine does, whatever happens to it.
//!
//! In: the real binary with feature `cluster`, a simulated lake of 16 buckets. Out: nothing, when the files of its tables
//! have the bytes of a local run: with one executor and three, and after executors, scheduler and driver were killed,
//! frozen, stopped, slowed, cut off, full, and started again on the same port and folder; with TLS too (`tls`).
//! `make test-cluster` runs it; `CLUSTER_FAULTS` says how many faults, `CLUSTER_SEED` which.
#![allow(unreachable_pub, reason = "nothing is outside of a test")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

mod world;
mod cable;
mod cluster;
mod faults;
mod tls;

use std::time::Duration;

use kayoi_harness::kayoi::text;
use kayoi_harness::repository;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cluster::Cluster;
use crate::faults::FAULTS;
use crate::world::{BUCKETS, World};

/// Longer than it takes until an executor that says nothing is given up.
const LOSS: Duration = Duration::from_secs(45);

#[test]
fn a_cluster_gives_the_bytes_of_one_machine() {
    let world = World::new();
    for executors in [1, 3] {
        let mut cluster = Cluster::start(&world, &format!("of{executors}"), executors);
        cluster.start_driver();
        let metrics = cluster.metrics_file();
        cluster.end();
        expect_metrics(&std::fs::read_to_string(metrics).unwrap(), executors);
    }
    let ended = Cluster::start(&world, "other", 1);
    // An executor with other offices than the driver's measures nothing, and says why.
    let offices = world.folder().join("offices.csv");
    std::fs::write(&offices, "name,latitude,longitude,radius_m\nA,35.68,139.76,200\n").unwrap();
    let scheduler = format!("http://127.0.0.1:{}", ended.port);
    let driver =
        ["aggregate", "--cluster", &scheduler, "--lake", text(&ended.lake), "--offices", text(&offices)];
    let told = ended.process(&driver, &[]).wait();
    assert!(!told.status.success());
    assert!(told.stderr.contains("other offices") && told.stderr.contains("hint:"), "{}", told.stderr);
}

/// What a run tells on which nothing happened to so many executors.
fn expect_metrics(exposition: &str, executors: usize) {
    let documented = repository::read("deploy/metrics-jobs-and-server.txt");
    let value = |name: &str, labels: &str| {
        let line = exposition.lines().find_map(|line| line.strip_prefix(&format!("{name}{{{labels}}} ")));
        let value: f64 = line.unwrap_or_else(|| panic!("no {name} in {exposition}")).parse().unwrap();
        assert!(documented.lines().any(|line| line.starts_with(&format!("{name}{{"))), "{name}");
        value
    };
    let answered = value("kayoi_cluster_executors", r#"step="aggregate""#);
    assert!((1.0..=executors as f64).contains(&answered), "{answered} executors of {executors}");
    assert_eq!(value("kayoi_cluster_buckets_submitted_again", r#"step="aggregate""#), 0.0);
    let buckets =
        |outcome: &str| value("kayoi_run_buckets", &format!(r#"step="aggregate",outcome="{outcome}""#));
    assert_eq!((buckets("measured"), buckets("taken_over"), buckets("failed")), (BUCKETS as f64, 0.0, 0.0));
}

#[test]
fn faults_lose_nothing_and_double_nothing() {
    let faults: usize = std::env::var("CLUSTER_FAULTS")
        .map_or(FAULTS.len(), |text| text.parse().expect("a number of faults"));
    let seed: u64 = std::env::var("CLUSTER_SEED").map_or(7, |text| text.parse().expect("a seed"));
    let world = World::new();
    let mut random = StdRng::seed_from_u64(seed);
    let mut done = 0;
    let mut round = 0;
    while done < faults {
        let mut cluster = Cluster::start(&world, &format!("round{round}"), 3);
        cluster.start_driver();
        // A few faults a run, each after some more buckets are noted.
        for _ in 0..3 {
            if done == faults {
                break;
            }
            cluster.await_notes(random.random_range(1..=3));
            if cluster.has_ended() {
                break;
            }
            cluster.expect_files_of_their_own();
            let fault = FAULTS[done % FAULTS.len()];
            eprintln!("round {round}: {fault:?} at {} buckets", cluster.noted());
            cluster.hit(fault, &mut random);
            done += 1;
        }
        // Half of the runs go on with what is broken until executors that say nothing are given up.
        if random.random_bool(0.5) {
            cluster.endure(LOSS);
        }
        cluster.mend();
        let ended = cluster.end();
        eprintln!("round {round}: {} buckets resumed", ended.json()["resumed_buckets"]);
        round += 1;
    }
}
