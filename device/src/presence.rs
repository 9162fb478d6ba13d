//! Fixes and stays → presence: what a device did in each municipality on a local day.
//!
//! In: fixes, stays and nights of one device. Out: per (day, municipality) the minutes there, the hours in
//! which it was seen standing, and whether it was there rather than passing. Someone who strolls through a
//! town is present without standing still: the time between two fixes in one municipality counts as well,
//! when the gap is one that a stay would bridge by day and the device did not drive. A span that crosses
//! 04:00 is shared out between its days; nothing is cut at midnight.
//!
//! A sparse phone shows a day in a town by a fix or two. Whether that was a visit is judged by what it did: a
//! device that stood was there; one that drove was under way; a lonely fix counts when it was too far off the
//! way from the fix before to the fix after, with time to spare, or when the device slept there. All of that
//! only where there was time for a visit: a phone that reports often was elsewhere shortly before and shortly
//! after a town that it passed through, standing at its station or not.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, Span, UtcMillis};
use kayoi_schemas::units::distance_km;

use crate::fix::Fix;
use crate::motion::Motion;
use crate::nights::{LIKELY, Nights};
use crate::settled::{Settled, SettledStay};

/// What a device did in a municipality on a local day.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Presence {
    /// Minutes spent there on that day.
    pub minutes: f64,
    /// Whether a fix there shows it standing.
    pub stood: bool,
    /// Whether a lonely fix there lies too far off the way to be explained by passing.
    pub off_the_way: bool,
    /// Minutes that it was there when half of the time to spare before and after was spent there.
    pub likely_minutes: f64,
    /// Whether it slept there the night before or after, more likely than not.
    pub slept: bool,
    /// The point where it was seen first on that day: latitude and longitude in degrees.
    pub point: Option<(f32, f32)>,
}

impl Presence {
    /// Minutes there: what was seen is the least, and what is likely where nothing was seen is as often too much.
    pub(crate) fn minutes_there(&self) -> f64 {
        self.minutes.max((self.minutes + self.likely_minutes) / 2.0)
    }

    /// Whether it was there for the definition's least minutes, as far as one can tell. `passes` says whether
    /// a point lies on a way that the device takes anyway.
    pub(crate) fn is_visit(&self, thresholds: &Thresholds, passes: impl Fn((f64, f64)) -> bool) -> bool {
        // A sighting alone is a visit only off the commute; a bed or half an hour there needs no such test.
        let least_minutes = thresholds.stay_min_minutes.get();
        let seen = (self.stood || self.off_the_way) && self.likely_minutes >= least_minutes;
        self.slept
            || self.minutes >= least_minutes
            || seen
                && !self
                    .point
                    .is_some_and(|(latitude, longitude)| passes((latitude.into(), longitude.into())))
    }
}

/// Presence by day and municipality.
pub(crate) type PresenceByDay = BTreeMap<(Day, MunicipalityCode), Presence>;

/// A span of time in one municipality.
type SpanAt = (Span, MunicipalityCode);

/// Stays, and between them the time from fix to fix within one municipality.
fn spans(fixes: &[Fix], motions: &[Motion], stays: &[SettledStay], thresholds: &Thresholds) -> Vec<SpanAt> {
    let gap_ms = thresholds.stay_gap_day_minutes.milliseconds();
    let of_stay =
        |stay: &SettledStay| Some((Span { from: stay.arrival, to: stay.departure }, stay.municipality?));
    let mut spans: Vec<SpanAt> = stays.iter().filter_map(of_stay).collect();
    let mut next_stay = 0;
    for (pair, motion) in fixes.windows(2).zip(motions.windows(2)) {
        let (from, to) = (pair[0].instant, pair[1].instant);
        while stays.get(next_stay).is_some_and(|stay| stay.departure <= from) {
            next_stay += 1;
        }
        // The stay's own span has these minutes already.
        let in_stay = stays.get(next_stay).is_some_and(|stay| stay.arrival < to);
        let drove = motion.contains(&Motion::Moving);
        if let (Some(code), false) = (pair[0].municipality, in_stay)
            && pair[1].municipality == Some(code)
            && to.0 - from.0 <= gap_ms
            && !drove
        {
            spans.push((Span { from, to }, code));
        }
    }
    spans
}

/// The presence of one device.
pub(crate) fn presence(
    settled: &Settled,
    motions: &[Motion],
    nights: &Nights,
    thresholds: &Thresholds,
    rule: DayRule,
) -> PresenceByDay {
    let (fixes, stays) = (settled.fixes(), settled.stays());
    let mut presence = PresenceByDay::new();
    for (span, municipality) in spans(fixes, motions, stays, thresholds) {
        for day in days(span, rule) {
            let of_day = Span { from: rule.day_start(day), to: rule.day_start(day.plus(1)) };
            presence.entry((day, municipality)).or_default().minutes += span.overlap_minutes(of_day);
        }
    }
    for (index, (fix, motion)) in fixes.iter().zip(motions).enumerate() {
        let Some(municipality) = fix.municipality else { continue };
        let day = rule.day(fix.instant);
        let seen = presence.entry((day, municipality)).or_default();
        seen.point.get_or_insert((fix.point.latitude() as f32, fix.point.longitude() as f32));
        if *motion == Motion::Moving {
            continue;
        }
        seen.stood |= *motion == Motion::Still;
        seen.off_the_way |= *motion == Motion::Unknown && is_off_the_way(fixes, index);
    }
    for (municipality, days, minutes) in likely_minutes(fixes, rule) {
        for day in days {
            presence.entry((day, municipality)).or_default().likely_minutes += minutes;
        }
    }
    for (night, beds) in nights.nights.iter().zip(&nights.beds) {
        let likely = beds.iter().filter(|(_, share)| *share >= LIKELY);
        for code in likely.filter_map(|(place, _)| nights.code(place)) {
            // A guest is there on the evening and on the morning after, so a night makes both days visits.
            for day in [night.night, night.night.plus(1)] {
                presence.entry((day, code)).or_default().slept = true;
            }
        }
    }
    presence
}

/// Speed of a journey along the straight line from door to door, with halts and changes, by its kilometres: in town,
/// between towns, express, Shinkansen, flight. Time that is not needed for the way may have been spent in the town.
const DOOR_TO_DOOR_KM_PER_HOUR: [(f64, f64); 5] =
    [(10.0, 25.0), (60.0, 35.0), (200.0, 65.0), (600.0, 120.0), (f64::INFINITY, 250.0)];

/// For each run of fixes in one municipality, the local days that it touches and how long the device is likely to
/// have been there.
fn likely_minutes(
    fixes: &[Fix],
    rule: DayRule,
) -> impl Iterator<Item = (MunicipalityCode, impl Iterator<Item = Day> + use<>, f64)> {
    let mut next = 0;
    fixes.chunk_by(|a, b| a.municipality == b.municipality).filter_map(move |run| {
        let (from, to) = (next, next + run.len());
        next = to;
        let (first, last) = (run.first()?, run.last()?);
        let travel_hours = |km: f64| {
            let speed = DOOR_TO_DOOR_KM_PER_HOUR
                .iter()
                .find(|(within_km, _)| km < *within_km)
                .map_or(1.0, |(_, v)| *v);
            km / speed
        };
        let slack = |a: &Fix, b: &Fix| {
            let hours = (b.instant.0 - a.instant.0) as f64 / HOUR_MS as f64;
            (hours - travel_hours(kilometres(a, b))).max(0.0)
        };
        // Before the first fix and after the last one of all nobody knows.
        let before = from.checked_sub(1).map_or(f64::INFINITY, |index| slack(&fixes[index], first));
        let after = fixes.get(to).map_or(f64::INFINITY, |fix| slack(last, fix));
        let there = (last.instant.0 - first.instant.0) as f64 / HOUR_MS as f64;
        let days = (rule.day(first.instant).0..=rule.day(last.instant).0).map(Day);
        // The device may have left and come at any moment of the time to spare.
        Some((first.municipality?, days, 60.0 * (there + (before + after) / 2.0)))
    })
}

/// Speed of a slow journey along the straight line: time beyond it is time to spare, not travel.
const SLOW_KM_PER_HOUR: f64 = 40.0;
/// How many times as long as the straight line a way may be: roads go round mountains.
const DETOUR: f64 = 1.5;
/// Kilometres by which a way may be longer besides, because short ways are all detour.
const DETOUR_KM: f64 = 2.0;
/// Hours to spare from which a fix is a stop and not a passage: half an hour, as the definition's least
/// visit.
const SPARE_HOURS: f64 = 0.5;

/// Whether a lonely fix lies off the way between its neighbours, with time for a visit.
fn is_off_the_way(fixes: &[Fix], index: usize) -> bool {
    let (Some(before), Some(after)) = (index.checked_sub(1).map(|i| &fixes[i]), fixes.get(index + 1)) else {
        return false;
    };
    let fix = &fixes[index];
    let there = kilometres(before, fix);
    let back = kilometres(fix, after);
    let straight = kilometres(before, after);
    let hours = |a: &Fix, b: &Fix| (b.instant.0 - a.instant.0) as f64 / HOUR_MS as f64;
    let spare_before = hours(before, fix) - there / SLOW_KM_PER_HOUR;
    let spare_after = hours(fix, after) - back / SLOW_KM_PER_HOUR;
    there + back > DETOUR * straight + DETOUR_KM
        && spare_before.max(0.0) + spare_after.max(0.0) >= SPARE_HOURS
}

fn kilometres(a: &Fix, b: &Fix) -> f64 {
    distance_km((a.point.latitude(), a.point.longitude()), (b.point.latitude(), b.point.longitude()))
}

/// The local days that a span touches.
fn days(span: Span, rule: DayRule) -> impl Iterator<Item = Day> {
    // A span that ends as a day begins does not touch that day.
    let last_moment = UtcMillis((span.to.0 - 1).max(span.from.0));
    (rule.day(span.from).0..=rule.day(last_moment).0).map(Day)
}

#[cfg(test)]
#[path = "presence_tests.rs"]
mod tests;
