//! What a synthetic world is made of, and what was written of it.
//!
//! In: options of a user. Out: checked options, and counts that a test compares with what ingest stored and
//! rejected.

use std::collections::BTreeMap;

use kayoi_schemas::time::Day;
use serde::{Deserialize, Serialize};

use crate::error::SimulateError;

/// How unkind the phones and the delivery are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Few gaps, 0.5 % duplicates, 0.05 % malformed, 1 % later than six hours.
    Easy,
    /// Up to 30 % silent days, silence on holidays, homes beside borders, changing device ids, 3 %
    /// duplicates, 0.5 % malformed, 3 % later than six hours.
    Hard,
}

/// A world to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// People; each has one device at a time.
    pub devices: u32,
    /// Local days with pings.
    pub days: u32,
    /// The first local day.
    pub first_day: Day,
    /// Everything random follows from this.
    pub seed: u64,
    /// How unkind it is.
    pub preset: Preset,
    /// Mean pings of a device on a day on which it is not silent; `None` draws 5, 10, 20, 50 or 200 for each
    /// device, mostly 10 to 50.
    pub pings_per_day: Option<f64>,
    /// Where visitors go: two-digit prefectures or five-digit municipalities; empty for the whole country.
    pub region: Vec<String>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            devices: 3_000,
            days: 365,
            // 2025-04-01.
            first_day: Day(20_179),
            seed: 1,
            preset: Preset::Easy,
            pings_per_day: None,
            region: Vec::new(),
        }
    }
}

impl World {
    /// Checks the sizes; the region is checked against the register when the land is laid out.
    ///
    /// # Errors
    /// [`SimulateError::Size`] naming the option, its value and what is allowed.
    pub fn check(&self) -> Result<(), SimulateError> {
        let size = |what, value: String, allowed| Err(SimulateError::Size { what, value, allowed });
        if !(1..=50_000_000).contains(&self.devices) {
            return size("devices", self.devices.to_string(), "1 to 50,000,000");
        }
        if !(1..=3_660).contains(&self.days) {
            return size("days", self.days.to_string(), "1 to 3,660");
        }
        match self.pings_per_day {
            Some(rate) if !(0.1..=2_000.0).contains(&rate) => {
                size("pings per day", rate.to_string(), "0.1 to 2,000")
            }
            _ => Ok(()),
        }
    }

    /// The last local day with pings.
    pub fn last_day(&self) -> Day {
        self.first_day.plus(self.days as i32 - 1)
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Delivery days done.
    pub day: u32,
    /// Delivery days in all: the world's days and the days on which late records still arrive.
    pub days: u32,
    /// Records handed to the writer so far.
    pub records: u64,
}

/// What was written: `records = good + duplicates + malformed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Records in all.
    pub records: u64,
    /// Records that must be stored.
    pub good: u64,
    /// Exact copies of good records.
    pub duplicates: u64,
    /// Records that must be rejected, by the words of [`crate::Malformed::as_str`].
    pub malformed: BTreeMap<String, u64>,
}

impl Written {
    /// Malformed records of all kinds.
    pub fn malformed_total(&self) -> u64 {
        self.malformed.values().sum()
    }
}
