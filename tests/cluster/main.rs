//! That a cluster measures what one machine does, whatever happens to it.
//!
//! In: the real binary with feature `cluster`, a simulated lake of 16 buckets. Out: nothing, when the files of its tables
//! have the bytes of a local run: with one executor and three, and after executors, scheduler and driver were killed,
//! frozen, stopped, slowed, cut off, full, and started again on the same port and folder; with TLS too (`tls`), which every
//! second round of faults has. `make test-cluster` runs it; `CLUSTER_FAULTS` says how many faults, `CLUSTER_SEED` which, and
//! `CLUSTER_TLS=all` or `none` how many rounds have TLS.
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
mod tally;
mod tls;

use std::time::Duration;

use kayoi_harness::kayoi::text;
use kayoi_harness::process::{Ended, Process};
use kayoi_harness::repository;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cluster::{Certificates, Cluster, Speech};
use crate::faults::FAULTS;
use crate::tally::Tally;
use crate::world::{BUCKETS, World};

/// Longer than it takes until an executor that says nothing is given up.
const LOSS: Duration = Duration::from_secs(45);
/// Executors of a round of faults.
const EXECUTORS: usize = 3;

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
    // An executor of another lake than the driver's measures nothing, opens no run there, and says why.
    let (scheduler, another) = (ended.address(), world.lake("another"));
    let told = ended.process(&["aggregate", "--cluster", &scheduler, "--lake", text(&another)], &[]).wait();
    assert!(!told.status.success());
    assert!(
        told.stderr.contains("its run is not open in") && told.stderr.contains("hint:"),
        "{}",
        told.stderr
    );
    assert!(!ended.lake.join("journal").exists(), "a run was opened in a lake that nobody asked for");
    // An executor with other offices than the driver's measures nothing, and says why.
    let offices = world.folder().join("offices.csv");
    std::fs::write(&offices, "name,latitude,longitude,radius_m\nA,35.68,139.76,200\n").unwrap();
    let driver =
        ["aggregate", "--cluster", &scheduler, "--lake", text(&ended.lake), "--offices", text(&offices)];
    let told = ended.process(&driver, &[]).wait();
    assert!(!told.status.success());
    assert!(told.stderr.contains("other offices") && told.stderr.contains("hint:"), "{}", told.stderr);
}

/// Both hand out all buckets, and each bucket counts once. Who is later finds the run ended: it says so, and does not measure
/// everything again for tables that are there.
#[test]
fn of_two_drivers_at_once_one_sums_up() {
    let world = World::new();
    let cluster = Cluster::start(&world, "two", 2);
    let scheduler = cluster.address();
    let driver = ["aggregate", "--json", "--cluster", &scheduler, "--lake", text(&cluster.lake)];
    let drivers = [cluster.process(&driver, &[]), cluster.process(&driver, &[])];
    let (well, ill): (Vec<Ended>, Vec<Ended>) =
        drivers.into_iter().map(Process::wait).partition(|ended| ended.status.success());
    assert!(!well.is_empty(), "neither measured: {}", ill[0].stderr);
    for ended in ill {
        assert!(ended.stderr.contains("error[K209]") && ended.stderr.contains("hint:"), "{}", ended.stderr);
    }
    world.expect(&cluster.lake);
}

/// A figure that a run told a collector.
fn metric(exposition: &str, name: &str, labels: &str) -> f64 {
    let line = exposition.lines().find_map(|line| line.strip_prefix(&format!("{name}{{{labels}}} ")));
    line.unwrap_or_else(|| panic!("no {name} in {exposition}")).parse().unwrap()
}

/// What a run tells on which nothing happened to so many executors.
fn expect_metrics(exposition: &str, executors: usize) {
    let documented = repository::read("deploy/metrics-jobs-and-server.txt");
    let value = |name: &str, labels: &str| {
        assert!(documented.lines().any(|line| line.starts_with(&format!("{name}{{"))), "{name}");
        metric(exposition, name, labels)
    };
    let answered = value("kayoi_cluster_executors", r#"step="aggregate""#);
    assert!((1.0..=executors as f64).contains(&answered), "{answered} executors of {executors}");
    assert_eq!(value("kayoi_cluster_buckets_submitted_again", r#"step="aggregate""#), 0.0);
    let buckets =
        |outcome: &str| value("kayoi_run_buckets", &format!(r#"step="aggregate",outcome="{outcome}""#));
    assert_eq!((buckets("measured"), buckets("taken_over"), buckets("failed")), (BUCKETS as f64, 0.0, 0.0));
}

/// How a round speaks: every second one with TLS, unless `CLUSTER_TLS` says all or none.
fn speech_of(round: u32) -> Speech {
    let with_tls = match std::env::var("CLUSTER_TLS").as_deref() {
        Err(_) | Ok("half") => round % 2 == 1,
        Ok("all") => true,
        Ok("none") => false,
        Ok(other) => panic!("CLUSTER_TLS `{other}` is not allowed: all, half and none are"),
    };
    if with_tls { Speech::Tls } else { Speech::Clear }
}

#[test]
fn faults_lose_nothing_and_double_nothing() {
    let faults: usize = std::env::var("CLUSTER_FAULTS")
        .map_or(FAULTS.len(), |text| text.parse().expect("a number of faults"));
    let seed: u64 = std::env::var("CLUSTER_SEED").map_or(7, |text| text.parse().expect("a seed"));
    let world = World::new();
    let secured = tls::certificates(world.folder(), EXECUTORS);
    let mut random = StdRng::seed_from_u64(seed);
    let mut tally = Tally::default();
    let mut round = 0;
    while tally.faults() < faults {
        let (name, speech) = (format!("round{round}"), speech_of(round));
        let certificates = match speech {
            Speech::Clear => Certificates::none(EXECUTORS),
            Speech::Tls => secured.clone(),
        };
        let mut cluster = Cluster::start_with(&world, &name, certificates);
        cluster.start_driver();
        // A few faults a run, each after some more buckets are noted.
        for _ in 0..3 {
            if tally.faults() == faults {
                break;
            }
            cluster.await_notes(random.random_range(1..=3));
            if cluster.has_ended() {
                break;
            }
            cluster.expect_files_of_their_own();
            let fault = FAULTS[tally.faults() % FAULTS.len()];
            eprintln!("round {round}, {speech:?}: {fault:?} at {} buckets", cluster.noted());
            cluster.hit(fault, &mut random);
            tally.fault(fault, speech);
        }
        // Half of the runs go on with what is broken until executors that say nothing are given up.
        if random.random_bool(0.5) {
            cluster.endure(LOSS);
        }
        cluster.mend();
        let resumed = cluster.end().json()["resumed_buckets"].as_u64().unwrap();
        let told = std::fs::read_to_string(cluster.metrics_file()).unwrap();
        let again = metric(&told, "kayoi_cluster_buckets_submitted_again", r#"step="aggregate""#);
        eprintln!("round {round}: {resumed} buckets resumed, {again} handed out again");
        tally.round(speech, resumed, again as u64);
        round += 1;
    }
    eprintln!("seed {seed}\n{tally}");
}
