//! One maintenance job at a time.
//!
//! In: who asks. Out: a lease, a small file in the lake that is there as long as the job runs and that ends
//! by itself after a crash. It only saves wasted work: two rewrites that overlap all the same cannot both
//! commit, see [`crate::commit`].

use kayoi_schemas::time::{Clock, DayRule, HOUR_MS, UtcMillis};
use serde::{Deserialize, Serialize};

use crate::error::LakeError;
use crate::lake::Lake;

const LEASE: &str = "kayoi-maintenance-lease.json";
/// How long a lease lasts when its holder dies. A job that takes longer is still safe: what it rewrites lands
/// only when no other rewrite came first.
const LASTS_MS: i64 = HOUR_MS;

#[derive(Debug, Serialize, Deserialize)]
struct Lease {
    holder: String,
    until_ms: i64,
}

/// The right to rewrite files; gone when dropped.
#[derive(Debug)]
pub struct MaintenanceLease<'a> {
    lake: &'a Lake,
}

impl Lake {
    /// Takes the lease.
    ///
    /// # Errors
    /// [`LakeError::Leased`] when another job holds it.
    pub fn lease(&self, holder: &str) -> Result<MaintenanceLease<'_>, LakeError> {
        let now = Clock::System.now();
        let lease = Lease { holder: holder.to_owned(), until_ms: now.0 + LASTS_MS };
        let text = serde_json::to_vec(&lease).unwrap_or_default();
        for _ in 0..2 {
            if self.block_on(self.location().create(LEASE, text.clone().into()))? {
                return Ok(MaintenanceLease { lake: self });
            }
            let found = self.block_on(self.location().read(LEASE))?;
            match found.and_then(|bytes| serde_json::from_slice::<Lease>(&bytes).ok()) {
                Some(found) if found.until_ms > now.0 => return Err(leased(found)),
                // Ended, or unreadable: nobody holds it.
                _ => self.block_on(self.location().delete(LEASE))?,
            }
        }
        Err(leased(lease))
    }
}

impl Drop for MaintenanceLease<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.lake.block_on(self.lake.location().delete(LEASE)) {
            tracing::warn!(%error, "the lease was not given back; it ends by itself");
        }
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
