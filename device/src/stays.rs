//! Fixes of one device → stays: where it stood still, from when to when.
//!
//! In: fixes by time. Out: stays by time. One pass: a stay grows while fixes lie within the definition's
//! radius of its accuracy-weighted centre. A gap without fixes is bridged only when the device is at the same
//! place on both sides and the gap is within the definition's limit, by day and by night; what was bridged is
//! counted as inferred, never as observed. A fix that jumps away and straight back (indoor fixes do, by 200
//! to 400 m) does not end a stay. The last stay, and one that never ends, are stays like any other.

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{DAY_MS, DayRule, HOUR_MS, MINUTE_MS, UtcMillis};
use kayoi_schemas::units::E7;
use kayoi_schemas::units::near::METRES_PER_DEGREE;

use crate::fix::Fix;

/// One device at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// Instant of the first fix.
    pub arrival: UtcMillis,
    /// Instant of the last fix.
    pub departure: UtcMillis,
    /// Latitude of the accuracy-weighted centre, degrees.
    pub latitude: f64,
    /// Longitude of the accuracy-weighted centre, degrees.
    pub longitude: f64,
    /// Municipality of most fixes; `None` when most are in none.
    pub municipality: Option<MunicipalityCode>,
    /// How many fixes it consists of.
    pub ping_count: u32,
    /// Minutes between fixes at most the observed gap apart.
    pub observed_minutes: f32,
    /// Minutes bridged over longer gaps.
    pub inferred_minutes: f32,
}

/// A jump away is forgiven when the device is back within this many fixes.
const JUMP_FIXES: usize = 3;
/// … and within this many minutes.
const JUMP_MINUTES: i64 = 30;
/// Fixes better than this do not weigh more: reported accuracy is optimistic.
const BEST_ACCURACY_M: f32 = 10.0;
/// Metres of 1e-7 degree to the north.
const METRES_PER_E7: f64 = METRES_PER_DEGREE / E7;

/// The stays of one device by a definition. `fixes` are sorted by time. Only stays of more than one fix are returned: a
/// single fix says that the device was there, not for how long.
pub fn stays(fixes: &[Fix], thresholds: &Thresholds, rule: DayRule) -> Vec<Stay> {
    StayLimits::of(thresholds, rule).stays(fixes)
}

/// All of a definition that stays depend on, in the units of the loop: definitions with the same limits have the same stays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StayLimits {
    rule: DayRule,
    radius_squared_m2: f64,
    day_gap_ms: i64,
    night_gap_ms: i64,
    observed_gap_ms: i64,
    /// Local hours between which a window of the night lies.
    night_hours: (i64, i64),
}

impl StayLimits {
    /// The limits of a definition, for days that start by a rule.
    pub(crate) fn of(thresholds: &Thresholds, rule: DayRule) -> Self {
        Self {
            rule,
            radius_squared_m2: thresholds.stay_radius_m.get() * thresholds.stay_radius_m.get(),
            day_gap_ms: thresholds.stay_gap_day_minutes.milliseconds(),
            night_gap_ms: thresholds.stay_gap_night_minutes.milliseconds(),
            observed_gap_ms: thresholds.observed_gap_minutes.milliseconds(),
            night_hours: (
                i64::from(thresholds.night_start_hour.get()),
                i64::from(thresholds.night_end_hour.get()),
            ),
        }
    }

    /// The stays of one device, as [`stays`] has them.
    pub(crate) fn stays(&self, fixes: &[Fix]) -> Vec<Stay> {
        let mut stays = Vec::new();
        let Some(first) = fixes.first() else { return stays };
        let mut open = OpenStay::start(first);
        let mut index = 1;
        while index < fixes.len() {
            let fix = &fixes[index];
            if !self.bridges(open.departure, fix.instant) {
                stays.extend(open.close());
                open.restart(fix);
            } else if open.holds(fix, self) {
                open.add(fix, self);
            } else {
                match open.back_after(&fixes[index + 1..], self) {
                    // The loop goes on with the fix that is back; the jump between belongs to no stay.
                    Some(skipped) => index += skipped,
                    None => {
                        stays.extend(open.close());
                        open.restart(fix);
                    }
                }
            }
            index += 1;
        }
        stays.extend(open.close());
        stays
    }

    /// Whether the definition lets a stay reach over a gap.
    fn bridges(&self, from: UtcMillis, to: UtcMillis) -> bool {
        let gap_ms = to.0 - from.0;
        gap_ms <= self.day_gap_ms || gap_ms <= self.night_gap_ms && self.touches_night(from, to)
    }

    /// Whether the span from `from` to `to` shares a moment with a night window.
    fn touches_night(&self, from: UtcMillis, to: UtcMillis) -> bool {
        let local_from = self.rule.local_ms(from);
        // The window that ends next after `from`.
        let (start, end) = self.night_hours;
        let end_of_day = end * HOUR_MS;
        let days = (local_from - end_of_day).div_euclid(DAY_MS) + 1;
        let window_end = days * DAY_MS + end_of_day;
        let window_ms = (24 - start + end) * HOUR_MS;
        self.rule.local_ms(to) > window_end - window_ms
    }
}

/// A stay that grows. Its centre is kept in 1e-7 degree, as fixes have it.
struct OpenStay {
    arrival: UtcMillis,
    departure: UtcMillis,
    weight: f64,
    latitude_e7: f64,
    longitude_e7: f64,
    /// Metres of 1e-7 degree to the east, where the stay began.
    east_m: f64,
    ping_count: u32,
    observed_ms: i64,
    inferred_ms: i64,
    /// Kept from stay to stay, so that a drive through many places costs no allocations.
    municipalities: Vec<(Option<MunicipalityCode>, u32)>,
}

impl OpenStay {
    fn start(fix: &Fix) -> Self {
        let mut stay = Self {
            arrival: fix.instant,
            departure: fix.instant,
            weight: 0.0,
            latitude_e7: 0.0,
            longitude_e7: 0.0,
            east_m: 0.0,
            ping_count: 1,
            observed_ms: 0,
            inferred_ms: 0,
            municipalities: Vec::new(),
        };
        stay.restart(fix);
        stay
    }

    fn restart(&mut self, fix: &Fix) {
        (self.arrival, self.departure) = (fix.instant, fix.instant);
        self.weight = weight(fix);
        self.latitude_e7 = f64::from(fix.point.latitude_e7);
        self.longitude_e7 = f64::from(fix.point.longitude_e7);
        self.east_m = METRES_PER_E7 * fix.point.latitude().to_radians().cos();
        self.ping_count = 1;
        (self.observed_ms, self.inferred_ms) = (0, 0);
        self.municipalities.clear();
        self.municipalities.push((fix.municipality, 1));
    }

    fn holds(&self, fix: &Fix, limits: &StayLimits) -> bool {
        let north = (f64::from(fix.point.latitude_e7) - self.latitude_e7) * METRES_PER_E7;
        let east = (f64::from(fix.point.longitude_e7) - self.longitude_e7) * self.east_m;
        north * north + east * east <= limits.radius_squared_m2
    }

    fn add(&mut self, fix: &Fix, limits: &StayLimits) {
        let weight = weight(fix);
        self.weight += weight;
        // A running mean: the same centre as a sum over all fixes, without keeping them.
        let share = weight / self.weight;
        self.latitude_e7 += (f64::from(fix.point.latitude_e7) - self.latitude_e7) * share;
        self.longitude_e7 += (f64::from(fix.point.longitude_e7) - self.longitude_e7) * share;
        let gap_ms = fix.instant.0 - self.departure.0;
        if gap_ms <= limits.observed_gap_ms {
            self.observed_ms += gap_ms;
        } else {
            self.inferred_ms += gap_ms;
        }
        self.departure = fix.instant;
        self.ping_count += 1;
        match self.municipalities.iter_mut().find(|(code, _)| *code == fix.municipality) {
            Some((_, count)) => *count += 1,
            None => self.municipalities.push((fix.municipality, 1)),
        }
    }

    /// How many further fixes to pass over until the device is back, when it is back soon enough.
    fn back_after(&self, next: &[Fix], limits: &StayLimits) -> Option<usize> {
        let latest = self.departure.0 + JUMP_MINUTES * MINUTE_MS;
        next.iter()
            .take(JUMP_FIXES)
            .take_while(|fix| fix.instant.0 <= latest)
            .position(|fix| self.holds(fix, limits))
    }

    fn close(&self) -> Option<Stay> {
        // A single fix, or two of one instant, says that the device was there and not for how long.
        if self.ping_count < 2 || self.departure == self.arrival {
            return None;
        }
        // The most frequent one; ties go to the lowest code, so that the order of fixes cannot decide.
        let municipality =
            self.municipalities.iter().min_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
        Some(Stay {
            arrival: self.arrival,
            departure: self.departure,
            latitude: self.latitude_e7 / E7,
            longitude: self.longitude_e7 / E7,
            municipality: municipality.and_then(|(code, _)| *code),
            ping_count: self.ping_count,
            observed_minutes: self.observed_ms as f32 / MINUTE_MS as f32,
            inferred_minutes: self.inferred_ms as f32 / MINUTE_MS as f32,
        })
    }
}

fn weight(fix: &Fix) -> f64 {
    // Inverse variance, the weight that gives the least error of a mean.
    let accuracy_m = f64::from(fix.accuracy_m.max(BEST_ACCURACY_M));
    1.0 / (accuracy_m * accuracy_m)
}

#[cfg(test)]
#[path = "stays_tests.rs"]
mod tests;
