//! What a run measured, in numbers for people and scripts.
//!
//! In: device records, and the summaries of pieces. Out: their sum.

use std::collections::BTreeMap;

use kayoi_device::{DeviceRecord, Period};
use kayoi_schemas::figure::Cube;
use kayoi_schemas::time::Month;

/// What was measured, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AggregateSummary {
    /// How many pings the lake holds, copies included.
    pub pings: u64,
    /// How many of them were copies of a ping from another commit, and dropped.
    pub copies: u64,
    /// How many devices were measured.
    pub devices: u64,
    /// Devices with a primary residence in the last month.
    pub located_devices: u64,
    /// Buckets that another process had measured, or a run before this one when it was stopped.
    pub resumed_buckets: u64,
    /// Bytes of the columns that were to be read, in the files that were opened.
    pub wanted_bytes: u64,
    /// How many stays they have.
    pub stays: u64,
    /// Nights between each device's first and last day.
    pub nights: u64,
    /// Of these, nights whose municipality is known.
    pub known_nights: u64,
    /// Months whose ties are measured, first and last.
    pub months: Option<(Month, Month)>,
    /// What caps left out of the counts, by cube: of sums the part beyond the cap, of ties the months in which a
    /// change was held back.
    pub left_out: BTreeMap<Cube, u64>,
}

impl AggregateSummary {
    /// Adds a part.
    pub(crate) fn join(&mut self, piece: &Self) {
        self.copies += piece.copies;
        self.devices += piece.devices;
        self.located_devices += piece.located_devices;
        self.stays += piece.stays;
        self.nights += piece.nights;
        self.known_nights += piece.known_nights;
    }

    /// Counts a device.
    pub(crate) fn add(&mut self, record: &DeviceRecord, period: &Period) {
        self.devices += 1;
        let last = period.tie_months.last();
        self.located_devices += u64::from(last.is_some_and(|month| record.residences.contains_key(month)));
        self.stays += record.stays.len() as u64;
        self.nights += record.nights.nights.len() as u64;
        self.known_nights += record.nights.known().count() as u64;
    }
}
