//! What an ingest did: counts that must add up.
//!
//! In: counts of batches. Out: the summary that `kayoi ingest` prints, for people or as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;

use kayoi_schemas::invariant::Conservation;
use kayoi_schemas::ping::RejectReason;

use crate::partner::PartnerCounts;
use crate::rejection::Detail;

/// Counts of one run. Only what was committed counts.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Records by what became of them.
    pub records: Conservation,
    /// Rejected records by reason.
    pub rejected_by_reason: BTreeMap<RejectReason, u64>,
    /// What was wrong with the first record of each reason.
    pub reject_details: BTreeMap<RejectReason, Detail>,
    /// The partner's names in a mapping that no record had, in the order of their names.
    pub unmatched_maps: BTreeSet<String>,
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
    /// The fault for which most records were rejected.
    pub fn commonest_reject(&self) -> Option<RejectReason> {
        let faults = self.rejected_by_reason.iter().filter(|(reason, _)| reason.is_fault());
        faults.max_by_key(|(_, count)| **count).map(|(reason, _)| *reason)
    }

    /// How many records were rejected for a fault, and of how many.
    pub fn rejected_of(&self) -> (u64, u64) {
        let others = self.rejected_by_reason.iter().filter(|(reason, _)| !reason.is_fault());
        let others: u64 = others.map(|(_, count)| *count).sum();
        (self.records.rejected - others, self.records.read - others)
    }

    /// Adds another one.
    pub(crate) fn add(&mut self, other: &Self) {
        self.records.add(other.records);
        for (reason, count) in &other.rejected_by_reason {
            *self.rejected_by_reason.entry(*reason).or_default() += count;
        }
        for (reason, detail) in &other.reject_details {
            self.reject_details.entry(*reason).or_insert_with(|| detail.clone());
        }
        self.unmatched_maps.extend(other.unmatched_maps.iter().cloned());
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
