//! Nights → stays: a known night is a stay at the bed, also where the phone slept.
//!
//! In: stays, fixes and nights of one device. Out: the stays, with those of its known nights. A phone that
//! was last seen at home at nine in the evening and next at work at ten was at home all night; its fixes
//! alone say nothing of it. The stay of a known night reaches over the hours in which nearly everybody is in
//! bed, from the last fix at the bed before them to the first one after, never over a fix elsewhere, and all
//! of it that was not observed is counted as inferred.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, MINUTE_MS, UtcMillis};

use crate::beds::BedEvidence;
use crate::nights::Nights;
use crate::settled::{CompletedStay, Settled};
use crate::spots::{SpotIndex, Spots};
use crate::stays::Stay;

/// Local hours, the second on the next day, between which a known night is spent at the bed.
const IN_BED_HOURS: (f64, f64) = (22.0, 30.0);
/// Local hour that splits a night: a fix elsewhere before it comes before the night's stay, one after it ends
/// the stay.
const MIDDLE_HOUR: f64 = 26.0;

/// What the stays are completed from.
pub(crate) struct Sleep<'a> {
    /// The device's fixes and stays, settled at their spots.
    pub settled: &'a Settled,
    /// The device's spots, with the spot of each fix.
    pub spots: &'a Spots,
    /// All nights of the device, known or not.
    pub nights: &'a Nights,
    /// Which spot is the bed in a municipality, by its nights.
    pub beds: BedEvidence<'a>,
    /// The definition's thresholds, for the gap that a stay bridges.
    pub thresholds: &'a Thresholds,
    /// When a local day starts.
    pub rule: DayRule,
}

impl Sleep<'_> {
    /// The stays of the device, by time, those of its known nights among them.
    pub(crate) fn complete(&self) -> Vec<CompletedStay> {
        let mut known: BTreeMap<MunicipalityCode, Option<SpotIndex>> = BTreeMap::new();
        let (first, last) = self.dates();
        let nights = self.nights.known().filter_map(|(night, code)| {
            // A municipality's bed is looked for once, in the whole history and not night by night: a phone
            // that shows this night at no spot may have shown others.
            let bed = *known.entry(code).or_insert_with(|| self.beds.bed(code, first, last));
            self.stay(night, bed?)
        });
        let mut all: Vec<Stay> = self.settled.stays().iter().map(|stay| Stay::clone(stay)).collect();
        all.extend(nights);
        all.sort_by_key(|stay| (stay.arrival, stay.departure));
        let mut joined: Vec<Stay> = Vec::with_capacity(all.len());
        for stay in all {
            match joined.last_mut() {
                Some(last) if self.is_one(last, &stay) => join(last, &stay),
                // Of two stays that overlap, the one with fixes is kept; a night without any gives way.
                Some(last) if stay.arrival < last.departure => {
                    if last.ping_count == 0 {
                        *last = stay;
                    }
                }
                _ => joined.push(stay),
            }
        }
        joined.retain(|stay| stay.departure > stay.arrival);
        joined.into_iter().map(CompletedStay::new).collect()
    }

    /// The first and last day with an hour at a spot.
    fn dates(&self) -> (Day, Day) {
        let hours = &self.spots.hours;
        hours.first().zip(hours.last()).map_or((Day(0), Day(0)), |(first, last)| (first.day, last.day))
    }

    fn stay(&self, night: Day, bed: SpotIndex) -> Option<Stay> {
        let spot = self.spots.get(bed)?;
        let hour = |hour: f64| self.rule.instant(night, hour);
        let (mut from, mut to) = (hour(IN_BED_HOURS.0), hour(IN_BED_HOURS.1));
        let middle = hour(MIDDLE_HOUR);
        let at_bed = |index: usize| self.spots.of_fix.get(index).copied().flatten() == Some(bed);
        let reach_ms = self.thresholds.stay_gap_day_minutes.milliseconds();
        let split = self.settled.fixes().partition_point(|fix| fix.instant < middle);
        let (mut pings, mut earliest, mut latest) = (0, from, to);
        // Outwards from the middle of the night, as long as the device was seen at the bed and nowhere else.
        for index in (0..split).rev() {
            let instant = self.settled.fixes()[index].instant;
            // Seen elsewhere: the night's stay begins after this fix at the earliest.
            if !at_bed(index) {
                from = from.max(UtcMillis(instant.0 + 1));
                break;
            }
            // A fix at the bed hours before bedtime belongs to another stay: the device may have gone out
            // between.
            if earliest.0 - instant.0 > reach_ms {
                break;
            }
            pings += 1;
            earliest = earliest.min(instant);
        }
        for index in split..self.settled.fixes().len() {
            let instant = self.settled.fixes()[index].instant;
            if !at_bed(index) {
                to = to.min(UtcMillis(instant.0 - 1));
                break;
            }
            if instant.0 - latest.0 > reach_ms {
                break;
            }
            pings += 1;
            latest = latest.max(instant);
        }
        let (arrival, departure) = (from.min(earliest), to.max(latest));
        // The fix elsewhere bounds the stay even when the bed was seen before it.
        let arrival = if from > hour(IN_BED_HOURS.0) { from.min(middle) } else { arrival };
        let departure = if to < hour(IN_BED_HOURS.1) { to.max(middle) } else { departure };
        (departure > arrival).then(|| Stay {
            arrival,
            departure,
            latitude: spot.latitude,
            longitude: spot.longitude,
            municipality: spot.municipality,
            ping_count: pings,
            // What was observed of it stands in the observed stays; joining them counts those minutes once.
            observed_minutes: 0.0,
            inferred_minutes: minutes(arrival, departure),
        })
    }

    /// Whether two stays are one: at one spot, with no fix elsewhere and no long gap between.
    fn is_one(&self, a: &Stay, b: &Stay) -> bool {
        let reach_ms = self.thresholds.stay_gap_day_minutes.milliseconds();
        let (Some(spot), true) = (self.spots.at(a), b.arrival.0 - a.departure.0 <= reach_ms) else {
            return false;
        };
        if self.spots.at(b) != Some(spot) {
            return false;
        }
        let from = self.settled.fixes().partition_point(|fix| fix.instant <= a.departure);
        let to = self.settled.fixes().partition_point(|fix| fix.instant < b.arrival);
        (from..to).all(|index| self.spots.of_fix.get(index).copied().flatten() == Some(spot))
    }
}

fn minutes(from: UtcMillis, to: UtcMillis) -> f32 {
    (to.0 - from.0) as f32 / MINUTE_MS as f32
}

fn join(last: &mut Stay, next: &Stay) {
    last.departure = last.departure.max(next.departure);
    last.observed_minutes += next.observed_minutes;
    last.inferred_minutes = (minutes(last.arrival, last.departure) - last.observed_minutes).max(0.0);
    // A night's stay counts fixes that its neighbours count too.
    last.ping_count = last.ping_count.max(next.ping_count);
}

#[cfg(test)]
#[path = "sleep_tests.rs"]
mod tests;
