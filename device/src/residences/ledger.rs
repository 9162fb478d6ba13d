//! Nights → a ledger: for each place of a device, how probable it was as the bed of each night.
//!
//! In: nights with their beds, or known places of nights. Out: expected nights of a place between two dates,
//! at the cost of a subtraction. Unknown nights are in it with their probabilities, so a sum is a number of
//! nights of a year and not of what a phone happened to report. A place is whatever tells homes apart: a
//! municipality here, a labelled place in the comparison with other people's data.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use super::seen::{DaysSeen, Seen};
use crate::nights::{Nights, Slept};

/// Expected nights in all below which a place is not considered as a residence.
const LEAST_NIGHTS: f64 = 3.0;

/// Expected nights by place and date.
#[derive(Debug, Clone)]
pub struct Ledger<P> {
    /// The date of the first night.
    first: Day,
    /// The known place of each night.
    known: Vec<Option<P>>,
    /// Whether a known night was observed by a stay, and not inferred.
    observed: Vec<bool>,
    /// For each place, the expected nights before each night; one longer than the nights.
    before: BTreeMap<P, Vec<f32>>,
    /// The nights before each night that do not lie in a long silence; one longer than the nights.
    covered: Vec<u32>,
    /// On which days it was seen where; nothing where that is not known.
    seen: Seen<P>,
}

impl Ledger<MunicipalityCode> {
    /// The ledger of a device, with municipalities as places.
    pub(crate) fn of(nights: &Nights) -> Self {
        let first = nights.nights.first().map_or(Day(0), |night| night.night);
        let beds = nights.beds.iter().map(|beds| {
            let shares = beds.iter().filter_map(|(place, share)| Some((nights.code(place)?, share)));
            shares.collect::<Vec<_>>()
        });
        let known = nights.nights.iter().map(|night| night.slept.municipality()).collect();
        let observed = nights.nights.iter().map(|night| matches!(night.slept, Slept::Observed(_))).collect();
        let seen = nights.sightings.iter().filter_map(|at| Some((at.day, at.slot, nights.code(at.place)?)));
        Self { observed, ..Self::new(first, known, beds) }.seen_in(seen)
    }
}

impl<P: Ord + Copy> Ledger<P> {
    /// A ledger from the first night on: the known place of each night, all taken as observed, and how
    /// probable each place was.
    pub fn new(first: Day, known: Vec<Option<P>>, beds: impl Iterator<Item = Vec<(P, f64)>> + Clone) -> Self {
        let mut totals: BTreeMap<P, f64> = BTreeMap::new();
        // A night of which nothing is expected anywhere lies in a silence that is nobody's.
        let mut covered = Vec::with_capacity(known.len() + 1);
        covered.push(0);
        for shares in beds.clone() {
            covered.push(covered.last().copied().unwrap_or_default() + u32::from(!shares.is_empty()));
            for (place, share) in shares {
                *totals.entry(place).or_default() += share;
            }
        }
        // A device passes through far more places than it lives in: sums are kept for those that may be a
        // home.
        let mut before: BTreeMap<P, Vec<f32>> = totals
            .into_iter()
            .filter(|(_, total)| *total >= LEAST_NIGHTS)
            .map(|(place, _)| (place, Vec::with_capacity(known.len() + 1)))
            .collect();
        before.values_mut().for_each(|sums| sums.push(0.0));
        for shares in beds {
            for (place, sums) in &mut before {
                let share = shares.iter().find(|(other, _)| other == place).map_or(0.0, |(_, share)| *share);
                let so_far = sums.last().copied().unwrap_or_default();
                sums.push(so_far + share as f32);
            }
        }
        let observed = vec![true; known.len()];
        Self { first, known, observed, before, covered, seen: Seen::default() }
    }

    /// The same ledger, where nights whose entry is false were inferred and not observed.
    pub fn observed_only(self, observed: Vec<bool>) -> Self {
        Self { observed, ..self }
    }

    /// The same ledger, with the hours in which the device was seen: day, hours after 04:00, place.
    pub fn seen_in(self, hours: impl Iterator<Item = (Day, u8, P)>) -> Self {
        Self { seen: Seen::of(hours), ..self }
    }

    /// On how many days of `first..=last` the device was seen at a place.
    pub(super) fn days_seen(&self, place: P, first: Day, last: Day) -> DaysSeen {
        self.seen.days(place, first, last)
    }

    /// Places that may be residences.
    pub fn places(&self) -> impl Iterator<Item = P> + '_ {
        self.before.keys().copied()
    }

    /// The number of a night, held within the ledger.
    fn index(&self, day: Day) -> usize {
        usize::try_from(day.0 - self.first.0).unwrap_or(0).min(self.known.len())
    }

    /// Expected nights at a place on `first..=last`.
    pub fn nights(&self, place: P, first: Day, last: Day) -> f64 {
        let Some(sums) = self.before.get(&place) else { return 0.0 };
        let (from, to) = (self.index(first), self.index(last.plus(1)));
        f64::from(sums[to.max(from)] - sums[from])
    }

    /// Nights on `first..=last` that do not lie in a long silence.
    pub(crate) fn covered(&self, first: Day, last: Day) -> u32 {
        let (from, to) = (self.index(first), self.index(last.plus(1)));
        self.covered[to.max(from)] - self.covered[from]
    }

    /// The date of the first night.
    pub(crate) fn first(&self) -> Day {
        self.first
    }

    /// The known nights on `first..=last`, with their dates.
    pub fn known(&self, first: Day, last: Day) -> impl Iterator<Item = (Day, P)> + Clone + '_ {
        let (from, to) = (self.index(first), self.index(last.plus(1)));
        let nights = self.known[from..to.max(from)].iter().enumerate();
        nights.filter_map(move |(number, place)| Some((self.first.plus((from + number) as i32), (*place)?)))
    }

    /// Observed nights at a place on `first..=last`.
    pub(crate) fn observed(&self, place: P, first: Day, last: Day) -> u32 {
        let (from, to) = (self.index(first), self.index(last.plus(1)));
        let nights = self.known[from..to.max(from)].iter().zip(&self.observed[from..to.max(from)]);
        nights.filter(|(known, observed)| **observed && **known == Some(place)).count() as u32
    }

    /// Nights up to `last` that no single change from one of two places to the other explains: whatever date
    /// one takes for the move, at least this many were slept at one of them on its wrong side. Moving house
    /// leaves next to none.
    pub(crate) fn nights_after_return(&self, a: P, b: P, last: Day) -> f64 {
        let (Some(a), Some(b)) = (self.before.get(&a), self.before.get(&b)) else { return 0.0 };
        let end = self.index(last.plus(1));
        // Moving from `first` to `second` on a date leaves the nights at `second` before it and at `first`
        // after it.
        let of = |first: &[f32], second: &[f32], at: usize| second[at] + first[end] - first[at];
        let least = (0..=end).map(|at| of(a, b, at).min(of(b, a, at))).fold(f32::INFINITY, f32::min);
        f64::from(least)
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
