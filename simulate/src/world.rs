//! What a synthetic world is made of, and what was written of it.
//!
//! In: options of a user. Out: checked options, and counts that a test compares with what ingest stored and
//! rejected.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Definition;
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

/// How the people of a world get from one place to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Ways {
    /// In a straight line at constant speed.
    #[default]
    Straight,
    /// On foot, by road and by rail, around corners, with halts, changes and rests; phones measure the speed.
    Real,
}

/// What lives people lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lives {
    /// Thirteen kinds of life, and everybody's phone is seen.
    Plain,
    /// Those and the kinds of [`Society`], and only a panel's phones are seen.
    Real,
}

/// Who is seen of the people of [`Lives::Real`], and which of them there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Society {
    /// Percent of people with a phone in the panel, on average; from 100 on everybody has one.
    pub panel_percent: f64,
    /// Percent of panel phones that change their advertising id in a month.
    pub resets_percent: f64,
    /// Percent of people who visit from abroad, when `kinds` names none.
    pub abroad_percent: f64,
    /// How many times as often people with ties are in the panel.
    pub tied_factor: f64,
    /// Partners that deliver: with 2 the second one sees a fifth of the same phones, under other ids.
    pub partners: u32,
    /// Days on which nine of ten phones are silent, spread over the world.
    pub outage_days: u32,
    /// Percent of phones whose owner's age and sex the partner knows and sends.
    pub attributes_percent: f64,
    /// The words of the kinds of people there are, in equal shares; empty for the mixture.
    pub kinds: Vec<String>,
}

impl Default for Society {
    fn default() -> Self {
        Self {
            panel_percent: 5.0,
            resets_percent: 3.0,
            abroad_percent: 2.0,
            tied_factor: 1.0,
            partners: 1,
            outage_days: 2,
            attributes_percent: 0.0,
            kinds: Vec::new(),
        }
    }
}

/// A world to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// People. In plain lives each has one device at a time.
    pub devices: u32,
    /// Local days with pings.
    pub days: u32,
    /// The first local day.
    pub first_day: Day,
    /// Everything random follows from this.
    pub seed: u64,
    /// How people travel.
    pub ways: Ways,
    /// How unkind it is.
    pub preset: Preset,
    /// Mean pings of a device on a day on which it is not silent; `None` draws 5, 10, 20, 50 or 200 for each
    /// device, mostly 10 to 50.
    pub pings_per_day: Option<f64>,
    /// Where visitors go: two-digit prefectures or five-digit municipalities; empty for the whole country.
    pub region: Vec<String>,
    /// Kilometres of errands on days of telework, as a share of the commute that they save.
    pub rebound: f64,
    /// What lives people lead.
    pub lives: Lives,
    /// Who is seen; plain lives do not look at it.
    pub society: Society,
    /// The definition whose rules the truth applies; `connected-2026` where none is named. Nobody lives otherwise
    /// because of it.
    pub definition: Option<Definition>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            devices: 3_000,
            days: 365,
            // 2025-04-01.
            first_day: Day(20_179),
            seed: 1,
            ways: Ways::Straight,
            preset: Preset::Easy,
            pings_per_day: None,
            region: Vec::new(),
            rebound: 0.0,
            lives: Lives::Plain,
            society: Society::default(),
            definition: None,
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
        if !(0.0..=1.0).contains(&self.rebound) {
            return size("rebound", self.rebound.to_string(), "0 to 1");
        }
        let shares = self.society.shares().into_iter().filter(|_| self.lives == Lives::Real);
        for (what, percent, (least, greatest), allowed) in shares {
            if !(least..=greatest).contains(&percent) {
                return size(what, percent.to_string(), allowed);
            }
        }
        if self.lives == Lives::Real && !(1..=2).contains(&self.society.partners) {
            return size("partners", self.society.partners.to_string(), "1 or 2");
        }
        let outages = self.society.outage_days;
        if self.lives == Lives::Real && outages >= self.days {
            return size("outage days", outages.to_string(), "fewer than the days of the world");
        }
        match self.pings_per_day {
            Some(rate) if !(0.1..=2_000.0).contains(&rate) => {
                size("pings per day", rate.to_string(), "0.1 to 2,000")
            }
            _ => Ok(()),
        }
    }

    /// Whether the whole feed is thin on a day: such days are spread evenly over a world of real lives.
    pub(crate) fn is_outage(&self, day: Day) -> bool {
        let outages = if self.lives == Lives::Real { self.society.outage_days as i32 } else { 0 };
        (1..=outages).any(|number| day == self.first_day.plus(self.days as i32 * number / (outages + 1)))
    }

    /// Whether records may say how old their person is, and of which sex.
    pub(crate) fn has_attributes(&self) -> bool {
        self.lives == Lives::Real && self.society.attributes_percent > 0.0
    }

    /// The last local day with pings.
    pub fn last_day(&self) -> Day {
        self.first_day.plus(self.days as i32 - 1)
    }
}

impl Society {
    /// The shares with their ranges.
    fn shares(&self) -> [(&'static str, f64, (f64, f64), &'static str); 5] {
        [
            ("panel percent", self.panel_percent, (0.01, 100.0), "0.01 to 100"),
            ("resets percent", self.resets_percent, (0.0, 50.0), "0 to 50"),
            ("abroad percent", self.abroad_percent, (0.0, 50.0), "0 to 50"),
            ("attributes percent", self.attributes_percent, (0.0, 100.0), "0 to 100"),
            ("tied factor", self.tied_factor, (0.1, 10.0), "0.1 to 10"),
        ]
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
