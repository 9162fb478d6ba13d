//! Fixes and their spots → how far a device went on a day, from place to place.
//!
//! In: fixes and spots of one device. Out: kilometres of a day that begins and ends in its bed, and the sums of a
//! month's days at the workplace and days of telework. Lines between places are straight: a commute that is
//! compared with them is one too. A day is left out unless a fix stands in many of its half hours: it would show few
//! of its ways. What is gone to and come back from between two fixes is not seen even so, and rebound is too small by that. A place that
//! was seen for a moment between two others where the device stood, and lies along the way, is the way itself: a phone
//! that is chatty on the train would else go farther than a silent one. What indoor fixes scatter about a place
//! is that place.

use std::collections::BTreeMap;

use kayoi_schemas::rebound::{LEAST_DAYS, LEAST_FIXES, Share};
use kayoi_schemas::time::{Day, DayRule, MINUTE_MS, UtcMillis};
use kayoi_schemas::units::distance_km;

use crate::fix::Fix;
use crate::spots::{REACH_M, SpotIndex, Spots};
use crate::way::Way;

/// Fixes nearer in time than this are counted as one.
const APART_MS: i64 = 30 * MINUTE_MS;
/// Who is seen at a place for so many minutes stood there.
const LEAST_MINUTES: i64 = 10;
/// A place seen for a moment that lies no farther than this from where the device stands is scatter.
const SCATTER_M: f64 = 2.0 * REACH_M;

/// A place on a day, from the first fix there to the last before another.
#[derive(Debug, Clone, Copy)]
struct Stop {
    day: Day,
    spot: SpotIndex,
    from: UtcMillis,
    until: UtcMillis,
}

impl Stop {
    fn stood(&self) -> bool {
        self.until.0 - self.from.0 >= LEAST_MINUTES * MINUTE_MS
    }
}

/// The places of one device, in the order in which it was there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Track {
    stops: Vec<Stop>,
    /// Half hours with a fix.
    fixes: BTreeMap<Day, u32>,
}

impl Track {
    /// The track of a device. `fixes` are those that the spots were found from.
    pub(crate) fn of(fixes: &[Fix], spots: &Spots, rule: DayRule) -> Self {
        let mut track = Self::default();
        let mut last = None;
        for (fix, spot) in fixes.iter().zip(&spots.of_fix) {
            let day = rule.day(fix.instant);
            let half_hour = fix.instant.0.div_euclid(APART_MS);
            if last.replace(half_hour) != Some(half_hour) {
                *track.fixes.entry(day).or_default() += 1;
            }
            let Some(spot) = *spot else { continue };
            match track.stops.last_mut() {
                Some(stop) if (stop.day, stop.spot) == (day, spot) => stop.until = fix.instant,
                _ => track.stops.push(Stop { day, spot, from: fix.instant, until: fix.instant }),
            }
        }
        track
    }

    /// Kilometres from place to place on a day between two nights in a bed; `None` where it is not seen well enough.
    pub(crate) fn km(&self, day: Day, bed: SpotIndex, spots: &Spots) -> Option<f64> {
        let fixes = self.fixes.get(&day).copied().unwrap_or_default();
        if fixes < LEAST_FIXES {
            return None;
        }
        let from = self.stops.partition_point(|stop| stop.day < day);
        let until = self.stops.partition_point(|stop| stop.day <= day);
        let (mut at, mut between, mut km) = (bed, Vec::new(), 0.0);
        for stop in self.stops.get(from..until).unwrap_or_default() {
            if stop.stood() {
                km += leg(at, &between, stop.spot, spots)?;
                at = stop.spot;
                between.clear();
            } else {
                between.push(stop.spot);
            }
        }
        Some(km + leg(at, &between, bed, spots)?)
    }
}

/// Kilometres from a place where a device stood to the next one, over those where it was seen in between.
fn leg(from: SpotIndex, between: &[SpotIndex], to: SpotIndex, spots: &Spots) -> Option<f64> {
    let point = |spot: SpotIndex| spots.get(spot).map(|spot| (spot.latitude, spot.longitude));
    let way = Way::new(point(from)?, point(to)?);
    let (mut at, mut km) = (from, 0.0);
    for spot in between.iter().copied().chain([to]) {
        let is_scatter = spots.metres(at, spot) <= SCATTER_M;
        if spot == to || !is_scatter && !way.runs_by(point(spot)?) {
            km += distance_km(point(at)?, point(spot)?);
            at = spot;
        }
    }
    Some(km)
}

/// Days at the workplace and days of telework that are well seen, of one or more months of somebody who works at home
/// now and then; nothing for everybody else.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DayWays {
    /// Days at the workplace.
    pub work_days: u32,
    /// How far it went on them, kilometres.
    pub work_km: f64,
    /// Days of telework.
    pub telework_days: u32,
    /// How far it went on them, kilometres.
    pub telework_km: f64,
    /// The ways to work that these saved, bed to workplace, kilometres.
    pub way_km: f64,
}

impl DayWays {
    /// These days and others.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            work_days: self.work_days + other.work_days,
            work_km: self.work_km + other.work_km,
            telework_days: self.telework_days + other.telework_days,
            telework_km: self.telework_km + other.telework_km,
            way_km: self.way_km + other.way_km,
        }
    }

    /// What the device adds to the sums that rebound is measured by; `None` with too few days of a kind.
    pub fn share(self) -> Option<Share> {
        if self.work_days.min(self.telework_days) < LEAST_DAYS {
            return None;
        }
        let (work, telework) = (f64::from(self.work_days), f64::from(self.telework_days));
        Share::of(self.way_km / telework, self.work_km / work - self.telework_km / telework)
    }
}

#[cfg(test)]
#[path = "track_tests.rs"]
mod tests;
