//! Fixes → whether the device moved: still, moving, or unknown.
//!
//! In: fixes of one device, by time. Out: one word for each. A fix that tells its speed tells a drive by itself. Two
//! fixes within minutes of each other tell a
//! stop from a drive; a lonely fix tells neither. The stated accuracy of both is subtracted from their
//! distance before it counts as movement, and added to it before it counts as standing: two fixes a few seconds
//! apart tell neither, and a device that waits at a station is not called still for that.

use kayoi_schemas::time::MINUTE_MS;
use kayoi_schemas::units::near::metres_between;

use crate::fix::Fix;

/// How a device moved at a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Motion {
    /// It stood, or walked.
    Still,
    /// It went faster than a walk: it drove, or rode a train.
    Moving,
    /// No other fix is near enough in time, or near ones cannot tell.
    Unknown,
}

/// Fixes farther apart in time say nothing about each other.
const NEAR_MS: i64 = 4 * MINUTE_MS;
/// Above this speed the device drives, metres per second: faster than a walk.
const DRIVING_M_S: f64 = 2.5;

/// The motion at each fix: by its own speed where the feed has it, against the one before, and against the last
/// within reach, which tells a slow drive from noise.
pub(crate) fn motions(fixes: &[Fix]) -> Vec<Motion> {
    // Who says that it drives does. Who says that it stands may stand at a traffic light or in a station.
    let drives = |fix: &Fix| fix.speed_m_s.is_some_and(|speed| f64::from(speed) > DRIVING_M_S);
    let told = |fix: &Fix| if drives(fix) { Motion::Moving } else { Motion::Unknown };
    let mut motions: Vec<Motion> = fixes.iter().map(told).collect();
    let mut last = 0;
    for index in 0..fixes.len().saturating_sub(1) {
        last = last.max(index + 1);
        if fixes[last].instant.0 - fixes[index].instant.0 > NEAR_MS {
            continue;
        }
        // Both ends only move forward, so the pass is linear however many fixes lie within reach.
        while last + 1 < fixes.len() && fixes[last + 1].instant.0 - fixes[index].instant.0 <= NEAR_MS {
            last += 1;
        }
        for other in [index + 1, last] {
            let motion = between(&fixes[index], &fixes[other]);
            for end in [index, other] {
                // A pair that drove says more than one that stood: it may have stood at a traffic light, or
                // its accuracy was bad. One that cannot tell says nothing.
                if motions[end] != Motion::Moving && motion != Motion::Unknown {
                    motions[end] = motion;
                }
            }
        }
    }
    motions
}

fn between(a: &Fix, b: &Fix) -> Motion {
    // Two fixes of one instant would divide by zero.
    let seconds = ((b.instant.0 - a.instant.0) as f64 / 1000.0).max(1.0);
    let point = |fix: &Fix| (fix.point.latitude(), fix.point.longitude());
    let apart_m = metres_between(point(a), point(b));
    let error_m = f64::from(a.accuracy_m + b.accuracy_m);
    match () {
        () if (apart_m - error_m) / seconds > DRIVING_M_S => Motion::Moving,
        () if (apart_m + error_m) / seconds <= DRIVING_M_S => Motion::Still,
        () => Motion::Unknown,
    }
}

#[cfg(test)]
#[path = "motion_tests.rs"]
mod tests;
