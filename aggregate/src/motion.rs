//! Fixes → whether the device moved: still, moving, or nobody knows.
//!
//! In: fixes of one device, by time. Out: one word for each. Two fixes within minutes of each other tell a stop from a drive;
//! a lonely fix tells neither. Stated accuracy is taken off a distance before it counts as movement.

use kayoi_schemas::time::MINUTE_MS;

use crate::fixes::Fix;

/// How a device moved at a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// It stood, or walked.
    Still,
    /// It drove.
    Moving,
    /// No other fix is near enough in time.
    Unknown,
}

/// Fixes farther apart in time say nothing about each other.
const NEAR_MS: i64 = 6 * MINUTE_MS;
/// Faster than a walk.
const DRIVING_M_S: f64 = 2.5;
const METRES_PER_DEGREE: f64 = 111_195.0;

/// The motion at each fix.
pub fn motions(fixes: &[Fix]) -> Vec<Motion> {
    let mut motions = vec![Motion::Unknown; fixes.len()];
    for (index, pair) in fixes.windows(2).enumerate() {
        let elapsed_ms = pair[1].instant.0 - pair[0].instant.0;
        if elapsed_ms > NEAR_MS {
            continue;
        }
        let apart_m =
            (metres(&pair[0], &pair[1]) - f64::from(pair[0].accuracy_m + pair[1].accuracy_m)).max(0.0);
        let seconds = (elapsed_ms as f64 / 1000.0).max(1.0);
        let motion = if apart_m / seconds > DRIVING_M_S { Motion::Moving } else { Motion::Still };
        for end in [index, index + 1] {
            // One pair that drove says more than one that stood: at a traffic light, or while accuracy is bad.
            if motions[end] != Motion::Moving {
                motions[end] = motion;
            }
        }
    }
    motions
}

/// Metres between two fixes that are near each other.
pub fn metres(a: &Fix, b: &Fix) -> f64 {
    let north = (a.point.latitude() - b.point.latitude()) * METRES_PER_DEGREE;
    let east = (a.point.longitude() - b.point.longitude())
        * METRES_PER_DEGREE
        * a.point.latitude().to_radians().cos();
    north.hypot(east)
}

#[cfg(test)]
#[path = "motion_tests.rs"]
mod tests;
