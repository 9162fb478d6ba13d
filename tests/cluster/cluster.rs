//! A scheduler, executors and a driver, all of this machine, and what a driver tells at its end.
//!
//! In: a world, and certificates where it speaks TLS. Out: processes by name that can be stopped, started again where they
//! were, and looked at. Others reach an executor, and it reaches the scheduler, by a cable of its own.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kayoi_harness::kayoi::text;
use kayoi_harness::process::{Ended, Process, until};
use serde_json::Value;

use crate::cable::Cable;
use crate::world::{BUCKETS, World};

/// How long the slowest machine may take until something is there.
pub const LIMIT: Duration = Duration::from_secs(120);
/// Pause between two looks at a condition.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Where scheduler and executors listen.
const OWN: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Where the others reach them.
const CABLED: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// A file that grows beyond its limit is an error as on a full disk, and no end of the process.
const WITH_LIMITS_AS_ERRORS: &str = r#"trap "" XFSZ; exec "$0" "$@""#;

/// Where an executor is: the same after it was started again.
#[derive(Clone)]
struct Seat {
    ports: (u16, u16),
    /// The scheduler's, as it sees it.
    scheduler_port: u16,
    work_dir: PathBuf,
}

/// What its processes are told of certificates: nothing, where they speak in clear.
#[derive(Default, Clone)]
pub struct Certificates {
    pub scheduler: Vec<String>,
    /// Of each executor.
    pub executors: Vec<Vec<String>>,
    pub driver: Vec<String>,
}

impl Certificates {
    /// Of so many executors, and all in clear.
    pub fn none(executors: usize) -> Self {
        Self { executors: vec![Vec::new(); executors], ..Self::default() }
    }
}

/// How the processes of a cluster speak to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    Clear,
    Tls,
}

/// An executor, and what is done to it.
pub struct Executor {
    seat: Seat,
    pub cable: Cable,
    /// Ended before the process is.
    pub slow: Option<Slow>,
    pub process: Option<Process>,
}

/// Everything; a driver may be started again and again.
pub struct Cluster<'w> {
    world: &'w World,
    certificates: Certificates,
    pub lake: PathBuf,
    pub port: u16,
    pub scheduler: Option<Process>,
    pub executors: Vec<Executor>,
    pub driver: Option<Process>,
    drivers: u32,
    noted_before_driver: u64,
}

/// A process that has a tenth of the time: it is stopped and let go on, over and over, until this is dropped.
pub struct Slow {
    process: u32,
    pulse: Child,
}

impl Slow {
    pub fn down(process: &Process) -> Self {
        let script = r#"while kill -STOP "$0"; do sleep 0.18; kill -CONT "$0"; sleep 0.02; done"#;
        let process = process.id();
        let mut pulse = Command::new("sh");
        pulse.args(["-c", script, &process.to_string()]).stderr(Stdio::null());
        Self { process, pulse: pulse.spawn().unwrap() }
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        // Either may have ended.
        let _ = self.pulse.kill();
        let _ = self.pulse.wait();
        let _ =
            Command::new("kill").args(["-CONT", &self.process.to_string()]).stderr(Stdio::null()).status();
    }
}

/// How large a file of a process may become from now on, of those that are open too.
pub fn limit_files(process: &Process, bytes: &str) {
    let (pid, limit) = (process.id().to_string(), format!("--fsize={bytes}:"));
    let limited = Command::new("prlimit").args(["--pid", &pid, &limit]).status();
    assert!(limited.unwrap().success(), "prlimit {limit} failed");
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind((OWN, 0)).unwrap().local_addr().unwrap().port()
}

/// A port that an executor can have, with the end of its cable.
fn cabled_port() -> (u16, TcpListener) {
    let taken = |port: u16| Some((port, TcpListener::bind((CABLED, port)).ok()?));
    std::iter::repeat_with(free_port).take(100).find_map(taken).expect("a port that is free on both sides")
}

impl Executor {
    fn new(work_dir: PathBuf, scheduler: u16) -> Self {
        let cable = Cable::default();
        let laid = |behind: Option<u16>| {
            let (port, near) = cabled_port();
            cable.lay(near, (OWN, behind.unwrap_or(port)).into());
            port
        };
        let seat = Seat { ports: (laid(None), laid(None)), scheduler_port: laid(Some(scheduler)), work_dir };
        Self { seat, cable, slow: None, process: None }
    }

    /// The port of rows, beside its cable.
    pub fn port(&self) -> u16 {
        self.seat.ports.0
    }

    /// How many jobs it keeps rows of.
    pub fn kept(&self) -> usize {
        self.seat.work_dir.read_dir().map_or(0, Iterator::count)
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.slow = None;
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }
}

impl<'w> Cluster<'w> {
    /// One that speaks in clear.
    pub fn start(world: &'w World, name: &str, executors: usize) -> Self {
        Self::start_with(world, name, Certificates::none(executors))
    }

    /// One whose processes have certificates, with as many executors.
    pub fn start_with(world: &'w World, name: &str, certificates: Certificates) -> Self {
        let (port, executors) = (free_port(), certificates.executors.len());
        let work_dir = |number: usize| world.folder().join(format!("{name}.work.{number}"));
        let mut cluster = Self {
            world,
            certificates,
            lake: world.lake(name),
            port,
            scheduler: None,
            executors: (0..executors).map(|number| Executor::new(work_dir(number), port)).collect(),
            driver: None,
            drivers: 0,
            noted_before_driver: 0,
        };
        cluster.start_scheduler();
        (0..executors).for_each(|number| cluster.start_executor(number));
        cluster
    }

    pub fn process(&self, arguments: &[&str], certificates: &[String]) -> Process {
        let environment = [("KAYOI_LOG", "warn"), ("NO_COLOR", "1")];
        let arguments: Vec<&str> =
            arguments.iter().copied().chain(certificates.iter().map(String::as_str)).collect();
        Process::start_by(WITH_LIMITS_AS_ERRORS, self.world.folder(), &arguments, &environment)
    }

    pub fn start_scheduler(&mut self) {
        let port = self.port.to_string();
        let scheduler = ["cluster", "scheduler", "--port", &port];
        self.scheduler = Some(self.process(&scheduler, &self.certificates.scheduler));
        until("the scheduler listens", LIMIT, || std::net::TcpStream::connect((OWN, self.port)).is_ok());
    }

    pub fn start_executor(&mut self, number: usize) {
        let Seat { ports: (port, grpc_port), scheduler_port, work_dir } = self.executors[number].seat.clone();
        let process = self.process(
            &[
                "cluster",
                "executor",
                "--scheduler",
                &format!("{CABLED}:{scheduler_port}"),
                "--host",
                &OWN.to_string(),
                "--called",
                &CABLED.to_string(),
                "--port",
                &port.to_string(),
                "--grpc-port",
                &grpc_port.to_string(),
                "--tasks",
                "1",
                "--work-dir",
                text(&work_dir),
                "--lake",
                text(&self.lake),
            ],
            &self.certificates.executors[number],
        );
        self.executors[number].process = Some(process);
    }

    pub fn start_driver(&mut self) {
        let scheduler = self.address();
        self.noted_before_driver = self.noted();
        self.drivers += 1;
        let metrics = self.metrics_file();
        let driver = [
            "aggregate",
            "--json",
            "--cluster",
            &scheduler,
            "--lake",
            text(&self.lake),
            "--metrics-file",
            text(&metrics),
        ];
        self.driver = Some(self.process(&driver, &self.certificates.driver));
    }

    /// Where a driver finds the scheduler. With TLS it calls a name of a certificate, as executors call an address of it.
    pub fn address(&self) -> String {
        match self.speech() {
            Speech::Clear => format!("http://{OWN}:{}", self.port),
            Speech::Tls => format!("https://localhost:{}", self.port),
        }
    }

    /// How they speak.
    pub fn speech(&self) -> Speech {
        if self.certificates.driver.is_empty() { Speech::Clear } else { Speech::Tls }
    }

    /// What the driver tells a collector.
    pub fn metrics_file(&self) -> PathBuf {
        self.lake.with_extension("prom")
    }

    fn notes(&self) -> Vec<PathBuf> {
        let Ok(jobs) = self.lake.join("journal").read_dir() else { return Vec::new() };
        let notes = jobs.flatten().filter_map(|job| job.path().read_dir().ok()).flatten().flatten();
        let is_bucket = |name: &str| name.starts_with('b') && name.ends_with(".json");
        notes
            .map(|note| note.path())
            .filter(|path| is_bucket(&path.file_name().unwrap().to_string_lossy()))
            .collect()
    }

    /// Buckets that have a note.
    pub fn noted(&self) -> u64 {
        self.notes().len() as u64
    }

    /// Waits until so many more buckets have a note, or the driver has ended.
    pub fn await_notes(&mut self, more: u64) {
        let enough = self.noted() + more;
        until("some buckets are measured", LIMIT, || self.noted() >= enough || self.has_ended());
    }

    /// Tasks number their partitions anew: each of ours has partition 0. Whoever names files by it has notes of sixteen buckets
    /// that name one file, in which the last one wrote: its people count sixteen times, and the others never.
    pub fn expect_files_of_their_own(&self) {
        let mut seen = BTreeSet::new();
        // A driver at its end deletes them.
        for note in self.notes().iter().filter_map(|note| std::fs::read_to_string(note).ok()) {
            let note: Value = serde_json::from_str(&note).unwrap();
            let tables = note["files"].as_array().unwrap().iter().enumerate();
            for (table, files) in tables {
                let files: Vec<Value> = serde_json::from_str(files.as_str().unwrap()).unwrap();
                for file in files {
                    let path = file["path"].as_str().unwrap().to_owned();
                    assert!(seen.insert((table, path.clone())), "two notes name `{path}`");
                }
            }
        }
    }

    pub fn has_ended(&mut self) -> bool {
        self.driver.as_mut().is_none_or(Process::has_ended)
    }

    /// Lets the run go on with whatever is broken, for so long or to its end.
    pub fn endure(&mut self, at_most: Duration) {
        let until = Instant::now() + at_most;
        while !self.has_ended() && Instant::now() < until {
            std::thread::park_timeout(LOOK_AGAIN);
        }
    }

    /// Waits for the driver, which may have given up while nothing was there to measure: the same command then goes on.
    pub fn end(&mut self) -> Ended {
        let mut ended = self.driver.take().unwrap().wait();
        if !ended.status.success() {
            eprintln!("the driver gave up and is started again: {}", ended.stderr);
            self.start_driver();
            ended = self.driver.take().unwrap().wait();
        }
        let ended = ended.succeeded();
        let resumed = ended.json()["resumed_buckets"].as_u64().unwrap();
        // What was noted before is not measured again; executors may have noted more before the driver looked.
        let least = self.noted_before_driver;
        assert!((least..=BUCKETS).contains(&resumed), "{resumed} resumed, and {least} were noted");
        assert!(self.drivers > 1 || resumed == 0, "{resumed} resumed of a run that nobody had begun");
        self.world.expect(&self.lake);
        ended
    }
}
