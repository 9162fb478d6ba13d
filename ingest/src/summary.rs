//! What an ingest did: counts that must add up.
//!
//! In: counts of batches. Out: the summary that `kayoi ingest` prints, for people or as JSON.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use kayoi_schemas::invariant::Conservation;
use kayoi_schemas::ping::RejectReason;

use crate::partner::PartnerCounts;

/// Counts of one run. Only what was committed counts.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Records by what became of them.
    pub records: Conservation,
    /// Rejected records by reason.
    pub rejected_by_reason: BTreeMap<RejectReason, u64>,
    /// Fields outside the contract that were dropped.
    pub unknown_fields: u64,
    /// Stored pings in no municipality.
    pub outside_municipalities: u64,
    /// Stored pings that no land covers and that count for the nearest municipality.
    pub off_coast: u64,
    /// Files that an earlier run had ingested.
    pub skipped_files: u64,
    /// Files of a folder that nothing is known to read, as seen from the folder.
    pub unread_files: Vec<String>,
    /// Why files of a folder were not read to their end. What was committed of them before stays.
    pub failed_files: Vec<Arc<dyn Error + Send + Sync>>,
    /// Commits to table `pings`.
    pub commits: u64,
    /// What was stored and rejected, by partner.
    pub(crate) partners: BTreeMap<String, PartnerCounts>,
}

impl Summary {
    /// Adds another one.
    pub(crate) fn add(&mut self, other: &Self) {
        self.records.add(other.records);
        for (reason, count) in &other.rejected_by_reason {
            *self.rejected_by_reason.entry(*reason).or_default() += count;
        }
        self.unknown_fields += other.unknown_fields;
        self.outside_municipalities += other.outside_municipalities;
        self.off_coast += other.off_coast;
        self.skipped_files += other.skipped_files;
        self.commits += other.commits;
        for (partner, counts) in &other.partners {
            self.partners.entry(partner.clone()).or_default().add(counts);
        }
    }
}
