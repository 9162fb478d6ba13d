//! A long run of nights without a return: no residence, and no tie to the life of a town.
//!
//! In: the known nights of a device, and a municipality in which it had one long run of them. Out: from which day to
//! which it was there. A patient, or a mother at her parents', lives where the residence is; the days of the run
//! make no visits, and the rest of what binds the device to the municipality is judged without them.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};

use crate::residences::window;

/// A long stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LongStay {
    /// Where it was.
    pub municipality: MunicipalityCode,
    /// The first and the last night of the longest run there.
    pub nights: (Day, Day),
}

impl LongStay {
    /// The longest stay in a municipality in the twelve months that end with a month: nights fewer than
    /// `return_days` apart are of one.
    pub(crate) fn of(
        municipality: MunicipalityCode,
        month: Month,
        known: &BTreeMap<Day, MunicipalityCode>,
        return_days: i32,
    ) -> Self {
        let (first, last) = window(month);
        let nights = known.range(first..=last).filter(|(_, slept)| **slept == municipality);
        let nights: Vec<Day> = nights.map(|(night, _)| *night).collect();
        let stays = nights.chunk_by(|a, b| b.0 - a.0 < return_days);
        let longest = stays.max_by_key(|stay| stay.len());
        let ends = longest.and_then(|stay| Some((*stay.first()?, *stay.last()?)));
        Self { municipality, nights: ends.unwrap_or((last.plus(1), last)) }
    }

    /// Whether a day lies in it: the day after the last night is that of leaving.
    pub(crate) fn contains(&self, day: Day) -> bool {
        self.nights.0 <= day && day <= self.nights.1.plus(1)
    }

    /// Its days.
    pub(crate) fn days(&self) -> Vec<Day> {
        (self.nights.0.0..=self.nights.1.0 + 1).map(Day).collect()
    }
}
