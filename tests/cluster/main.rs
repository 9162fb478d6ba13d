//! That a cluster measures what one machine does, whatever happens to it.
//!
//! In: the real binary with feature `cluster`, a simulated lake of 16 buckets. Out: nothing, when the files of its tables
//! have the bytes of a local run: with one executor and three, and after executors, scheduler and driver were killed,
//! frozen, stopped, and started again on the same port and folder; with TLS too (`tls`). `make test-cluster` runs it;
//! `CLUSTER_FAULTS` says how many faults.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

mod tls;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kayoi_harness::kayoi::{json, run, text};
use kayoi_harness::process::{Process, until};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;

const TABLES: [InternalTable; 7] = [
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
    InternalTable::Panel,
    InternalTable::Workplaces,
    InternalTable::Ties,
    InternalTable::Indicators,
];
const BUCKETS: &str = "16";
const LIMIT: Duration = Duration::from_secs(120);

/// A lake of some people, and what one machine makes of it.
struct World {
    folder: TempDir,
    expected: Vec<Vec<Vec<u8>>>,
}

impl World {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let feed = folder.path().join("feed");
        run(&["simulate", "--out", text(&feed), "--devices", "160", "--days", "200", "--seed", "4"]);
        let pristine = folder.path().join("pristine");
        let key = folder.path().join("one.key");
        let pings = feed.join("pings");
        json(&[
            "ingest",
            "--json",
            "--file",
            text(&pings),
            "--lake",
            text(&pristine),
            "--key-file",
            text(&key),
        ]);
        json(&["lake", "buckets", BUCKETS, "--json", "--lake", text(&pristine)]);
        let world = Self { folder, expected: Vec::new() };
        let local = world.lake("local");
        json(&["aggregate", "--json", "--lake", text(&local)]);
        Self { expected: bytes(&local), ..world }
    }

    /// A copy of the lake before anything was measured.
    fn lake(&self, name: &str) -> PathBuf {
        let lake = self.folder.path().join(name);
        let copied = std::process::Command::new("cp")
            .args(["-a", text(&self.folder.path().join("pristine")), text(&lake)])
            .status();
        assert!(copied.unwrap().success());
        lake
    }
}

/// The bytes of each table's files, whatever they are named.
fn bytes(lake: &Path) -> Vec<Vec<Vec<u8>>> {
    let opened = Lake::open(lake).unwrap();
    let of = |table: InternalTable| {
        let files = opened.files(table).unwrap();
        let mut files: Vec<Vec<u8>> =
            files.iter().map(|f| std::fs::read(lake.join(&f.path)).unwrap()).collect();
        files.sort_unstable();
        files
    };
    TABLES.into_iter().map(of).collect()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Where an executor is: the same after it was started again.
#[derive(Clone)]
struct Seat {
    ports: (u16, u16),
    work_dir: PathBuf,
}

struct Cluster<'w> {
    world: &'w World,
    lake: PathBuf,
    port: u16,
    scheduler: Option<Process>,
    executors: Vec<(Seat, Option<Process>)>,
    driver: Option<Process>,
}

impl<'w> Cluster<'w> {
    fn start(world: &'w World, name: &str, executors: usize) -> Self {
        let lake = world.lake(name);
        let seat = |number: usize| Seat {
            ports: (free_port(), free_port()),
            work_dir: world.folder.path().join(format!("{name}.work.{number}")),
        };
        let seats = (0..executors).map(|number| (seat(number), None)).collect();
        let mut cluster =
            Self { world, lake, port: free_port(), scheduler: None, executors: seats, driver: None };
        cluster.start_scheduler();
        (0..executors).for_each(|number| cluster.start_executor(number));
        cluster
    }

    fn process(&self, arguments: &[&str]) -> Process {
        Process::start(self.world.folder.path(), arguments, &[("KAYOI_LOG", "warn"), ("NO_COLOR", "1")])
    }

    fn start_scheduler(&mut self) {
        let port = self.port.to_string();
        self.scheduler = Some(self.process(&["cluster", "scheduler", "--port", &port]));
        until("the scheduler listens", LIMIT, || {
            std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
        });
    }

    fn start_executor(&mut self, number: usize) {
        let Seat { ports: (port, grpc), work_dir } = self.executors[number].0.clone();
        let (scheduler, port, grpc) =
            (format!("127.0.0.1:{}", self.port), port.to_string(), grpc.to_string());
        let process = self.process(&[
            "cluster",
            "executor",
            "--scheduler",
            &scheduler,
            "--port",
            &port,
            "--grpc-port",
            &grpc,
            "--tasks",
            "1",
            "--work-dir",
            text(&work_dir),
            "--lake",
            text(&self.lake),
        ]);
        self.executors[number].1 = Some(process);
    }

    fn start_driver(&mut self) {
        let scheduler = format!("http://127.0.0.1:{}", self.port);
        let driver =
            self.process(&["aggregate", "--json", "--cluster", &scheduler, "--lake", text(&self.lake)]);
        self.driver = Some(driver);
    }

    /// Buckets that have a note.
    fn noted(&self) -> usize {
        let journal = self.lake.join("journal");
        let Ok(found) =
            std::process::Command::new("find").args([text(&journal), "-name", "b*of*.json"]).output()
        else {
            return 0;
        };
        String::from_utf8_lossy(&found.stdout).lines().count()
    }

    fn has_ended(&mut self) -> bool {
        self.driver.as_mut().is_none_or(Process::has_ended)
    }

    fn end(mut self) {
        let ended = self.driver.take().unwrap().wait().succeeded();
        assert_eq!(ended.json()["resumed_buckets"].to_string(), BUCKETS);
        assert!(bytes(&self.lake) == self.world.expected, "the files of a cluster and of one machine differ");
    }
}

#[test]
fn a_cluster_gives_the_bytes_of_one_machine() {
    let world = World::new();
    for executors in [1, 3] {
        let mut cluster = Cluster::start(&world, &format!("of{executors}"), executors);
        cluster.start_driver();
        cluster.end();
    }
    let mut ended = Cluster::start(&world, "other", 1);
    // An executor with other offices than the driver's measures nothing, and says why.
    let offices = world.folder.path().join("offices.csv");
    std::fs::write(&offices, "name,latitude,longitude,radius_m\nA,35.68,139.76,200\n").unwrap();
    let scheduler = format!("http://127.0.0.1:{}", ended.port);
    let driver = ended.process(&[
        "aggregate",
        "--cluster",
        &scheduler,
        "--lake",
        text(&ended.lake),
        "--offices",
        text(&offices),
    ]);
    let told = driver.wait();
    assert!(!told.status.success());
    assert!(told.stderr.contains("other offices") && told.stderr.contains("hint:"), "{}", told.stderr);
    ended.executors.clear();
}

/// What is done to a cluster.
#[derive(Debug, Clone, Copy)]
enum Fault {
    KillExecutor,
    KillExecutorAndBack,
    StopExecutor,
    FreezeExecutor,
    KillScheduler,
    KillDriver,
}

const FAULTS: [Fault; 6] = [
    Fault::KillExecutor,
    Fault::KillExecutorAndBack,
    Fault::StopExecutor,
    Fault::FreezeExecutor,
    Fault::KillScheduler,
    Fault::KillDriver,
];

impl Cluster<'_> {
    fn hit(&mut self, fault: Fault, random: &mut StdRng) {
        let number = random.random_range(0..self.executors.len());
        match fault {
            Fault::KillExecutor | Fault::KillExecutorAndBack => {
                if let Some(process) = self.executors[number].1.take() {
                    process.kill();
                }
                if matches!(fault, Fault::KillExecutorAndBack) {
                    self.start_executor(number);
                }
            }
            Fault::StopExecutor => {
                if let Some(process) = self.executors[number].1.take() {
                    process.signal("TERM");
                    process.wait();
                }
                self.start_executor(number);
            }
            Fault::FreezeExecutor => {
                if let Some(process) = &self.executors[number].1 {
                    process.signal("STOP");
                }
            }
            Fault::KillScheduler => {
                if let Some(process) = self.scheduler.take() {
                    process.kill();
                }
                self.start_scheduler();
            }
            Fault::KillDriver => {
                if let Some(process) = self.driver.take() {
                    process.kill();
                }
                self.start_driver();
            }
        }
    }

    /// Brings back whatever is gone or stands still, so that the run can end.
    fn mend(&mut self) {
        for number in 0..self.executors.len() {
            match &self.executors[number].1 {
                Some(process) => process.signal("CONT"),
                None => self.start_executor(number),
            }
        }
    }
}

#[test]
fn faults_lose_nothing_and_double_nothing() {
    let faults: usize =
        std::env::var("CLUSTER_FAULTS").map_or(6, |text| text.parse().expect("a number of faults"));
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
            let before = cluster.noted();
            let more = random.random_range(1..=3);
            until("some buckets are measured", LIMIT, || {
                cluster.noted() >= before + more || cluster.has_ended()
            });
            if cluster.has_ended() {
                break;
            }
            let fault = FAULTS[done % FAULTS.len()];
            eprintln!("round {round}: {fault:?} at {} buckets", cluster.noted());
            cluster.hit(fault, &mut random);
            done += 1;
        }
        cluster.mend();
        // The driver may have given up while nothing was there to measure: what is measured stays.
        while !cluster.driver.as_mut().is_some_and(Process::has_ended) {
            std::thread::park_timeout(Duration::from_millis(50));
        }
        let ended = cluster.driver.take().unwrap().wait();
        if !ended.status.success() {
            eprintln!("round {round}: the driver gave up and is started again: {}", ended.stderr);
            cluster.start_driver();
        } else {
            assert!(
                bytes(&cluster.lake) == world.expected,
                "the files of a cluster and of one machine differ"
            );
            round += 1;
            continue;
        }
        cluster.end();
        round += 1;
    }
}
