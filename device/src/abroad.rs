//! Spots, nights and tenure → whether a device visits from abroad.
//!
//! In: when a device was seen first and last, where, and where it slept. Out: whether it is a visitor from
//! abroad, who lives nowhere in Japan and is counted apart. Such an identifier lives for days or weeks. It begins
//! or ends at an airport or a port of entry, or it never has a home: its nights go from bed to bed, and no bed
//! has most of them. An identifier of somebody who lives here and got a new phone has neither trait: it wakes
//! up at home and stays there, and who lives or works beside a port is seen there on more days than a guest.

use std::collections::BTreeMap;

use kayoi_geography::PortsOfEntry;
use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::time::{DayRule, HOUR_MS, UtcMillis};

use crate::fix::Fix;
use crate::nights::Nights;
use crate::period::Period;
use crate::tenure::Tenure;

/// Hours after the first fix, and before the last one, in which it stands at a port of entry.
const AT_PORT_HOURS: i64 = 24;
/// The same on the way from a port into town, where others live and work.
const NEAR_PORT_HOURS: i64 = 3;
/// Days at ports of entry of a guest, at most: arrival, departure, and two days with a flight between.
const MOST_DAYS_AT_PORTS: usize = 4;
/// Days without a fix at the end of the data from which a device has left.
const STILL_HERE_DAYS: i32 = 3;
/// Likely nights from which it can be told that no bed has most of them.
const LEAST_NIGHTS: usize = 4;
/// Share of the nights in one municipality from which it may be a home.
const HOME_SHARE: f64 = 0.6;
/// Share of the nights in the longest stay of a tour, at most: with more, the rest is a way home.
const LONGEST_SHARE: f64 = 0.75;
/// Municipalities slept in by somebody who goes from bed to bed.
const LEAST_BEDS: usize = 3;

/// Whether a device visits from abroad.
pub(crate) fn is_from_abroad(
    tenure: &Tenure,
    fixes: &[Fix],
    nights: &Nights,
    ports: &PortsOfEntry,
    thresholds: &Thresholds,
    period: &Period,
) -> bool {
    if tenure.life_days() > thresholds.abroad_max_days.get() {
        return false;
    }
    let Some(ends) = Ends::of(fixes, period) else { return false };
    ends.lie_at(fixes, (period.rule, AT_PORT_HOURS), |at, to| ports.contains(at, to))
        || ends.lie_at(fixes, (period.rule, NEAR_PORT_HOURS), |at, to| ports.is_near(at, to))
        // Who is still here may come home yet.
        || ends.has_left && (has_no_home(nights) || is_on_tour(nights))
}

/// The first fix and the last one, as far as they are an arrival and a departure: somebody who is seen on the first
/// day with data, or on one of the last, may have been there before, or stay.
struct Ends {
    first: UtcMillis,
    last: UtcMillis,
    has_come: bool,
    has_left: bool,
}

impl Ends {
    fn of(fixes: &[Fix], period: &Period) -> Option<Self> {
        let (first, last) = (fixes.first()?.instant, fixes.last()?.instant);
        let (begin, end) = period.days();
        let has_come = period.rule.day(first) > begin;
        let has_left = period.rule.day(last) < end.plus(-STILL_HERE_DAYS);
        Some(Self { first, last, has_come, has_left })
    }

    /// Whether the hours after the arrival or before the departure have a fix at a port of entry, and few days between
    /// have.
    fn lie_at(
        &self,
        fixes: &[Fix],
        (rule, hours): (DayRule, i64),
        is_at_port: impl Fn(f64, f64) -> bool,
    ) -> bool {
        let is_there = |fix: &&Fix| is_at_port(fix.point.latitude(), fix.point.longitude());
        let at_ports: Vec<&Fix> = fixes.iter().filter(is_there).collect();
        let days = at_ports.chunk_by(|a, b| rule.day(a.instant) == rule.day(b.instant)).count();
        let (Some(earliest), Some(latest)) = (at_ports.first(), at_ports.last()) else { return false };
        let hours_ms = hours * HOUR_MS;
        days <= MOST_DAYS_AT_PORTS
            && (self.has_come && earliest.instant.0 - self.first.0 <= hours_ms
                || self.has_left && self.last.0 - latest.instant.0 <= hours_ms)
    }
}

/// Whether its nights go from bed to bed.
fn has_no_home(nights: &Nights) -> bool {
    let mut by_place: BTreeMap<_, usize> = BTreeMap::new();
    nights.likely().for_each(|(_, code)| *by_place.entry(code).or_default() += 1);
    let all: usize = by_place.values().sum();
    let most = by_place.values().max().copied().unwrap_or_default();
    all >= LEAST_NIGHTS && by_place.len() >= LEAST_BEDS && (most as f64) < HOME_SHARE * all as f64
}

/// Whether it goes from one bed to the next and never back: somebody who has a home comes back to it.
fn is_on_tour(nights: &Nights) -> bool {
    let beds: Vec<_> = nights.likely().map(|(_, code)| code).collect();
    let runs: Vec<_> = beds.chunk_by(|a, b| a == b).collect();
    let places: std::collections::BTreeSet<_> = beds.iter().collect();
    let longest = runs.iter().map(|run| run.len()).max().unwrap_or_default();
    beds.len() >= LEAST_NIGHTS
        && places.len() >= 2
        && places.len() == runs.len()
        && longest as f64 <= LONGEST_SHARE * beds.len() as f64
}

#[cfg(test)]
#[path = "abroad_tests.rs"]
mod tests;
