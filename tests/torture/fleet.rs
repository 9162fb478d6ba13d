//! The processes of one job, as a supervisor runs them: what ends is started again.
//!
//! In: faults to start them with. Out: nothing but that they run. A process may end by its fault or by a
//! signal; any other end that is not an error with a message fails the test.

use std::os::unix::process::ExitStatusExt;

use rand::Rng;
use rand::rngs::StdRng;

use crate::ground::Ground;
use crate::process::Process;

/// Most at once, sleepers aside.
pub const LARGEST: usize = 3;
/// SIGABRT, which is how a fault kills.
const ABORTED: i32 = 6;
const TERMINATED: i32 = 15;

struct Member {
    process: Process,
    fault: String,
}

/// The processes.
#[derive(Default)]
pub struct Fleet {
    awake: Vec<Member>,
    asleep: Vec<Member>,
    /// Ends that were no test's wish: errors that a supervisor answers with a new start.
    pub restarts: u64,
}

impl Fleet {
    /// Starts one with a fault in it, or none, and more variables.
    pub fn start(&mut self, ground: &Ground, fault: &str, more: &[(&str, &str)]) {
        while self.awake.len() >= LARGEST {
            drop(self.awake.remove(0));
        }
        let environment = [&[("KAYOI_FAULT", fault)], more].concat();
        self.awake.push(Member { process: ground.ingest(&[], &environment), fault: fault.to_owned() });
    }

    /// Starts as many as are missing.
    pub fn fill(&mut self, ground: &Ground, count: usize) {
        self.reap();
        while self.awake.len() < count {
            self.start(ground, "", &[]);
        }
    }

    /// Removes those that have ended.
    pub fn reap(&mut self) {
        for mut member in std::mem::take(&mut self.awake) {
            if !member.process.has_ended() {
                self.awake.push(member);
                continue;
            }
            let Member { process, fault } = member;
            let ended = process.wait();
            assert!(!ended.stderr.contains("panicked"), "a process panicked ({fault}):\n{}", ended.stderr);
            match (ended.status.code(), ended.status.signal()) {
                // After an error of a commit that landed, only the death that comes behind it may end a
                // process.
                (Some(1), _) if fault.contains("=error") && !fault.contains("=kill") => {}
                (_, Some(ABORTED)) if fault.contains("=kill") => {}
                (Some(1), _) => {
                    self.restarts += 1;
                    let last: Vec<&str> = ended.stderr.lines().rev().take(4).collect();
                    println!("  a process gave up and is started again: {last:?}");
                }
                _ => panic!("a process ended with {} ({fault}):\n{}", ended.status, ended.stderr),
            }
        }
    }

    /// Whether a fault that ends its process has not happened yet.
    pub fn is_armed(&mut self) -> bool {
        self.reap();
        self.awake.iter().any(|member| !member.fault.is_empty())
    }

    /// Kills those whose fault has not happened.
    pub fn disarm(&mut self) {
        self.awake.retain(|member| member.fault.is_empty());
    }

    /// Kills one as a power cut would.
    pub fn kill(&mut self, rng: &mut StdRng) {
        if let Some(member) = self.take(rng) {
            member.process.kill();
        }
    }

    /// Asks one to end; it must, and say how much it did.
    pub fn terminate(&mut self, rng: &mut StdRng) {
        let Some(member) = self.take(rng) else { return };
        member.process.signal("TERM");
        let ended = member.process.wait();
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        // One that was only just started ends before it listens.
        let is_wished =
            ended.status.success() || ended.status.signal() == Some(TERMINATED) || member.fault.contains('=');
        if !is_wished {
            self.restarts += 1;
            println!(
                "  a process did not end in good order: {}",
                ended.stderr.lines().last().unwrap_or_default()
            );
        }
    }

    /// Puts one to sleep.
    pub fn suspend(&mut self, rng: &mut StdRng) {
        if let Some(member) = self.take(rng) {
            member.process.signal("STOP");
            self.asleep.push(member);
        }
    }

    /// Wakes all that sleep.
    pub fn wake(&mut self) {
        for member in std::mem::take(&mut self.asleep) {
            member.process.signal("CONT");
            self.awake.push(member);
        }
    }

    /// Ends all in good order.
    pub fn end(&mut self, rng: &mut StdRng) {
        self.wake();
        self.reap();
        while !self.awake.is_empty() {
            self.terminate(rng);
        }
    }

    fn take(&mut self, rng: &mut StdRng) -> Option<Member> {
        self.reap();
        let count = self.awake.len();
        (count > 0).then(|| self.awake.swap_remove(rng.random_range(0..count)))
    }
}
