//! Counts of a commit by partner.
//!
//! In: the rows of a commit, without copies, and what waits. Out: [`PartnerCounts`] by partner, for the
//! summary and the metrics. They are counted from the very rows that are written, so that they agree with the
//! lake.

use std::collections::BTreeMap;

use kayoi_schemas::time::UtcMillis;

use super::order::{RowsByDay, partners, rejects_by_reason};
use super::waiting::Waiting;
use crate::partner::PartnerCounts;

/// Counts by partner; each partner with anything that waits has an entry.
pub(super) fn by_partner<'w>(
    rows: &RowsByDay,
    waiting: impl Iterator<Item = &'w Waiting> + Clone,
    now: UtcMillis,
) -> BTreeMap<String, PartnerCounts> {
    let names = partners(waiting.clone());
    let mut counts: Vec<PartnerCounts> = names.iter().map(|_| PartnerCounts::default()).collect();
    for (partner, instant) in rows.iter().flat_map(|(_, rows)| rows.deliveries()) {
        let Some(counts) = counts.get_mut(usize::from(partner)) else { continue };
        counts.stored += 1;
        counts.newest = counts.newest.max(Some(instant.min(now)));
    }
    let mut by_name: BTreeMap<String, PartnerCounts> = names.into_iter().zip(counts).collect();
    for waiting in waiting {
        let rejected = rejects_by_reason(waiting);
        let counts = by_name.entry(waiting.stream.feed.partner.clone()).or_default();
        counts.add(&PartnerCounts { rejected, ..PartnerCounts::default() });
    }
    by_name
}
