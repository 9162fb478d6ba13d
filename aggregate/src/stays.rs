//! Fixes of one device → stays: where it stood still, from when to when.
//!
//! In: fixes by time. Out: stays by time. One pass: a stay grows while fixes lie within the definition's radius
//! of its accuracy-weighted centre. A gap without fixes is bridged only when the device is at the same place on
//! both sides and the gap is within the definition's limit, by day and by night; what was bridged is counted as
//! inferred, never as observed. A fix that jumps away and straight back (indoor fixes do, by 200 to 400 m) does
//! not end a stay. The last stay, and one that never ends, are stays like any other.

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{DAY_MS, DayRule, HOUR_MS, MINUTE_MS, UtcMillis};

use crate::fixes::Fix;

/// One device at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// First fix.
    pub arrival: UtcMillis,
    /// Last fix.
    pub departure: UtcMillis,
    /// Accuracy-weighted centre, degrees.
    pub latitude: f64,
    /// Accuracy-weighted centre, degrees.
    pub longitude: f64,
    /// Municipality of most fixes; `None` when most are in none.
    pub municipality: Option<MunicipalityCode>,
    /// Fixes.
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
const METRES_PER_DEGREE: f64 = 111_195.0;

/// The stays of one device. `fixes` are sorted by time. Only stays of more than one fix are returned: a single
/// fix says that the device was there, not for how long.
pub fn stays(fixes: &[Fix], thresholds: &Thresholds, rule: DayRule) -> Vec<Stay> {
    let mut stays = Vec::new();
    let mut open: Option<OpenStay> = None;
    let mut index = 0;
    while index < fixes.len() {
        let fix = &fixes[index];
        match &mut open {
            None => open = Some(OpenStay::start(fix)),
            Some(stay) if !stay.bridges(fix.instant, thresholds, rule) => {
                stays.extend(stay.close());
                open = Some(OpenStay::start(fix));
            }
            Some(stay) if stay.holds(fix, thresholds) => stay.add(fix, thresholds),
            Some(stay) => match stay.back_after(&fixes[index + 1..], thresholds) {
                Some(skipped) => index += skipped,
                None => {
                    stays.extend(stay.close());
                    open = Some(OpenStay::start(fix));
                }
            },
        }
        index += 1;
    }
    stays.extend(open.as_ref().and_then(OpenStay::close));
    stays
}

struct OpenStay {
    arrival: UtcMillis,
    departure: UtcMillis,
    weight: f64,
    latitude: f64,
    longitude: f64,
    ping_count: u32,
    observed_ms: i64,
    inferred_ms: i64,
    municipalities: Vec<(Option<MunicipalityCode>, u32)>,
}

impl OpenStay {
    fn start(fix: &Fix) -> Self {
        Self {
            arrival: fix.instant,
            departure: fix.instant,
            weight: weight(fix),
            latitude: fix.point.latitude(),
            longitude: fix.point.longitude(),
            ping_count: 1,
            observed_ms: 0,
            inferred_ms: 0,
            municipalities: vec![(fix.municipality, 1)],
        }
    }

    /// Whether the definition lets a stay reach over the gap to this instant.
    fn bridges(&self, instant: UtcMillis, thresholds: &Thresholds, rule: DayRule) -> bool {
        let gap_minutes = (instant.0 - self.departure.0) as f64 / MINUTE_MS as f64;
        gap_minutes <= thresholds.stay_gap_day_minutes
            || gap_minutes <= thresholds.stay_gap_night_minutes
                && touches_night(self.departure, instant, thresholds, rule)
    }

    fn holds(&self, fix: &Fix, thresholds: &Thresholds) -> bool {
        let north = (fix.point.latitude() - self.latitude) * METRES_PER_DEGREE;
        let east =
            (fix.point.longitude() - self.longitude) * METRES_PER_DEGREE * self.latitude.to_radians().cos();
        north * north + east * east <= thresholds.stay_radius_m * thresholds.stay_radius_m
    }

    fn add(&mut self, fix: &Fix, thresholds: &Thresholds) {
        let weight = weight(fix);
        self.weight += weight;
        self.latitude += (fix.point.latitude() - self.latitude) * weight / self.weight;
        self.longitude += (fix.point.longitude() - self.longitude) * weight / self.weight;
        let gap_ms = fix.instant.0 - self.departure.0;
        if gap_ms as f64 <= thresholds.observed_gap_minutes * MINUTE_MS as f64 {
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
    fn back_after(&self, next: &[Fix], thresholds: &Thresholds) -> Option<usize> {
        let latest = self.departure.0 + JUMP_MINUTES * MINUTE_MS;
        next.iter()
            .take(JUMP_FIXES)
            .take_while(|fix| fix.instant.0 <= latest)
            .position(|fix| self.holds(fix, thresholds))
    }

    fn close(&self) -> Option<Stay> {
        if self.ping_count < 2 || self.departure == self.arrival {
            return None;
        }
        // The most frequent; of equals the lowest code, so that the order of fixes cannot decide.
        let municipality =
            self.municipalities.iter().min_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
        Some(Stay {
            arrival: self.arrival,
            departure: self.departure,
            latitude: self.latitude,
            longitude: self.longitude,
            municipality: municipality.and_then(|(code, _)| *code),
            ping_count: self.ping_count,
            observed_minutes: self.observed_ms as f32 / MINUTE_MS as f32,
            inferred_minutes: self.inferred_ms as f32 / MINUTE_MS as f32,
        })
    }
}

fn weight(fix: &Fix) -> f64 {
    let accuracy_m = f64::from(fix.accuracy_m.max(BEST_ACCURACY_M));
    1.0 / (accuracy_m * accuracy_m)
}

/// Whether the span from `from` to `to` shares a moment with a night window.
fn touches_night(from: UtcMillis, to: UtcMillis, thresholds: &Thresholds, rule: DayRule) -> bool {
    let local_from = rule.local_ms(from);
    // The window that ends next after `from`.
    let end_of_day = (thresholds.night_end_hour * HOUR_MS as f64) as i64;
    let days = (local_from - end_of_day).div_euclid(DAY_MS) + 1;
    let window_end = days * DAY_MS + end_of_day;
    let window_ms =
        ((24.0 - thresholds.night_start_hour + thresholds.night_end_hour) * HOUR_MS as f64) as i64;
    rule.local_ms(to) > window_end - window_ms
}

#[cfg(test)]
#[path = "stays_tests.rs"]
mod tests;
