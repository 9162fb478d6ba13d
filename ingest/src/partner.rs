//! What became of one partner's records in a commit.
//!
//! In: counts of commits. Out: their sum, and the newest event time, which only moves forward.

use std::collections::BTreeMap;

use kayoi_schemas::ping::RejectReason;
use kayoi_schemas::time::UtcMillis;

/// One partner's part of a summary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PartnerCounts {
    /// Pings of the partner that were stored.
    pub(crate) stored: u64,
    /// Records rejected, by reason.
    pub(crate) rejected: BTreeMap<RejectReason, u64>,
    /// Newest event time stored; never after the clock of the commit, so that one phone whose clock is ahead
    /// does not hide a feed that has stopped.
    pub(crate) newest: Option<UtcMillis>,
}

impl PartnerCounts {
    /// Adds another commit's.
    pub(crate) fn add(&mut self, other: &Self) {
        self.stored += other.stored;
        for (reason, count) in &other.rejected {
            *self.rejected.entry(*reason).or_default() += count;
        }
        self.newest = self.newest.max(other.newest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_the_newest_instant_stays() {
        let one = |stored, newest| PartnerCounts {
            stored,
            rejected: BTreeMap::from([(RejectReason::TooOld, stored)]),
            newest,
        };
        let mut sum = PartnerCounts::default();
        for counts in [one(1, Some(UtcMillis(9))), one(2, Some(UtcMillis(5))), one(3, None)] {
            sum.add(&counts);
        }
        assert_eq!(sum, one(6, Some(UtcMillis(9))));
    }
}
