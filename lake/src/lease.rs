//! One maintenance job at a time.
//!
//! In: who asks. Out: a lease, a small file in the lake that is there as long as the job runs. After a crash it
//! ends by itself, at once where the next job can see that the holder is dead, which it can on the same
//! machine. It only saves wasted work: two rewrites that overlap all the same cannot both commit, see
//! [`crate::commit`].

use bytes::Bytes;
use kayoi_schemas::time::{Clock, DayRule, HOUR_MS, UtcMillis};
use serde::{Deserialize, Serialize};

use crate::error::LakeError;
use crate::lake::Lake;

const LEASE: &str = "kayoi-maintenance-lease.json";
/// How long a lease lasts when its holder dies. A job that takes longer is still safe: what it rewrites lands
/// only when no other rewrite came first.
const LASTS_MS: i64 = HOUR_MS;
/// The same for a job that only commits.
const SHORT_MS: i64 = HOUR_MS / 12;

#[derive(Debug, Serialize, Deserialize)]
struct Lease {
    holder: String,
    until_ms: i64,
    #[serde(default)]
    process: Option<Process>,
}

/// A process, as others of the same machine can look it up.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Process {
    /// The machine since it was started, and the processes that can see one another on it: a container has
    /// numbers of its own.
    seen_from: String,
    number: u32,
}

impl Process {
    /// This one; `None` where the system does not say.
    fn own() -> Option<Self> {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let numbers = std::fs::read_link("/proc/self/ns/pid").ok()?;
        let seen_from = format!("{} {}", boot.trim(), numbers.display());
        Some(Self { seen_from, number: std::process::id() })
    }

    /// Whether it is known to have ended. A number that another process was given since counts as alive.
    fn has_ended(&self) -> bool {
        Self::own().is_some_and(|own| own.seen_from == self.seen_from)
            && !std::path::Path::new(&format!("/proc/{}", self.number)).exists()
    }
}

/// The right to rewrite files; given back when dropped.
#[derive(Debug)]
pub struct MaintenanceLease(LeaseEnd);

/// Gives a lease back, from whichever thread hears that the process has to end.
#[derive(Debug, Clone)]
pub struct LeaseEnd {
    lake: Lake,
    /// What the lease's file holds as long as the lease is ours.
    text: Bytes,
}

impl MaintenanceLease {
    /// Whether it is still ours: another job may have taken it since it ran out.
    ///
    /// # Errors
    /// [`LakeError::Store`] when the store does not answer.
    pub fn is_held(&self) -> Result<bool, LakeError> {
        let found = self.0.lake.block_on(self.0.lake.location().read(LEASE))?;
        Ok(found.is_some_and(|found| found == self.0.text))
    }

    /// What gives it back before the process ends by a signal, when nothing is dropped.
    pub fn end(&self) -> LeaseEnd {
        self.0.clone()
    }
}

impl LeaseEnd {
    /// Gives the lease back, unless another job has taken it since ours ran out.
    ///
    /// # Errors
    /// [`LakeError::Store`] when the store does not answer; the lease then ends by itself.
    pub fn give_back(&self) -> Result<(), LakeError> {
        self.lake.block_on(async {
            if self.lake.location().read(LEASE).await?.is_some_and(|found| found == self.text) {
                self.lake.location().delete(LEASE).await?;
            }
            Ok(())
        })
    }
}

impl Lake {
    /// Takes the lease.
    ///
    /// # Errors
    /// [`LakeError::Leased`] when another job holds it.
    pub fn lease(&self, holder: &str) -> Result<MaintenanceLease, LakeError> {
        self.lease_for(holder, LASTS_MS)
    }

    /// Takes the lease for some commits, which are a matter of seconds.
    ///
    /// # Errors
    /// [`LakeError::Leased`] when another job holds it.
    pub fn short_lease(&self, holder: &str) -> Result<MaintenanceLease, LakeError> {
        self.lease_for(holder, SHORT_MS)
    }

    fn lease_for(&self, holder: &str, lasts_ms: i64) -> Result<MaintenanceLease, LakeError> {
        let now = Clock::System.now();
        let process = Process::own();
        let lease = Lease { holder: holder.to_owned(), until_ms: now.0 + lasts_ms, process };
        let text = Bytes::from(serde_json::to_vec(&lease).unwrap_or_default());
        for _ in 0..2 {
            if self.block_on(self.location().create(LEASE, text.clone()))? {
                return Ok(MaintenanceLease(LeaseEnd { lake: self.clone(), text }));
            }
            let found = self.block_on(self.location().read(LEASE))?;
            match found.and_then(|bytes| serde_json::from_slice::<Lease>(&bytes).ok()) {
                Some(found) if found.until_ms > now.0 && !found.has_died() => return Err(leased(found)),
                // Ended, or unreadable: nobody holds it.
                _ => self.block_on(self.location().delete(LEASE))?,
            }
        }
        Err(leased(lease))
    }
}

impl Drop for MaintenanceLease {
    fn drop(&mut self) {
        if let Err(error) = self.0.give_back() {
            tracing::warn!(%error, "the lease was not given back; it ends by itself");
        }
    }
}

impl Lease {
    fn has_died(&self) -> bool {
        self.process.as_ref().is_some_and(Process::has_ended)
    }
}

fn leased(lease: Lease) -> LakeError {
    let until = UtcMillis(lease.until_ms);
    let day = DayRule { utc_offset_minutes: 0, day_start_hour: 0 }.day(until);
    let minutes = until.0.rem_euclid(24 * HOUR_MS) / 60_000;
    LakeError::Leased {
        holder: lease.holder,
        until: format!("{day} {:02}:{:02} UTC", minutes / 60, minutes % 60),
        path: LEASE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(lake: &Lake, holder: &str, process: Option<Process>) {
        let lease = Lease { holder: holder.to_owned(), until_ms: Clock::System.now().0 + HOUR_MS, process };
        let text = serde_json::to_vec(&lease).unwrap();
        lake.block_on(lake.location().overwrite(LEASE, text.into())).unwrap();
    }

    #[test]
    fn a_lease_is_taken_from_the_dead_of_this_machine_and_from_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let number = child.id();
        child.wait().unwrap();
        let own = || Process::own().unwrap();
        let elsewhere = Process { seen_from: "another machine".to_owned(), number };
        for (held_by, is_taken) in [
            (Some(own()), false),
            (Some(Process { number, ..own() }), true),
            (Some(elsewhere), false),
            (None, false),
        ] {
            put(&lake, "before", held_by);
            assert_eq!(lake.lease("next").is_ok(), is_taken);
        }
    }

    #[test]
    fn a_lease_that_another_job_took_over_is_not_given_back_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let lease = lake.lease("slow").unwrap();
        put(&lake, "next", None);
        drop(lease);
        assert!(matches!(lake.lease("third"), Err(LakeError::Leased { holder, .. }) if holder == "next"));
    }
}
