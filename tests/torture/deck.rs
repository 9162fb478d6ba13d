//! Which fault comes next.
//!
//! In: a seed. Out: kinds of faults, those that this machine and this lake can do.

use std::path::Path;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::ground::Ground;

/// Where a package puts the library that gives a process another clock.
const FAKE_CLOCKS: [&str; 3] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
];

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    KillAtPoint,
    KillAnyTime,
    Terminate,
    Suspend,
    HoldCommit,
    StopBroker,
    KillBroker,
    FreezeBroker,
    RebalanceStorm,
    Compact,
    KillCompaction,
    FullDisk,
    FailAfterLanding,
    Poison,
    StepClock,
}

/// All kinds in random order, again and again: a short run has nearly all of them, a long one each equally
/// often.
pub struct Deck {
    rng: StdRng,
    kinds: Vec<Kind>,
    left: Vec<Kind>,
}

impl Deck {
    /// The kinds that this machine and this lake can do.
    pub fn new(seed: u64, ground: &Ground) -> Self {
        use Kind::*;
        let mut kinds = vec![
            KillAtPoint,
            KillAtPoint,
            KillAnyTime,
            Terminate,
            Suspend,
            HoldCommit,
            StopBroker,
            KillBroker,
            FreezeBroker,
            RebalanceStorm,
            Compact,
            FullDisk,
            FailAfterLanding,
            Poison,
        ];
        if !ground.is_bucket() {
            // The lease it leaves behind is removed by hand, which needs a folder.
            kinds.push(KillCompaction);
        }
        match fake_clock() {
            Some(_) => kinds.push(StepClock),
            None => println!("libfaketime is not installed: no clock steps"),
        }
        Self { rng: StdRng::seed_from_u64(seed), kinds, left: Vec::new() }
    }

    /// The next kind.
    pub fn deal(&mut self) -> Kind {
        if self.left.is_empty() {
            self.left = self.kinds.clone();
            self.left.shuffle(&mut self.rng);
        }
        self.left.pop().expect("the deck is not empty")
    }
}

/// The library that gives a process another clock, where it is installed.
pub fn fake_clock() -> Option<&'static str> {
    FAKE_CLOCKS.into_iter().find(|path| Path::new(path).is_file())
}
