//! The stage on which faults happen.
//!
//! In: a seed. Out: one fault after the other, each while a wave of records is under way; then the job is
//! given time to catch up, and the lake is compared with the truth. No condition is waited for by the clock
//! alone.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cluster::Cluster;
use crate::deck::{Kind, fake_clock};
use crate::fleet::{Fleet, LARGEST};
use crate::ground::{Ground, TOPIC};
use crate::names;
use crate::process::until;
use crate::producer::{PARTITIONS, Producer, Wave};
use crate::truth::{Seen, Truth};

/// A dead member's session, a rebalance, a leader's election and the rest of a wave, on two busy cores.
const CATCH_UP: Duration = Duration::from_secs(240);
/// Share of bad records, and in a burst of poison.
const BAD: f64 = 0.02;
const POISON: f64 = 0.6;
/// Waves after the first until a fault at a point must have happened.
const MORE_WAVES: usize = 6;
const LEASE: &str = "kayoi-maintenance-lease.json";

/// What has to be mended after a fault.
enum Mend {
    Nothing,
    Start(u32),
    Resume(u32),
    /// Sleepers wake only when all is caught up without them.
    Wake,
}

/// Everything; fields are dropped in this order.
pub struct Stage {
    fleet: Fleet,
    cluster: Cluster,
    producer: Producer,
    truth: Truth,
    rng: StdRng,
    ground: Ground,
}

impl Stage {
    /// Starts the cluster and one process.
    pub fn new(seed: u64, ground: Ground) -> Self {
        let cluster = Cluster::start(ground.folder(), TOPIC, PARTITIONS);
        ground.configure(cluster.bootstrap());
        let mut fleet = Fleet::default();
        fleet.fill(&ground, 1);
        let rng = StdRng::seed_from_u64(seed.wrapping_add(1));
        Self { fleet, cluster, producer: Producer::new(), truth: Truth::default(), rng, ground }
    }

    /// One fault. Returns what it was; `None` when it did not happen.
    pub fn endure(&mut self, kind: Kind) -> Option<String> {
        let is_with_others = matches!(kind, Kind::Suspend | Kind::HoldCommit | Kind::Terminate);
        let fewest = if is_with_others { 2 } else { 1 };
        let members = self.rng.random_range(fewest..=LARGEST);
        self.fleet.fill(&self.ground, members);
        if matches!(kind, Kind::StopBroker | Kind::KillBroker | Kind::FreezeBroker) {
            self.cluster.await_in_sync(TOPIC);
        }
        let bad = if kind == Kind::Poison { POISON } else { BAD };
        let wave = self.producer.start(self.cluster.bootstrap(), &mut self.rng, bad);
        let (what, mend) = self.inject(kind, &wave);
        self.truth.add(&wave.finish());
        // A cluster of two must do, too; but one that is frozen is not noticed by its clients for a minute.
        let is_early = matches!(mend, Mend::Resume(_)) || self.rng.random_bool(0.5);
        if is_early && !matches!(mend, Mend::Wake) {
            self.mend(&mend);
        }
        self.catch_up();
        if !is_early || matches!(mend, Mend::Wake) {
            self.check();
            self.mend(&mend);
        }
        for _ in 0..MORE_WAVES {
            if !self.fleet.is_armed() {
                return Some(what);
            }
            let wave = self.producer.start(self.cluster.bootstrap(), &mut self.rng, BAD);
            self.truth.add(&wave.finish());
            self.catch_up();
        }
        let has_happened = !self.fleet.is_armed();
        self.fleet.disarm();
        has_happened.then_some(what)
    }

    fn inject(&mut self, kind: Kind, wave: &Wave) -> (String, Mend) {
        let passage = self.rng.random_range(1..=4);
        let node = self.rng.random_range(1..=3);
        match kind {
            Kind::KillAtPoint => {
                let point = names::INGEST[self.rng.random_range(0..names::INGEST.len())];
                return (self.arm(&format!("{point}=kill@{passage}"), &[]), Mend::Nothing);
            }
            Kind::FullDisk => return (self.arm(&format!("write-file=error@{passage}"), &[]), Mend::Nothing),
            Kind::FailAfterLanding => {
                // The death at the next passage shows that the failure was passed, and survived.
                let fault = format!("commit-landed=error@{passage},commit-landed=kill@{}", passage + 1);
                return (self.arm(&fault, &[]), Mend::Nothing);
            }
            Kind::HoldCommit => {
                let more = [("KAYOI_INGEST__STOP_DEADLINE", "2s")];
                let fault = format!("before-commit=hold:7000@{passage},before-commit=kill@{}", passage + 1);
                return (self.arm(&fault, &more), Mend::Nothing);
            }
            Kind::StepClock => return (self.step_clock(wave), Mend::Nothing),
            Kind::Poison => return (format!("a wave with {:.0} % poison", POISON * 100.0), Mend::Nothing),
            _ => {}
        }
        let commits = self.rng.random_range(0..4);
        self.await_commits(commits, wave);
        let at = format!("after {commits} commits of the wave");
        match kind {
            Kind::KillAnyTime => self.fleet.kill(&mut self.rng),
            Kind::Terminate => self.fleet.terminate(&mut self.rng),
            Kind::Suspend => {
                self.fleet.suspend(&mut self.rng);
                return (format!("a process sleeps {at} until the others have caught up"), Mend::Wake);
            }
            Kind::StopBroker | Kind::KillBroker => {
                self.cluster.stop(node, kind == Kind::KillBroker);
                return (format!("{kind:?} {node} {at}"), Mend::Start(node));
            }
            Kind::FreezeBroker => {
                self.cluster.pause(node);
                return (format!("broker {node} is frozen {at}"), Mend::Resume(node));
            }
            Kind::RebalanceStorm => self.storm(),
            Kind::Compact => self.compact(),
            _ => return (self.kill_compaction(), Mend::Nothing),
        }
        (format!("{kind:?} {at}"), Mend::Nothing)
    }

    /// A process with a fault in it joins.
    fn arm(&mut self, fault: &str, more: &[(&str, &str)]) -> String {
        self.fleet.start(&self.ground, fault, more);
        fault.to_owned()
    }

    /// Members come and go faster than the group can settle.
    fn storm(&mut self) {
        for _ in 0..3 {
            self.fleet.start(&self.ground, "", &[]);
            if self.rng.random_bool(0.5) {
                self.fleet.kill(&mut self.rng);
            } else {
                self.fleet.terminate(&mut self.rng);
            }
        }
    }

    fn compact(&mut self) {
        let ended = self.ground.compact(&[]);
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        if self.ground.is_bucket() && !ended.status.success() {
            println!("  compaction gave up: {}", ended.stderr.lines().next().unwrap_or_default());
            return;
        }
        ended.succeeded();
    }

    fn kill_compaction(&mut self) -> String {
        let fault = format!("{}=kill@{}", names::MAINTENANCE[0], self.rng.random_range(1..=2));
        let ended = self.ground.compact(&[("KAYOI_FAULT", &fault)]);
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        if !ended.status.success() {
            std::fs::remove_file(self.ground.lake().join(LEASE)).expect("a killed job leaves its lease");
        }
        fault
    }

    /// A process whose clock jumps while it works: first ahead, then behind.
    fn step_clock(&mut self, wave: &Wave) -> String {
        let file = self.ground.folder().join("clock");
        let step = |text: &str| std::fs::write(&file, text).unwrap();
        step("+0");
        let path = file.display().to_string();
        let more = [
            ("LD_PRELOAD", fake_clock().unwrap_or_default()),
            ("FAKETIME_TIMESTAMP_FILE", path.as_str()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ];
        self.fleet.start(&self.ground, "", &more);
        for offset in ["+3h", "-5h"] {
            self.await_commits(1, wave);
            step(offset);
        }
        "the clock of a process jumps 3 h ahead and 8 h back".to_owned()
    }

    /// Waits for some commits, or the end of the wave.
    fn await_commits(&mut self, commits: u64, wave: &Wave) {
        let Self { fleet, ground, .. } = self;
        let target = ground.version() + commits;
        until("commits", CATCH_UP, || {
            fleet.fill(ground, 1);
            wave.is_over() || ground.version() >= target
        });
    }

    fn mend(&mut self, mend: &Mend) {
        match mend {
            Mend::Nothing => {}
            Mend::Start(node) => self.cluster.start_node(*node),
            Mend::Resume(node) => self.cluster.resume(*node),
            Mend::Wake => self.fleet.wake(),
        }
    }

    /// Waits until the lake has all that was produced.
    fn catch_up(&mut self) {
        let Self { fleet, ground, truth, .. } = self;
        let ends = truth.ends();
        until("the lake reaches the ends of the topic", CATCH_UP, || {
            fleet.fill(ground, 1);
            ground.positions() == ends
        });
    }

    /// Compares the lake with the truth.
    pub fn check(&self) -> Seen {
        self.truth.check(self.ground.lake())
    }

    /// Processes that gave up and were started again.
    pub fn restarts(&self) -> u64 {
        self.fleet.restarts
    }

    /// Ends everything in good order: a last drain finds nothing, and compaction leaves each ping once.
    pub fn finish(mut self) {
        self.fleet.end(&mut self.rng);
        let drained = self.ground.ingest(&["--until-end"], &[]).wait().succeeded().json();
        assert_eq!(drained["read"], 0, "everything was read before");
        self.compact();
        let seen = self.check();
        assert!(self.ground.is_bucket() || seen.rows == seen.distinct, "copies are left: {seen:?}");
    }
}
