//! What happens to a cluster, and how it is set right.
//!
//! In: a fault, and chance for whom. Out: a cluster that has it. None needs rights of root: networks are cut in a cable, disks
//! are full by a limit of the process, nodes are slow because they are stopped most of the time.

use rand::Rng;
use rand::rngs::StdRng;

use crate::cluster::{Cluster, Slow, limit_files};

/// What is done to a cluster.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    KillExecutor,
    /// On the same port and folder, as systemd or a StatefulSet does. Ballista keeps the rows of the one that was killed.
    KillExecutorAndBack,
    StopExecutor,
    FreezeExecutor,
    /// A tenth of the time is left to it.
    SlowExecutor,
    /// It measures and notes, and neither hears nor is heard.
    CutExecutor,
    /// It can write neither rows for the driver nor files of the lake.
    FillDisk,
    /// It can write rows for the driver, and the beginnings of files of the lake.
    FillLake,
    KillScheduler,
    KillDriver,
}

pub const FAULTS: [Fault; 10] = [
    Fault::KillExecutor,
    Fault::KillExecutorAndBack,
    Fault::CutExecutor,
    Fault::StopExecutor,
    Fault::FillDisk,
    Fault::SlowExecutor,
    Fault::KillScheduler,
    Fault::FreezeExecutor,
    Fault::FillLake,
    Fault::KillDriver,
];

/// Bytes of a file on a lake that is full: more than a row for the driver, less than the stays of a bucket.
const FULL_LAKE_BYTES: &str = "16384";

impl Cluster<'_> {
    pub fn hit(&mut self, fault: Fault, random: &mut StdRng) {
        let number = random.random_range(0..self.executors.len());
        let executor = &mut self.executors[number];
        // One that has ended by itself, as when it found no scheduler, has no more to lose.
        executor.process.take_if(|process| process.has_ended());
        match fault {
            Fault::KillExecutor => executor.kill(),
            Fault::KillExecutorAndBack => {
                executor.kill();
                self.start_executor(number);
            }
            Fault::StopExecutor => {
                executor.slow = None;
                if let Some(process) = executor.process.take() {
                    // One that stands still hears nothing.
                    process.signal("CONT");
                    process.signal("TERM");
                    process.wait();
                }
                self.start_executor(number);
            }
            Fault::FreezeExecutor => {
                executor.slow = None;
                if let Some(process) = &executor.process {
                    process.signal("STOP");
                }
            }
            Fault::SlowExecutor => {
                executor.slow = None;
                executor.slow = executor.process.as_ref().map(Slow::down);
            }
            Fault::CutExecutor => executor.cable.cut(),
            Fault::FillDisk | Fault::FillLake => {
                let bytes = if matches!(fault, Fault::FillDisk) { "0" } else { FULL_LAKE_BYTES };
                if let Some(process) = &executor.process {
                    limit_files(process, bytes);
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

    /// Brings back whatever is gone, cut off, full, slow or stands still, so that the run can end.
    pub fn mend(&mut self) {
        for number in 0..self.executors.len() {
            let executor = &mut self.executors[number];
            executor.slow = None;
            executor.cable.mend();
            // Whatever has ended is started again, as systemd does.
            executor.process.take_if(|process| process.has_ended());
            match &executor.process {
                Some(process) => {
                    process.signal("CONT");
                    limit_files(process, "unlimited");
                }
                None => self.start_executor(number),
            }
        }
    }
}
